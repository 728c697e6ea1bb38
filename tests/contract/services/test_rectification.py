"""A rectification: whose it is, who ticks it off, and what the database itself does not let happen."""

from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa

from domain.errors import Refusal
from domain.reports.months import Month
from domain.tickets.rectification import Item, Progress
from domain.tickets.steps import State
from services.rectification import filing, handling
from services.rectification.filing import Problem
from services.rectification.incoming import import_rectifications
from services.roster import Report, read_table
from services.tickets import clock, handover, villager
from services.tickets import handling as of_tickets
from storage import digest, rectifications, report_own
from storage.database import Tx
from storage.directory import people
from tests.contract.village import CHANNEL, ID, VILLAGE, Village

HEAD = "区划代码,问题,整改措施,责任人,责任领导,整改时限,本月进展,困难,下月打算,销号"
LINE = f"{VILLAGE},党员大会没开,每月开一次,张建国,赵督办,2026-12-31,,,,"


def problem(village: Village, **changes: object) -> Problem:
    values: dict[str, object] = {
        "area": VILLAGE,
        "problem": "党员大会没开",
        "measure": "每月开一次",
        "owner": ID["primary"],
        "leader": ID["supervisor"],
        "limit_at": village.now + timedelta(days=60),
    }
    return Problem(**values | changes)  # type: ignore[arg-type]


async def entered(village: Village, **changes: object) -> int:
    item: Item = await village.do(filing.enter_one, "staff", problem(village, **changes), CHANNEL)
    return item.id


async def item(village: Village, number: int) -> Item:
    found = await village.database.read(lambda tx: rectifications.find(tx, number))
    assert found is not None
    return found


async def another_staff(village: Village) -> None:
    """吴核查, who is of the county's staff too."""

    def deed(tx: sa.Connection) -> None:
        added = people.add(tx, village.now, name="吴核查", phone="00000000108")
        people.add_role(tx, added, people.RoleName.STAFF, "610528", village.now)

    await village.database.run(deed)


async def test_it_is_proposed_by_its_owner_and_ticked_off_by_another(village: Village, look):
    number = await entered(village)
    for key in ("deputy", "supervisor", "staff"):
        with pytest.raises(Refusal):
            await village.do(handling.propose, number, key, "改好了", ())
    await village.do(handling.propose, number, "primary", "改好了", ())
    for key in ("primary", "supervisor", "deputy", "villager"):
        with pytest.raises(Refusal):
            await village.do(handling.tick_off, number, key)
    await village.do(handling.tick_off, number, "staff")
    assert look("SELECT state, closing FROM ticket") == [("closed", "ticked_off")]
    assert look("SELECT proposed_by, reviewed_by FROM rectification") == [(ID["primary"], ID["staff"])]
    await village.do(handling.reopen, number, "staff", "又停了")
    assert look("SELECT proposed_by, reviewed_by FROM rectification") == [(None, None)]
    assert await village.steps(number) == [
        "file by staff",
        "propose by primary",
        "tick_off by staff",
        "reopen by staff",
    ]


@pytest.mark.parametrize("part", ["owner", "leader"])
async def test_staff_do_not_review_what_they_answer_for(village: Village, part):
    number = await entered(village, **{part: ID["staff"]})
    owner = "staff" if part == "owner" else "primary"
    with pytest.raises(Refusal, match="没有别的人能复核"):
        await village.do(handling.propose, number, owner, "改好了", ())
    await another_staff(village)
    await village.do(handling.propose, number, owner, "改好了", ())
    assert not any("报销号" in text for text in await village.told("staff"))
    for deed in (
        handling.tick_off,
        partial(handling.reopen, reason="没改好"),
        partial(handling.give, to=ID["deputy"]),
        handling.withdraw,
    ):
        with pytest.raises(Refusal, match="要由别的人来复核"):
            await village.do(deed, number, "staff")
    reviewer = await village.database.read(lambda tx: people.worker_of_phone(tx, "00000000108", village.now))
    await village.do(handling.tick_off, number, reviewer)
    assert (await item(village, number)).ticket.state is State.CLOSED


