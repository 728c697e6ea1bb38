"""What comes from a messenger is kept in a form that everybody's messenger can show."""

import asyncio
import hashlib
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clearing import Clearing
from bot.media import MediaFetcher, MediaStore, kind_of
from domain.delivery import StoredFile
from domain.errors import Refusal
from domain.talk import Media
from storage import media
from storage.database import Database
from tests.contract.village import MONDAY
from tests.recordings import heard, heic, held, picture, voice

KEPT_AS = {
    "WeChat's voice": (voice("audio/amr"), "voice", "audio/mpeg"),
    "a broken voice": (b"#!AMR\nbroken", "voice", "audio/amr"),
    "Telegram's voice": (voice("audio/ogg"), "voice", "audio/ogg"),
    "Chrome's voice": (voice("audio/webm"), "voice", "audio/webm"),
    "Safari's voice": (voice("audio/mp4"), "voice", "audio/mp4"),
    "an MP3": (voice("audio/mpeg"), "voice", "audio/mpeg"),
    "an iPhone's picture": (heic(), "image", "image/jpeg"),
    "a picture": (picture("image/webp"), "image", "image/webp"),
}


@pytest.mark.parametrize("case", KEPT_AS)
async def test_what_is_kept_can_be_shown(tmp_path: Path, case: str) -> None:
    came, kind, mime = KEPT_AS[case]
    store = MediaStore(tmp_path)
    kept = await store.keep(came)
    content = store.path(kept.sha256).read_bytes()
    assert (kept.kind, kept.mime, kept.size) == (kind, mime, len(content))
    assert kept.sha256 == hashlib.sha256(content).hexdigest()
    assert kind_of(content)[1] == (mime if mime != "audio/mp4" else "video/mp4")
    if kind_of(came)[1] != kind_of(content)[1]:
        return
    if mime == "audio/mp4":  # without the name of what recorded it
        assert heard(content) == heard(came)
    else:
        assert content == came


async def test_where_a_picture_was_taken_is_not_kept(tmp_path: Path) -> None:
    kept = await MediaStore(tmp_path).keep(held(picture("image/jpeg"), 6, b"N34.16 E109.21"))
    content = MediaStore(tmp_path).path(kept.sha256).read_bytes()
    assert b"N34.16" not in content
    assert (kept.sha256, kept.size) == (hashlib.sha256(content).hexdigest(), len(content))


async def test_the_same_file_is_kept_once(tmp_path: Path) -> None:
    store = MediaStore(tmp_path)
    first = await store.keep(voice("audio/amr"))
    assert await store.keep(voice("audio/amr")) == first
    assert list(store.path(first.sha256).parent.iterdir()) == [store.path(first.sha256)]


@pytest.mark.parametrize("first", [b"\xff\xfb", b"\xff\xfa", b"\xff\xf3", b"\xff\xf2", b"ID3"])
def test_an_mp3_is_known_at_every_rate(first: bytes) -> None:
    assert kind_of(first + bytes(100)) == ("voice", "audio/mpeg")


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", bytes(11 * 1024 * 1024)])
async def test_what_is_no_picture_or_sound_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(Refusal):
        await MediaStore(tmp_path).keep(content)


class Messenger:
    """Gives one file, whatever is asked for."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    async def fetch(self, _ref: str) -> tuple[bytes, str]:
        return self.content, "audio/amr"


@pytest.mark.parametrize(
    ("content", "mime"), [(voice("audio/amr"), "audio/mpeg"), (b"#!AMR\n?", "audio/amr")]
)
async def test_a_fetched_voice_is_kept_as_mp3(
    database: Database, tmp_path: Path, content: bytes, mime: str
) -> None:
    [number] = await database.run(lambda tx: media.add(tx, "wechat", [Media("voice", "ref")], MONDAY))
    store = MediaStore(tmp_path)
    fetcher = MediaFetcher(database, {"wechat": Messenger(content)}, store)
    fetcher.start()

    files: list[StoredFile] = []
    async with asyncio.timeout(10):
        while not files:
            files, _ = await database.read(lambda tx: media.files(tx, [number]))
            await asyncio.sleep(0.02)
    await fetcher.close()
    [file] = files
    stored = store.path(file.sha256).read_bytes()
    assert (file.kind, file.mime, kind_of(stored)[1]) == ("voice", mime, mime)
    if mime == "audio/mpeg":
        assert heard(stored) == ("mp3float", pytest.approx(3, abs=0.2), 24_000, 1)


class Faulty:
    """What makes our own files, with a fault in it."""

    async def fetch(self, _ref: str) -> tuple[bytes, str]:
        raise ValueError("no such font")


async def test_a_fault_of_ours_is_not_met_for_ever(database: Database, tmp_path: Path) -> None:
    [number] = await database.run(lambda tx: media.add(tx, "made", [Media("image", "chart")], MONDAY))
    fetcher = MediaFetcher(database, {}, MediaStore(tmp_path), own={"made": Faulty()})
    fetcher.start()
    coming = True
    async with asyncio.timeout(10):
        while coming:
            fetcher.wake()
            await asyncio.sleep(0.02)
            _, coming = await database.read(lambda tx: media.files(tx, [number]))
    await fetcher.close()
    assert await database.read(media.counts) == {"lost": 1}


async def test_what_was_made_for_the_chat_is_removed_after_thirty_days(
    database: Database, tmp_path: Path
) -> None:
    store, now = MediaStore(tmp_path), MONDAY
    kept = {
        name: await store.keep_own(name.encode(), "image/png", "image")
        for name in ("surveys", "reports", "web")
    }
    for name, file in kept.items():
        await database.run(lambda tx, name=name, file=file: media.add(tx, name, [file], MONDAY))  # type: ignore[misc]
    clearing = Clearing(database, store, lambda: now)
    assert await clearing.clear() == 0
    now = MONDAY + timedelta(days=31)
    assert await clearing.clear() == 2
    assert [name for name, file in kept.items() if store.path(file.sha256).exists()] == ["web"]


async def test_what_a_messenger_claims_of_a_file_is_not_believed(database: Database) -> None:
    film = Media("video", "ref", mime="video/" + "x" * 200, size=4 << 30)  # both are its sender's to choose
    [number] = await database.run(lambda tx: media.add(tx, "telegram", [film], MONDAY))
    assert [one.id for one in await database.read(lambda tx: media.pending(tx, 5))] == [number]
