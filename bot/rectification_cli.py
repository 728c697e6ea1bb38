"""`lianxin rectification`: the list as a spreadsheet, and one item's history as a page to print."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.pages import fill
from bot.suggestions_cli import write_private
from domain.dates import spoken
from domain.errors import Refusal
from domain.tickets.rectification import STATE_NAMES
from services.desk import Desk
from services.rectification.page import History, history
from services.rectification.register import register

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from rich.console import Console

    from domain.county import County
    from storage.database import Database


async def export_command(
    out: Path, area: str, month: str, database: Database, county: County, now: datetime, console: Console
) -> int:
    """Write an area's list to an XLSX file that nobody else may read; the exit code. Raises OSError and Refusal."""
    if month and not re.fullmatch(r"\d{4}-(?:0[1-9]|1[0-2])", month, re.ASCII):
        raise Refusal("月份应像 2026-11。")
    written, count = await database.read(lambda tx: register(Desk(tx, county, now), area, month))
    write_private(out, written)
    console.print(f"✓ {count} 件整改已写到 {out}", style="green", markup=False, soft_wrap=True)
    return 0


async def page_command(
    number: int, out: Path, database: Database, county: County, now: datetime, console: Console
) -> int:
    """Write an item's history to an HTML file that nobody else may read; the exit code. Raises OSError."""
    found = await database.read(lambda tx: history(Desk(tx, county, now), number))
    write_private(out, page(found, county.name, now).encode())
    console.print(f"✓ {number}号的经过已写到 {out}", style="green", markup=False, soft_wrap=True)
    return 0


def page(found: History, county: str, now: datetime) -> str:
    """One item as an HTML page: no script, nothing fetched from elsewhere."""
    return fill(
        "rectification.html",
        item=found.item,
        state=STATE_NAMES[found.item.ticket.state],
        county=county,
        place=found.place,
        owner=found.owner,
        leader=found.leader,
        limit=spoken(found.item.ticket.limit_at),
        months=found.months,
        story=found.story,
        today=spoken(now),
    )