@pytest.mark.parametrize("reviewer", ["primary", "supervisor"])
async def test_the_database_keeps_a_reviewer_apart_from_whoever_answers(village: Village, reviewer):
    number = await entered(village)
    await village.do(handling.propose, number, "primary", "改好了", ())
    with pytest.raises(sa.exc.IntegrityError):
        await village.database.run(
            lambda tx: tx.exec_driver_sql(f"UPDATE rectification SET reviewed_by = {ID[reviewer]}")
        )
    other = await entered(village, problem="账没公开")
    with pytest.raises(sa.exc.IntegrityError):  # nobody proposed it
        await village.database.run(
            lambda tx: tx.exec_driver_sql(
                f"UPDATE rectification SET reviewed_by = {ID['staff']} WHERE ticket = {other}"
            )
        )


async def test_neither_the_clock_nor_a_grid_nor_a_villagers_deed_touches_it(village: Village, look):
    number = await entered(village)
    await village.do(handling.propose, number, "primary", "改好了", ())
    before = look("SELECT * FROM ticket")
    for days in (8, 60, 400):
        village.passes(days=days)
        assert await village.do(clock.look_at_due) == 0
    for deed, *facts in (
        [of_tickets.accept, number, "primary"],
        [of_tickets.answer, number, "primary", "好了", ()],
        [villager.confirm, number, "staff"],
        [villager.withdraw, number, "staff"],
        [villager.story, number, "primary"],
    ):
        with pytest.raises(Refusal, match=f"没有{number}号工单"):
            await village.do(deed, *facts)
    assert await village.do(of_tickets.overdue, "staff", 6) == []
    assert await village.do(of_tickets.mine, "primary", 6) == []
    assert await village.do(villager.mine, "staff") == []
    assert await village.do(villager.open_ones, "staff") == []
    await village.do(handover.hand_over_grid, VILLAGE, "primary", "stranger")
    assert look("SELECT * FROM ticket") == before


async def test_no_digest_and_no_report_takes_it_for_a_request(village: Village):
    """Past its limit, and with an owner who has left."""
    await entered(village)
    number = await village.files()
    village.passes(days=70)
    month = Month(village.now.year, village.now.month)

    def counted(tx: Tx) -> tuple[list[int], list[int], int]:
        return (
            [one.id for one in digest.came_up(tx, ID["primary"], 9)],
            [one.id for one in digest.astray(tx, "610528", village.now, 9)],
            report_own.counts(tx, ID["primary"], month, village.now)["open"],
        )

    assert await village.database.read(counted) == ([number], [number], 1)


async def test_those_beside_it_do_not_see_it(village: Village):
    number = await entered(village)
    for key in ("deputy", "stranger", "villager"):
        assert await village.do(handling.mine, key) == []
        with pytest.raises(Refusal, match="没有1号整改"):
            await village.do(handling.check, number, key, "report")
    assert [one.id for one in await village.do(handling.mine, "primary")] == [number]
    assert [one.id for one in await village.do(handling.mine, "supervisor")] == [number]
    assert await village.do(handling.mine, "staff") == []
    await village.do(handling.propose, number, "primary", "改好了", ())
    assert [one.id for one in await village.do(handling.mine, "staff")] == [number]


async def test_progress_is_one_row_a_month_and_tells_who_is_still_asked(village: Village, look):
    first, second = await entered(village), await entered(village, problem="账没公开")

    async def owes(key: str, month: str) -> list[int]:
        return await village.database.read(lambda tx: rectifications.owed(tx, ID[key], month))

    await village.do(handling.report, first, "primary", Progress("2026-11", "开了一次", "人不齐", ""), ())
    assert await owes("primary", "2026-11")
    assert not await owes("supervisor", "2026-11")
    await village.do(handling.report, first, "primary", Progress("2026-11", "开了两次"), ())
    await village.do(handling.propose, second, "primary", "公开了", ())
    assert not await owes("primary", "2026-11")
    assert await owes("primary", "2026-12")
    assert look("SELECT month, done, difficulty FROM rectification_progress") == [("2026-11", "开了两次", "")]


