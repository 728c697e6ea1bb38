"""`lianxin appointments`: times for talks are opened and listed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from bot.clock import system_clock
from domain.appointments import words
from domain.appointments.times import hours_in
from domain.errors import Refusal
from services.appointments import slots
from services.appointments.slots import Opened, Opening
from services.desk import Desk

if TYPE_CHECKING:
    from rich.console import Console

    from bot.tools import Tools
    from storage.slots import Arranged

_MOST = 500


async def open_command(
    at: Tools,
    console: Console,
    *,
    phone: str,
    level: str,
    day: str,
    hours: str,
    place: str,
    area: str,
) -> int:
    """Open times; the exit code. Raises Refusal."""
    read = hours_in(hours, at.county.talks.minutes)
    if read is None:
        raise Refusal(f"时间要写成 9:00-11:00，不是 {hours}。")
    chosen = _day(day)

    def deed(desk: Desk) -> Opened:
        found = slots.leaders(desk, at.county.code, 2, phone)
        if len(found) != 1:
            raise Refusal(f"花名册里没有电话为{phone}的领导，请先导入。")
        scope = area or at.county.code
        return slots.open_times(desk, Opening(found[0].id, level, chosen, *read, place, scope))

    opened = await at.database.run(lambda tx: deed(Desk(tx, at.county, system_clock())))
    known = f"，{opened.known} 个与他别的约谈重了，没放" if opened.known else ""
    console.print(f"✓ 放了 {opened.new} 个时间{known}。", style="green", highlight=False)
    return 0


async def list_command(at: Tools, console: Console) -> int:
    """What is to come; the exit code."""

    def deed(desk: Desk) -> list[Arranged]:
        return slots.all_arranged(desk, at.county.code, _MOST)

    found = await at.database.read(lambda tx: deed(Desk(tx, at.county, system_clock())))
    table = Table("时间", "领导", "地点", "约谈", title="约谈安排")
    for slot, ticket, _ in found:
        cells = (words.time_of(slot), words.leader_of(slot), slot.place, f"{ticket}号" if ticket else "空着")
        table.add_row(*map(Text, cells))
    console.print(table)
    return 0


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Refusal(f"日子要写成 2026-12-08，不是 {text}。") from None
