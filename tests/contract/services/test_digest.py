"""The morning's digest: to whom, when, of what; and what its taps do."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.digest import Item, Way
from domain.directory import RoleName
from domain.errors import Refusal
from domain.tickets.steps import Kind, State
from scheduler.clockwork import Clockwork
from scheduler.jobs import JOBS
from services import digest
from services.desk import Desk
from services.tickets import clock, deciding, handling
from storage.directory import people
from tests.contract.services.suggesting import joins
from tests.contract.services.suggesting import told as told_to
from tests.contract.services.test_filing import away, gone
from tests.contract.village import ID, TOWNSHIP, VILLAGE, Village

WEDNESDAY = datetime(2026, 11, 4, 0, 30, tzinfo=UTC)
"""Half past eight in the morning in China."""


@pytest.fixture
async def climbed(village: Village) -> int:
    """A ticket that has come up to the supervisor by Thursday morning."""
    number = await village.files()
    for _ in range(64):
        village.passes(hours=1)
        await village.do(clock.look_at_due)
    village.now = WEDNESDAY + timedelta(days=1, minutes=5)
    assert (await village.ticket(number)).owner == ID["supervisor"]
    return number


MORNINGS = "早上好，有1件要您定，点一下就办。要看详情，回号码，比如“1号”。"


async def morning(village: Village) -> None:
    while await village.do(digest.send_due, 2):
        pass


async def digests(village: Village, key: str = "supervisor") -> list[str]:
    return [text for text in await village.told(key) if "要您定" in text]


async def items(village: Village, key: str = "supervisor") -> list[tuple[int, Way, str]]:
    found: list[Item] = await village.do(digest.to_decide, key)
    return [(one.ticket.id, one.way, one.to.name if one.to else "") for one in found]


async def test_once_a_day_and_only_to_whom_it_concerns(village: Village, climbed: int):
    for _ in range(3):
        await morning(village)
        village.passes(minutes=20)
    assert await digests(village) == [MORNINGS]
    for key in ("staff", "primary", "deputy", "stranger"):
        assert await digests(village, key) == []
    village.passes(days=1)
    await morning(village)
    assert len(await digests(village)) == 2


async def test_two_processes_send_one(village: Village, climbed: int):
    [job] = [job for job in JOBS if job.name == "digest"]
    both = [Clockwork(village.do, name, lambda: None) for name in ("one", "two")]
    await asyncio.gather(*(one.run_once(job) for one in (*both, *both)))
    await asyncio.gather(morning(village), morning(village))
    assert len(await digests(village)) == 1


@pytest.mark.parametrize(
    ("moment", "sent"),
    [
        (WEDNESDAY + timedelta(days=1, minutes=-1), 0),
        (WEDNESDAY + timedelta(days=1), 1),
        (WEDNESDAY + timedelta(days=1, hours=3, minutes=29), 1),
        (WEDNESDAY + timedelta(days=1, hours=3, minutes=30), 0),  # noon
        (WEDNESDAY + timedelta(days=1, hours=13), 0),  # the service was down all day: nobody is woken
        (WEDNESDAY + timedelta(days=3), 0),  # a Saturday
    ],
)
async def test_only_on_the_morning_of_a_working_day(village: Village, climbed: int, moment, sent: int):
    village.now = moment
    await morning(village)
    assert len(await digests(village)) == sent


async def test_one_who_catches_up_before_the_morning_does_not_take_it_away(village: Village, climbed: int):
    [job] = [job for job in JOBS if job.name == "digest"]
    process = Clockwork(village.do, "one", lambda: None)
    village.now = WEDNESDAY + timedelta(days=1, hours=-2)
    await process.run_once(job)
    village.now = WEDNESDAY + timedelta(days=1)
    await process.run_once(job)
    assert len(await digests(village)) == 1


async def test_what_a_process_that_died_left_undone_is_sent_within_minutes(village: Village, climbed: int):
    await village.filed("村干部吃拿卡要", "干部作风村务", kind=Kind.COMPLAINT)
    [job] = [job for job in JOBS if job.name == "digest"]
    one_by_one = replace(job, deed=lambda desk: digest.send_due(desk, 1))
    lives = [True]

    async def once(deed: Callable[[Desk], object]) -> object:
        if not lives:
            raise RuntimeError("killed")
        lives.clear()
        return await village.do(deed)

    assert not await Clockwork(once, "one", lambda: None).run_once(one_by_one)
    assert sorted([len(await digests(village, key)) for key in ("supervisor", "staff")]) == [0, 1]
    village.passes(minutes=5)
    await Clockwork(village.do, "two", lambda: None).run_once(job)
    assert [len(await digests(village, key)) for key in ("supervisor", "staff")] == [1, 1]


async def test_nothing_to_decide_nothing_said(village: Village, climbed: int):
    await village.do(deciding.take_over, climbed, "supervisor")
    await village.do(deciding.called, climbed, "supervisor")
    await morning(village)
    assert await digests(village) == []


async def test_a_supervisor_on_leave_is_followed_by_the_next(village: Village, climbed: int):
    await away(village, "supervisor")
    await morning(village)
    assert await digests(village) == []
    assert len(await digests(village, "staff")) == 1
    assert await items(village, "staff") == [(climbed, Way.GIVE, "张建国")]
    colleague = await joins(village, "孙督办", RoleName.SUPERVISOR, TOWNSHIP)
    assert await items(village, "staff") == []
    assert len(await village.do(lambda desk: digest.to_decide(desk, colleague))) == 1
    assert await told_to(village, colleague) == []


async def test_what_lies_with_one_who_left_is_given_to_who_is_there(village: Village):
    number = await village.files()
    await village.do(handling.accept, number, "primary")
    await gone(village, "primary")
    await village.database.run(
        lambda tx: people.end_role(tx, ID["primary"], RoleName.CADRE, VILLAGE, village.now)
    )
    village.passes(minutes=1)
    assert await items(village) == [(number, Way.GIVE, "李小军")]
    said = await village.do(deciding.give, number, "supervisor", ID["deputy"])
    assert said == f"{number}号交给李小军了。"
    ticket = await village.ticket(number)
    assert (ticket.owner, ticket.rung, ticket.state) == (ID["deputy"], "deputy", State.TRANSFERRED)
    assert (await village.told("deputy"))[-1].startswith(f"赵督办交您 {number}号")
    assert (await village.told("villager"))[-1] == f"{number}号转给李小军00000000102办理。"
    assert await items(village) == []


async def test_nobody_is_there_so_he_takes_it_himself(village: Village):
    number = await village.files()
    await village.do(handling.accept, number, "primary")
    await away(village, "primary", "deputy")
    assert await items(village) == [(number, Way.TAKE, "")]
    await village.do(deciding.take_over, number, "supervisor")
    ticket = await village.ticket(number)
    assert (ticket.owner, ticket.rung, ticket.state) == (ID["supervisor"], "supervisor", State.ACCEPTED)
    assert (await village.steps(number))[-2:] == ["transfer by supervisor", "accept by supervisor"]


async def test_an_extension_is_allowed_and_she_is_told_why(village: Village, climbed: int):
    await village.do(deciding.take_over, climbed, "supervisor")
    await village.do(deciding.called, climbed, "supervisor")
    village.passes(days=4)
    assert await items(village) == [(climbed, Way.EXTEND, "")]
    await village.do(deciding.allow_extension, climbed, "supervisor")
    assert (await village.told("villager"))[-1].endswith("原因：城关街道接手了，正在办。")
    with pytest.raises(Refusal, match="已延期过一次"):
        await village.do(deciding.allow_extension, climbed, "supervisor")


async def test_a_complaint_is_decided_by_the_staff_alone(village: Village):
    filed = await village.filed("村干部吃拿卡要", "干部作风村务", kind=Kind.COMPLAINT)
    number = filed.ticket.id
    assert await items(village, "staff") == [(number, Way.TAKE, "")]
    for key in ("supervisor", "primary", "villager"):
        for deed in (deciding.take_over, deciding.allow_extension):
            with pytest.raises(Refusal, match=f"没有{number}号工单"):
                await village.do(deed, number, key)
        with pytest.raises(Refusal, match=f"没有{number}号工单"):
            await village.do(deciding.give, number, key, ID["deputy"])
    with pytest.raises(Refusal, match="不能交给他"):
        await village.do(deciding.give, number, "staff", ID["deputy"])
    await away(village, "staff")
    assert await items(village) == []


async def test_a_button_of_yesterday_says_why_it_cannot(village: Village):
    number = await village.files()
    await village.do(handling.accept, number, "primary")
    await away(village, "primary")
    assert await items(village) == [(number, Way.GIVE, "李小军")]
    await away(village, "deputy")
    with pytest.raises(Refusal, match="不能交给他了"):
        await village.do(deciding.give, number, "supervisor", ID["deputy"])


async def test_no_more_is_kept_of_it_than_is_needed(village: Village, climbed: int, look):
    await morning(village)
    assert look("SELECT count(*) FROM digest") == [
        (2,)
    ]  # whom it was looked for, also where nothing was found

    def forget(desk: Desk) -> None:
        digest.rows.forget(desk.tx, (desk.now + timedelta(days=1)).date())

    await village.do(forget)
    assert look("SELECT count(*) FROM digest") == [(0,)]


@pytest.mark.parametrize("kind", [Kind.APPOINTMENT, Kind.RECTIFICATION])
async def test_what_climbs_no_ladder_is_not_in_it(village: Village, climbed: int, kind: Kind):
    await village.database.run(lambda tx: tx.exec_driver_sql(f"UPDATE ticket SET kind = '{kind}'"))
    assert await items(village) == []


async def test_a_second_tap_changes_nothing(village: Village, climbed: int):
    await village.do(deciding.take_over, climbed, "supervisor")
    told, steps = await village.told("villager"), await village.steps(climbed)
    with pytest.raises(Refusal, match="已经签收"):
        await village.do(deciding.take_over, climbed, "supervisor")
    assert (await village.told("villager"), await village.steps(climbed)) == (told, steps)


async def test_whoever_had_it_is_told_who_has_it_now(village: Village):
    number = await village.files()
    await village.do(handling.accept, number, "primary")
    await village.do(deciding.take_over, number, "supervisor")
    assert (await village.told("primary"))[-1] == f"{number}号已交赵督办，您不用再办。"
    before = await village.told("supervisor")
    await village.do(deciding.give, number, "supervisor", ID["deputy"])
    assert await village.told("supervisor") == before  # he has done it himself
    await village.do(deciding.give, number, "supervisor", ID["primary"])
    assert (await village.told("deputy"))[-1] == f"{number}号已交张建国，您不用再办。"


async def test_whoever_hears_of_it_in_the_morning_is_not_told_again_on_the_same_day(village: Village):
    await morning(village)
    number = (await village.filed("村干部吃拿卡要", "干部作风村务", kind=Kind.COMPLAINT)).ticket.id
    for _ in range(5 * 24):
        village.passes(minutes=35)
        await morning(village)
        village.passes(minutes=25)
        await village.do(clock.look_at_due)
    assert (await village.steps(number)).count("nudge") > 4  # of each day's end, and of half the time
    assert (await village.told("staff"))[1:] == [MORNINGS] * 4  # Tuesday to Friday


async def test_what_the_morning_has_no_room_to_name_is_reminded_of(village: Village):
    filed = [await village.filed("村干部吃拿卡要", "干部作风村务", kind=Kind.COMPLAINT) for _ in range(7)]

    async def named() -> list[bool]:
        return [await village.do(digest.tells, await village.ticket(one.ticket.id)) for one in filed]

    village.now = WEDNESDAY + timedelta(days=1, minutes=-30)
    assert await named() == [True] * 6 + [False]
    await away(village, "staff")
    assert not any(await named())  # whoever is on leave gets no list
