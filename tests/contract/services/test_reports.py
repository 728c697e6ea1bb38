"""Reports: who reads them, when they are drafted, what their owners may do with them."""

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from domain.directory import Duty, RoleName
from domain.duties.duty import State
from domain.duties.template import Audience, Template
from domain.errors import Refusal
from domain.reports.months import Month
from domain.reports.report import Part, Reading, Report
from domain.tickets.rectification import Progress
from services.desk import Desk
from services.duties import noting, templates
from services.rectification.handling import propose, tick_off
from services.reports import access, correcting, counting, drafting, reading
from services.reports.workbook import workbook
from services.tickets import handling, villager
from storage import rectifications, reports, schema
from storage.directory import assignments, people
from tests.contract.services.suggesting import joins
from tests.contract.services.test_rectification import entered
from tests.contract.services.test_standing_duties import look_at_clock, states
from tests.contract.village import COUNTY, ID, OTHER, TOWNSHIP, VILLAGE, Village

OCTOBER, NOVEMBER = Month(2026, 10), Month(2026, 11)
FRIDAY = datetime(2026, 11, 27, 1, 0, tzinfo=UTC)
"""Nine in the morning in China on the day on which November's reports of cadres are written."""
TUESDAY = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
"""The first working day of December."""


@pytest.fixture
async def worked(village: Village) -> int:
    """The number of a ticket that was filed, accepted, answered and solved in November."""
    number = await village.files("渠堵了")
    await village.do(handling.accept, number, "primary")
    await village.do(handling.note_call, number, "primary")
    await village.do(handling.answer, number, "primary", "挖通了", ())
    await village.do(villager.confirm, number, "villager")
    village.now = FRIDAY
    return number


async def drafts(village: Village) -> None:
    while await village.do(drafting.draft_due, 2):
        pass


async def own(village: Village, key: str = "primary", month: Month = NOVEMBER) -> Report:
    found = await village.do(access.own_report, key, month)
    assert found is not None
    return found


async def of_area(village: Village, key: str, area: str = TOWNSHIP, month: Month = NOVEMBER) -> Report:
    return await village.do(access.area_report, key, month, area)


async def read(village: Village, report: Report) -> Reading:
    def deed(desk: Desk) -> Reading:
        found = reports.find(desk.tx, report.id)
        assert found is not None
        return reading.read(desk, found)

    return await village.do(deed)


async def test_it_is_written_from_what_he_did(village: Village, worked: int):
    await drafts(village)
    told = await village.told("primary")
    assert told[-1] == (
        "11月月报替您写好了，只有您看得到：签收1，联系群众1，答复1，群众确认解决1。对就点确认。"
    )
    [line] = (await read(village, await own(village))).lines
    assert (line.problem, line.measure, line.progress, line.leader) == (
        f"{worked}号 渠堵了", "挖通了", "办结", "赵督办",
    )  # fmt: skip
    assert line.ticked_off


async def test_each_hears_once_and_whoever_did_nothing_nothing(village: Village, worked: int, look):
    for _ in range(3):
        await drafts(village)
        village.passes(days=1)
    assert len([text for text in await village.told("primary") if "月报" in text]) == 1
    assert [text for text in await village.told("deputy") if "月报" in text] == []
    assert [text for text in await village.told("supervisor") if "月报" in text] == []
    assert look("SELECT count(*) FROM report WHERE person IS NOT NULL") == [(3,)]


async def test_what_a_process_left_undone_is_done_when_next_it_is_looked_at_in_working_hours(
    village: Village, worked: int
):
    await village.do(drafting.draft_due, 1)  # the first of three; then it was killed
    assert "11月月报" in (await village.told("primary"))[-1]
    number = await village.files(area=OTHER)
    await village.do(handling.accept, number, "stranger")
    for hours, told in (
        (9, False),
        (15, False),
        (24, False),
        (23, False),
        (1, True),
    ):  # Friday evening to Monday at nine
        village.passes(hours=hours)
        await drafts(village)
        assert ("11月月报" in "".join(await village.told("stranger"))) is told
    assert len([text for text in await village.told("primary") if "月报" in text]) == 1


