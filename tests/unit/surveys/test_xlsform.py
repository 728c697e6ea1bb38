"""XLSForms become forms, or are refused with every reason and the place where it stands."""

import pytest

from domain.surveys.form import Kind
from services.surveys.problems import FormError, Problem, place_and_reason
from services.surveys.xlsform import check_form, compile_form
from tests.unit.surveys.sheets import YES_NO, form, problems, workbook

HEAD = ("type", "name", "label")
ASKED = ("text", "asked", "好吗？")


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        ("select_one yn", Kind.ONE),
        ("select one from yn", Kind.ONE),
        ("select_multiple yn", Kind.SEVERAL),
        ("rank yn", Kind.RANK),
        ("integer", Kind.INTEGER),
        ("int", Kind.INTEGER),
        ("decimal", Kind.DECIMAL),
        ("text", Kind.TEXT),
        ("date", Kind.DATE),
        ("time", Kind.TIME),
        ("note", Kind.NOTE),
        ("image", Kind.IMAGE),
        ("photo", Kind.IMAGE),
        ("audio", Kind.AUDIO),
        ("geopoint", Kind.PLACE),
        ("acknowledge", Kind.ONE),
    ],
)
def test_kinds_by_the_names_that_xlsform_has_for_them(kind: str, asked: Kind):
    question = form((HEAD, (kind, "q", "好吗？"), ASKED), YES_NO).questions[0]
    assert (question.name, question.path, question.kind) == ("q", "/data/q", asked)
    assert question.label == {"": "好吗？"}


def test_a_range_a_calculation_and_what_is_hidden():
    questions = form(
        (
            (*HEAD, "parameters", "calculation", "default"),
            ("range", "mark", "打几分？", "start=1 end=5 step=1"),
            ("calculate", "double", "", "", "${mark} * 2"),
            ("hidden", "source", "", "", "", "chat"),
        )
    ).questions
    assert [one.kind for one in questions] == [Kind.RANGE, Kind.CALCULATE, Kind.CALCULATE]
    assert questions[0].span == ("1", "5", "1")
    assert questions[1].calculation == "/data/mark  * 2"
    assert questions[2].default == "chat"


def test_all_columns_of_a_row():
    head = (
        *HEAD,
        "hint",
        "required",
        "required_message",
        "relevant",
        "constraint",
        "constraint_message",
        "choice_filter",
    )
    _, question = form(
        (
            head,
            ("text", "a", "甲？"),
            ("select_one yn", "b", "乙“${a}”？", "想想", "yes", "要答", "${a} != ''", ". = 'yes'", "不行", "name != ${a}"),
        ),
        YES_NO,
    ).questions  # fmt: skip
    assert question.label == {"": "乙“${a}”？"}  # Chinese quotation marks stay what they are
    assert question.hint == {"": "想想"}
    assert (question.required, question.required_says) == ("true()", {"": "要答"})
    assert question.relevant == ("/data/a  != ''",)
    assert (question.constraint, question.constraint_says) == (". = 'yes'", {"": "不行"})
    assert question.choice_filter == "name !=  /data/a"
    assert [(one.name, one.label) for one in question.options] == [("yes", {"": "是"}), ("no", {"": "不是"})]


def test_or_other_asks_in_chinese():
    chosen, other = form((HEAD, ("select_one yn or_other", "q", "行吗？")), YES_NO).questions
    assert [one.label[""] for one in chosen.options] == ["是", "不是", "其他"]
    assert (other.name, other.kind, other.label) == ("q_other", Kind.TEXT, {"": "请说说是什么。"})


def test_settings_name_the_form():
    one = form((HEAD, ASKED), (), (("form_title", "form_id", "version"), ("问水", "water", "7")))
    assert (one.title, one.name, one.version, one.languages) == ("问水", "water", "7", ("",))
    assert form((HEAD, ASKED)).name == "test"


def test_expressions_may_look_into_lists():
    one = form(
        (
            (*HEAD, "calculation"),
            ("select_one yn", "q", "行吗？"),
            ("calculate", "size", "", "instance('yn')/root/item[name = ${q}]/size"),
        ),
        (("list_name", "name", "label", "size"), ("yn", "yes", "是", 3), ("yn", "no", "不是", 4)),
    )
    assert [(option.name, option.columns) for option in one.lists["yn"]] == [
        ("yes", {"size": "3"}),
        ("no", {"size": "4"}),
    ]


