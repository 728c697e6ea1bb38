"""Any file made to fit a messenger, aside from the event loop.

Files come from strangers and FFmpeg is written in C. So FFmpeg never guesses what a file is (a guess may end in a
playlist that opens other files), seconds, pixels and time are limited, and whatever goes wrong becomes a ConversionError.
"""

import asyncio
import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from bot.conversion import picture, sound
from bot.conversion.contract import Accepted, ConversionError, File

Made = TypeVar("Made")

_THREADS = ThreadPoolExecutor(2, thread_name_prefix="conversion")
"""Two files at a time, so that memory has a bound. While FFmpeg works, other threads run."""

MAX_BYTES = 20 * 1024 * 1024
"""Nothing larger is looked at."""

_PLAYED_EVERYWHERE = Accepted(("audio/mpeg",), MAX_BYTES)
_DRAWN_EVERYWHERE = Accepted(("image/jpeg",), MAX_BYTES)


async def as_accepted(content: bytes, mime: str, accepted: Accepted) -> list[File]:
    """The file as it is if it fits, else what was made of it; `mime` is told by `bot.media.kind_of`.

    A sound that is too long becomes several, equally long and in order: nothing is lost. A picture is turned as its
    camera said and becomes smaller until it fits; of a moving one the first image is left.

    Raises ConversionError: a film or paper that is not taken as it is, a broken file, a sound of more than
    10 minutes, a picture of more than 50 megapixels.
    """
    taken = mime in accepted.mimes and len(content) <= accepted.largest
    if taken and (mime not in sound.READABLE or accepted.seconds == math.inf):
        return [File(mime, content)]
    if len(content) > MAX_BYTES:
        raise ConversionError(f"more than {MAX_BYTES} bytes")
    if mime in sound.READABLE:
        return await _aside(partial(sound.fitting, content, mime, accepted))
    if mime in picture.READABLE:
        return [await _aside(partial(picture.fitting, content, mime, accepted))]
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
        if mime == "video/mp4" and await _aside(partial(sound.is_only_sound, content)):
            return File("audio/mp4", content)
    except ConversionError:
        pass
    return File(mime, content)


async def _aside(make: Callable[[], Made]) -> Made:
    try:
        return await asyncio.get_running_loop().run_in_executor(_THREADS, make)
    except ConversionError:
        raise
    except Exception as fault:  # noqa: BLE001 - no list of what a hostile file makes of FFmpeg is complete
        raise ConversionError(f"unreadable: {type(fault).__name__}") from None
