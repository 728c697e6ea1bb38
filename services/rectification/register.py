"""The list of rectifications as a spreadsheet, in the columns of the monthly report (月报告)."""

from domain.dates import spoken
from domain.tickets.rectification import STATE_NAMES, Item, Progress, month_of
from domain.tickets.steps import State
from services.desk import Desk
from services.sheets import Cells, Sheet, workbook
from storage import rectifications
from storage.directory import areas, people

COLUMNS: dict[str, int] = {
    "编号": 6,
    "区划代码": 16,
    "地方": 14,
    "问题": 40,
    "整改措施": 40,
    "责任人": 10,
    "责任领导": 10,
    "整改时限": 14,
    "本月进展": 30,
    "困难": 24,
    "下月打算": 24,
    "销号": 8,
}
"""Headings and their widths in characters; an import reads them again."""


def register(desk: Desk, area: str, month: str = "") -> tuple[bytes, int]:
    """An XLSX file of an area's rectifications, and how many. `month`: whose progress, "2026-11"; "" is this one."""
    found = rectifications.within(desk.tx, area)
    said = rectifications.of_month(desk.tx, month or month_of(desk.now))
    names = {one: _name(desk, one) for item in found for one in (item.ticket.owner, item.leader) if one}
    places = {item.ticket.area: _place(desk, item.ticket.area) for item in found}
    rows = [_row(item, said.get(item.id), names, places[item.ticket.area]) for item in found]
    return workbook(Sheet("整改清单", COLUMNS, rows)), len(found)


def _row(item: Item, said: Progress | None, names: dict[int, str], place: str) -> Cells:
    ticket = item.ticket
    return (
        item.id,
        ticket.area,
        place,
        ticket.text,
        item.measure,
        names.get(ticket.owner or 0, ""),
        names.get(item.leader, ""),
        spoken(ticket.limit_at),
        said.done if said else "",
        said.difficulty if said else "",
        said.plan if said else "",
        "是" if ticket.state is State.CLOSED else STATE_NAMES[ticket.state],
    )


def _name(desk: Desk, person: int) -> str:
    found = people.find(desk.tx, person)
    return found.name if found else ""


def _place(desk: Desk, code: str) -> str:
    found = areas.find(desk.tx, code)
    return found.short_name if found else ""