def test_what_is_not_collected_is_told():
    data = workbook((HEAD, ("start", "start", ""), ("deviceid", "device", ""), ASKED))
    checked = check_form(data, "x.xlsx")
    assert checked.left_out == ("start", "device")
    assert [one.name for one in checked.form.questions] == ["asked"]


def test_csv_is_read_in_either_encoding():
    table = 'survey\n,type,name,label\n,text,q,"水够吗？"\nsettings\n,form_title,form_id\n,问水,water\n'
    for encoding in ("utf-8", "utf-8-sig", "gb18030"):
        assert compile_form(table.encode(encoding), "x.csv").questions[0].label == {"": "水够吗？"}


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([("begin repeat", "r", "每口人"), ASKED, ("end repeat",)], "repeat"),
        ([("begin_repeat", "r", "每口人"), ASKED, ("end_repeat",)], "repeat"),
        ([("select_one_from_file villages.csv", "q", "哪村？")], "另一个文件"),
        ([("select_multiple_from_file villages.csv", "q", "哪村？")], "另一个文件"),
        ([("csv-external", "villages", "")], "另一个文件"),
        ([("xml-external", "villages", "")], "另一个文件"),
        ([("barcode", "q", "码？")], "扫码"),
        ([("geotrace", "q", "线？")], "位置"),
        ([("geoshape", "q", "面？")], "位置"),
        ([("dateTime", "q", "何时？")], "分成两道题"),
        ([("file", "q", "文件？")], "不收视频和文件"),
        ([("video", "q", "视频？")], "不收视频和文件"),
        ([("audit", "audit", "")], "背后"),
        ([("background-audio", "q", "")], "背后"),
        ([("start-geopoint", "q", "")], "背后"),
        ([("begin_kobomatrix", "q", "表")], "表格题"),
        ([("telepathy", "q", "想啥？")], "没有这种题型"),
        ([("text", "", "好？")], "没有写名字"),
        ([("text", "a b", "好？")], "名字"),
        ([("text", "q", "")], "没有写文字"),
        ([("text", "q", "甲${nobody}？")], "survey 表里没有"),
        ([("text", "q", "甲${？")], "${ } 写得不对"),
        ([("select_one nothing", "q", "选？")], "choices 表"),
        ([("range", "q", "几分？")], ""),
        ([("end group",)], "没有开头"),
        ([("begin group", "g", "组"), ASKED], "没有结尾"),
        ([("text", "q", "字" * 601)], "文字太长"),
        ([("text", "q", "字" * 4000)], "有一格太长"),
        ([("text", "q", "好\u202e？")], "控制字符"),
    ],
)
def test_what_a_conversation_cannot_ask_is_refused_with_its_row(rows: list[tuple[str, ...]], reason: str):
    found = problems((HEAD, ("text", "first", "先问？"), *rows), YES_NO)
    if not reason:  # pyxform fills in 0 to 10
        assert found == []
        return
    assert any(sheet == "survey" and row >= 3 and reason in why for sheet, row, why in found), found
    assert all("pyxform" not in why and "error" not in why.lower() for _, _, why in found)


@pytest.mark.parametrize("unseen", ["\x08", "\x1b[31m", "\u2066", "\ufffe", "\x7f"])
def test_characters_that_nobody_sees(unseen: str):
    table = f"survey\n,type,name,label\n,text,q,好{unseen}吗\n"
    with pytest.raises(FormError, match="survey 表第 2 行：有看不见的控制字符"):
        compile_form(table.encode(), "x.csv")


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("relevant", "pulldata('f', 'a', 'b', 'c') = 1", "relevant：对话里没有函数 pulldata"),
        ("relevant", "${first} = ", "relevant：算式读不懂"),
        ("constraint", "regex(., '(a+)+')", "constraint：regex"),
        ("calculation", "random()", "calculation：对话里没有函数 random"),
        ("required", "uuid() = ''", "required：对话里没有函数 uuid"),
        ("choice_filter", "name = ", "choice_filter：算式读不懂"),
        ("relevant", "${began} != ''", "relevant：用到了 began，这里不收集它"),
        ("appearance", "table-list", "表格题"),
        ("appearance", "search('villages')", "另一个文件"),
        ("parameters", "randomize=true", "不能随机排"),
        ("trigger", "${first}", "没有 trigger"),
        ("save_to", "x", "没有实体"),
        ("media::image", "a.png", "不能带图"),
        ("image::中文", "a.png", "不能带图"),
    ],
)
def test_what_a_column_cannot_say(column: str, value: str, reason: str):
    survey = (
        (*HEAD, column),
        ("start", "began", ""),
        ("text", "first", "先问？"),
        ("select_one yn", "q", "选？", value),
    )
    found = problems(survey, YES_NO)  # fmt: skip
    assert any((sheet, row) == ("survey", 4) and reason in why for sheet, row, why in found), found


