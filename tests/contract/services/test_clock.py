"""What the clock does with what nobody touches, and that every job is done once."""

import asyncio
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
import sqlalchemy as sa

from domain.delivery import CHINA
from domain.directory import RoleName
from domain.tickets.steps import Kind, State
from scheduler.clockwork import Clockwork
from scheduler.jobs import JOBS, Job
from services import housekeeping
from services.desk import Desk
from services.tickets import clock, handling
from storage import schema, turns, webchat
from storage.directory import assignments, people
from tests.contract.services.test_filing import away, gone
from tests.contract.village import ID, VILLAGE, Village

KEY = {number: key for key, number in ID.items()}


async def until(village: Village, **time: float) -> None:
    """Time passes, hour by hour, and the clock looks each time."""
    end = village.now + timedelta(**time)
    while village.now < end:
        village.passes(hours=1)
        await village.do(clock.look_at_due)


async def path(village: Village, number: int) -> list[str]:
    """When what happened to it, by China's time."""
    rows = await village.database.read(
        lambda tx: list(handling.tickets.events(tx, number)),
    )
    return [f"{row.at.astimezone(CHINA):%m-%d %H} {row.step.value}" for row in rows]


async def test_a_ticket_that_nobody_touches_climbs_to_the_top(village: Village, look):
    number = await village.files()
    await until(village, days=5)
    assert await path(village, number) == [
        "11-02 10 file",
        "11-02 10 assign",
        "11-03 10 escalate",
        "11-04 18 escalate",
        "11-05 18 escalate",
        "11-06 08 nudge",
        "11-06 18 nudge",
    ]
    assert look("SELECT owner, rung, state FROM ticket") == [(ID["staff"], "staff", "assigned")]
    told = await village.told("villager")
    assert [text.partition("现交")[2] for text in told] == [
        "李小军00000000102来办。", "赵督办00000000103来办。", "钱工作00000000104来办。",
    ]  # fmt: skip
    assert all(len(text) <= 60 for text in told)
    for key in ("primary", "deputy", "supervisor"):
        assert "到时未办，已交" in (await village.told(key))[-1]


async def test_an_immediate_one_climbs_on_the_same_day(village: Village, look):
    await village.files(kind=Kind.IMMEDIATE)
    await until(village, hours=8)
    assert look("SELECT owner, rung FROM ticket") == [(ID["supervisor"], "supervisor")]


async def test_one_at_work_is_nudged_and_keeps_its_owner(village: Village):
    number = await village.files()
    await village.do(handling.accept, number, "primary")
    await village.do(handling.note_call, number, "primary")
    await until(village, days=7)
    assert [one for one in await path(village, number) if "nudge" in one] == [
        "11-06 08 nudge",
        "11-09 08 nudge",
    ]
    assert (await village.ticket(number)).owner == ID["primary"]
    await until(village, hours=9)
    assert (await village.ticket(number)).owner == ID["deputy"]


async def test_one_passed_on_late_is_not_taken_from_the_next_at_once(village: Village):
    number = await village.files()
    await village.do(handling.accept, number, "primary")
    await village.do(handling.note_call, number, "primary")
    await until(village, days=2)
    await village.do(handling.pass_on, number, "primary", ID["deputy"], "他熟")
    await until(village, hours=8)
    assert (await village.ticket(number)).owner == ID["deputy"]
    await until(village, days=1)
    assert (await village.ticket(number)).owner == ID["supervisor"]


async def test_seven_days_of_silence_close_it_as_unconfirmed(village: Village, look):
    number = await village.files()
    await village.do(handling.accept, number, "primary")
    await village.do(handling.answer, number, "primary", "通了", ())
    await until(village, days=6, hours=23)
    assert look("SELECT state FROM ticket") == [("answered",)]
    await until(village, hours=1)
    assert look("SELECT state, closing, look_at FROM ticket") == [("closed", "unconfirmed", None)]
    assert "先收起" in (await village.told("villager"))[-1]


@pytest.mark.parametrize("leaves", [away, gone])
@pytest.mark.parametrize("absent", [["primary"], ["primary", "deputy"], ["primary", "deputy", "supervisor"]])
async def test_a_ticket_whose_cadre_is_gone_or_away_still_climbs(village: Village, leaves, absent):
    number = await village.files()
    await village.do(handling.accept, number, "primary")
    await leaves(village, *absent)
    await until(village, days=1, hours=9)
    ladder = ["primary", "deputy", "supervisor", "staff"]
    assert KEY[(await village.ticket(number)).owner or 0] == ladder[len(absent)]


async def test_at_the_top_one_who_is_away_is_followed_by_his_colleague(village: Village):
    def second(tx):
        colleague = people.add(tx, village.now, name="孙工作", phone="00000000199")
        people.add_role(tx, colleague, RoleName.STAFF, "610528", village.now)
        return colleague

    colleague = await village.database.run(second)
    number = (await village.filed("村干部吃拿卡要", "干部作风村务", kind=Kind.COMPLAINT)).ticket.id
    await away(village, "staff")
    await until(village, days=2)
    assert (await village.ticket(number)).owner == colleague
    assert await village.told("supervisor") == []


async def test_with_nobody_at_all_it_waits_for_whoever_comes(village: Village):
    await gone(village, "primary", "deputy", "supervisor", "staff")
    number = await village.files()
    await until(village, days=2)
    assert (await village.ticket(number)).owner is None
    await village.database.run(
        lambda tx: assignments.assign(tx, VILLAGE, ID["deputy"], "primary", village.now)
    )
    await until(village, days=2)
    ticket = await village.ticket(number)
    assert (ticket.owner, ticket.rung, ticket.state) == (ID["deputy"], "primary", State.ASSIGNED)
    assert "渠堵了" in (await village.told("deputy"))[-1]