async def test_who_is_on_leave_hears_when_he_is_back(village: Village, worked: int):
    await village.database.run(
        lambda tx: assignments.add_leave(tx, ID["primary"], FRIDAY, FRIDAY + timedelta(days=6))
    )
    await drafts(village)
    assert "月报" not in (await village.told("primary"))[-1]
    village.passes(days=7)
    await drafts(village)
    assert "11月月报替您写好了" in (await village.told("primary"))[-1]


async def test_a_month_missed_for_a_downtime_comes_late_and_says_so(village: Village, worked: int):
    village.now = FRIDAY + timedelta(days=45)  # January
    await drafts(village)
    told = [text for text in await village.told("primary") if "月报" in text]
    assert [text.partition("替您")[0] for text in told] == ["（补）11月月报"]  # in December he did nothing


async def test_a_cadre_who_left_in_mid_month_is_not_written_to(village: Village, worked: int):
    def leaves(tx: Any) -> None:
        assignments.end_assignments(tx, VILLAGE, ID["primary"], FRIDAY - timedelta(days=9))
        people.end_role(tx, ID["primary"], RoleName.CADRE, VILLAGE, FRIDAY - timedelta(days=9))

    await village.database.run(leaves)
    await drafts(village)
    assert "月报" not in (await village.told("primary"))[-1]
    figures = await village.do(counting.count, TOWNSHIP, NOVEMBER)
    assert figures.counts["answered"] == 1  # what he did for the township still counts


async def test_one_who_came_after_the_month_has_no_report_of_it(village: Village):
    village.now = datetime(2026, 12, 2, 1, tzinfo=UTC)
    new = await joins(village, "何新人", RoleName.CADRE, OTHER)
    await village.database.run(lambda tx: assignments.assign(tx, OTHER, new.id, Duty.DEPUTY, village.now))
    found = await village.database.read(lambda tx: reports.to_be_told(tx, NOVEMBER, village.now, 99))
    assert new.id not in {person for person, _ in found}


async def test_an_areas_leaders_hear_when_the_month_is_over(village: Village, worked: int):
    await drafts(village)
    assert "11月月报" not in "".join(await village.told("supervisor"))
    village.now = TUESDAY
    await drafts(village)
    await drafts(village)
    told = [text for text in await village.told("supervisor") if "月报" in text]
    assert told == ["城关街道11月月报写好了：群众报事1，答复1，群众确认解决1，超时没答复0。对就点确认。"]
    assert [text[:3] for text in await village.told("staff") if "月报" in text] == ["富平县"]


@pytest.mark.parametrize("key", ["deputy", "supervisor", "staff", "stranger", "villager"])
async def test_nobody_else_reads_a_cadres_own(village: Village, worked: int, key: str):
    report = await own(village)
    for confirmed in (False, True):
        if confirmed:
            await village.do(correcting.confirm, "primary", report.id)
        for deed, facts in (
            (access.readable, ()),
            (correcting.line, (f"t{worked}",)),
            (correcting.say, (f"t{worked}", Part.PLAN, "我来写")),
            (correcting.leave_out, (f"t{worked}",)),
            (correcting.confirm, ()),
            (correcting.take_back, ()),
        ):
            more = {"out": True} if deed is correcting.leave_out else {}
            with pytest.raises(Refusal, match="没有这份月报"):
                await village.do(bound(deed, report.id, facts, more), key)


def bound(deed: Any, number: int, facts: tuple[Any, ...], more: dict[str, Any]) -> Any:
    return lambda desk, person: deed(desk, person, number, *facts, **more)


@pytest.mark.parametrize(
    ("key", "area", "may"),
    [
        ("supervisor", TOWNSHIP, True),
        ("supervisor", COUNTY, False),
        ("staff", TOWNSHIP, True),
        ("staff", COUNTY, True),
        ("primary", TOWNSHIP, False),
        ("villager", TOWNSHIP, False),
    ],
)
async def test_who_reads_an_areas(village: Village, key: str, area: str, may: bool):
    if may:
        assert (await of_area(village, key, area)).area == area
        return
    with pytest.raises(Refusal, match="不归您看"):
        await of_area(village, key, area)


async def test_a_report_goes_no_further_down_than_a_township(village: Village):
    with pytest.raises(Refusal, match="只到镇和县"):
        await of_area(village, "staff", VILLAGE)


