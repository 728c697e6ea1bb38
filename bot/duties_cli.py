"""`lianxin duties list`, `check` and `load`: the county's templates of duties."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from bot.duties_file import read_duties
from domain.delivery import CHINA
from domain.duties.calendar import reminder_days, spans_due
from domain.duties.template import Audience, Template, TemplateError
from services.desk import Desk
from services.duties import templates

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from rich.console import Console

    from bot.tools import Tools

_ROLES = {"cadre": "网格员", "supervisor": "督办", "staff": "工作人员", "owner": "管理员"}
_LOOKED_AHEAD = timedelta(days=370)


async def list_command(at: Tools, now: datetime, console: Console) -> int:
    """Show the duties in force."""
    found = await at.database.read(lambda tx: templates.in_force(Desk(tx, at.county, now)))
    if not found:
        console.print("还没有。先运行 lianxin duties load。")
        return 0
    _show(at, found, now, console)
    return 0


async def check_command(at: Tools, file: Path | None, now: datetime, console: Console) -> int:
    """Show what a file would make, or what is wrong with it."""
    found = _read(at, file, console)
    if found is None:
        return 1
    _show(at, found, now, console)
    return 0


async def load_command(at: Tools, file: Path | None, now: datetime, console: Console) -> int:
    """Put a file in force, and say what that changed."""
    found = _read(at, file, console)
    if found is None:
        return 1
    change = await at.database.run(lambda tx: templates.load(Desk(tx, at.county, now), found))
    for words, keys in (("新加", change.new), ("改了", change.changed), ("不再开", change.ended)):
        if keys:
            console.print(f"{words}：{'、'.join(keys)}", highlight=False)
    if not change.keys:
        console.print("和现在的一样，没有改动。")
    named = at.settings.duties.file
    if file is not None and named and not _same(file, Path(named)):
        back = f"[yellow]![/yellow] 下次启动会换回 {escape(named)}，就是 config.toml 里 duties.file 写的。"
        console.print(back, highlight=False, soft_wrap=True)
    return 0


def _read(at: Tools, file: Path | None, console: Console) -> list[Template] | None:
    try:
        return read_duties(str(file or at.settings.duties.file))
    except TemplateError as error:
        for problem in error.problems:
            console.print(f"[red]✗[/red] {escape(problem)}", highlight=False, soft_wrap=True)
    return None


def _same(file: Path, named: Path) -> bool:
    return file.resolve() == named.resolve()


def _show(at: Tools, found: Sequence[Template], now: datetime, console: Console) -> None:
    today = now.astimezone(CHINA).date()
    table = Table("代号", "制度", "事情", "谁的事", "下一次提醒")
    for one in found:
        whose = (
            "包联网格的人" if one.audience is Audience.GRID else "、".join(_ROLES[role] for role in one.roles)
        )
        where = f"（{'、'.join(one.areas)}）" if one.areas else ""
        day = _next_day(at, one, today)
        table.add_row(one.key, one.system, one.name, whose + where, f"{day:%Y-%m-%d}" if day else "不提醒")
    console.print(table)
    warning = at.county.days.warning(today)
    if warning:
        console.print(f"[yellow]![/yellow] {warning}", highlight=False, soft_wrap=True)


def _next_day(at: Tools, template: Template, today: date) -> date | None:
    """The next day on which it is reminded of."""
    spans = spans_due(template.rule, template.days, today, None, today + _LOOKED_AHEAD)
    days = (day for span in spans for day in reminder_days(span, template.remind, at.county.days))
    return min((day for day in days if day >= today), default=None)
