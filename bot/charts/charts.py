"""Charts drawn aside: matplotlib is large, and is gone again with the process that used it."""

import asyncio
import multiprocessing
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial

from bot.charts.blocks import Block
from bot.charts.fonts import chinese_font

PATIENCE = 90.0
"""Seconds for all pictures of a survey. The first after an installation looks through the system's fonts."""
_ROOM = 60
"""Lines on one picture: long ones are scrolled, but no messenger takes more than 10 000 pixels of width and height."""
_TITLE_ROOM = 3
"""What a title takes, in lines."""


class ChartError(Exception):
    """Nothing can be drawn; the message says why, for an operator."""


def pages(blocks: Sequence[Block]) -> list[list[Block]]:
    """The blocks, put on as few pictures as messengers take."""
    made: list[list[Block]] = []
    left = 0
    for block in blocks:
        room = len(block.lines) + _TITLE_ROOM
        if room > left:
            made.append([])
            left = _ROOM
        made[-1].append(block)
        left -= room
    return made


async def draw(title: str, pictures: Sequence[Sequence[Block]]) -> list[bytes]:
    """A PNG for each list of blocks. Raises ChartError, as where no font with Chinese characters is installed."""
    font = await asyncio.to_thread(chinese_font)
    if font is None:
        raise ChartError("no font with Chinese characters: install fonts-noto-cjk")
    from bot.charts.drawing import draw_all  # noqa: PLC0415  the process that draws imports what it needs

    pool = ProcessPoolExecutor(1, multiprocessing.get_context("forkserver"))
    try:
        async with asyncio.timeout(PATIENCE):
            work = partial(draw_all, str(font), title, [list(blocks) for blocks in pictures])
            return await asyncio.get_running_loop().run_in_executor(pool, work)
    except (BrokenProcessPool, TimeoutError) as fault:
        for process in list(pool._processes.values()):  # noqa: SLF001  there is no other way to end one that works on
            process.kill()
        raise ChartError(f"the charts were too much: {type(fault).__name__}") from None
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