async def test_a_sentence_and_a_line_out_are_in_the_workbook_and_figures_stay(village: Village, worked: int):
    report = await own(village)
    key = f"t{worked}"
    before = (await read(village, report)).figures
    await village.do(correcting.say, "primary", report.id, key, Part.DIFFICULTY, "缺挖机")
    await village.do(correcting.say, "primary", report.id, key, Part.DIFFICULTY, "缺挖机，借的")
    after = await read(village, report)
    assert after.figures == before
    [_, row] = load_workbook(io.BytesIO(workbook(after)))["月报"].iter_rows(values_only=True)
    assert row[6] == "缺挖机，借的"
    await village.do(bound(correcting.leave_out, report.id, (key,), {"out": True}), "primary")
    assert (await read(village, report)).kept == []
    assert (await read(village, report)).figures == before
    await village.do(bound(correcting.leave_out, report.id, (key,), {"out": False}), "primary")
    assert len((await read(village, report)).kept) == 1


async def test_what_is_confirmed_is_not_changed_until_it_is_taken_back(village: Village, worked: int):
    report, key = await own(village), f"t{worked}"
    await village.do(correcting.confirm, "primary", report.id)
    for deed in (
        bound(correcting.say, report.id, (key, Part.PLAN, "再清"), {}),
        bound(correcting.leave_out, report.id, (key,), {"out": True}),
        bound(correcting.confirm, report.id, (), {}),
    ):
        with pytest.raises(Refusal, match="确认"):
            await village.do(deed, "primary")
    await village.do(correcting.take_back, "primary", report.id)
    await village.do(correcting.say, "primary", report.id, key, Part.PLAN, "再清")


async def test_nothing_is_confirmed_before_its_day(village: Village):
    report = await own(village)  # on the 2nd
    with pytest.raises(Refusal, match="还没到写月报的时候"):
        await village.do(correcting.confirm, "primary", report.id)


async def test_an_areas_figures_stay_as_they_were_confirmed(village: Village, worked: int, look):
    village.now = TUESDAY
    report = await of_area(village, "supervisor")
    await village.do(correcting.confirm, "supervisor", report.id)
    await village.database.run(lambda tx: tx.execute(sa.update(schema.ticket).values(category="道路出行")))
    assert set((await read(village, report)).figures.categories) == {"饮水灌溉"}
    await village.do(correcting.take_back, "supervisor", report.id)
    assert set((await read(village, report)).figures.categories) == {"道路出行"}
    assert look(f"SELECT figures FROM report WHERE id = {report.id}") == [(None,)]


CONFIRM = Template("report", "确认上月的月报", "月报", "FREQ=MONTHLY;BYMONTHDAY=1", (-8,), Audience.REPORT)


async def test_the_yes_is_the_duty_and_nobody_is_asked_for_it_who_has_given_it(village: Village, worked: int):
    await village.do(templates.load, [CONFIRM])
    village.now = TUESDAY
    await drafts(village)
    await look_at_clock(village, "2026-12-01T10:00")
    keys = ("supervisor", "staff", "primary")
    assert [await states(village, key) for key in keys] == [[State.OPEN], [State.OPEN], []]
    await village.do(correcting.confirm, "supervisor", (await of_area(village, "supervisor")).id)
    assert [await states(village, key) for key in keys] == [[State.DONE], [State.OPEN], []]
    await look_at_clock(village, "2026-12-24T10:00")
    asked = [sum("确认上月的月报" in text for text in await village.told(key)) for key in keys]
    assert asked == [0, 1, 0]
    await village.do(noting.note_not_this_month, "staff", (await village.do(noting.mine, "staff"))[0].period)
    await look_at_clock(
        village, "2027-01-04T08:30"
    )  # December's are not written yet: November's are asked for
    await drafts(village)
    for key, report in (("supervisor", TOWNSHIP), ("staff", COUNTY)):
        for month in (NOVEMBER, NOVEMBER.after):
            found = await of_area(village, key, report, month)
            if found.confirmed_at is None:
                await village.do(correcting.confirm, key, found.id)
    await look_at_clock(village, "2027-01-05T10:00")
    assert [await states(village, key) for key in keys] == [[], [State.DONE], []]


