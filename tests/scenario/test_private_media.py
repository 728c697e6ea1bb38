"""A picture in an anonymous survey: nothing of it can be read before closing, and nothing leads from it to its sender."""

import asyncio
import time
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from domain.flow import Ask, Done
from domain.talk import Reply
from handlers import reception
from handlers.engine import Talk
from services.surveys import ballots
from storage import schema
from tests.databases import new_sqlite, second_look
from tests.recordings import picture
from tests.scenario.world import COUNTY, World, world

SURVEY = 1
_EXIF = b"Exif\0\0MM\0*\0\0\0\x08\0\0 shot by a camera at a place"
PHOTO = picture("image/jpeg")
PHOTO = PHOTO[:2] + b"\xff\xe1" + (len(_EXIF) + 2).to_bytes(2) + _EXIF + PHOTO[2:]
FORM = {"questions": [{"name": "photo", "kind": "image"}]}


class Slip:
    @staticmethod
    def ask(draft: dict[str, Any]) -> Ask | Done:
        return Done() if "photo" in draft else Ask("photo", "拍一张", read=lambda answer: answer.media[0])


def _is_filled_in(scene: Any, draft: dict[str, Any]) -> list[Reply]:
    ballots.cast(scene.desk, SURVEY, scene.person, {"photo": str(draft["photo"])}, scene.account.channel)
    return [Reply("收到了")]


@pytest.fixture(autouse=True)
def slips(monkeypatch: pytest.MonkeyPatch) -> None:
    talk = Talk(lambda _: Slip(), _is_filled_in, private=lambda _draft: ballots.box_of(SURVEY))
    monkeypatch.setitem(reception.ENGINE._talks, "slip", talk)
    ordinary = reception._at_rest

    def at_rest(scene: Any) -> list[Reply]:
        return reception.ENGINE.begin(scene, "slip") if scene.text == "填表" else ordinary(scene)

    monkeypatch.setattr(reception, "_at_rest", at_rest)


def _opens(desk: Any) -> None:
    values = {"id": SURVEY, "name": "q", "title": "用水", "form": FORM, "sheet": b"", "anonymous": True}
    desk.tx.execute(
        sa.insert(schema.survey), values | {"state": "open", "area": COUNTY, "created_at": desk.now}
    )
    ballots.open_box(desk, SURVEY)


def _closes(desk: Any) -> None:
    desk.tx.execute(sa.update(schema.survey).values(state="closed", closed_at=desk.now))


async def _until(url: str, query: str, wanted: list[tuple[Any, ...]]) -> None:
    until = time.monotonic() + 20
    while second_look(url, query) != wanted:
        assert time.monotonic() < until, second_look(url, query)
        await asyncio.sleep(0.05)


def _files(county: World) -> list[bytes]:
    return [path.read_bytes() for path in county.service.store.root.rglob("*") if path.is_file()]


@pytest.mark.parametrize("channel", ["web", "telegram-webhook"])
async def test_a_picture_of_an_anonymous_answer(channel: str, tmp_path: Path, sqlite_template: str):
    url = new_sqlite(tmp_path, sqlite_template)
    async with world(channel, url, tmp_path) as county:
        await county.service.run(_opens)
        her = await county.villager()
        await her.says("填表")
        await her.sees("拍一张")
        await her.sends_photo(PHOTO)
        await her.sees("收到了")
        await _until(url, "SELECT state FROM attachment", [("stored",)])
        county.service.fetcher.wake()
        await _until(url, "SELECT count(*) FROM attachment WHERE ref <> '' OR sha256 <> ''", [(0,)])
        assert second_look(url, "SELECT kind, mime, size FROM attachment") == [("file", "", 0)]
        length = second_look(url, "SELECT length(content) FROM sealed_file")[0][0]
        assert length == 64 * 1024 + 28
        assert _files(county) == []

        [before] = second_look(url, "SELECT id FROM attachment")
        await county.service.run(_closes)
        await county.service.run(lambda desk: ballots.release(desk, SURVEY))
        county.service.fetcher.wake()
        await _until(url, "SELECT state FROM attachment", [("stored",)])
        [(number, of_channel, ref, at)] = second_look(
            url, "SELECT id, channel, ref, created_at FROM attachment"
        )
        assert (number != before[0], of_channel, ref, str(at)[:19]) == (
            True,
            "ballot",
            "",
            "2026-11-01 16:00:00",
        )
        answers = second_look(url, sa.select(schema.survey_answer.c.answers))
        assert answers == [({"photo": str(number)},)]
        [file] = _files(county)
        assert b"shot by" not in file
        assert second_look(url, "SELECT count(*) FROM sealed_file") == [(0,)]


async def test_words_to_a_survey_whose_key_is_dead_become_nothing(tmp_path: Path, sqlite_template: str):
    url = new_sqlite(tmp_path, sqlite_template)
    async with world("web", url, tmp_path) as county:
        await county.service.run(_opens)
        her = await county.villager()
        await her.says("填表")
        await her.sees("拍一张")
        await county.service.run(_closes)
        await county.service.run(lambda desk: ballots.release(desk, SURVEY))
        assert await county.service.burying.bury() == 1
        await her.says("渠堵了三个月")
        await her.sees("匿名填写已结束，这句话没有保存")
        assert second_look(url, "SELECT count(*) FROM web_message WHERE text LIKE '%三个月%'") == [(0,)]
        await her.says("渠堵了三个月")
        await her.sees("对吗")
