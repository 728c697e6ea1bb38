"""The printed report says what it is, and keeps quiet where it must."""

from datetime import UTC, date, datetime

import pytest

from bot.survey_report import MOST_ALONE, MOST_GROUPS, report
from domain.surveys.codes import NOT_A_VOTE
from domain.surveys.form import Kind
from domain.surveys.reading import Bar
from domain.surveys.results import Results, Summary, Turnout
from domain.surveys.voices import Group, Voices

TODAY = date(2026, 11, 25)


def results(answered: int = 20, *summaries: Summary, anonymous: bool = True, invited: int = 0) -> Results:
    total = Turnout("合计", invited, answered)
    return Results("开门纳谏", anonymous, total, (), (), (), summaries)


@pytest.mark.parametrize(("by_codes", "said"), [(True, True), (False, False)])
def test_an_appraisal_says_that_it_is_no_vote(by_codes: bool, said: bool) -> None:
    assert (NOT_A_VOTE in report(results(), "富平县", TODAY, by_codes=by_codes)) is said


def test_dates_as_people_write_them() -> None:
    page = report(results(), "富平县", TODAY, datetime(2026, 11, 20, 17, tzinfo=UTC))
    assert "2026年11月21日截止" in page  # one in the morning in China
    assert "2026年11月25日生成" in page


def test_nothing_of_four() -> None:
    asked = Summary("enough", Kind.ONE, "水够吗？", 4, 0, (Bar("够", 4, 1.0),), ())
    page = report(results(4, asked), "富平县", TODAY)
    assert "不足5份" in page
    assert "水够吗" not in page
    assert "水够吗" in report(results(4, asked, anonymous=False), "富平县", TODAY)


def test_no_rate_where_nobody_counted_who_was_asked() -> None:
    assert "答复率" not in report(results(), "富平县", TODAY)
    assert "40%" in report(results(invited=50), "富平县", TODAY)


def test_what_is_cut_is_counted() -> None:
    groups = tuple(Group(30 - number, (f"第{number}样话",)) for number in range(MOST_GROUPS + 2))
    alone = tuple(f"单独{number}" for number in range(MOST_ALONE + 7))
    voices = Voices((), groups, alone, 0)
    said = Summary("said", Kind.TEXT, "还想说什么？", 400, 0, (), (), voices=voices)
    page = report(results(400, said), "富平县", TODAY)
    assert "第11样话" in page
    assert "第12样话" not in page
    assert "还有2组，共35人" in page
    assert "还有7条" in page
