"""Import of a list of rectifications, in the columns of the monthly report (月报告): all of it or nothing."""

from dataclasses import dataclass, field

from domain.directory import Area, Person, normal_code
from domain.tickets.rectification import Item, Progress, month_of, read_limit, told
from domain.tickets.steps import Part, State, Step
from services.desk import Desk
from services.rectification import filing
from services.rectification.filing import Problem
from services.rectification.naming import everybody
from services.roster.reading import Column, Row, Table, has_control, named_rows, plain
from services.roster.report import Report
from services.tickets.steps import take
from storage import rectifications
from storage.directory import areas, assignments
from storage.statements import lock_name

COLUMNS = {
    "number": Column(("编号",)),
    "area": Column(("区划代码", "代码")),
    "place": Column(("地方",)),
    "problem": Column(("问题", "存在问题"), required=True),
    "measure": Column(("整改措施", "措施"), required=True),
    "owner": Column(("责任人",), required=True),
    "leader": Column(("责任领导",), required=True),
    "limit": Column(("整改时限", "时限", "完成时限"), required=True),
    "done": Column(("本月进展", "进展")),
    "difficulty": Column(("困难", "存在困难")),
    "plan": Column(("下月打算", "下月计划")),
    "ticked": Column(("销号", "是否销号")),
}
"""Number and place are what an export adds; a line is known again by its area and its problem."""
LONGEST = 500
_YES = ("是", "已销号", "√", "y", "yes", "true", "1")


@dataclass(frozen=True, slots=True)
class _Line:
    row: int
    problem: Problem
    said: Progress | None
    ticked: bool


@dataclass(slots=True)
class _Plan:
    fresh: list[_Line] = field(default_factory=list)
    changed: list[tuple[Item, _Line]] = field(default_factory=list)
    said: list[tuple[Item, Progress]] = field(default_factory=list)


def import_rectifications(desk: Desk, table: Table, *, dry_run: bool = False) -> Report:
    """Put the file's problems on the list, and bring lines that are known up to date; nothing is ever taken off it.

    What an owner has said of this month stays as he said it. Nothing is ticked off by a file.
    """
    report = Report()
    lock_name(desk.tx, "rectification")
    rows = named_rows(table, COLUMNS, report)
    if report.problems:
        return report
    known = {(one.ticket.area, one.ticket.text): one for one in rectifications.within(desk.tx, "")}
    reading = _Reading(desk, report)
    lines = [line for row in rows if (line := reading.line(row)) is not None]
    plan = _plan(desk, lines, known, report)
    report.added = len(plan.fresh)
    report.changed = len({item.id for item, _ in [*plan.changed, *plan.said]})
    report.unchanged = len(lines) - report.added - report.changed
    if not report.problems and not dry_run:
        _write(desk, plan)
        report.written = True
    report.problems.sort()
    return report