def test_a_groups_condition_is_told_at_the_group():
    rows = (("begin group", "g", "组", "random() > 0.5"), (*ASKED, ""), ("end group",))
    assert problems(((*HEAD, "relevant"), *rows)) == [("survey", 2, "relevant：对话里没有函数 random")]


def test_what_pyxform_stops_at_does_not_hide_the_rest():
    found = problems(
        (
            (*HEAD, "relevant", "default"),
            ("calculate", "c", ""),
            ("text", "a", "甲？", "1 +"),
            ("text", "b", "乙？", "", "${last-saved#a}"),
        )
    )
    assert [(row, reason) for _, row, reason in found] == [
        (2, "calculate 题没有写算式（calculation）"),
        (3, "relevant：算式读不懂"),
        (4, "对话里没有上一次的回答（last-saved）"),
    ]


def test_all_reasons_come_at_once():
    found = problems(
        (
            (*HEAD, "relevant"),
            ("barcode", "a", "码？"),
            ("text", "b", "乙？", "pulldata('x') = 1"),
            ("begin repeat", "r", "每口人"),
            ("text", "b2", "字" * 700),
            ("end repeat",),
            ("text", "c", "丙？", "1 +"),
        ),
        (("list_name", "name", "label", "media::image"), ("yn", "yes", "是", "a.png")),
        entities=(("list_name", "label"), ("trees", "x")),
    )
    assert [(sheet, row) for sheet, row, _ in found] == [
        ("survey", 2), ("survey", 3), ("survey", 4), ("survey", 5), ("survey", 7), ("choices", 2), ("entities", 0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("choices", "place"),
    [
        ((("list_name", "name", "label"), ("yn", "yes", "是"), ("yn", "yes", "不是")), ("choices", 3)),
        ((("list_name", "name", "label"), ("yn", "yes", "")), ("choices", 2)),
        ((("list_name", "name", "label"), ("yn", "", "是")), ("choices", 2)),
        ((("list_name", "name", "label"), ("yn", "yes please", "是")), ("choices", 2)),
    ],
)
def test_choices_that_do_not_do(choices: tuple[tuple[str, ...], ...], place: tuple[str, int]):
    found = problems((HEAD, ("select_multiple yn", "q", "选？")), choices)
    assert place in [(sheet, row) for sheet, row, _ in found], found


def test_two_questions_of_one_name():
    found = problems(
        (
            HEAD,
            ("begin group", "g", "一"),
            ASKED,
            ("end group",),
            ("begin group", "h", "二"),
            ASKED,
            ("end group",),
        )
    )
    assert ("survey", 6, "有几道题都叫 asked，名字不能重复") in found


def test_a_form_that_would_take_too_long_to_work_out():
    assert problems((HEAD, *[("text", f"q{n}", "好？") for n in range(301)])) == [
        ("survey", 0, "题太多，一次问不完，最多 300 题")
    ]
    long = " or ".join(["${q0} = 'abcdefghijklmnopqrstuvwxyz'"] * 40)
    rows = [("text", f"q{n}", "好？", f"{n} or {long}") for n in range(1, 40)]
    assert problems(((*HEAD, "relevant"), ("text", "q0", "好？", ""), *rows)) == [
        ("survey", 0, "算式太多，合起来最多 60000 个字符")
    ]
    many = [("places", f"p{n}", f"村{n}") for n in range(501)]
    looks = ("calculate", "c", "", "count(instance('places')/root/item)")
    assert problems(
        ((*HEAD, "calculation"), (*ASKED, ""), looks), (("list_name", "name", "label"), *many)
    ) == [("choices", 0, "places 的选项太多，算式里查不过来，最多 500 个")]


def test_nothing_to_answer():
    assert problems((HEAD, ("note", "n", "好"))) == [("survey", 0, "一道要回答的题也没有")]


def test_the_error_is_readable_as_it_is():
    with pytest.raises(FormError) as caught:
        compile_form(workbook((HEAD, ("barcode", "a", "码？"), ASKED)), "x.xlsx")
    assert str(caught.value) == "survey 表第 2 行：对话里不能扫码，请改成文字题（text）"
    assert place_and_reason(Problem("survey", 0, "空的")) == "survey 表：空的"
    assert place_and_reason(Problem("", 0, "打不开")) == "打不开"
