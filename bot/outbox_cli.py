"""`lianxin outbox`: what is stuck, and why. Neither names nor words are shown."""

from rich.console import Console
from rich.table import Table

from domain.delivery import Lane
from storage.database import DatabaseError, open_database
from storage.delivery import overview
from storage.migrate import is_current
from storage.probe import probe


async def show_outbox(url: str, limit: int, console: Console) -> None:
    """Print counts by messenger and state, then the newest rows that have not arrived.

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
            f"{row.created_at:%m-%d %H:%M}",
            f"{row.due_at:%m-%d %H:%M}",
            row.reason or "on its way",
        )
    console.print(table)
