import io
import json
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.triage_cli import triage_command
from domain.triage import CATEGORIES, LexiconError, Triage, parse_lexicon
from domain.triage.words import Words

EMPTY_CATEGORIES = "\n".join(
    f'[category."{name}"]' for name in CATEGORIES if name not in ("饮水灌溉", "其他")
)
SMALL = f"""
[groups]
"堵" = ["堵", "淤"]
[category."饮水灌溉"]
"渠" = ["渠…{{堵}}:5", "渠:3"]
{EMPTY_CATEGORIES}
[emergency."火灾"]
numbers = ["119"]
advice = "快离开"
any = ["着火"]
category = ["饮水灌溉", "渠"]
not_now = ["演练"]
unless = ["炉"]
maybe = ["冒烟"]
[emergency."呼救"]
numbers = ["110"]
advice = "大声喊人"
alone = true
any = ["救命"]
[danger]
sayings = ["火气"]
past = ["去年"]
now = ["今年又"]
"""


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return Triage(parse_lexicon(SMALL), str(tmp_path_factory.mktemp("jieba")))


@pytest.mark.parametrize(
    ("text", "emergency", "unsure"),
    [
        ("着火了", ("119",), False),
        ("去年着火了", (), False),
        ("去年着火了，今年又着火了", ("119",), False),
        ("去年修的房。着火了", ("119",), False),
        ("着火演练几点", (), False),
        ("着火了，是演练", (), False),
        ("炉子着火", (), False),
        ("炉子旁边，着火了", ("119",), False),
        ("救命", ("110",), False),
        ("救命，着火了", ("119",), False),
        ("房上冒烟", (), True),
        ("去年冒烟", (), False),
        ("他火气大", (), False),
    ],
)
def test_what_speaks_for_and_against_danger(small, text, emergency, unsure):
    verdict = small.judge(text)
    assert (verdict.emergency, verdict.unsure_danger) == (emergency, unsure)


@pytest.mark.parametrize(
    ("text", "category", "words"),
    [
        ("渠堵了", "饮水灌溉", ("渠…堵",)),
        ("渠里头全淤了", "饮水灌溉", ("渠…淤",)),
        ("渠边上", "饮水灌溉", ("渠",)),
        ("这个渠道办事", "其他", ()),
        ("渠，堵了", "饮水灌溉", ("渠",)),
        ("着火了", "饮水灌溉", ("着火",)),
    ],
)
def test_words_decide(small, text, category, words):
    verdict = small.judge(text)
    assert (verdict.category, verdict.words) == (category, words)


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\x00\x01", "🙂🙂", "。。。", "\ud800", "\u200b"])
def test_nothing_to_read_goes_to_a_person(triage, text):
    verdict = triage.judge(text)
    assert (verdict.text, verdict.category, verdict.subcategory) == (text, "其他", None)
    assert (verdict.confidence, verdict.emergency, verdict.unsure_danger) == (0, (), False)


@pytest.mark.parametrize(
    "text", ["渠堵了", "渠 堵 了", "🙏渠🙏堵了🙏", "渠\x00堵\u200b了", "渠堵了！！！" * 5]
)
def test_noise_changes_nothing(triage, text):
    assert (triage.judge(text).category, triage.judge(text).subcategory) == ("饮水灌溉", "渠")


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("停電了", "电力通信燃气"),
        ("路燈壞了", "道路出行"),
        ("ＷＩＦＩ用不了", "电力通信燃气"),
        ("抵保咋办", "低保救助"),
    ],
)
def test_other_scripts_widths_and_slips(triage, text, category):
    assert triage.judge(text).category == category


@pytest.mark.parametrize("filler", ["渠堵了", "a", "着火了", "🙂", "。", "娃掉", "ﷺ", "人"])
def test_a_very_long_text_is_judged_at_once(triage, filler):
    began = time.perf_counter()
    triage.judge((filler * 100_000)[:100_000])
    assert time.perf_counter() - began < 2


def test_danger_is_still_seen_after_a_long_story(triage):
    assert triage.judge("我慢慢给你说。" * 100 + "我屋着火了").emergency == ("119",)


def test_threads_may_share_one_triage(triage):
    texts = ["渠堵了", "我屋着火了", "合疗咋交", "低保", "路灯不亮"] * 40
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(triage.judge, texts)) == [triage.judge(text) for text in texts]


