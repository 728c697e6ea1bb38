"""One answer to one question: what people type for a number, and the engine that all talks share."""

from datetime import UTC, datetime
from typing import Any

import pytest

from domain.county import County
from domain.directory import Account, Person
from domain.flow import Answer, Ask, Done, Draft, Invalid, number_in, pick, reserved, step
from domain.talk import Choice, Conversation, Inbound, Reply
from handlers.engine import Engine, Talk, Then
from handlers.scene import Scene
from services.desk import Desk

ONE = ["1", "１", "一", "①", "⑴", "第一个", "第1个", "第一", "第一项", "选1", "选择1", "选一", "回复1"]
ONE += ["1。", "1.", "1、", "1,", "1，", "1！", "1)", "1）", "(1)", "（1）", " 1 ", "1 。", "一个", "1️⃣"]


@pytest.mark.parametrize("text", ONE)
def test_all_of_these_mean_one(text):
    assert number_in(text) == 1


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("零", 0),
        ("〇", 0),
        ("2", 2),
        ("二", 2),
        ("两", 2),
        ("第二个", 2),
        ("②", 2),
        ("6", 6),
        ("六", 6),
        ("10", 10),
        ("十", 10),
        ("⑩", 10),
        ("01", 1),
        ("99", 99),
    ],
)
def test_other_numbers(text, number):
    assert number_in(text) == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "渠堵了",
        "1号",
        "1组",
        "1村2组",
        "100",
        "1.5",
        "-1",
        "1 2",
        "12345",
        "一组",
        "一下",
        "第",
        "选",
        "1月",
        "٣x",
    ],
)
def test_these_are_no_bare_number(text):
    assert number_in(text) is None


CHOICES = (Choice("yes", "对"), Choice("no", "不对"), Choice("add", "补充到3号"))


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        *[(text, "yes") for text in ONE],
        ("对", "yes"),
        ("对。", "yes"),
        ("对！", "yes"),
        ("不对", "no"),
        ("第二个", "no"),
        ("补充到3号", "add"),
        ("补充到３号", "add"),
        ("3", "add"),
        ("4", None),
        ("0", None),
        ("不", None),
        ("", None),
        ("。", None),
        ("渠堵了", None),
    ],
)
def test_a_choice_is_picked_by_number_or_by_its_words(text, chosen):
    assert pick(text, CHOICES) == chosen


WHOSE = (
    Choice("signed", "署名，答复发给我"),
    Choice("anonymous", "匿名，凭码查答复"),
    Choice("join", "署名，先登记"),
)


@pytest.mark.parametrize(
    ("text", "chosen"), [("匿名", "anonymous"), ("匿名。", "anonymous"), ("署名", None), ("凭码查答复", None)]
)
def test_the_first_word_of_a_long_choice_will_do_where_it_is_the_only_one(text, chosen):
    assert pick(text, WHOSE) == chosen


def test_nothing_is_picked_where_nothing_is_offered():
    assert pick("1", ()) is None


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        *[
            (text, "person")
            for text in ("0", "０", "0。", "0.", "零", "〇", "人工", "找人", "转人工", "人工！")
        ],
        *[(text, "back") for text in ("9", "９", "9。", "9、", "九", "返回", "上一步", "上一题", " 9 ")],
        *[(text, "cancel") for text in ("取消", "取消。", "取消！", "退出", "算了", "算了.")],
        *[(text, None) for text in ("", "90", "取消预约", "9号", "第九个", "一", "不取消", "人工湖漏水")],
    ],
)
def test_words_that_every_talk_understands(text, meaning):
    assert reserved(text) == meaning


class Errand:
    """A flow of three questions: a choice, free words of at most 5 characters, another choice."""

    @staticmethod
    def ask(draft: Draft) -> Ask | Done:
        if "where" not in draft:
            return Ask("where", "哪儿？", (Choice("home", "家"), Choice("field", "地里")))
        if "what" not in draft:
            return Ask("what", "啥事？", read=_short)
        if "sure" not in draft:
            return Ask("sure", "对吗？", (Choice("yes", "对"), Choice("no", "不对")))
        return Done()


def _short(answer: Answer) -> Any | Invalid:
    return answer.text if len(answer.text) <= 5 else Invalid("太长了。")


