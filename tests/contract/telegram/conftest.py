import hashlib
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from aiohttp import web
from aiohttp.test_utils import unused_port

from bot.channels.telegram import TelegramChannel, TelegramSettings
from domain.delivery import StoredFile
from tests.standins.telegram import TelegramServer

SECRET = "s3cret_of-the-hook"


class Turns:
    """Stands where the turn will be: keeps what was taken, and fails as often as told."""

    def __init__(self):
        self.taken = []
        self.failures = 0
        self.before = None

    async def __call__(self, inbound):
        if self.before:
            await self.before(inbound)
        if self.failures:
            self.failures -= 1
            raise RuntimeError(f"the turn broke on {inbound.text}")
        self.taken.append(inbound)


@pytest.fixture
def turns():
    return Turns()


@pytest.fixture
async def server():
    async with TelegramServer(limits=None) as running:
        yield running


@pytest.fixture
def settings(server):
    return TelegramSettings(server.token, server.address, mode="off", timeout=5)


@pytest.fixture
async def channel(settings, tmp_path):
    made = TelegramChannel(settings, tmp_path)
    yield made
    await made.close()


@pytest.fixture
async def polling(settings, tmp_path, turns):
    made = TelegramChannel(replace(settings, mode="polling"), tmp_path)
    await made.start(turns, exchange=None)
    yield made
    await made.close()


@pytest.fixture
def hooked(settings, tmp_path, turns):
    """`async with hooked() as address:` a running service that listens for webhook calls."""

    @asynccontextmanager
    async def serve():
        port = unused_port()
        base = f"http://127.0.0.1:{port}"
        made = TelegramChannel(
            replace(settings, mode="webhook", webhook_url=base, webhook_secret=SECRET), tmp_path
        )
        app = web.Application()
        made.add_routes(app)
        runner = web.AppRunner(app, shutdown_timeout=0.2, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        await made.start(turns, exchange=None)
        yield base + "/telegram/webhook"
        await made.close()
        await runner.cleanup()

    return serve


@pytest.fixture
def stored(tmp_path):
    """`stored(kind, mime, content)` puts a file into the media folder."""

    def store(kind, mime, content):
        sha256 = hashlib.sha256(content).hexdigest()
        folder = tmp_path / sha256[:2]
        folder.mkdir(exist_ok=True)
        (folder / sha256).write_bytes(content)
        return StoredFile(1, kind, mime, sha256)

    return store
