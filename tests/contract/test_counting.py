"""Whoever asks for an area's figures holds up nobody: a reader counts them before anything is written."""

from collections.abc import Callable
from typing import Any

from bot.counting import Counted, Counting
from domain.reports.months import Month
from services.desk import Desk
from services.reports import counting
from services.tickets import filing
from storage.database import Tx
from tests.contract.village import CHANNEL, TOWNSHIP, VILLAGE, Village, who

MONTHS = [Month(2026, 11), Month(2026, 10)]


class Busy:
    """The village's database, at which a neighbour files something whenever a reader is about to look."""

    def __init__(self, village: Village) -> None:
        self._village = village
        self.run = village.database.run

    async def read(self, deed: Callable[[Tx], Any]) -> Any:
        await self._village.files("路灯不亮", by="neighbour")
        return await self._village.database.read(deed)


async def test_others_have_their_turns_while_it_is_counted(village: Village, look):
    def files_and_asks(tx: Tx, counted: Counted) -> list[int | None]:
        desk = Desk(tx, village.county, village.now, figures=counted)
        filing.file_ticket(
            desk, who(tx, "villager"), filing.Request("渠堵了", "饮水灌溉", None, VILLAGE, CHANNEL)
        )
        return [one.counts["filed"] for one in counting.of_area(desk, TOWNSHIP, MONTHS)]

    desks = Counting(Busy(village), village.county, village.clock)  # type: ignore[arg-type]
    assert await desks.run(files_and_asks) == [
        1,
        0,
    ]  # the neighbour's: her own was not stored before it was counted
    told = look("SELECT text, count(*) FROM ticket GROUP BY text ORDER BY 2")
    assert told == [("渠堵了", 1), ("路灯不亮", 2)]


async def test_who_counts_for_himself_needs_nobody(village: Village):
    await village.files()
    november, october = await village.do(counting.of_area, TOWNSHIP, MONTHS)
    assert (november.counts["filed"], october.counts["filed"]) == (1, 0)
