"""`lianxin suggestions`: the register of suggestions, for those who keep it in a spreadsheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.desk import Desk
from services.suggestions.register import register

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from rich.console import Console

    from domain.county import County
    from storage.database import Database


async def export_command(
    out: Path, database: Database, county: County, now: datetime, console: Console, *, restricted: bool
) -> int:
    """Write the register to an XLSX file that nobody else may read; the exit code. Raises OSError."""
    written, count = await database.read(lambda tx: register(Desk(tx, county, now), restricted=restricted))
    write_private(out, written)
    left_out = "" if restricted else "（不含限县上看的）"
    console.print(f"✓ {count} 条意见已写到 {out}{left_out}", style="green", markup=False, soft_wrap=True)
    return 0


def write_private(out: Path, written: bytes) -> None:
    """Write a file that nobody else may read. Raises OSError."""
    out.touch(mode=0o600)
    out.chmod(0o600)  # also when it was there before
    out.write_bytes(written)
