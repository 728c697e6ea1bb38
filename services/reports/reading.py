"""A report as it is read: counted anew each time, until an area's is confirmed."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from domain.directory import Rung
from domain.reports.figures import Figures, Tally
from domain.reports.months import Month
from domain.reports.report import Line, Part, Reading, Report, line_of
from domain.talk import shorten
from domain.tickets.rectification import STATE_NAMES as RECTIFIED
from domain.tickets.rectification import Item, Progress
from domain.tickets.steps import STATE_NAMES, State
from domain.tickets.words import when
from services.desk import Desk
from services.directory.areas import route
from services.reports import counting
from storage import rectifications, report_own, reports
from storage.directory import areas, people
from storage.report_own import Handled

MOST_LINES = 60
"""Tickets in a cadre's own report."""


def read(desk: Desk, report: Report) -> Reading:
    """The report, this month beside the one before."""
    whose = _whose(desk, report)
    if report.person is not None:
        figures = Figures(counting.own_counts(desk, report.person, report.month))
        before = Figures(counting.own_counts(desk, report.person, report.month.before, past=True))
        lines = _own_lines(desk, report.person, report.month)
    else:
        figures, before = _of_area(desk, report)
        lines = [
            line_of(name, tally, before.categories.get(name, Tally()), whose)
            for name, tally in figures.categories.items()
        ]
    return Reading(report, whose, figures, before, _with_remarks(desk, report, lines))


def _of_area(desk: Desk, report: Report) -> list[Figures]:
    """Of the report's month and the one before: those that were confirmed, the others counted."""
    earlier = reports.of_area_if_any(desk.tx, report.month.before, report.area)
    known = {report.month: frozen(report), report.month.before: earlier and frozen(earlier)}
    unknown = [month for month, figures in known.items() if figures is None]
    counted = iter(counting.of_area(desk, report.area, unknown))
    return [figures or next(counted) for figures in known.values()]


def frozen(report: Report) -> Figures | None:
    """The figures with which an area's report was confirmed."""
    kept = report.figures
    if kept is None:
        return None
    return Figures(kept["counts"], {name: Tally(**tally) for name, tally in kept["categories"].items()})


def to_freeze(figures: Figures) -> Mapping[str, Any]:
    return {
        "counts": dict(figures.counts),
        "categories": {name: asdict(tally) for name, tally in figures.categories.items()},
    }


def _whose(desk: Desk, report: Report) -> str:
    if report.person is not None:
        person = people.find(desk.tx, report.person)
        return person.name if person else ""
    area = areas.find(desk.tx, report.area)
    return area.short_name if area else ""


def _own_lines(desk: Desk, person: int, month: Month) -> list[Line]:
    his = people.find(desk.tx, person)
    leaders: dict[str, str] = {}
    progress = rectifications.of_month(desk.tx, str(month))
    lines = []
    for one in report_own.handled(desk.tx, person, month, MOST_LINES):
        line = _own_line(desk, one, his.name if his else "", leaders)
        item = rectifications.find(desk.tx, one.ticket.id)
        lines.append(line if item is None else _of_rectification(desk, line, item, progress.get(item.id)))
    return lines


def _of_rectification(desk: Desk, line: Line, item: Item, said: Progress | None) -> Line:
    """What was said of an item in its own talk is not asked for again."""
    leader = people.find(desk.tx, item.leader)
    parts = {Part.DIFFICULTY: said.difficulty, Part.PLAN: said.plan} if said else {}
    return replace(
        line,
        measure=item.measure,
        leader=leader.name if leader else "",
        progress="；".join(
            filter(None, (RECTIFIED.get(item.ticket.state, line.progress), said.done if said else ""))
        ),
        said={part: words for part, words in parts.items() if words},
    )


def _own_line(desk: Desk, handled: Handled, name: str, leaders: dict[str, str]) -> Line:
    ticket = handled.ticket
    if ticket.area not in leaders:
        leaders[ticket.area] = _leader(desk, ticket.area)
    return Line(
        key=f"t{ticket.id}",
        problem=f"{ticket.id}号 {shorten(ticket.text, 30) or '（图片或语音）'}",
        measure=handled.answer,
        owner=name,
        leader=leaders[ticket.area],
        limit=when(ticket.limit_at),
        progress=STATE_NAMES[ticket.state],
        ticked_off=ticket.state is State.CLOSED,
        said={},
    )


def _leader(desk: Desk, area: str) -> str:
    return next((one.person.name for one in route(desk, area) if one.rung is Rung.SUPERVISOR), "")


def _with_remarks(desk: Desk, report: Report, lines: list[Line]) -> list[Line]:
    remarks = reports.remarks(desk.tx, report.id)
    return [
        replace(
            line,
            said={**line.said, **{part: said[part] for part in Part if part in said}},
            left_out=LEFT_OUT in said,
        )
        for line in lines
        for said in [remarks.get(line.key, {})]
    ]


LEFT_OUT = "left_out"
"""Stands where a sentence would, for a line that its owner took out."""