async def test_of_a_month_with_nothing_in_it_nobody_is_reminded(village: Village):
    await village.do(templates.load, [CONFIRM])
    village.now = TUESDAY
    await drafts(village)
    await look_at_clock(village, "2026-12-01T10:00")
    await look_at_clock(village, "2026-12-24T10:00")
    assert [await states(village, key) for key in ("supervisor", "staff")] == [[], []]
    assert [await village.told(key) for key in ("supervisor", "staff")] == [[], []]


async def test_figures_of_a_person_cannot_be_stored(village: Village, look):
    report = await own(village)
    with pytest.raises(Exception, match=r"constraint|CHECK"):
        await village.database.run(
            lambda tx: reports.confirm(tx, report.id, village.now, {"counts": {}, "categories": {}})
        )
    assert look(f"SELECT confirmed_at FROM report WHERE id = {report.id}") == [(None,)]


async def test_a_township_report_names_nobody(village: Village, worked: int):
    village.now = TUESDAY
    report = await of_area(village, "supervisor")
    [line] = (await read(village, report)).lines
    assert line.key == "c饮水灌溉"
    with pytest.raises(Refusal, match="不写人名"):
        await village.do(correcting.say, "supervisor", report.id, line.key, Part.DIFFICULTY, "张建国太慢")
    await village.do(correcting.say, "supervisor", report.id, line.key, Part.DIFFICULTY, "缺水管")
    [line] = (await read(village, report)).lines
    assert line.said == {Part.DIFFICULTY: "缺水管"}
    words = "".join(line.cells)
    assert not any(name in words for name in ("张建国", "李小军", "王秀兰"))


async def test_the_picture_goes_to_the_other_leaders_of_the_area(village: Village, worked: int, look):
    colleague = await joins(village, "孙督办", RoleName.SUPERVISOR, TOWNSHIP)
    away = await joins(village, "马督办", RoleName.SUPERVISOR, TOWNSHIP)
    village.now = TUESDAY
    await village.database.run(
        lambda tx: assignments.add_leave(tx, away.id, TUESDAY, TUESDAY + timedelta(days=3))
    )
    report = await of_area(village, "supervisor")
    await village.do(correcting.confirm, "supervisor", report.id)
    told = look("SELECT person, text FROM outbox WHERE text LIKE '%确认了%'")
    assert told == [(colleague.id, "城关街道2026年11月月报，赵督办确认了。")]
    assert look("SELECT count(*) FROM attachment WHERE channel = 'reports' AND kind = 'image'") == [(1,)]


async def test_two_who_look_first_at_once_get_the_same_report(village: Village):
    first, second = await of_area(village, "supervisor"), await of_area(village, "staff")
    assert first == second
    assert await own(village) == await own(village)


async def test_what_was_said_of_a_rectification_is_in_the_report_already(village: Village, worked: int):
    village.now -= timedelta(days=20)
    number = await entered(village)
    said = Progress("2026-11", "开了两次", "人凑不齐", "下月也开")
    await village.database.run(
        lambda tx: rectifications.write_progress(tx, number, said, ID["primary"], village.now)
    )
    village.now = FRIDAY
    report = await own(village)
    _, line = (await read(village, report)).lines
    assert line.cells == (
        f"{number}号 党员大会没开", "每月开一次", "张建国", "赵督办", "1月6日9点", "整改中；开了两次", "人凑不齐",
        "下月也开", "",
    )  # fmt: skip
    await village.do(correcting.say, "primary", report.id, f"t{number}", Part.PLAN, "改在周末开")
    _, line = (await read(village, report)).lines
    assert line.said == {Part.DIFFICULTY: "人凑不齐", Part.PLAN: "改在周末开"}
    figures = (await village.do(counting.count, TOWNSHIP, NOVEMBER)).counts
    assert (figures["ticked_off"], figures["rectifying"]) == (0, 1)
    await village.do(propose, number, "primary", "改好了", ())
    await village.do(tick_off, number, "staff")
    figures = (await village.do(counting.count, TOWNSHIP, NOVEMBER)).counts
    assert (figures["ticked_off"], figures["rectifying"]) == (1, 0)
