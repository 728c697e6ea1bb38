"""The pairs of one office as a spreadsheet, for that office and nobody else."""

from datetime import datetime, timedelta

from domain.delivery import CHINA
from domain.pairs import PairKind, season_words
from services.desk import Desk
from services.pairs.access import found_person
from services.sheets import Cells, Sheet, workbook
from storage import pairs

COLUMNS: dict[str, int] = {
    "结对": 10,
    "联系人": 10,
    "联系人电话": 14,
    "对象": 10,
    "对象电话": 14,
    "季节": 12,
    "开始": 12,
    "结束": 12,
    "归口": 14,
}
"""Headings and their widths in characters; an import reads them again."""
_KINDS = {PairKind.HOUSEHOLD: "困难户", PairKind.GROWER: "种植户", PairKind.TALENT: "人才"}


def register(desk: Desk, office: str) -> tuple[bytes, int]:
    """An XLSX file of the pairs that an office keeps, and how many."""
    rows: list[Cells] = []
    for pair in pairs.of_offices(desk.tx, [office], desk.now):
        helper, helped = found_person(desk, pair.helper), found_person(desk, pair.helped)
        rows.append(
            (
                _KINDS[pair.kind],
                helper.name,
                helper.phone,
                helped.name,
                helped.phone,
                season_words(pair.months),
                _day(pair.valid_from),
                _day(pair.valid_to - timedelta(days=1)) if pair.valid_to else "",
                pair.office,
            )
        )
    return workbook(Sheet("结对", COLUMNS, rows)), len(rows)


def _day(moment: datetime) -> str:
    return f"{moment.astimezone(CHINA):%Y-%m-%d}"
