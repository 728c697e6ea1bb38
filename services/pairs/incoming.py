"""Import of pairs from a spreadsheet: all of it or nothing."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from domain.dates import read_day
from domain.delivery import CHINA
from domain.directory import Level, Person, RoleName, normal_code
from domain.pairs import ALL_YEAR, Pair, PairKind, read_season
from services.desk import Desk
from services.pairs.naming import HELPED, HELPERS, by_phone
from services.roster.reading import Column, Row, Table, named_rows, plain
from services.roster.report import Report
from storage import pairs
from storage.directory import areas
from storage.statements import lock_name

COLUMNS = {
    "kind": Column(("结对", "类别"), required=True),
    "helper": Column(("联系人", "帮扶人")),
    "helper_phone": Column(("联系人电话", "帮扶人电话"), required=True),
    "helped": Column(("对象", "结对对象")),
    "helped_phone": Column(("对象电话", "结对对象电话"), required=True),
    "season": Column(("季节", "月份")),
    "starts": Column(("开始",)),
    "ends": Column(("结束",)),
    "office": Column(("归口", "归口代码")),
}
"""Names, where given, are checked against the roster: a mistyped phone must not pair the wrong two."""
_KINDS = {
    **{kind.value: kind for kind in PairKind},
    **dict.fromkeys(("困难户", "穷亲戚", "领导联系困难户", "包联户"), PairKind.HOUSEHOLD),
    **dict.fromkeys(("种植户", "农户", "专家联系种植户", "科技帮扶"), PairKind.GROWER),
    **dict.fromkeys(("人才", "专家", "领导联系人才"), PairKind.TALENT),
}
_Known = dict[str, list[tuple[Person, set[RoleName]]]]


@dataclass(frozen=True, slots=True)
class _Line:
    row: int
    kind: PairKind
    helper: int
    helped: int
    months: int
    office: str
    starts: datetime | None
    ends: datetime | None


@dataclass(slots=True)
class _Plan:
    fresh: list[_Line] = field(default_factory=list)
    changed: list[tuple[Pair, _Line]] = field(default_factory=list)


def import_pairs(desk: Desk, table: Table, *, dry_run: bool = False) -> Report:
    """Add the file's pairs and bring those that are known up to date; no other pair is touched."""
    report = Report()
    lock_name(desk.tx, "pairs")
    rows = named_rows(table, COLUMNS, report)
    if report.problems:
        return report
    reading = _Reading(desk, report)
    lines = [line for row in rows if (line := reading.line(row)) is not None]
    plan = _plan(desk, lines, report)
    report.added, report.changed = len(plan.fresh), len(plan.changed)
    report.unchanged = len(lines) - report.added - report.changed
    if not report.problems and not dry_run:
        _write(desk, plan)
        report.written = True
    report.problems.sort()
    return report


class _Reading:
    """Rows, each checked by itself against the roster."""

    def __init__(self, desk: Desk, report: Report) -> None:
        self._desk = desk
        self._report = report
        self._known: _Known = by_phone(desk)
        self._offices = {
            area.code for area in areas.everywhere(desk.tx) if area.level in (Level.COUNTY, Level.TOWNSHIP)
        }

    def line(self, row: Row) -> _Line | None:
        """The line of a row; None when something in it was refused."""
        before = len(self._report.problems)
        kind = _KINDS.get(plain(row["kind"]).casefold())
        if kind is None:
            self._report.refuse(row.number, "结对", "应填 困难户、种植户 或 人才")
        helper = self._person(row, "helper", "联系人", HELPERS[kind] if kind else frozenset(RoleName))
        helped = self._person(row, "helped", "对象", HELPED[kind] if kind else frozenset(RoleName))
        if helper is not None and helped is not None and helper.id == helped.id:
            self._report.refuse(row.number, "对象电话", "联系人和对象是同一个人")
        months = read_season(row["season"])
        if months is None:
            self._report.refuse(row.number, "季节", "应像 3-5月、11-2、3、6、9，空着是全年")
        starts, ends = self._day(row, "starts", "开始"), self._day(row, "ends", "结束")
        if starts and ends and ends < starts:
            self._report.refuse(row.number, "结束", "结束在开始之前")
        office = self._office(row)
        if len(self._report.problems) > before or kind is None or helper is None or helped is None:
            return None
        until = ends + timedelta(days=1) if ends else None
        return _Line(row.number, kind, helper.id, helped.id, months or ALL_YEAR, office, starts, until)

    def _person(self, row: Row, key: str, column: str, roles: frozenset[RoleName]) -> Person | None:
        phone = plain(row[f"{key}_phone"]).replace(" ", "")
        found = next((one for one, has in self._known.get(phone, []) if has & roles), None)
        if found is None and phone in self._known:
            self._report.refuse(row.number, f"{column}电话", "这个人在花名册里的角色不合这一类结对")
        elif found is None:
            self._report.refuse(row.number, f"{column}电话", "花名册里没有这个电话，请先导入花名册")
        elif row[key] and row[key] != found.name:
            self._report.refuse(row.number, column, "姓名和花名册里这个电话的姓名不同")
        return found

    def _day(self, row: Row, key: str, column: str) -> datetime | None:
        """Midnight in China at which the day begins."""
        text = plain(row[key])
        found = read_day(text)
        if text and found is None:
            self._report.refuse(row.number, column, "日期应像 2026-12-31 或 2026年12月31日")
        return datetime.combine(found, time(), CHINA) if found else None

    def _office(self, row: Row) -> str:
        text = plain(row["office"])
        try:
            code = normal_code(text) if text else self._desk.county.code
        except ValueError:
            code = text
        if code not in self._offices:
            self._report.refuse(row.number, "归口", "应填县或镇的区划代码，空着是县上")
        return code


def _plan(desk: Desk, lines: list[_Line], report: Report) -> _Plan:
    known = {(one.kind, one.helper, one.helped): one for one in pairs.everything(desk.tx, desk.now)}
    plan, first = _Plan(), dict[tuple[PairKind, int, int], int]()
    for line in lines:
        key = (line.kind, line.helper, line.helped)
        if key in first:
            report.refuse(line.row, "对象", f"和第 {first[key]} 行是同一对")
        first.setdefault(key, line.row)
        pair = known.get(key)
        if pair is None and line.ends is not None and line.ends <= desk.now:
            report.refuse(line.row, "结束", "这一对已经结束了，不用再导入")
        elif pair is None:
            plan.fresh.append(line)
        elif (pair.months, pair.office, pair.valid_to) != (line.months, line.office, line.ends):
            plan.changed.append((pair, line))
    return plan


def _write(desk: Desk, plan: _Plan) -> None:
    for line in plan.fresh:
        pairs.add(
            desk.tx, line.kind, line.helper, line.helped, office=line.office, months=line.months,
            valid_from=line.starts or desk.now, valid_to=line.ends,
        )  # fmt: skip
    for pair, line in plan.changed:
        ends = max(line.ends, pair.valid_from) if line.ends else None
        pairs.change(desk.tx, pair.id, office=line.office, months=line.months, valid_to=ends)