def test_the_dictionary_is_small_and_written_once(tmp_path):
    words = Words(["夏阳窑洞", "停电"], str(tmp_path))
    words.warm()
    (path,) = tmp_path.glob("triage-words-*.txt")
    assert path.stat().st_size < 2_000_000
    written = path.stat().st_mtime_ns
    Words(["停电", "夏阳窑洞"], str(tmp_path)).warm()
    assert path.stat().st_mtime_ns == written
    Words(["停水"], str(tmp_path)).warm()
    assert len(list(tmp_path.glob("triage-words-*.txt"))) == 2
    assert words.boundaries("又停电了") == 0b11011


def test_a_folder_that_cannot_be_written_to_does_not_matter(tmp_path):
    assert Words(["停电"], str(tmp_path / "missing")).boundaries("又停电了") == 0b11011


def test_every_verdict_is_within_bounds(triage, lexicon):
    assert {topic.category for topic in lexicon.topics} == set(CATEGORIES)
    for rule in lexicon.emergencies:
        assert len(rule.advice) <= 40
        assert rule.numbers
    assert 0 <= triage.judge("渠堵了路灯不亮合疗低保").confidence <= 1


@pytest.mark.parametrize(
    ("lexicon", "says"),
    [
        ('"渠" = [', "格式不对"),
        ("[colour]", "不认识的段落 [colour]"),
        ('[category."道路"]', "缺少一级类别"),
        (SMALL + '[category."天气"]', "一级类别是固定的"),
        (SMALL.replace('"渠:3"', "3"), "引号"),
        (SMALL.replace('"渠:3"', '""'), "不能为空"),
        (SMALL.replace('"渠:3"', '"渠(堵"'), "第 5 行"),
        (SMALL.replace('"渠:3"', '"{渠道}坏"'), "没有定义的词组"),
        (SMALL.replace('"渠:3"', '"渠…"'), "以字词开头和结尾"),
        (SMALL.replace('"渠:3"', '"(渠||沟)"'), "空的一项"),
        (SMALL.replace('["119"]', '["火警"]'), "只能是数字"),
        (SMALL.replace('["119"]', "[]"), "要有电话"),
        (SMALL.replace('"快离开"', f'"{"快" * 41}"'), "不超过 40 个字"),
        (SMALL.replace('any = ["着火"]', ""), "至少要有一个说法"),
        (SMALL.replace('any = ["着火"]', 'any = "着火"'), "一串词"),
        (SMALL.replace('["堵", "淤"]', '["堵…淤"]'), "不能用省略号"),
        (SMALL.replace('["堵", "淤"]', "[]"), "词组是空的"),
        (SMALL.replace('"渠"]', '"井"]'), "都是上面有的"),
        (SMALL + '[typos]\n"错" = ""', "正字"),
        ("groups = 3\n" + EMPTY_CATEGORIES, "应该是一段"),
    ],
)
def test_a_faulty_lexicon_says_where_and_how_to_mend_it(lexicon, says):
    with pytest.raises(LexiconError, match=says.replace("[", r"\[").replace("]", r"\]")):
        parse_lexicon(lexicon)


def run_cli(lexicon, tmp_path, texts, *, as_json, stdin=""):
    out = io.StringIO()
    triage_command(
        texts,
        as_json=as_json,
        stdin=io.StringIO(stdin),
        stdout=out,
        lexicon=lexicon,
        cache_dir=str(tmp_path),
    )
    return out.getvalue().splitlines()


def test_command_answers_line_for_line(lexicon, tmp_path):
    lines = run_cli(lexicon, tmp_path, [], as_json=True, stdin="渠堵了\n\n我屋着火了\r\n")
    first, blank, fire = map(json.loads, lines)
    assert first["text"] == "渠堵了"
    assert (first["category"], first["subcategory"], first["emergency"]) == ("饮水灌溉", "渠", [])
    assert (blank["text"], blank["category"], blank["subcategory"]) == ("", "其他", None)
    assert fire["emergency"] == ["119"]
    assert set(first) == {"text", "category", "subcategory", "confidence", "emergency", "words"}


def test_command_can_be_read_by_people(lexicon, tmp_path):
    canal, fire = run_cli(lexicon, tmp_path, ["渠堵了", "我屋\n着火了"], as_json=False)
    assert "饮水灌溉 · 渠" in canal
    assert "渠…堵" in canal
    assert "打 119" in fire


def test_words_for_the_same_thing_are_read():
    lexicon = parse_lexicon(SMALL + '[same]\n"合疗" = ["医保", "新农合"]\n')
    assert lexicon.same == {"合疗": ("医保", "新农合")}
    assert parse_lexicon(SMALL).same == {}


def test_a_word_means_one_thing_only():
    with pytest.raises(LexiconError, match="“医保”"):
        parse_lexicon(SMALL + '[same]\n"合疗" = ["医保"]\n"社保" = ["医保"]\n')
