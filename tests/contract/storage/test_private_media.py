"""Pictures of private talks: an upload is overwritten when it is sealed, and never while another one waits for it."""

from datetime import UTC, datetime

from domain.talk import Media
from storage import ballots, media, private_media
from storage.database import Database, Tx
from storage.private_media import Found

NOW = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
BOX, FILE = "survey-7", "ab" * 32


async def test_the_same_picture_sent_twice_is_sealed_twice(database: Database) -> None:
    def sent(tx: Tx) -> list[int]:
        ballots.make_box(tx, BOX)
        both = media.add(tx, "web", [Media("image", sha256=FILE, mime="image/jpeg", size=3)] * 2, NOW)
        private_media.hide(tx, both, BOX)
        return both

    def seals(tx: Tx, attachment: int) -> bool:
        private_media.keep(tx, attachment, BOX, Found("image", "image/jpeg", b"abc"))
        return private_media.is_elsewhere(tx, FILE)

    first, second = await database.run(sent)
    assert await database.run(lambda tx: seals(tx, first))
    assert not await database.run(lambda tx: seals(tx, second))
