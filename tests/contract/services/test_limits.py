"""An owner is reminded of a rectification's limit: once before it and once behind it, when it can be of use."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from domain.delivery import CHINA
from domain.tickets.rectification import Progress
from scheduler.jobs import BATCH
from services.rectification import filing, handling
from services.rectification.clock import remind_due
from storage import rectifications
from tests.contract.services.test_filing import away
from tests.contract.services.test_rectification import another_staff, entered, item, problem
from tests.contract.village import ID, Village

LIMIT = datetime(2026, 11, 30, 18, 0, tzinfo=CHINA)
"""A Monday."""


async def at(village: Village, moment: str) -> list[str]:
    """The clock says this, in China, and looks twice. What of limits is in the owner's outbox then."""
    village.now = datetime.fromisoformat(moment).replace(tzinfo=CHINA)
    for _ in range(2):
        await village.do(remind_due, BATCH)
    return [text for text in await village.told("primary") if "时限" in text]


BEFORE, AFTER = "1号整改11月30日到时限，还有7天：党员大会没开", "1号整改11月30日的时限过了：党员大会没开"


async def test_once_before_and_once_after(village: Village, look):
    await entered(village, limit_at=LIMIT)
    for moment in ("2026-11-02T16:00", "2026-11-20T10:00", "2026-11-23T07:30"):
        assert await at(village, moment) == []
    for moment in ("2026-11-23T10:00", "2026-11-24T10:00", "2026-11-30T17:00", "2026-12-01T07:00"):
        found = [] if moment < "2026-11-23T10" else [BEFORE]
        assert await at(village, moment) == found
    for moment in ("2026-12-01T09:25", "2026-12-02T10:00", "2027-02-01T10:00"):
        assert await at(village, moment) == [BEFORE, AFTER]
    assert look("SELECT stage FROM rectification_reminder ORDER BY stage") == [("after",), ("before",)]


async def test_nothing_on_the_day_on_which_it_came_on_the_list(village: Village):
    await entered(village, limit_at=village.now + timedelta(days=3))
    assert await at(village, "2026-11-02T15:00") == []
    assert len(await at(village, "2026-11-03T10:00")) == 1


async def test_not_at_a_weekend_and_then_on_the_working_day_behind_it(village: Village):
    await entered(village, limit_at=LIMIT - timedelta(days=1))
    assert await at(village, "2026-11-22T10:00") == []
    assert await at(village, "2026-11-23T10:00") == ["1号整改11月29日到时限，还有6天：党员大会没开"]


async def test_not_of_what_waits_to_be_ticked_off_or_is(village: Village):
    await entered(village, limit_at=LIMIT)
    village.passes(days=1)
    await village.do(handling.propose, 1, "primary", "改好了", ())
    assert await at(village, "2026-11-24T10:00") == []
    await village.do(handling.tick_off, 1, "staff")
    assert await at(village, "2026-12-08T10:00") == []


async def test_one_that_has_not_left_is_dropped_when_it_is_no_longer_true(village: Village):
    await entered(village, limit_at=LIMIT)
    await entered(village, problem="账没公开", limit_at=LIMIT)
    assert len(await at(village, "2026-11-24T10:00")) == 1
    await village.do(handling.report, 1, "primary", Progress("2026-11", "开了"), ())
    assert len(await at(village, "2026-11-24T11:00")) == 1
    await village.do(handling.propose, 1, "primary", "改好了", ())
    assert await at(village, "2026-11-24T12:00") == ["2号整改11月30日到时限，还有6天：账没公开"]
    await village.do(handling.reopen, 1, "staff", "记录没有")
    assert (await at(village, "2026-11-24T13:00"))[1:] == ["1号整改11月30日到时限，还有6天：党员大会没开"]


async def test_while_he_is_on_leave_it_waits(village: Village):
    await entered(village, limit_at=LIMIT)
    village.now = datetime(2026, 11, 20, 10, tzinfo=CHINA)
    await away(village, "primary")
    assert await at(village, "2026-11-24T10:00") == []
    assert await at(village, "2026-12-21T10:00") == [AFTER]


async def test_another_owner_and_another_limit(village: Village):
    await another_staff(village)
    await entered(village, limit_at=LIMIT)
    await at(village, "2026-11-24T10:00")
    await village.do(handling.give, 1, "staff", ID["stranger"])
    assert await at(village, "2026-11-25T10:00") == []
    assert any("还有5天" in text for text in await village.told("stranger"))
    moved = replace(problem(village, limit_at=LIMIT + timedelta(days=28)), owner=ID["primary"])
    await village.do(filing.amend, await item(village, 1), moved)
    assert await at(village, "2026-12-22T10:00") == ["1号整改12月28日到时限，还有6天：党员大会没开"]


async def test_the_database_itself_allows_one_of_each(village: Village):
    await entered(village, limit_at=LIMIT)
    found = await item(village, 1)

    def twice(tx) -> None:
        for _ in range(2):
            rectifications.reminded(tx, found, rectifications.Stage.BEFORE, None)

    with pytest.raises(Exception, match=r"(?i)unique|duplicate"):
        await village.database.run(twice)