@pytest.mark.parametrize(
    ("draft", "answer", "after", "result"),
    [
        ({}, Answer("1"), {"where": "home"}, Ask),
        ({}, Answer("地里"), {"where": "field"}, Ask),
        ({}, Answer(choice="field"), {"where": "field"}, Ask),
        ({}, Answer(choice="moon"), {}, Invalid),
        ({}, Answer("3"), {}, Invalid),
        ({}, Answer("月亮上"), {}, Invalid),
        ({}, Answer(media=(1,)), {}, Invalid),
        ({"where": "home"}, Answer("停水"), {"where": "home", "what": "停水"}, Ask),
        ({"where": "home"}, Answer("1"), {"where": "home", "what": "1"}, Ask),
        ({"where": "home"}, Answer("停水停了三天了"), {"where": "home"}, Invalid),
        ({"where": "home"}, Answer(choice="home"), {"where": "home"}, Invalid),
        ({"where": "a", "what": "b"}, Answer("对"), {"where": "a", "what": "b", "sure": "yes"}, Done),
        (
            {"where": "a", "what": "b", "sure": "yes"},
            Answer("1"),
            {"where": "a", "what": "b", "sure": "yes"},
            Done,
        ),
    ],
)
def test_one_step_of_a_flow(draft, answer, after, result):
    assert isinstance(step(Errand(), draft, answer), result)
    assert draft == after


def _finished(_scene: Scene, draft: Draft) -> list[Reply] | Then:
    if draft["sure"] == "no":
        return Then("errand", {"where": draft["where"]}, [Reply("再说一遍。")])
    return [Reply(f"{draft['where']} {draft['what']}")]


ENGINE = Engine({"errand": Talk(lambda _: Errand(), _finished)}, call_a_person=lambda _: [Reply("叫人了。")])


@pytest.fixture
def scene() -> Scene:
    county = County(triage=None, card_key=b"")  # type: ignore[arg-type]  this talk judges no words
    desk = Desk(None, county, datetime(2026, 11, 2, tzinfo=UTC))  # type: ignore[arg-type]  and stores nothing
    person = Person(1, "", "", "610528001200", consented=True)
    return Scene(
        desk, Inbound("web", "a", "1"), Account(1, "web", "a", 1), person, Conversation(), (), desk.now
    )


def texts(replies: list[Reply]) -> list[str]:
    return [reply.text for reply in replies]


def says(scene: Scene, *answers: str) -> list[str]:
    replies: list[Reply] = []
    for text in answers:
        replies = ENGINE.answer(scene, Answer(text))
    return texts(replies)


def test_a_talk_from_first_to_last(scene):
    assert texts(ENGINE.begin(scene, "errand")) == ["哪儿？"]
    assert says(scene, "第一个") == ["啥事？"]
    assert says(scene, "停水") == ["对吗？"]
    assert says(scene, "对") == ["home 停水"]
    assert (scene.talk.flow, scene.talk.draft, scene.talk.trail) == (None, {}, [])


def test_what_is_known_is_not_asked(scene):
    assert texts(ENGINE.begin(scene, "errand", {"where": "home"})) == ["啥事？"]


def test_one_talk_may_lead_to_the_next(scene):
    ENGINE.begin(scene, "errand")
    assert says(scene, "1", "停水", "2") == ["再说一遍。", "啥事？"]
    assert scene.talk.draft == {"where": "home"}
    assert scene.talk.trail == []


def test_every_question_has_its_own_buttons(scene):
    first = ENGINE.begin(scene, "errand")[0].choices
    again = ENGINE.repeat(scene, "再问一次：")[0]
    assert again.text == "再问一次：哪儿？"
    ids = [choice.id for choice in (*first, *again.choices)]
    assert ids == ["1:home", "1:field", "2:home", "2:field"]
    assert max(len(one.encode()) for one in ids) <= 64


def test_back_returns_to_the_question_before_and_the_first_one_stays(scene):
    ENGINE.begin(scene, "errand")
    says(scene, "1", "停水")
    assert texts(ENGINE.back(scene)) == ["啥事？"]
    assert texts(ENGINE.back(scene)) == ["哪儿？"]
    assert texts(ENGINE.back(scene)) == ["哪儿？"]
    assert says(scene, "2", "停电", "1") == ["field 停电"]


def test_cancel_keeps_nothing(scene):
    ENGINE.begin(scene, "errand")
    says(scene, "1")
    assert texts(ENGINE.cancel(scene)) == ["好，不办了。有事随时再说。"]
    assert (scene.talk.flow, scene.talk.draft, scene.talk.trail, scene.talk.misses) == (None, {}, [], 0)


def test_two_misses_in_a_row_call_a_person_and_the_question_stays(scene):
    ENGINE.begin(scene, "errand")
    assert says(scene, "月亮上") == ["请回复数字 1 到 2。"]
    assert says(scene, "7") == ["叫人了。", "哪儿？"]
    assert says(scene, "火星上") == ["请回复数字 1 到 2。"]
    assert says(scene, "1") == ["啥事？"]


def test_misses_are_counted_in_a_row_only(scene):
    ENGINE.begin(scene, "errand")
    assert says(scene, "月亮上", "1", "停水停了三天了") == ["太长了。"]
    assert says(scene, "停水", "也许") == ["请回复数字 1 到 2。"]
    ENGINE.back(scene)
    assert says(scene, "停水停了三天了") == ["太长了。"]
