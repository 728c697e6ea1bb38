"""What staff want in the chat and what takes a while: reading spreadsheets, counting people. Nobody waits for it."""

import asyncio
import logging
import multiprocessing
import resource
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import date

from bot.media import MediaStore
from bot.rounds import Doing, Rounds
from domain.delivery import CHINA
from services.surveys import incoming, previews
from services.surveys.incoming import Read
from storage.survey_previews import Wanted
from storage.survey_sheets import Sheet

log = logging.getLogger(__name__)

PATIENCE = 60.0
"""Seconds for one spreadsheet, the start of the process included."""
MEMORY = 2 << 30
"""Bytes of address space of the process."""
LOOK = 1.0
"""Seconds between two looks for something to do."""
_TOO_MUCH = Read(None, ("表格太复杂，读不下来，请分成几份",))


class Errands(Rounds):
    """Does one after the other, and tells whoever wanted it what came of it."""

    def __init__(self, do: Doing, look: Doing, store: MediaStore) -> None:
        """`do` may write, `look` only reads."""
        self._do = do
        self._look = look
        self._store = store
        super().__init__(self._do_all, LOOK, "an errand of staff could not be done")

    async def _do_all(self) -> None:
        for sheet in await self._look(incoming.come):
            await self._take_in(sheet)
        for wanted in await self._look(previews.wanted):
            await self._count(wanted)

    async def _take_in(self, sheet: Sheet) -> None:
        data = await self._data(sheet)
        today = await self._look(lambda desk: desk.now.astimezone(CHINA).date())
        read = await read_aside(data, sheet.name, today) if data else None
        await self._do(lambda desk: incoming.take_in(desk, sheet, read, data))

    async def _count(self, wanted: Wanted) -> None:
        counted = await self._look(lambda desk: previews.count(desk, wanted.audience))
        await self._do(lambda desk: previews.tell(desk, wanted, counted))

    async def _data(self, sheet: Sheet) -> bytes:
        """Its bytes; none if it never came, or is not here any more."""
        if not sheet.sha256:
            return b""
        try:
            return await asyncio.to_thread(self._store.path(sheet.sha256).read_bytes)
        except FileNotFoundError:
            return b""


async def read_aside(data: bytes, name: str, today: date) -> Read:
    """Read a spreadsheet in a process that ends with it: one that never comes to an end stops that alone."""
    pool = ProcessPoolExecutor(1, multiprocessing.get_context("forkserver"), initializer=_limit_memory)
    try:
        async with asyncio.timeout(PATIENCE):
            return await asyncio.get_running_loop().run_in_executor(pool, _read, data, name, today)
    except (BrokenProcessPool, MemoryError, TimeoutError) as fault:
        log.warning("a spreadsheet was too much: %s", type(fault).__name__)
        for process in list(pool._processes.values()):  # noqa: SLF001  there is no other way to end one that works on
            process.kill()
        return _TOO_MUCH
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _limit_memory() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def _read(data: bytes, name: str, today: date) -> Read:
    # The process that reads imports what it needs.
    from services.banks import reading as banks  # noqa: PLC0415
    from services.surveys.problems import place_and_reason  # noqa: PLC0415
    from services.surveys.xlsform import check_form  # noqa: PLC0415

    bank = banks.read(data, name, today)
    if bank is not None:
        return Read(None, bank.problems, bank=None if bank.problems else bank)
    checked = check_form(data, name)
    problems = tuple(place_and_reason(one) for one in checked.problems)
    return Read(checked.form, problems, checked.left_out)
