"""Pictures and sounds between people on different messengers, each of which takes other kinds of files."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from domain.talk import Reply
from services.delivery import tell
from services.desk import Desk
from storage import media
from tests.contract.messengers.looking import Outbox, is_told, person_id, person_of, shown, until
from tests.databases import second_look
from tests.recordings import heard, picture, pitch, seen, voice
from tests.scenario.people import OnTelegram, OnTencent, OnWeb, Someone
from tests.scenario.world import World, world

CHANNELS = {"wechat": "wechat-safe", "wecom": "wecom", "telegram": "telegram-webhook", "web": "web"}
PAIRS = [(one, other) for one in CHANNELS for other in CHANNELS if one != other]
JPEG, OGG, AMR = picture("image/jpeg"), voice("audio/ogg"), voice("audio/amr")
MP4 = b"\0\0\0\x18ftypmp42" + bytes(1000)
LOST = "（有的图片或语音没收到，请对方再发）"
LEFT_OUT = "（有的图片、语音、视频或表格这里发不了）"


async def files_of(person: Someone, county: World) -> list[bytes]:
    """The bytes of all pictures and sounds on somebody's screen."""
    if isinstance(person, OnTencent):
        return [one.media for one in person_of(person).messages if one.media]
    if isinstance(person, OnTelegram):
        return [one.media for one in county.telegram.chat(person._user.id).messages if one.media]
    assert isinstance(person, OnWeb)
    address = f"{county.base}/chat/api/messages?after=0"
    async with county.http.get(address, headers=person._headers) as response:
        said = (await response.json())["messages"]
    found = []
    for one in [file for message in said if message["from"] == "bot" for file in message["media"]]:
        async with county.http.get(f"{county.base}{one['url']}") as response:
            assert response.status == 200
            found.append(await response.read())
    return found


async def has(person: Someone, county: World, count: int) -> list[bytes]:
    async with asyncio.timeout(8):
        while len(found := await files_of(person, county)) < count:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    assert len(found) == count
    return found


@pytest.mark.parametrize(("sender", "receiver"), PAIRS)
async def test_a_photo_and_a_voice_arrive(sender: str, receiver: str, url: str, tmp_path: Path) -> None:
    async with world(f"{CHANNELS[sender]}+{CHANNELS[receiver]}", url, tmp_path) as county:
        cadre = await county.worker("cadre", on=receiver)
        villager = await county.villager(on=sender)
        await villager.sends_photo(JPEG)
        await villager.sees("图片或语音")
        await villager.says("1")
        await cadre.sees("1号")
        [photo] = await has(cadre, county, 1)
        assert seen(photo) == seen(JPEG)
        await villager.sends_voice(OGG)
        await villager.sees("图片或语音")
        await villager.says("1")
        await cadre.sees("2号")
        _, sound = await has(cadre, county, 2)
        assert abs(pitch(sound) - 440) < 10
        assert abs(heard(sound)[1] - 3) < 0.3


async def tells_with(county: World, her: Any, text: str, *contents: bytes) -> None:
    """She is told something with files that the service has."""
    person = await person_id(county, her)
    kept = [await county.service.store.keep(content) for content in contents]

    def deed(desk: Desk) -> None:
        tell(desk, person, Reply(text, (), tuple(media.add(desk.tx, "web", kept, desk.now))), urgent=True)

    await county.service.run(deed)


async def test_a_video_towards_wechat_becomes_words(safe: World, outbox: Outbox) -> None:
    her = await safe.villager()
    await tells_with(safe, her, "看这段", MP4)
    await until(lambda: shown(her, f"看这段{LEFT_OUT}"))
    await outbox.settles()
    assert await files_of(her, safe) == []


async def test_a_video_towards_wecom_is_one(wecom: World) -> None:
    her = await wecom.villager()
    await tells_with(wecom, her, "看这段", MP4)
    assert await has(her, wecom, 1) == [MP4]


async def test_a_video_from_wechat_reaches_the_web(url: str, tmp_path: Path) -> None:
    """WeChat gives only its address."""
    async with world("wechat-safe+web", url, tmp_path) as county:
        cadre, her = await county.worker("cadre", on="web"), await county.villager(on="wechat")
        await her.follower.sends_video(MP4)
        await her.says("1")
        await cadre.sees("1号")
        assert await has(cadre, county, 1) == [MP4]


