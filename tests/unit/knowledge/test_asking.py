import pytest

from domain.knowledge.asking import is_question, wants
from domain.tickets.kinds import kind_of
from domain.tickets.steps import Kind


@pytest.mark.parametrize(
    "said",
    [
        "低保怎么申请",
        "合疗一年交多少钱？",
        "养老金啥时候能领",
        "结婚登记要带什么",
        "身份证丢了咋补",
        "庄基谁批",
        "秸秆能不能烧",
        "养狗要打疫苗吗",
        "12345是什么电话",
        "孩子几岁上学",
        "低保怎麼辦",
    ],
)
def test_clear_questions(said):
    assert is_question(said)


@pytest.mark.parametrize(
    "said",
    [
        "渠堵了",
        "渠堵了怎么办",
        "路灯坏了什么时候修",
        "啥时候给我们修路",
        "低保为什么没有我",
        "我家低保怎么被取消了",
        "合疗怎么不给报销",
        "养老金这个月没发怎么办",
        "帮我补办身份证",
        "能不能派人来看看",
        "谁来管管野狗",
        "低保",
        "我要离婚",
        "村干部收了钱怎么举报",
        "去年村里修路占了我家三分地，当时说好按一亩六百给，现在换了村长就不认了，这钱该找谁要",
        "",
        "？",
        "怎么",
    ],
)
def test_requests_and_stories_are_none(said):
    assert not is_question(said)


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ("合疗多少钱", {"much"}),
        ("几月交合疗", {"when"}),
        ("去哪办低保", {"where"}),
        ("要带什么材料", {"papers"}),
        ("打什么电话", {"phone"}),
        ("要等几天", {"long"}),
        ("怎么办理", {"how"}),
        ("多大岁数能领", {"age"}),
    ],
)
def test_what_is_wanted(said, what):
    assert wants(said)[0] == what


def test_what_is_asked_is_no_part_of_what_it_is_about():
    assert wants("合疗一年交多少钱？")[1].startswith("合疗一年交")


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("低保怎么申请", Kind.CONSULT),
        ("渠堵了怎么办", Kind.REQUEST),
        ("低保怎么申请，马上要用", Kind.IMMEDIATE),
        ("渠堵了", Kind.REQUEST),
    ],
)
def test_a_question_that_a_person_answers_is_a_consultation(said, kind):
    assert kind_of(said, "低保救助") is kind