class _Reading:
    """Rows, each checked by itself against the directory."""

    def __init__(self, desk: Desk, report: Report) -> None:
        self._desk = desk
        self._report = report
        self._areas: dict[str, Area] = {area.code: area for area in areas.everywhere(desk.tx)}
        self._people = everybody(desk)
        self._month = month_of(desk.now)

    def line(self, row: Row) -> _Line | None:
        """The line of a row; None when something in it was refused."""
        before = len(self._report.problems)
        problem, measure = self._words(row, "problem", "问题"), self._words(row, "measure", "整改措施")
        owner, leader = self._person(row, "owner", "责任人"), self._person(row, "leader", "责任领导")
        limit = read_limit(plain(row["limit"]))
        if limit is None:
            self._report.refuse(row.number, "整改时限", "日期应像 2026-12-31 或 2026年12月31日")
        area = self._area(row, owner)
        said = [row[key][:LONGEST] for key in ("done", "difficulty", "plan")]
        if len(self._report.problems) > before or owner is None or leader is None or limit is None:
            return None
        return _Line(
            row.number,
            Problem(area, problem, measure, owner.id, leader.id, limit),
            Progress(self._month, *said) if any(said) else None,
            plain(row["ticked"]).casefold() in _YES,
        )

    def _words(self, row: Row, key: str, column: str) -> str:
        text = row[key]
        if not text:
            self._report.refuse(row.number, column, f"{column}没有填")
        elif len(text) > LONGEST:
            self._report.refuse(row.number, column, f"太长：最多 {LONGEST} 个字")
        elif has_control(text.replace("\n", "")):
            self._report.refuse(row.number, column, "里面有看不见的字符（制表符等）")
        return text

    def _person(self, row: Row, key: str, column: str) -> Person | None:
        """By phone or by name, as long as only one of the roster has it."""
        said = plain(row[key])
        found = [one for one in self._people if said and said in (one.name, one.phone)]
        if len(found) == 1:
            return found[0]
        if not said:
            self._report.refuse(row.number, column, f"{column}没有填")
        elif found:
            self._report.refuse(row.number, column, "有几个人叫这个名字，请改填电话")
        else:
            self._report.refuse(row.number, column, "花名册里没有这个人（或只是群众），请先导入花名册")
        return None

    def _area(self, row: Row, owner: Person | None) -> str:
        """Of the line, or else the one grid that its owner looks after."""
        text = plain(row["area"])
        if text:
            try:
                code = normal_code(text)
            except ValueError:
                code = ""
            if code not in self._areas:
                self._report.refuse(row.number, "区划代码", "没有这个区域，请先导入区划，或改正代码")
            return code
        grids = assignments.areas_of(self._desk.tx, owner.id, self._desk.now) if owner else []
        if owner is not None and len(grids) != 1:
            self._report.refuse(row.number, "区划代码", "责任人不是正好管一个网格，请填这件事在哪里")
        return grids[0][0] if len(grids) == 1 else ""


def _plan(desk: Desk, lines: list[_Line], known: dict[tuple[str, str], Item], report: Report) -> _Plan:
    plan, first = _Plan(), dict[tuple[str, str], int]()
    months = rectifications.of_month(desk.tx, month_of(desk.now))
    for line in lines:
        key = (line.problem.area, line.problem.problem)
        if key in first:
            report.refuse(line.row, "问题", f"和第 {first[key]} 行是同一件")
        first.setdefault(key, line.row)
        item = known.get(key)
        if line.ticked and (item is None or item.ticket.state is not State.CLOSED):
            report.refuse(line.row, "销号", "销号要责任人来报、县上复核，不能从表里导入")
        if item is None:
            plan.fresh.append(line)
        elif item.ticket.state is not State.CLOSED:
            if item.ticket.state is State.ANSWERED and item.ticket.owner != line.problem.owner:
                report.refuse(line.row, "责任人", "已经报了销号，复核完再换人")
            elif _differs(item, line.problem):
                plan.changed.append((item, line))
            if line.said is not None and item.id not in months:
                plan.said.append((item, line.said))
    return plan


def _differs(item: Item, problem: Problem) -> bool:
    ticket = item.ticket
    now = (item.measure, ticket.owner, item.leader, ticket.limit_at)
    return now != (problem.measure, problem.owner, problem.leader, problem.limit_at)


def _write(desk: Desk, plan: _Plan) -> None:
    fresh = [(filing.enter(desk, line.problem, None, ""), line.said) for line in plan.fresh]
    after = {item.id: filing.amend(desk, item, line.problem) for item, line in plan.changed}
    said = [(after.get(item.id, item), one) for item, one in plan.said]
    for item, progress in [*[(item, one) for item, one in fresh if one is not None], *said]:
        take(desk, item.ticket, Step.REPORT, Part.OWNER, None, note=told(progress))
        rectifications.write_progress(desk.tx, item.id, progress, None, desk.now)
    moved = [item for item, line in plan.changed if item.ticket.owner != line.problem.owner]
    filing.tell_new(desk, [*[item for item, _ in fresh], *[after[item.id] for item in moved]])
    for item in moved:
        filing.tell_given_away(desk, after[item.id], item.ticket.owner)
