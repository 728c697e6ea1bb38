"""Import of areas: county, townships, villages, groups."""

from dataclasses import dataclass

from domain.directory import Area, Level, chain, level_of, normal_code
from services.desk import Desk
from services.roster.reading import Column, Row, Table, check_name, named_rows, plain
from services.roster.report import Report
from storage.directory import areas as stored

COLUMNS = {
    "code": Column(("区划代码", "代码", "统计用区划代码"), required=True),
    "parent": Column(("上级代码", "上级")),
    "level": Column(("级别", "层级")),
    "name": Column(("名称", "区划名称"), required=True),
}

NAME_LENGTH = 60

_LEVELS = {
    **{level.value: level for level in Level},
    **dict.fromkeys(("县", "区", "县级"), Level.COUNTY),
    **dict.fromkeys(("镇", "乡", "乡镇", "街道", "乡级", "镇级"), Level.TOWNSHIP),
    **dict.fromkeys(("村", "社区", "村级"), Level.VILLAGE),
    **dict.fromkeys(("组", "小组", "村民小组"), Level.GROUP),
}

_LEVEL_NAMES = {Level.COUNTY: "县级", Level.TOWNSHIP: "镇级", Level.VILLAGE: "村级", Level.GROUP: "村民小组"}


@dataclass(frozen=True, slots=True)
class _Entry:
    row: int
    area: Area


def import_areas(desk: Desk, table: Table, *, dry_run: bool = False) -> Report:
    """Add the areas that are new and rename those whose name changed; nothing is ever deleted.

    `parent` and `level` may be left out, since the code says both; where given they must agree with it.
    """
    report = Report()
    rows = named_rows(table, COLUMNS, report)
    if report.problems:
        return report
    known = {area.code: area for area in stored.everywhere(desk.tx)}
    entries = [entry for row in rows if (entry := _entry(row, report)) is not None]
    _check_together(entries, {code for row in rows if (code := _code(row["code"]))}, known, report)

    fresh = sorted((e.area for e in entries if e.area.code not in known), key=lambda a: (len(a.code), a.code))
    renamed = [e.area for e in entries if e.area.code in known and known[e.area.code].name != e.area.name]
    report.added, report.changed = len(fresh), len(renamed)
    report.unchanged = len(entries) - len(fresh) - len(renamed)
    if not report.problems and not dry_run:
        stored.add(desk.tx, fresh)
        stored.rename_all(desk.tx, renamed)
        report.written = True
    report.problems.sort()
    return report


def _entry(row: Row, report: Report) -> _Entry | None:
    before = len(report.problems)
    check_name(row, "名称", NAME_LENGTH, report)
    code = _code(row["code"])
    if code is None:
        report.refuse(row.number, "区划代码", _bad_code(row["code"]))
        return None
    parent = _parent(row, code, report)
    level = level_of(code)
    if row["level"] and _LEVELS.get(plain(row["level"]).casefold()) is not level:
        report.refuse(row.number, "级别", f"级别与代码不符：{len(code)} 位代码是{_LEVEL_NAMES[level]}")
    if len(report.problems) > before:
        return None
    return _Entry(row.number, Area(code, parent, level, row["name"]))


def _parent(row: Row, code: str, report: Report) -> str | None:
    """The parent that the code itself names; a parent given in the file must be that one."""
    around = chain(code)[1:]
    parent = around[0] if around else None
    given = _code(row["parent"])
    if row["parent"] and given != parent:
        expected = f"按代码应为 {parent}" if parent else "县级不填上级"
        report.refuse(row.number, "上级代码", f"上级与代码不符：{expected}")
    return parent


def _check_together(entries: list[_Entry], in_file: set[str], known: dict[str, Area], report: Report) -> None:
    first: dict[str, int] = {}
    for entry in entries:
        code, parent = entry.area.code, entry.area.parent
        if code in first:
            report.refuse(entry.row, "区划代码", f"代码重复：第 {first[code]} 行已有 {code}")
        first.setdefault(code, entry.row)
        if parent is not None and parent not in in_file and parent not in known:
            report.refuse(entry.row, "上级代码", f"上级 {parent} 不在文件里，也没有导入过")


def _code(text: str) -> str | None:
    try:
        return normal_code(plain(text))
    except ValueError:
        return None


def _bad_code(text: str) -> str:
    if not text:
        return "代码没有填"
    if "E+" in text.upper():
        return "Excel 把代码变成了科学计数，请把这一列设为文本后重填"
    return "区划代码应为 6、9、12 或 14 位数字"
