"""`lianxin survey list`, `results` and `codes`: what came of surveys, and invitations to answer."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from bot.charts import Block, ChartError, blocks_of, draw
from bot.code_sheet import code_book, code_sheet
from bot.survey_archive import write_archive
from bot.survey_report import report
from domain.delivery import CHINA
from domain.errors import Refusal
from services.desk import Desk
from services.surveys import codes, exports, sent
from services.surveys.results import count, results_of
from services.surveys.telling import tell_results
from storage import survey_codes, survey_results

if TYPE_CHECKING:
    from datetime import datetime
    from typing import BinaryIO

    from rich.console import Console

    from bot.tools import Tools
    from domain.surveys.results import Results
    from services.surveys.results import Counted

_STATES = {"draft": "没有开始", "open": "进行中", "closed": "已截止", "released": "可看结果"}
_SHOWN = 50


async def list_command(at: Tools, console: Console) -> int:
    """The newest surveys; the exit code."""
    found = await at.database.read(lambda tx: survey_results.newest(tx, _SHOWN))
    printed = Table(title="问卷")
    for heading in ("号", "名称", "记名", "状态"):
        printed.add_column(heading)
    for one in found:
        named = "不记名" if one.anonymous else "记名"
        printed.add_row(str(one.id), Text(one.title), named, _STATES[one.state])
    console.print(printed)
    return 0


async def results_command(at: Tools, survey: int, out: Path, now: datetime, console: Console) -> int:
    """Write the workbook, CSV, report, charts, and what was sent as answers, into a folder that is there; the exit code.

    Raises OSError when it cannot be written to.
    """
    name, media = f"survey-{survey}", Path(at.settings.data_dir) / "media"
    try:
        with console.status("正在统计……"):
            results, written = await at.database.read(
                lambda tx: _write_files(Desk(tx, at.county, now), survey, out, name, media)
            )
    except Refusal as refusal:
        console.print(f"✗ {refusal.say}", style="red", markup=False)
        return 1
    written += await _write_charts(results.title, blocks_of(results), out, name, console)
    for path in written:
        console.print(f"✓ {path}", style="green", markup=False, highlight=False, soft_wrap=True)
    return 0


def _write_files(desk: Desk, survey: int, out: Path, name: str, media: Path) -> tuple[Results, list[Path]]:
    """Rows are written as they are read, so that memory stays flat."""
    counted = count(desk, survey)
    results = results_of(counted, desk.county.triage.words)
    page = report(
        results,
        desk.county.name,
        desk.now.astimezone(CHINA).date(),
        counted.survey.closed_at,
        by_codes=codes.are_needed(desk, survey),
    )
    written = [_write(out / f"{name}.html", page.encode())]
    if results.withheld:
        return results, written
    with _private(out / f"{name}.xlsx") as file:
        exports.write_workbook(counted, results, sent.answers(desk.tx, survey, counted.form), file)
    with _private(out / f"{name}.csv") as file:
        exports.write_csv(counted, sent.answers(desk.tx, survey, counted.form), file)
    written += [out / f"{name}.xlsx", out / f"{name}.csv"]
    if results.anonymous:
        with _private(out / f"{name}-open.csv") as file:
            exports.write_open(counted, file)
        written.append(out / f"{name}-open.csv")
    return results, [*written, *_write_sent(desk, counted, out / f"{name}.zip", media)]


def _write_sent(desk: Desk, counted: Counted, path: Path, media: Path) -> list[Path]:
    """What was sent as answers, if anything was and has come."""
    with _private(path) as file:
        packed = write_archive(file, exports.sent_files(desk.tx, counted), media)
    if not packed:
        path.unlink()
    return [path] if packed else []


async def _write_charts(
    title: str, blocks: list[Block], out: Path, name: str, console: Console
) -> list[Path]:
    """A picture for each question. Without a Chinese font there are none, and the rest is there all the same."""
    if not blocks:
        return []
    try:
        with console.status("正在画图……"):
            pictures = await draw(title, [[block] for block in blocks])
    except ChartError as error:
        console.print(f"! 没有画图：{error}", style="yellow", markup=False, soft_wrap=True)
        return []
    return [_write(out / f"{name}-{number:02}.png", picture) for number, picture in enumerate(pictures, 1)]


async def codes_command(
    at: Tools, survey: int, count: int, out: Path, now: datetime, console: Console, *, sheet: bool
) -> int:
    """Make codes and write them as a workbook, or as sheets to be cut into slips; the exit code.

    Raises OSError when the file cannot be written; then no code was made.
    """
    write = code_sheet if sheet else code_book

    def made(desk: Desk) -> int:
        # In the transaction: what could not be written down was never made.
        new = codes.make(desk, survey, count)
        found = survey_results.find(desk.tx, survey)
        _write(out, write(new, found.title if found else "", at.settings, at.county))
        return survey_codes.count(desk.tx, survey)

    try:
        total = await at.database.run(lambda tx: made(Desk(tx, at.county, now)))
    except Refusal as refusal:
        console.print(f"✗ {refusal.say}", style="red", markup=False)
        return 1
    console.print(
        f"✓ {out}：{count}个邀请码，这份问卷一共{total}个。", style="green", markup=False, soft_wrap=True
    )
    console.print("码只有这一份，丢了就重做。发完请删掉这个文件。", markup=False)
    return 0


async def tell_command(at: Tools, survey: int, said: str, did: str, now: datetime, console: Console) -> int:
    """Tell those who took part what came of it; the exit code."""
    try:
        told = await at.database.run(lambda tx: tell_results(Desk(tx, at.county, now), survey, said, did))
    except Refusal as refusal:
        console.print(f"✗ {refusal.say}", style="red", markup=False)
        return 1
    console.print(f"✓ 会告诉{told.in_words}，由运行中的服务发出。", style="green", markup=False)
    return 0


def _write(path: Path, content: bytes) -> Path:
    with _private(path) as file:
        file.write(content)
    return path


def _private(path: Path) -> BinaryIO:
    """A file that its owner alone can read, also where there was another before."""
    opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.fchmod(opened, 0o600)
    return os.fdopen(opened, "wb")