async def test_reminders_keep_quiet_hours(village: Village, look):
    village.passes(hours=9)  # 19:00; half time and escalations will fall into nights too
    await village.files(kind=Kind.IMMEDIATE)
    await until(village, days=3)
    for (due,) in look("SELECT due_at FROM outbox WHERE lane = 2"):
        hour = int(str(due)[11:13])  # UTC
        assert 0 <= hour < 12, f"{due} is at night in China"


async def test_more_than_a_batch_is_done_in_the_same_period(village: Village, look):
    for _ in range(5):
        await village.files()
    village.passes(days=1)
    small = Job("tickets", {}, lambda _: "p", lambda desk: clock.look_at_due(desk, 2) == 2)
    assert await works(village, "one").run_once(small)
    assert look("SELECT count(*) FROM ticket WHERE rung = 'deputy'") == [(5,)]


def works(village: Village, process: str, done: list[str] | None = None) -> Clockwork:
    return Clockwork(village.do, process, lambda: (done if done is not None else []).append(process))


async def test_a_period_is_done_once_however_many_ask(village: Village, look):
    runs: list[str] = []

    def deed(desk: Desk) -> bool:
        runs.append(desk.now.isoformat())
        return False

    job = Job("count", {}, lambda now: f"{now:%Y-%m-%d %H}", deed)
    one, two = works(village, "one"), works(village, "two")
    assert await one.run_once(job)
    assert not await one.run_once(job)
    village.passes(hours=1)
    results = await asyncio.gather(*(clockwork.run_once(job) for clockwork in (one, two, one, two)))
    assert sorted(results) == [False, False, False, True]
    assert len(runs) == 2
    assert look("SELECT job, period FROM job_run ORDER BY period") == [
        ("count", "2026-11-02 02"),
        ("count", "2026-11-02 03"),
    ]


async def test_a_job_that_failed_leaves_its_period_open(village: Village, look):
    fails = [True]

    def deed(desk: Desk) -> bool:
        turns.note_update(desk.tx, "box", "half done", desk.now)
        if fails:
            raise RuntimeError(fails.pop())
        return False

    job = Job("sometimes", {}, lambda _: "today", deed)
    assert not await works(village, "one").run_once(job)
    assert look("SELECT count(*) FROM job_run UNION ALL SELECT count(*) FROM inbox") == [(0,), (0,)]
    assert await works(village, "two").run_once(job)
    assert look("SELECT process FROM job_run") == [("two",)]


async def test_after_a_downtime_all_that_is_due_is_caught_up(village: Village, look):
    await village.files()
    village.passes(days=4)
    await works(village, "one").catch_up()
    await works(village, "two").catch_up()
    assert look("SELECT rung FROM ticket") == [("deputy",)]
    assert {row[0] for row in look("SELECT job FROM job_run")} == {job.name for job in JOBS}


@pytest.mark.parametrize(("kind", "nudged"), [(Kind.REQUEST, "11-09 08"), (Kind.IMMEDIATE, "11-06 21")])
async def test_a_nudge_missed_in_a_downtime_waits_for_a_working_day(village: Village, kind, nudged):
    """The service comes up on a Friday at nine in the evening: what it says then would be heard on Saturday."""
    number = await village.files(kind=kind)
    await village.do(handling.accept, number, "primary")
    later = datetime(2026, 11, 10, 10, tzinfo=UTC)
    await village.database.run(
        lambda tx: tx.execute(
            sa.update(schema.ticket).values(contacted_at=village.now, limit_at=later, owner_by=later)
        )
    )
    village.passes(days=4, hours=11)
    before = len(await village.told("primary"))
    await village.do(clock.look_at_due)
    assert len(await village.told("primary")) == before + (kind is Kind.IMMEDIATE)
    await until(village, days=3)
    assert next(one for one in await path(village, number) if "nudge" in one) == f"{nudged} nudge"


async def test_no_more_is_kept_than_is_needed(village: Village, look):
    await village.database.run(lambda tx: turns.note_update(tx, "box", "old", village.now))
    await village.do(housekeeping.claim_period, "tickets", "old", "one")
    village.passes(days=8)
    await village.database.run(lambda tx: turns.note_update(tx, "box", "new", village.now))
    await village.do(housekeeping.forget_the_old, housekeeping.Keep(runs=timedelta(days=7)))
    assert look("SELECT update_id FROM inbox") == [("new",)]
    assert look("SELECT count(*) FROM job_run") == [(0,)]


async def test_a_session_is_forgotten_with_all_that_was_said_in_it(village: Village, look):
    def opened(tx, name: str) -> None:
        webchat.open_session(tx, name, name, village.now)
        webchat.append(tx, [webchat.row(name, sender="bot", text="您好", now=village.now)])

    for name in ("left", "stays"):
        await village.database.run(partial(opened, name=name))
    village.passes(days=360)
    await village.database.run(
        lambda tx: webchat.append(tx, [webchat.row("stays", sender="me", text="在", now=village.now)])
    )
    await village.database.run(partial(opened, name="new"))
    village.passes(days=10)
    await village.do(housekeeping.forget_the_old, housekeeping.Keep())
    assert look("SELECT address FROM web_session ORDER BY address") == [("new",), ("stays",)]
