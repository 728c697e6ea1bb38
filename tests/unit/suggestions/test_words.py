"""What an old villager reads is short: sixty characters, beside what people wrote themselves."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from domain.suggestions import words
from domain.suggestions.steps import Outcome, State, Suggestion
from handlers.suggestions.asking import Receipt
from handlers.suggestions.writing import Suggest

LIMIT = 60
WAITS = Suggestion(
    123, State.RECEIVED, False, "路灯", date(2026, 11, 2), datetime(2026, 12, 31, 10, tzinfo=UTC)
)
ANSWERED = replace(
    WAITS, state=State.ANSWERED, outcome=Outcome.PARTLY, measure_by=date(2026, 12, 31), answer="先装一半。"
)
SAID = {"text": "村口太黑，多装几盏路灯，晚上老人出门看不见，摔了好几回了", "media": []}


@pytest.mark.parametrize("accuses", [True, False])
@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize(
    "draft",
    [
        {},
        {"as": "signed"},
        {"as": "anonymous"},
        {"as": "signed", "said": SAID},
        {"as": "anonymous", "said": SAID},
        {"as": "signed", "said": {"text": "", "media": [1]}},
        {"as": "signed", "said": SAID, "right": "person"},
    ],
    ids=str,
)
def test_questions_are_short(draft: dict, known: bool, accuses: bool) -> None:
    question = Suggest(known, lambda _: accuses, lambda _: False).ask(dict(draft))
    assert len(question.text) <= LIMIT, question.text


def test_where_somebody_of_the_roster_is_named_it_is_more_likely_about_him() -> None:
    for named, first in ((True, "person"), (False, "matter")):
        asked = Suggest(True, lambda _: False, lambda _, named=named: named).ask(
            {"as": "anonymous", "said": SAID}
        )
        assert asked.choices[0].id == first


def test_an_anonymous_writer_is_asked_as_often_whatever_she_says() -> None:
    for about in ("matter", "person"):
        draft = {"as": "anonymous", "said": SAID, "right": about}
        assert not hasattr(Suggest(True, lambda _: False, lambda _: False).ask(draft), "text")


@pytest.mark.parametrize(
    "text",
    [
        words.receipt("K7MX2Q9P", anonymous=True).text,
        words.receipt("K7MX2Q9P", anonymous=False).text,
        words.SEALED,
        words.status(WAITS),
        words.status(replace(WAITS, state=State.ASKED), "哪一段路？"),
        words.status(ANSWERED),
        Receipt("", "").ask({"receipt": ""}).text,
    ],
)
def test_answers_are_short(text: str) -> None:
    assert len(text) <= LIMIT, text


def test_a_name_reaches_neither_the_board_nor_the_status() -> None:
    shown = words.board_entry(replace(ANSWERED, gist="多装路灯", person=7, answered_on=date(2026, 11, 9)))
    assert shown == "有人提：多装路灯\n县上（11月9日答复）：部分采纳。\n先装一半。\n12月31日前办好。"
