"""`lianxin survey preview|send|watch|…`: sending a survey to many, and looking at how far it has come."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from bot.broadcasting import queue_part
from bot.clock import system_clock
from bot.doors import speeds
from domain.broadcasts import STATE_NAMES, Audience, Preview, Reach, Speed, State
from domain.delivery import CHINA
from domain.errors import Refusal
from services import broadcasts
from services.desk import Desk
from services.surveys.asked import is_for_chosen

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from rich.console import Console

    from bot.tools import Tools
    from domain.broadcasts import Progress as Come

T = TypeVar("T")

LOOK = 1.0
"""Seconds between two looks at what the database says."""
PART = 5_000
"""People looked at in one transaction: on SQLite the service waits meanwhile, some 30 ms."""
CHANNELS = {"web": "网页", "telegram": "Telegram", "wechat": "微信", "wecom": "企业微信"}
REACHED = {
    Reach.SENT: "送出",
    Reach.ANSWERED: "答了",
    Reach.HELD: "等对方说话",
    Reach.REFUSED: "退订",
    Reach.BLOCKED: "拉黑",
    Reach.FAILED: "没送到",
    Reach.UNCERTAIN: "不确定",
}


def read_time(words: str) -> datetime:
    """A time as it is written in China, `2026-12-01 09:00`. Raises Refusal."""
    try:
        return datetime.strptime(words.strip(), "%Y-%m-%d %H:%M").replace(tzinfo=CHINA)
    except ValueError:
        raise Refusal(f"时间要写成 2026-12-01 09:00，不是 {words}。") from None


async def preview_command(at: Tools, audience: Audience, start: str, console: Console) -> int:
    """Show whom it would reach, until when, and who stays without it. The exit code."""
    now = read_time(start) if start else system_clock()
    rates = speeds(at.settings)
    masses = [name for name, speed in rates.items() if speed.mass]
    with console.status("正在数人……"):
        found = await at.database.read(lambda tx: broadcasts.preview(_desk(at, tx), audience, masses))
    console.print(_preview(found, rates))
    ends = found.ends_at(now, rates, at.county.quiet).astimezone(CHINA)
    off = found.switched_off(rates)
    console.print(f"能送到 {found.reached - off} 人，预计 {ends:%m-%d %H:%M} 发完。", highlight=False)
    missing = {"退订了": found.refused, "拉黑了": found.blocked, "没有账号": found.no_account}
    missing |= {"渠道没开": off} if off else {}
    console.print(
        "送不到：" + "，".join(f"{why} {count} 人" for why, count in missing.items()), highlight=False
    )
    return 0


def _preview(found: Preview, rates: dict[str, Speed]) -> Table:
    table = Table("渠道", "单独发", "群发", "等对方说话", title="发给谁")
    for channel in sorted({*found.single, *found.mass, *found.waits}):
        ways = (found.single, found.mass, found.waits)
        off = "" if channel in rates else "（没开）"
        table.add_row(CHANNELS.get(channel, channel) + off, *(str(way.get(channel, 0)) for way in ways))
    return table


async def send_command(
    at: Tools, survey: int, audience: Audience, text: str, start: str, by: str, console: Console
) -> int:
    """Begin to send a survey; `by`: the phone of whoever is responsible. The exit code."""
    starts_at = read_time(start) if start else None
    who = await _worker(at, by) if by else None

    def begin(desk: Desk) -> int:
        return broadcasts.send_survey(desk, survey, audience, text=text, starts_at=starts_at, by=who)

    await _queue(at, await _run(at, begin), console)
    if await _read(at, lambda desk: is_for_chosen(desk, survey)):
        console.print("只有请到的人能答。再发给一个片区，片区里的人就都能答。")
    console.print(f"看进度：lianxin survey watch {survey}", style="green", highlight=False)
    return 0


async def remind_command(at: Tools, survey: int, text: str, start: str, console: Console) -> int:
    """Remind once of a survey. The exit code."""
    starts_at = read_time(start) if start else None

    def begin(desk: Desk) -> int:
        first = broadcasts.newest_of(desk, survey)
        return broadcasts.remind(desk, first, text=text, starts_at=starts_at)

    await _queue(at, await _run(at, begin), console)
    return 0


async def rehearse_command(at: Tools, survey: int, text: str, phone: str, console: Console) -> int:
    """Send a survey to one of the roster only. The exit code."""

    def deed(desk: Desk) -> None:
        broadcasts.rehearse(desk, broadcasts.worker(desk, phone), survey, text)

    await _run(at, deed)
    console.print("试发给您了，看看手机。", style="green")
    return 0


async def _worker(at: Tools, phone: str) -> int:
    return await _run(at, lambda desk: broadcasts.worker(desk, phone).id)


async def _queue(at: Tools, number: int, console: Console) -> None:
    """Find everybody here, so that the service need not; if this ends early, it goes on with it."""
    with console.status("正在排队……") as status:
        while True:
            come = await _read(at, lambda desk: broadcasts.progress(desk, number))
            status.update(f"正在排队：{come.broadcast.total} 人")
            if not await queue_part(at.database, at.county, system_clock, come.broadcast, PART):
                break
    come = await _read(at, lambda desk: broadcasts.progress(desk, number))
    when = come.broadcast.starts_at.astimezone(CHINA)
    console.print(
        f"✓ {number}号群发：{come.broadcast.total} 人，{when:%m-%d %H:%M} 起发。",
        style="green",
        highlight=False,
    )


async def move_command(at: Tools, survey: int, deed: Callable[[Desk, int], None], console: Console) -> int:
    """Pause, resume or cancel the newest broadcast of a survey. The exit code."""
    number = await _run(at, lambda desk: broadcasts.newest_of(desk, survey))
    await _run(at, lambda desk: deed(desk, number))
    come = await _read(at, lambda desk: broadcasts.progress(desk, number))
    console.print(f"✓ {number}号群发：{STATE_NAMES[come.broadcast.state]}。", style="green", highlight=False)
    return 0


async def tag_command(at: Tools, tag: str, phones: Collection[str], console: Console) -> int:
    """Let the people of a list carry a tag. The exit code."""
    count = await _run(at, lambda desk: broadcasts.tag_people(desk, tag, phones))
    console.print(
        f"✓ “{tag}”现有 {count} 人（名单里 {len(phones)} 个号码）。", style="green", highlight=False
    )
    return 0


async def watch_command(at: Tools, survey: int, console: Console, *, once: bool = False) -> int:
    """Show how far the newest broadcast of a survey has come, until it is over. The exit code."""
    number = await _run(at, lambda desk: broadcasts.newest_of(desk, survey))
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("")
        while True:
            come = await _read(at, lambda desk: broadcasts.progress(desk, number))
            words = f"{number}号群发 {_state(come)}"
            bar.update(task, description=words, completed=come.settled, total=come.broadcast.total)
            if once or come.broadcast.state in (State.CANCELLED, State.DONE):
                break
            await asyncio.sleep(LOOK)
    whole = f"共 {come.broadcast.total} 人，还有 {come.left} 人没发。"
    console.print(f"{number}号群发：{_state(come)}，{whole}", highlight=False)
    if come.counts:
        console.print(_counts(come))
    if come.doubts:
        console.print(f"有 {come.doubts} 条断线时不知到没到，又发了一次，可能收到两条。", highlight=False)
    for batch, people, told in await _read(at, lambda desk: broadcasts.reports(desk, number)):
        console.print(f"第{batch}批 {people} 人，微信回报：{told or '还没有'}", highlight=False)
    return 0


def _state(come: Come) -> str:
    broadcast = come.broadcast
    if broadcast.state is State.GOING and broadcast.starts_at > system_clock():
        return f"{broadcast.starts_at.astimezone(CHINA):%m-%d %H:%M} 起发"
    return "排队" if broadcast.state is State.GOING and not broadcast.queued else STATE_NAMES[broadcast.state]


def _counts(come: Come) -> Table:
    """By messenger: how many are how far."""
    shown = [reach for reach in REACHED if come.counts.get(reach)]
    table = Table("渠道", *(REACHED[reach] for reach in shown))
    for channel in sorted({channel for channel, _ in come.by_channel}):
        row = (str(come.by_channel.get((channel, reach), 0)) for reach in shown)
        table.add_row(CHANNELS.get(channel, channel), *row)
    return table


def _desk(at: Tools, tx: object) -> Desk:
    return Desk(tx, at.county, system_clock())  # type: ignore[arg-type]


async def _run(at: Tools, deed: Callable[[Desk], T]) -> T:
    return await at.database.run(lambda tx: deed(_desk(at, tx)))


async def _read(at: Tools, deed: Callable[[Desk], T]) -> T:
    return await at.database.read(lambda tx: deed(_desk(at, tx)))
