"""Files that people sent, and the token that nobody may read."""

import asyncio
import logging
import traceback
from dataclasses import replace

import pytest
from aiohttp.test_utils import unused_port

from bot.channels.contract import MediaGoneError
from bot.channels.telegram import TelegramChannel
from bot.channels.telegram.updates import understand
from tests.contract.telegram.outbox import outgoing


async def test_what_was_sent_is_fetched(server, channel):
    content = bytes(range(256)) * 1000
    update = await server.user(7).sends_photo(content)
    [photo] = understand(update).inbound.media
    assert await channel.fetch(photo.ref) == (content, "image/jpeg")
    update = await server.user(7).sends_voice(b"OggS")
    [voice] = understand(update).inbound.media
    assert await channel.fetch(voice.ref) == (b"OggS", "audio/ogg")


async def test_an_unknown_ending(server, channel):
    ref = server.keep_file("documents", "qqq", b"x")
    assert await channel.fetch(ref) == (b"x", "application/octet-stream")


async def test_gone_for_good(server, settings, tmp_path):
    channel = TelegramChannel(replace(settings, max_download_bytes=10), tmp_path)
    with pytest.raises(MediaGoneError):
        await channel.fetch("no such file")
    with pytest.raises(MediaGoneError, match="larger than 10 bytes"):
        await channel.fetch(server.keep_file("documents", "pdf", b"x" * 11))
    server.max_file = 5
    with pytest.raises(MediaGoneError):
        await channel.fetch(server.keep_file("documents", "pdf", b"x" * 6))
    await channel.close()


@pytest.mark.parametrize(
    "fault",
    [
        ("getFile", 502),
        ("getFile", 429),
        ("getFile", 401),
        ("getFile", "drop_before"),
        ("getFile", "garbage"),
        ("download", 500),
    ],
)
async def test_a_later_try_may_succeed(server, channel, fault):
    ref = server.keep_file("documents", "pdf", b"x")
    server.next_faults.append(fault)
    with pytest.raises(OSError, match="telegram"):
        await channel.fetch(ref)
    assert await channel.fetch(ref) == (b"x", "application/pdf")


FAULTS = [401, 403, 409, 502, "drop_before", "drop_after", "garbage", "slow"]


async def test_the_token_is_never_written_down(server, settings, tmp_path, caplog, turns):
    caplog.set_level(logging.DEBUG)
    server.slow_seconds = 0.4
    ref = server.keep_file("documents", "pdf", b"x")
    unreachable = f"http://127.0.0.1:{unused_port()}"
    written = [repr(settings), str(settings)]
    for base in (server.address, unreachable, "nowhere"):
        channel = TelegramChannel(replace(settings, api_base=base, timeout=0.2, mode="polling"), tmp_path)
        for fault in FAULTS:
            server.next_faults += [(name, fault) for name in ("getFile", "sendMessage", "getUpdates")]
            written.append(str(await channel.send(outgoing("好"))))
            try:
                await channel.fetch(ref)
            except OSError:
                written.append(traceback.format_exc())
        await channel.start(turns, exchange=None)
        await asyncio.sleep(0.1)
        await channel.close()
    assert len(written) > 10
    assert server.token not in "\n".join([*written, caplog.text])
