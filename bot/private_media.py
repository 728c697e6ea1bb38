"""Pictures and sounds of private talks: fetched, made bare of what a camera wrote into them, and sealed.

Those that came out of a box when it was opened become files like any other.
"""

import asyncio
from collections.abc import Mapping
from pathlib import Path

from bot.channels.contract import Channel, MediaGoneError
from bot.conversion import ConversionError, bare
from bot.media import MediaStore, kind_of
from storage import media, private_media
from storage.database import Database, Tx
from storage.media import Wanted
from storage.private_media import RELEASED, Found, Source


class PrivateMedia:
    """Fetches for `MediaFetcher` what must not lie about as a file."""

    def __init__(self, database: Database, channels: Mapping[str, Channel], store: MediaStore) -> None:
        self._database = database
        self._channels = channels
        self._store = store

    async def fetch(self, wanted: Wanted) -> None:
        """Raises as a channel's `fetch` and `MediaStore.keep` do."""
        if wanted.channel == RELEASED:
            await self._becomes_a_file(wanted)
        else:
            await self._is_sealed(wanted)

    async def _is_sealed(self, wanted: Wanted) -> None:
        where = await self._database.read(lambda tx: private_media.source(tx, wanted.id, wanted.private))
        if where is None:
            raise MediaGoneError("the key of its talk is gone")
        data = await self._bytes(wanted, where)
        _, mime = kind_of(data)
        try:
            made = await bare(data, mime)
        except ConversionError:
            raise MediaGoneError("it cannot be made bare") from None
        kind, mime = kind_of(made.content)
        found = Found(kind, mime, made.content)
        await self._database.run(lambda tx: private_media.keep(tx, wanted.id, wanted.private, found))
        if where.sha256:
            await self._forget_upload(where.sha256)

    async def _bytes(self, wanted: Wanted, where: Source) -> bytes:
        if where.sha256:
            return await asyncio.to_thread(self._store.path(where.sha256).read_bytes)
        channel = self._channels.get(wanted.channel)
        if channel is None:
            raise MediaGoneError("its messenger is switched off")
        data, _ = await channel.fetch(where.ref)
        return data

    async def _forget_upload(self, sha256: str) -> None:
        """The page's upload was a file before its turn began. Somebody else may have sent the same, not privately."""
        if not await self._database.read(lambda tx: private_media.is_elsewhere(tx, sha256)):
            await asyncio.to_thread(_overwrite, self._store.path(sha256))

    async def _becomes_a_file(self, wanted: Wanted) -> None:
        found = await self._database.read(lambda tx: private_media.released(tx, wanted.id))
        if found is None:
            raise MediaGoneError("its bytes are gone")
        kept = await self._store.keep(found.content)

        def stored(tx: Tx) -> None:
            media.stored(tx, wanted.id, kept.sha256, kept.mime, kept.size)
            private_media.has_become_a_file(tx, wanted.id)

        await self._database.run(stored)


def _overwrite(path: Path) -> None:
    if path.exists():
        with path.open("r+b") as file:
            file.write(bytes(path.stat().st_size))
        path.unlink()
