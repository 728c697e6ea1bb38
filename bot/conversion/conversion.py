"""Any file made to fit a messenger, aside from the event loop.

Files come from strangers and FFmpeg is written in C. So FFmpeg never guesses what a file is (a guess may end in a
playlist that opens other files), seconds, pixels and time are limited, and whatever goes wrong becomes a ConversionError.
"""

import asyncio
import math
import multiprocessing
import resource
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from typing import TypeVar

from bot.conversion.contract import Accepted, ConversionError, File
from bot.conversion.forms import PICTURES, SOUNDS

Made = TypeVar("Made")

PATIENCE = 90.0
"""Seconds for one file, waiting for others included. The longest that is let in takes a few."""
MEMORY = 2 << 30
"""Bytes of address space for one file, the libraries included."""

MAX_BYTES = 20 * 1024 * 1024
"""Nothing larger is looked at."""

_PLAYED_EVERYWHERE = Accepted(("audio/mpeg",), MAX_BYTES)
_HEARD_ANEW = Accepted(("audio/ogg",), MAX_BYTES)
_DRAWN_EVERYWHERE = Accepted(("image/jpeg",), MAX_BYTES)


async def as_accepted(content: bytes, mime: str, accepted: Accepted) -> list[File]:
    """The file as it is if it fits, else what was made of it; `mime` is told by `bot.media.kind_of`.

    A sound that is too long becomes several, equally long and in order: nothing is lost. A picture is turned as its
    camera said and becomes smaller until it fits; of a moving one the first image is left.

    Raises ConversionError: a film or paper that is not taken as it is, a broken file, a sound of more than
    10 minutes, a picture of more than 50 megapixels.
    """
    taken = mime in accepted.mimes and len(content) <= accepted.largest
    if taken and (mime not in SOUNDS or accepted.seconds == math.inf):
        return [File(mime, content)]
    if len(content) > MAX_BYTES:
        raise ConversionError(f"more than {MAX_BYTES} bytes")
    if mime in SOUNDS:
        return await _aside(partial(_sounds, content, mime, accepted))
    if mime in PICTURES:
        return [await _aside(partial(_picture, content, mime, accepted))]
    raise ConversionError(f"{mime or 'a file of unknown type'} is not taken")


async def storable(content: bytes, mime: str) -> File:
    """The file as it should be kept.

    AMR, which no browser plays, becomes MP3; HEIC, which few draw, JPEG; and an MP4 without a picture is a sound.
    What cannot be converted stays as it came, and so does every other file.
    """
    try:
        if mime in ("audio/amr", "audio/amr-wb"):
            [made] = await as_accepted(content, mime, _PLAYED_EVERYWHERE)
            return made
        if mime == "image/heic":
            [made] = await as_accepted(content, mime, _DRAWN_EVERYWHERE)
            return made
        if mime == "video/mp4" and await _aside(partial(_is_only_sound, content)):
            return File("audio/mp4", content)
    except ConversionError:
        pass
    return File(mime, content)


async def bare(content: bytes, mime: str) -> File:
    """The picture drawn anew, the sound recorded anew: nothing else that was in the file, such as place and camera.

    Raises ConversionError: a film or paper, a broken file, and what is too large or too long.
    """
    if mime in PICTURES:
        return await _aside(partial(_picture, content, mime, _DRAWN_EVERYWHERE))
    if mime in SOUNDS:
        again = _HEARD_ANEW if mime in _PLAYED_EVERYWHERE.mimes else _PLAYED_EVERYWHERE
        [made] = await _aside(partial(_sounds, content, mime, again))
        return made
    raise ConversionError("neither picture nor sound")


def _picture(content: bytes, mime: str, accepted: Accepted) -> File:
    from bot.conversion import picture  # noqa: PLC0415 - FFmpeg's 16 MB are loaded where it works, and nowhere else

    return picture.fitting(content, mime, accepted)


def _sounds(content: bytes, mime: str, accepted: Accepted) -> list[File]:
    from bot.conversion import sound  # noqa: PLC0415 - as above

    return sound.fitting(content, mime, accepted)


def _is_only_sound(content: bytes) -> bool:
    from bot.conversion import sound  # noqa: PLC0415 - as above

    return sound.is_only_sound(content)


async def _aside(make: Callable[[], Made]) -> Made:
    """Done in a process of its own: a file that makes FFmpeg crash, or work for ever, stops that process alone."""
    try:
        async with asyncio.timeout(PATIENCE):
            return await asyncio.get_running_loop().run_in_executor(_worker.pool(), make)
    except ConversionError:
        raise
    except (BrokenProcessPool, TimeoutError) as fault:
        _worker.replace()
        raise ConversionError(f"the file was too much: {type(fault).__name__}") from None
    except Exception as fault:  # noqa: BLE001 - no list of what a hostile file makes of FFmpeg is complete
        raise ConversionError(f"unreadable: {type(fault).__name__}") from None


class _Worker:
    """The one process that converts, started when it is first needed."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None

    def pool(self) -> ProcessPoolExecutor:
        if self._pool is None:
            context = multiprocessing.get_context("forkserver")
            self._pool = ProcessPoolExecutor(1, context, initializer=_limit_memory)
        return self._pool

    def replace(self) -> None:
        """End it whatever it does; the next file gets a new one."""
        pool, self._pool = self._pool, None
        if pool is not None:
            for process in list(pool._processes.values()):  # noqa: SLF001 - there is no other way to end one that works on
                process.kill()
            pool.shutdown(wait=False, cancel_futures=True)


_worker = _Worker()


def _limit_memory() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
