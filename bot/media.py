"""Pictures and sounds: checked, kept as files named by their SHA-256, fetched from messengers after the turn."""

import asyncio
import hashlib
import logging
import os
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from bot.channels.contract import Channel, MediaGoneError
from bot.conversion import storable, stripped
from bot.rounds import Rounds
from domain.errors import Refusal
from domain.talk import Media, MediaKind
from services.surveys.incoming import MAX_BYTES as MAX_SHEET_BYTES
from services.surveys.incoming import sheet_mime
from storage import media
from storage.database import Database, UnavailableError
from storage.private_media import RELEASED

log = logging.getLogger(__name__)

MAX_BYTES = 10 * 1024 * 1024
MAX_TRIES = 8

_MAGIC: tuple[tuple[int, bytes, MediaKind, str], ...] = (
    (0, b"\xff\xd8\xff", "image", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image", "image/png"),
    (0, b"GIF8", "image", "image/gif"),
    (8, b"WEBP", "image", "image/webp"),
    (4, b"ftypheic", "image", "image/heic"),
    (4, b"ftypmif1", "image", "image/heic"),
    (0, b"OggS", "voice", "audio/ogg"),
    (0, b"#!AMR-WB", "voice", "audio/amr-wb"),
    (0, b"#!AMR", "voice", "audio/amr"),
    (0, b"ID3", "voice", "audio/mpeg"),
    (0, b"\xff\xfb", "voice", "audio/mpeg"),
    (0, b"\xff\xfa", "voice", "audio/mpeg"),
    (0, b"\xff\xf3", "voice", "audio/mpeg"),
    (0, b"\xff\xf2", "voice", "audio/mpeg"),
    (4, b"ftypM4A", "voice", "audio/mp4"),
    (8, b"WAVE", "voice", "audio/wav"),
    (0, b"\x1a\x45\xdf\xa3", "voice", "audio/webm"),
    (4, b"ftyp", "video", "video/mp4"),
)


def kind_of(data: bytes) -> tuple[MediaKind, str]:
    """Kind and MIME type by the file's first bytes: names and headers are not believed.

    Raises Refusal for anything that is no picture, sound or short film.
    """
    for offset, magic, kind, mime in _MAGIC:
        if data[offset : offset + len(magic)] == magic:
            return kind, mime
    raise Refusal("这种文件收不了，请发照片或语音。")


class MediaStore:
    """Files under `root`, named by their SHA-256: `ab/abcdef…`. The same bytes are kept once."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, sha256: str) -> Path:
        return self.root / sha256[:2] / sha256

    async def keep(self, data: bytes) -> Media:
        """Check and keep a file, in a form that browsers play and draw (`bot.conversion.storable`), and without what a
        camera wrote beside the picture (`bot.conversion.stripped`).

        Raises Refusal when it is too large, empty or of an unknown kind.
        Raises OSError, and leaves nothing behind, when it cannot be written (a full disk, say).
        """
        if not data:
            raise Refusal("收到的文件是空的，请再发一次。")
        if len(data) > MAX_BYTES:
            raise Refusal(f"文件太大了，请发{MAX_BYTES // 1024 // 1024}兆以内的。")
        kind, mime = kind_of(data)
        mime, data = await storable(data, mime)
        data = await asyncio.to_thread(stripped, data, mime)
        return await self.keep_own(data, mime, "voice" if mime.startswith("audio/") else kind)

    async def keep_sheet(self, data: bytes, name: str) -> Media:
        """Keep a survey's spreadsheet, which only staff may send. Raises Refusal and OSError as `keep` does."""
        if len(data) > MAX_SHEET_BYTES:
            raise Refusal(f"表格太大了，请发{MAX_SHEET_BYTES // 1024 // 1024}兆以内的。")
        mime = sheet_mime(data, name)
        if mime is None:
            raise Refusal("这不是表格，请发XLSX或CSV。")
        return replace(await self.keep_own(data, mime, "file"), name=name)

    async def keep_own(self, data: bytes, mime: str, kind: MediaKind) -> Media:
        """Keep a file as it is: one that was checked, or that we have made. Raises OSError as `keep` does."""
        sha256 = await asyncio.to_thread(self._written, data)
        return Media(kind, sha256=sha256, mime=mime, size=len(data))

    def _written(self, data: bytes) -> str:
        sha256 = hashlib.sha256(data).hexdigest()
        _write_once(self.path(sha256), data)
        return sha256


def _write_once(path: Path, data: bytes) -> None:
    """The file appears when all of it is on the disk, or not at all."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


class Source(Protocol):
    """Whatever gives files by a handle."""

    async def fetch(self, ref: str) -> tuple[bytes, str]:
        """Bytes and MIME type; raises as a channel's `fetch` does."""
        ...


class MediaFetcher(Rounds):
    """Fetches what came by reference as soon as its turn is committed, and what an earlier process left."""

    def __init__(
        self,
        database: Database,
        channels: Mapping[str, Channel],
        store: MediaStore,
        came: Callable[[], None] = lambda: None,
        own: Mapping[str, Source] | None = None,
        private: Callable[[media.Wanted], Awaitable[None]] | None = None,
    ) -> None:
        """`came`: told whenever a file has come, or never will.

        own: what makes files of ours, by name. `private`: fetches what came in private talks.
        """
        self._private = private
        self._came = came
        self._own = own or {}
        self._database = database
        self._channels = channels
        self._store = store
        super().__init__(self._fetch_all, 60.0, "attachments could not be fetched")

    async def _fetch_all(self) -> bool:
        wanted = await self._database.read(lambda tx: media.pending(tx, 50))
        await asyncio.gather(*(self._fetch_and_tell(one) for one in wanted))
        return bool(wanted)

    async def _fetch_and_tell(self, wanted: media.Wanted) -> None:
        await self._fetch(wanted)
        self._came()

    async def _fetch(self, wanted: media.Wanted) -> None:
        try:
            await self._fetch_once(wanted)
        except (MediaGoneError, Refusal) as error:
            await self._missed(wanted, type(error).__name__, lost=True)
        except UnavailableError:
            raise
        except Exception as error:
            if not isinstance(error, OSError):
                log.exception("attachment %d: a fault of ours", wanted.id)
            await self._missed(wanted, type(error).__name__, lost=wanted.tries + 1 >= MAX_TRIES)

    async def _fetch_once(self, wanted: media.Wanted) -> None:
        if self._private is not None and (wanted.private or wanted.channel == RELEASED):
            await self._private(wanted)
            return
        kept = await self._kept(wanted)
        await self._database.run(lambda tx: media.stored(tx, wanted.id, kept.sha256, kept.mime, kept.size))

    async def _kept(self, wanted: media.Wanted) -> Media:
        if wanted.channel in self._own:
            data, mime = await self._own[wanted.channel].fetch(wanted.ref)
            return await self._store.keep_own(data, mime, "image" if mime.startswith("image/") else "file")
        if wanted.channel not in self._channels:
            raise MediaGoneError("its messenger is switched off")
        data, _ = await self._channels[wanted.channel].fetch(wanted.ref)
        if wanted.sheet is not None:
            return await self._store.keep_sheet(data, wanted.sheet)
        return await self._store.keep(data)

    async def _missed(self, wanted: media.Wanted, why: str, *, lost: bool) -> None:
        log.warning("attachment %d could not be fetched: %s%s", wanted.id, why, ", given up" if lost else "")
        await self._database.run(lambda tx: media.missed(tx, wanted.id, lost=lost))
