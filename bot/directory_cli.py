"""`lianxin import` and `lianxin cards`: the directory from spreadsheets, and the printed cards from the directory."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Literal

from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table as Printed
from rich.text import Text

from bot.card_codes import CardCodes, CodesError
from bot.cards import CardFace, Link, make_cards, promises
from bot.problem_list import show_findings
from domain.errors import Refusal
from domain.surveys.sheet import harmless
from domain.triage.lexicon import CATEGORIES, OTHER
from services.desk import Desk
from services.directory.printing import PrintedCard, cards_to_print
from services.pairs.incoming import import_pairs
from services.rectification.incoming import import_rectifications
from services.roster import Invited, Report, Table, import_areas, import_roster, read_table
from services.tickets.handover import give_grid
from storage.directory import cards

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from rich.console import Console

    from domain.county import County
    from storage.database import Database

Kind = Literal["areas", "roster", "rectification", "pairs"]
_IMPORTS = {
    "areas": import_areas,
    "roster": import_roster,
    "rectification": import_rectifications,
    "pairs": import_pairs,
}


async def import_command(
    kind: Kind,
    file_bytes: bytes,
    filename: str,
    database: Database,
    county: County,
    now: datetime,
    console: Console,
    *,
    dry_run: bool = False,
    codes_to: Path | None = None,
) -> int:
    """Import a spreadsheet of areas or of people and tell the operator what came of it; the exit code.

    Invitation codes are printed, or written to the CSV file `codes_to`, which nobody else may read. Raises OSError
    when that file cannot be written; the codes still in force come again with the next import.
    """
    try:
        table = _read(file_bytes, console)
    except Refusal as refusal:
        console.print(f"✗ {filename}: {refusal.say}", style="red", markup=False, highlight=False)
        return 1
    with console.status("正在核对并写入……"):
        report = await database.run(lambda tx: _IMPORTS[kind](Desk(tx, county, now), table, dry_run=dry_run))
    _show(report, filename, console)
    if report.invited and codes_to is not None:
        _write_codes(report.invited, codes_to)
        console.print(f"✓ {len(report.invited)} 个邀请码已写到 {codes_to}", style="green", markup=False)
    elif report.invited:
        console.print(_codes(report.invited))
    return 1 if report.problems else 0


def _read(data: bytes, console: Console) -> Table:
    columns = (SpinnerColumn(), TextColumn("正在读文件：{task.completed:.0f} 行"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=None)
        return read_table(data, lambda rows: progress.update(task, completed=rows))


def _show(report: Report, filename: str, console: Console) -> None:
    if not show_findings(report, filename, console):
        return
    done = "已写入" if report.written else "只是试一遍，什么都没有写入；真导入时会"
    counts = f"新增 {report.added}，改动 {report.changed}，不变 {report.unchanged}"
    console.print(f"✓ {report.rows} 行，{done}：{counts}。", style="green", highlight=False)


def _codes(everybody: list[Invited]) -> Printed:
    printed = Printed(
        title="邀请码：请交给本人", caption=f"共 {len(everybody)} 人，在对话里发出邀请码即可加入"
    )
    for heading in _CODES_HEADER:
        printed.add_column(heading)
    for invited in everybody:
        printed.add_row(Text(invited.name), invited.phone, invited.code)
    return printed


_CODES_HEADER = ("姓名", "电话", "邀请码")


def _write_codes(everybody: list[Invited], path: Path) -> None:
    path.touch(mode=0o600)
    path.chmod(0o600)  # also when it was there before
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        codes = csv.writer(file)
        codes.writerow(_CODES_HEADER)
        codes.writerows((harmless(invited.name), invited.phone, invited.code) for invited in everybody)


async def cards_command(
    area: str,
    out: Path,
    database: Database,
    county: County,
    now: datetime,
    console: Console,
    *,
    public_url: str = "",
    telegram_bot: str = "",
    wechat: CardCodes | None = None,
    copies: int = 1,
    households: Sequence[str] = (),
) -> int:
    """Print-ready cards for a county, township, village or group: one file a township. The exit code.

    A code comes for each way in that the county has: its WeChat account, or else its web chat (`public_url`), and
    its Telegram bot's name.
    """
    if wechat is None and not public_url and not telegram_bot:
        console.print(
            "✗ 没有可扫的地址：请先在设置里填 [wechat]、server.public_url 或 telegram.bot_name。", style="red"
        )
        return 1
    try:
        printed = await database.run(lambda tx: cards_to_print(Desk(tx, county, now), area, households))
        in_wechat = await wechat.of([card.token for card in printed]) if wechat else {}
    except Refusal as refusal:
        console.print(f"✗ {refusal.say}", style="red", markup=False)
        return 1
    except CodesError as error:
        console.print(f"✗ {error}", style="red", markup=False, soft_wrap=True)
        return 1
    faces = [
        _face(card, area, county, _links(card.token, in_wechat, public_url, telegram_bot), copies)
        for card in printed
    ]
    with console.status("正在画卡……"):
        files = make_cards(faces, out)
    for path in files:
        console.print(f"✓ {path}", style="green", markup=False, highlight=False, soft_wrap=True)
    console.print(f"共 {len(faces)} 种卡，每种 {copies} 张。用浏览器打开后按实际大小打印。", highlight=False)
    return 0


async def handover_command(
    area: str, phone: str, database: Database, county: County, now: datetime, console: Console
) -> int:
    """Give a grid another primary cadre and move its open tickets to him; the exit code."""
    try:
        successor, moved = await database.run(lambda tx: give_grid(Desk(tx, county, now), area, phone))
    except Refusal as refusal:
        console.print(f"✗ {refusal.say}", style="red", markup=False)
        return 1
    console.print(
        f"✓ {area} 现在由 {successor.name} 负责，转给他 {moved} 件在办工单。", style="green", markup=False
    )
    return 0


async def revoke_command(serial: str, database: Database, now: datetime, console: Console) -> int:
    """Revoke one card by its serial; the exit code."""
    if not await database.run(lambda tx: cards.revoke(tx, serial, now)):
        console.print(f"✗ 没有编号为 {serial} 的卡在用。", style="red", markup=False)
        return 1
    console.print(f"✓ {serial} 已停用。", style="green", markup=False)
    return 0


def _links(token: str, in_wechat: Mapping[str, str], public_url: str, telegram_bot: str) -> tuple[Link, ...]:
    """Two at the most. Two codes that WeChat can read would only confuse, so one way leads into it."""
    links = []
    if token in in_wechat:
        links.append(Link("微信扫一扫", in_wechat[token]))
    elif public_url:
        links.append(Link("微信扫一扫", f"{public_url.rstrip('/')}/chat?card={token}"))
    if telegram_bot:
        links.append(Link("Telegram", f"https://t.me/{telegram_bot.removeprefix('@')}?start={token}"))
    return tuple(links)


def _face(card: PrintedCard, asked: str, county: County, links: tuple[Link, ...], copies: int) -> CardFace:
    whole = card.area if len(asked) > len(card.township.code) else card.township
    return CardFace(
        sheet=f"{whole.code}-{''.join(filter(str.isalnum, whole.short_name))}",
        title=whole.short_name,
        area=card.area.code,
        serial=card.token[:8],
        county=county.name,
        place=" ".join(filter(None, (card.township.name, card.area.short_name, card.household))),
        cadre=card.cadre.name if card.cadre else "",
        duty="您的包联干部",
        phone=card.cadre.phone if card.cadre else "",
        looks_after=tuple(one.short_name for one in card.looks_after) or (card.area.short_name,),
        items=tuple(category for category in CATEGORIES if category != OTHER),
        promises=promises(county.limits),
        hotline=county.hotline,
        links=links,
        copies=copies,
    )