async def test_another_owner_is_told_and_the_old_one_too(village: Village):
    number = await entered(village)
    await village.do(handling.give, number, "staff", ID["stranger"])
    assert (await item(village, number)).ticket.owner == ID["stranger"]
    assert any("整改交给您" in text for text in await village.told("stranger"))
    assert f"{number}号整改交给周新民了：党员大会没开" in await village.told("primary")
    for to in (ID["villager"], ID["stranger"]):
        with pytest.raises(Refusal):
            await village.do(handling.give, number, "staff", to)
    await village.do(handling.propose, number, "stranger", "改好了", ())
    with pytest.raises(
        Refusal, match="“等复核”，这一步办不了"
    ):  # or its owner would not be whoever proposed it
        await village.do(handling.give, number, "staff", ID["deputy"])


async def brought(village: Village, *lines: str, **options: bool) -> Report:
    table = read_table("\n".join((HEAD, *lines)).encode())
    return await village.do(partial(import_rectifications, table=table, **options))


async def test_a_file_comes_in_once_and_its_changes_after(village: Village, look):
    assert (await brought(village, LINE, dry_run=True)).added == 1
    assert look("SELECT count(*) FROM ticket") == [(0,)]
    report = await brought(
        village, LINE, LINE.replace("没开", "没记录").replace(",,,,", ",补了,缺本子,接着补,")
    )
    assert (report.added, report.changed, report.problems) == (2, 0, [])
    assert look("SELECT done, written_by FROM rectification_progress") == [("补了", None)]
    assert [text for text in await village.told("primary") if "整改" in text] == [
        "整改清单给您派了2件，先看哪件？"
    ]
    assert (await brought(village, LINE)).unchanged == 1
    report = await brought(village, LINE.replace("张建国", "周新民").replace("12-31", "11-30"))
    assert (report.changed, report.unchanged) == (1, 0)
    assert (await item(village, 1)).ticket.owner == ID["stranger"]
    assert (await village.steps(1))[-1] == "amend"
    assert (await village.told("primary"))[-1] == "1号整改交给周新民了：党员大会没开"
    assert await village.told("stranger") == ["1号整改派给您：党员大会没开，请11月30日前改好。"]


@pytest.mark.parametrize(
    ("line", "faults"),
    [
        (LINE.replace("党员大会没开", ""), [(2, "问题")]),
        (LINE.replace("每月开一次", ""), [(2, "整改措施")]),
        (LINE.replace("张建国", "没这人"), [(2, "责任人")]),
        (LINE.replace("张建国", "王秀兰"), [(2, "责任人")]),
        (LINE.replace("赵督办", ""), [(2, "责任领导")]),
        (LINE.replace("2026-12-31", "年底"), [(2, "整改时限")]),
        (LINE.replace("2026-12-31", "2026-02-30"), [(2, "整改时限")]),
        (LINE.replace(VILLAGE, "610528999999"), [(2, "区划代码")]),
        (LINE.replace(VILLAGE, "").replace("张建国", "钱工作"), [(2, "区划代码")]),
        (LINE + "是", [(2, "销号")]),
        (f"{LINE}\n{LINE}", [(3, "问题")]),
    ],
)
async def test_every_fault_is_named_and_nothing_is_written(village: Village, look, line, faults):
    report = await brought(village, f"{LINE.replace('没开', '另一件')}\n{line}", dry_run=False)
    assert [(one.row - 1, one.column) for one in report.problems] == faults
    assert not report.written
    assert look("SELECT count(*) FROM ticket") == [(0,)]


async def test_no_file_ticks_anything_off_or_opens_it_again(village: Village, look):
    await brought(village, LINE)
    await village.do(handling.propose, 1, "primary", "改好了", ())
    assert [one.column for one in (await brought(village, LINE + "是")).problems] == ["销号"]
    assert [one.column for one in (await brought(village, LINE.replace("张建国", "周新民"))).problems] == [
        "责任人"
    ]
    await village.do(handling.tick_off, 1, "staff")
    report = await brought(village, LINE.replace("每月", "每周") + "是")
    assert (report.unchanged, report.problems) == (1, [])
    assert look("SELECT state FROM ticket") == [("closed",)]


async def test_a_grid_of_the_owner_stands_for_a_place_that_is_not_named(village: Village):
    await brought(village, LINE.replace(VILLAGE, ""))
    assert (await item(village, 1)).ticket.area == VILLAGE
