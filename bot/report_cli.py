"""`lianxin report`: the monthly report of a township or the county as files."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from bot.charts import ChartError, draw, pages
from bot.charts.report_blocks import report_blocks
from bot.report_page import report_page
from domain.delivery import CHINA
from domain.directory import Level, level_of, normal_code
from domain.errors import Refusal
from domain.reports.months import Month, month_in
from services.desk import Desk
from services.reports.reading import read
from services.reports.workbook import workbook
from storage import reports
from storage.directory import areas

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from rich.console import Console

    from bot.tools import Tools
    from domain.reports.report import Report

_LEVELS = (Level.TOWNSHIP, Level.COUNTY)


async def report_command(at: Tools, month: str, area: str, out: Path, now: datetime, console: Console) -> int:
    """Write workbook, page and picture into a folder that is there; the exit code.

    Raises Refusal for a month or an area that has no report, OSError when the folder cannot be written to.
    """
    wanted, code = _asked_for(month, area)
    report = await at.database.run(lambda tx: _report(Desk(tx, at.county, now), wanted, code))
    reading = await at.database.read(lambda tx: read(Desk(tx, at.county, now), report))
    page = report_page(reading, at.county.name, now.astimezone(CHINA).date())
    name = f"report-{code}-{wanted}"
    files = {f"{name}.xlsx": workbook(reading), f"{name}.html": page.encode()}
    try:
        for number, picture in enumerate(await draw(reading.title, pages(report_blocks(reading))), 1):
            files[f"{name}-{number}.png"] = picture
    except ChartError as error:
        console.print(f"! 没有画图：{error}", style="yellow", markup=False, soft_wrap=True)
    for file, content in files.items():
        _write_private(out / file, content)
        console.print(f"✓ {out / file}", style="green", markup=False, highlight=False, soft_wrap=True)
    return 0


def _asked_for(month: str, area: str) -> tuple[Month, str]:
    try:
        wanted, code = month_in(month), normal_code(area)
    except ValueError as error:
        raise Refusal(str(error)) from None
    if level_of(code) not in _LEVELS:
        raise Refusal("月报只到镇和县：区划代码应为 6 或 9 位。")
    return wanted, code


def _report(desk: Desk, month: Month, code: str) -> Report:
    if areas.find(desk.tx, code) is None:
        raise Refusal(f"没有区划代码为{code}的地方。")
    return reports.of_area(desk.tx, month, code)


def _write_private(path: Path, content: bytes) -> None:
    """A file that its owner alone can read, also where there was another before."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(content)
