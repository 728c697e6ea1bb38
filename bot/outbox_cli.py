"""`lianxin outbox`: what is stuck, and why. Neither names nor words are shown."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.table import Table

from bot.clock import system_clock
from domain.delivery import CHINA, Lane, Sending
from storage.database import DatabaseError, open_database
from storage.delivery import overview
from storage.migrate import is_current
from storage.probe import probe

_MEANS = {
    Sending.QUEUED: "on its way: it leaves when it is due, and is tried again by itself",
    Sending.SENDING: "in the hands of a process; when that dies another one takes it over within a minute",
    Sending.HELD: "cannot arrive yet; leaves by itself when the person speaks, or has linked an account",
    Sending.BLOCKED: "the person has blocked the bot; leaves by itself when she writes again; ring her meanwhile",
    Sending.FAILED: "the messenger refused it, or every try was used up; not tried again: see why, and ring the person",
    Sending.UNCERTAIN: "cut off twice while it was sent, so it may have arrived; not sent a third time",
}
"""What a state means for the operator, and what comes of it."""


async def show_outbox(url: str, limit: int, console: Console) -> None:
    """Print counts by messenger and state, then the newest rows that have not arrived, and what their states mean.

    Raises DatabaseError if the database is not there or has other tables.
    """
    if not (await probe(url)).found or not await is_current(url):
        raise DatabaseError("the database has not the tables of this version; run lianxin migrate")
    database = open_database(url)
    try:
        counts = await database.read(overview.counts)
        stuck = await database.read(lambda tx: overview.stuck(tx, limit))
    finally:
        await database.close()
    totals = Table("messenger", "state", "messages", "ever in doubt", title="Outbox")
    for channel, state, count, doubts in counts:
        totals.add_row(channel or "—", state, str(count), str(doubts))
    console.print(totals)
    if not stuck:
        console.print("Everything has arrived.")
        return
    console.print(_not_arrived(stuck, system_clock()))
    for state in dict.fromkeys(row.state for row in stuck):
        console.print(f"{state}: {_MEANS[Sending(state)]}.", highlight=False)
    left_off = sum(count for _, state, count, _ in counts if state != Sending.SENT) - len(stuck)
    if left_off > 0:
        console.print(f"{left_off} older ones are not shown; --limit shows more.", highlight=False)


def _not_arrived(stuck: Sequence[Any], now: datetime) -> Table:
    """Times are China's."""
    table = Table(
        "id", "messenger", "lane", "state", "tries", "doubts", "since", "due", "why", title="Not arrived"
    )
    for row in stuck:
        table.add_row(
            str(row.id),
            row.channel or "—",
            Lane(row.lane).name.lower(),
            row.state,
            str(row.tries),
            str(row.doubts),
            _in_china(row.created_at),
            _in_china(row.due_at),
            _why(row, now),
        )
    return table


def _why(row: Any, now: datetime) -> str:
    """The messenger's words, or what it waits for."""
    if row.reason or row.state != Sending.QUEUED:
        return row.reason or "on its way"
    if row.due_at > now:
        return "not due yet (quiet hours, or a later try)"
    return "due: does lianxin serve run?" if (now - row.due_at).total_seconds() > _LATE else "on its way"


_LATE = 300
"""Seconds: what is due for longer is hardly on its way."""


def _in_china(moment: datetime) -> str:
    return f"{moment.astimezone(CHINA):%m-%d %H:%M}"
