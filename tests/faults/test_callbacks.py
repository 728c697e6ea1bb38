"""The callback addresses of WeChat and WeCom on a bad day: nonsense, far too much, and only the half of it."""

import asyncio
import random
from pathlib import Path

import pytest

from bot.channels.tencent import receiving
from bot.channels.tencent.markup import MAX_BYTES
from tests.faults.pelting import pelted
from tests.scenario.world import World, world
from tests.standins.tencent import xml


@pytest.mark.parametrize("mode", ["plain", "safe"])
async def test_nonsense_is_answered_and_done_with(mode: str, tmp_path: Path, sqlite_template: str) -> None:
    async with pelted(tmp_path, mode, sqlite_template) as service:
        statuses = await service.pelt(random.Random(7), 900)
        await service.check()
    assert statuses[200] > 300 < statuses[403] * 2


@pytest.fixture(params=["wechat-plain", "wechat-safe", "wecom"])
async def county(request: pytest.FixtureRequest, tmp_path: Path, sqlite_url: str):
    async with world(request.param, sqlite_url, tmp_path) as made:
        made.platform = made.wecom if request.param == "wecom" else made.wechat
        yield made


def callback(county: World, text: str) -> tuple[dict[str, str], str]:
    """Query and body of a text message."""
    platform = county.platform
    fields = {"ToUserName": platform.account, "FromUserName": "talker", "CreateTime": platform.seconds()}
    body = platform.envelope(xml.write(fields | {"MsgType": "text", "Content": text, "MsgId": 7}))
    return platform.signed_query(body=body), body


async def test_a_very_long_text_is_cut_or_refused(county: World, discreet: list[str]) -> None:
    discreet.append("不可外传" * 3)
    for text, accepted in (("不可外传" * 2500, True), ("不可外传" * 25_000, False), ("x" * 100_000, None)):
        query, body = callback(county, text)
        status, answer = await county.platform.post(body, query)
        expected = 200 if len(body.encode()) <= MAX_BYTES else 413
        assert (status, bool(answer)) == (expected, expected == 200), len(body)
        assert accepted in (None, expected == 200)


async def test_half_a_body_is_not_waited_for(county: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "READ_WITHIN", 0.2)
    query, body = callback(county, "渠堵了")
    path = county.platform.callback.removeprefix(county.base)
    parameters = "&".join(f"{name}={value}" for name, value in query.items())
    head = f"POST {path}?{parameters} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body.encode())}\r\n\r\n"
    half = (head + body[: len(body) // 2]).encode()
    connections = [await asyncio.open_connection("127.0.0.1", county.service.port) for _ in range(50)]
    for _, writer in connections:
        writer.write(half)
    assert (await county.platform.post(body, query))[0] == 200
    answers = await asyncio.gather(*(reader.readline() for reader, _ in connections))
    assert {answer.split()[1] for answer in answers} == {b"408"}
    for _, writer in connections:
        writer.close()
