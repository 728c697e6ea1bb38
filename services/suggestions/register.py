"""The register (意见台账) as a spreadsheet: what was suggested, who answers for it, what came of it."""

from domain.suggestions.steps import OUTCOME_NAMES, STATE_NAMES, Suggestion
from domain.suggestions.words import day, later
from services.desk import Desk
from services.sheets import Cells, Sheet, workbook
from storage.directory import areas, people
from storage.suggestions import rows

COLUMNS: dict[str, int] = {
    "编号": 6,
    "收到": 12,
    "署名": 10,
    "电话": 14,
    "地方": 14,
    "内容": 50,
    "追问和补充": 40,
    "图片语音": 9,
    "限县上": 8,
    "状态": 10,
    "答复时限": 12,
    "超时提醒": 9,
    "责任单位": 18,
    "结果": 10,
    "原因": 30,
    "措施": 30,
    "措施期限": 12,
    "答复": 40,
    "答复日": 12,
    "公开栏": 30,
    "并到": 6,
}
"""Headings and their widths in characters."""


def register(desk: Desk, *, restricted: bool) -> tuple[bytes, int]:
    """An XLSX file and how many suggestions are in it. `restricted`: also those about a person."""
    listed = [one for one in rows.everything(desk.tx) if restricted or not one.restricted]
    return workbook(Sheet("意见台账", COLUMNS, (_row(desk, one) for one in listed))), len(listed)


def _row(desk: Desk, one: Suggestion) -> Cells:
    writer = people.find(desk.tx, one.person) if one.person else None
    place = areas.find(desk.tx, one.area) if one.area else None
    events = rows.events(desk.tx, one.id)
    media = sum(len(event.media) for event in events)
    return (
        one.id,
        one.day.isoformat(),
        (writer.name or "群众") if writer else "匿名",
        writer.phone if writer else "",
        place.short_name if place else "",
        one.text,
        "\n".join(f"{when.isoformat()} {said}" for when, said in later(events)),
        media,
        "是" if one.restricted else "",
        STATE_NAMES[one.state],
        day(one.limit_at),
        one.stage,
        one.office,
        OUTCOME_NAMES[one.outcome] if one.outcome else "",
        one.reason,
        one.measure,
        one.measure_by.isoformat() if one.measure_by else "",
        one.answer,
        one.answered_on.isoformat() if one.answered_on else "",
        one.gist,
        one.merged_into or "",
    )
