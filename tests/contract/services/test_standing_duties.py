"""Duties of those who have something to put right, or somebody to help: opened for them, done by what they say anyway."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from domain.delivery import CHINA
from domain.duties.duty import State
from domain.duties.template import Audience, Template
from domain.errors import Refusal
from domain.pairs import PairKind, bit_of
from domain.tickets.rectification import Progress
from services.duties import noting, opening, reminding, standing_in, templates
from services.pairs import talking
from services.rectification import clock as rectification_clock
from services.rectification import handling
from storage import schema
from storage.months import month_bit
from tests.contract.services.test_filing import away, gone
from tests.contract.services.test_pairs import SUMMER, pair_up
from tests.contract.services.test_rectification import entered, item
from tests.contract.services.test_standing_in import HIM
from tests.contract.village import OTHER, Village

MONTHLY = "FREQ=MONTHLY;BYMONTHDAY=1"
PROGRESS = Template("progress", "说整改进展", "整顿", MONTHLY, (1, -8), Audience.RECTIFICATION)
VISIT = Template("visit", "走访联系户", "结对", MONTHLY, (1, -8), Audience.HOUSEHOLD)


async def look_at_clock(village: Village, moment: str) -> None:
    """The clock says this, in China, and both jobs run."""
    village.now = datetime.fromisoformat(moment).replace(tzinfo=CHINA)
    while await village.do(opening.open_due):
        pass
    while await village.do(reminding.remind_due):
        pass


async def states(village: Village, key: str) -> list[State]:
    """Of what is not over."""
    today = village.now.astimezone(CHINA).date()
    return [one.state for one in await village.do(noting.mine, key) if one.ends_on >= today]


async def reminders(village: Village, key: str) -> int:
    return sum("整顿：" in text or "结对：" in text for text in await village.told(key))


async def test_progress_is_asked_of_owners_and_done_when_all_of_it_is_told(village: Village):
    first, second = await entered(village), await entered(village, problem="账没公开")
    await entered(village, area=OTHER, owner=5, problem="没人值班")
    await village.do(templates.load, [PROGRESS])
    await look_at_clock(village, "2026-11-03T10:00")
    assert (await reminders(village, "primary"), await reminders(village, "stranger")) == (1, 1)
    for key in ("deputy", "supervisor", "staff"):
        assert await states(village, key) == []
    await village.do(handling.report, first, "primary", Progress("2026-11"), ())
    assert await states(village, "primary") == [State.OPEN]
    await village.do(handling.propose, second, "primary", "公开了", ())
    assert await states(village, "primary") == [State.DONE]
    await look_at_clock(village, "2026-11-23T10:00")
    # what had not left was withdrawn: of the one who has told it, and of the other for the newer one
    assert (await reminders(village, "primary"), await reminders(village, "stranger")) == (0, 1)


async def test_nobody_notes_progress_for_him_of_which_he_has_said_nothing(village: Village):
    number = await entered(village)
    await village.do(templates.load, [PROGRESS])
    await look_at_clock(village, "2026-11-03T10:00")
    duty = (await village.do(noting.mine, "primary"))[0]
    assert await village.do(noting.untold, "primary", duty) == [number]
    await away(village, "primary")
    with pytest.raises(Refusal, match="要张建国自己来说"):
        await village.do(standing_in.note, "deputy", HIM, duty.period, State.DONE)
    await look_at_clock(village, "2026-11-23T10:00")
    assert not any("张建国请假" in text for text in await village.told("deputy"))
    await village.do(standing_in.note, "deputy", HIM, duty.period, State.NOT_THIS_MONTH)


async def test_whoever_has_left_his_office_is_asked_for_nothing(village: Village):
    number = await entered(village)
    await pair_up(village)
    await village.do(templates.load, [PROGRESS, VISIT])
    await look_at_clock(village, "2026-11-03T10:00")
    assert len(await states(village, "primary")) == 2
    await gone(village, "primary")
    before = await village.told("primary")
    await look_at_clock(village, "2026-11-23T10:00")
    village.now = (await item(village, number)).ticket.limit_at - timedelta(days=5)
    assert await village.do(rectification_clock.remind_due, 25) == 0
    await look_at_clock(village, "2026-12-01T10:00")
    assert await village.told("primary") == before
    assert await states(village, "primary") == []


async def test_what_is_ticked_off_is_asked_of_nobody_the_next_month(village: Village):
    number = await entered(village)
    await village.do(templates.load, [PROGRESS])
    await village.do(handling.propose, number, "primary", "改好了", ())
    await village.do(handling.tick_off, number, "staff")
    await look_at_clock(village, "2026-12-01T10:00")
    assert await states(village, "primary") == []
    await village.do(handling.reopen, number, "staff", "又停了")
    await look_at_clock(village, "2026-12-02T10:00")
    assert await states(village, "primary") == [State.OPEN]


async def test_helpers_are_asked_in_season_and_are_done_when_each_pair_has_a_note(village: Village):
    year, summer = await pair_up(village), await pair_up(village, helped="neighbour", months=SUMMER)
    await pair_up(village, helped="neighbour", helper="stranger", months=bit_of(11))
    await pair_up(village, helper="deputy", months=SUMMER)
    await pair_up(village, helper="supervisor", kind=PairKind.GROWER)
    await village.do(templates.load, [VISIT])
    await look_at_clock(village, "2026-11-03T10:00")
    assert [await states(village, key) for key in ("primary", "stranger")] == [[State.OPEN]] * 2
    for key in ("deputy", "supervisor"):
        assert await states(village, key) == []
    await village.do(talking.note, year, "primary", "送了药")
    assert await states(village, "primary") == [State.DONE]
    await look_at_clock(village, "2026-12-01T00:30")  # in UTC it is November
    assert await states(village, "primary") == [State.OPEN]
    assert await states(village, "stranger") == []
    await look_at_clock(village, "2027-06-01T10:00")
    assert await states(village, "deputy") == [State.OPEN]
    await village.do(talking.note, year, "primary", "收麦")
    assert await states(village, "primary") == [State.OPEN]  # the other one is in season too
    await village.do(talking.note, summer, "primary", "也收麦")
    assert await states(village, "primary") == [State.DONE]


@pytest.mark.parametrize(
    ("moment", "month"),
    [
        ("2026-10-31T23:59", 10),
        ("2026-11-01T00:00", 11),
        ("2026-12-31T23:59", 12),
        ("2027-01-01T00:00", 1),
        ("2028-02-29T23:00", 2),
    ],
)
async def test_the_database_counts_months_as_china_does(village: Village, moment, month):
    at = sa.bindparam("at", type_=schema.pair.c.valid_from.type)
    now = datetime.fromisoformat(moment).replace(tzinfo=CHINA)
    bit = await village.database.read(
        lambda tx: tx.execute(sa.select(month_bit(at)), {"at": now}).scalar_one()
    )
    assert bit == bit_of(month)