async def test_nine_photos_from_the_web_fill_one_window_of_a_wechat_villager(
    url: str, tmp_path: Path
) -> None:
    outbox = Outbox(url)
    async with world("wechat-safe+web", url, tmp_path) as county:
        cadre, her = await county.worker("cadre", on="web"), await county.villager(on="wechat")
        await her.says("渠堵了")
        await her.says("1")
        await cadre.sees("渠堵了")
        await cadre.taps("签收")
        await her.sees("由张建国接了")
        await county.later(minutes=2)
        await her.says("帮助")
        before = her.follower.sends
        await cadre.taps("留言")
        await cadre.sees("想跟群众说什么")
        form = aiohttp.FormData({"id": "nine", "text": "您看"})
        for number in range(9):
            form.add_field("file", picture("image/jpeg", 320 + number), filename=f"{number}.jpg")
        await cadre._post(data=form)
        await until(lambda: shown(her, LEFT_OUT))
        await outbox.settles()
        assert len(await files_of(her, county)) == 4
        assert her.follower.sends - before == 5
        assert not her.follower.windows.left
        await her.says("9")
        assert outbox.count("state IN ('held', 'failed', 'uncertain')") == 0


async def test_photos_with_many_words_fit_into_one_window_too(safe: World, outbox: Outbox) -> None:
    """Else they would need more than there ever is, and wait for ever."""
    her = await safe.villager()
    await safe.later(minutes=2)
    await her.says("帮助")
    await tells_with(safe, her, "长" * 1000, *(picture("image/jpeg", 320 + number) for number in range(4)))
    await outbox.settles()
    assert outbox.count("state <> 'sent'") == 0
    assert len(await files_of(her, safe)) == 3
    assert "".join(her.follower.texts).endswith("长" * 1000 + LEFT_OUT)
    assert not her.follower.windows.left


@pytest.mark.parametrize("channel", ["wechat-safe", "wecom"])
async def test_a_file_that_the_platform_keeps_no_more_is_said_to_be_lost(
    channel: str, url: str, tmp_path: Path
) -> None:
    async with world(f"{channel}+web", url, tmp_path) as county:
        name = channel.partition("-")[0]
        cadre, her = await county.worker("cadre", on="web"), await county.villager(on=name)
        server = getattr(county, name)
        gone = server.media.keep("image", JPEG)
        server.media._kept[gone.media_id] = replace(gone, made=gone.made - timedelta(days=3))
        await person_of(her)._message("image", PicUrl="http://u", MediaId=gone.media_id)
        await her.says("1")
        card = await cadre.sees("1号")
        assert LOST in card.text
        assert card.media == 0
        assert second_look(url, "SELECT state FROM attachment") == [("lost",)]


async def test_a_file_that_is_too_large_is_said_to_be_lost(url: str, tmp_path: Path) -> None:
    async with world("wechat-safe+web", url, tmp_path) as county:
        cadre, her = await county.worker("cadre", on="web"), await county.villager(on="wechat")
        await her.sends_photo(JPEG + bytes(21 * 1024 * 1024))
        await her.says("1")
        assert LOST in (await cadre.sees("1号")).text


async def test_a_file_that_cannot_be_fetched_now_is_fetched_later(url: str, tmp_path: Path) -> None:
    async with world("wechat-safe+web", url, tmp_path) as county:
        cadre, her = await county.worker("cadre", on="web"), await county.villager(on="wechat")
        county.wechat.fail_next("media/get", errcode=-1)
        county.wechat.fail_next("media/get", status=502)
        await her.sends_photo(JPEG)
        await until(lambda: county.wechat.calls["/cgi-bin/media/get"] == 1)
        for calls in (2, 3):
            county.service.fetcher.wake()
            await until(lambda calls=calls: county.wechat.calls["/cgi-bin/media/get"] == calls)
        await her.says("1")
        assert (await cadre.sees("1号")).media == 1


@pytest.mark.parametrize(
    "fault", [{"errcode": -1}, {"drop": "before"}, {"drop": "after"}, {"errcode": 40001}]
)
async def test_an_upload_that_fails_costs_no_send_and_is_made_again(
    safe: World, outbox: Outbox, fault: dict[str, Any]
) -> None:
    her = await safe.villager()
    before = her.follower.windows.left
    safe.wechat.fail_next("media/upload", **fault)
    await tells_with(safe, her, "这张图", JPEG)
    await until(
        lambda: (
            outbox.rows("tries", "text = '这张图'")[0][0]
            or outbox.count("state = 'sent' AND text = '这张图'")
        )
    )
    safe.time.now += timedelta(seconds=5)
    safe.service.delivery.wake()
    await until(lambda: shown(her, "这张图") == 1)
    await outbox.settles()
    assert len(await files_of(her, safe)) == 1
    assert before - her.follower.windows.left == 2
    assert outbox.rows("doubts", "text = '这张图'") == [(0,)]


async def test_words_behind_a_picture_keep_their_order(safe: World, outbox: Outbox) -> None:
    her = await safe.villager()
    await tells_with(safe, her, "先看图", JPEG)
    await is_told(safe, her, "再听我说")
    await outbox.settles()
    assert her.follower.texts[-3:] == ["", "先看图", "再听我说"]
