"""`lianxin pairs`: the pairs of an office as a spreadsheet, and all pairs of one helper to another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.suggestions_cli import write_private
from services.desk import Desk
from services.pairs.handover import hand_over
from services.pairs.register import register

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from rich.console import Console

    from domain.county import County
    from storage.database import Database


async def export_command(
    out: Path, office: str, database: Database, county: County, now: datetime, console: Console
) -> int:
    """Write the pairs of one office to an XLSX file that nobody else may read; the exit code. Raises OSError."""
    written, count = await database.read(lambda tx: register(Desk(tx, county, now), office or county.code))
    write_private(out, written)
    console.print(f"✓ {count} 对结对已写到 {out}", style="green", markup=False, soft_wrap=True)
    return 0


async def handover_command(
    leaver: str,
    successor: str,
    office: str,
    database: Database,
    county: County,
    now: datetime,
    console: Console,
) -> int:
    """Give all pairs of one helper to another; the exit code."""
    heir, moved = await database.run(lambda tx: hand_over(Desk(tx, county, now), leaver, successor, office))
    console.print(f"✓ {moved} 对结对现在由 {heir.name} 负责。", style="green", markup=False)
    return 0
