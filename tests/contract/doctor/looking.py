"""A look by the doctor, and a service that answers at its callback address."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.channels.contract import Channel
from bot.channels.tencent.menu import Button
from bot.clock import system_clock
from bot.doctor import Finding, examine
from bot.messengers import make_channels
from bot.settings import Settings, parse_settings
from storage.database import Database
from tests.standins.wechat import WeChatServer

NOWHERE = "http://127.0.0.1:1"
SECRETS = ("stand-in-secret", "standInToken", "token-1-", "abcdefghijklmnopqrstuvwxyz")
CONTENT = "事项：{{thing1.DATA}}\n时间：{{time2.DATA}}"


def settings(folder: Path, url: str, *, public_url: str = NOWHERE, **sections: Any) -> Settings:
    server = {"port": 0, "public_url": public_url}
    return parse_settings({"data_dir": str(folder), "database": {"url": url}, "server": server} | sections)


def clicks(buttons: tuple[Button, ...]) -> list[dict[str, str]]:
    """As both platforms keep them."""
    return [{"type": "click", "name": one.name, "key": one.key} for one in buttons]


def an_account(server: WeChatServer, **changed: Any) -> dict[str, Any]:
    """[wechat] for the stand-in."""
    return {
        "mode": "safe",
        "appid": server.appid,
        "secret": server.secret,
        "token": server.token,
        "aes_key": server.aes_key,
        "api_base": server.address,
    } | changed


async def look(given: Settings, *secrets: str) -> list[Finding]:
    """What the doctor finds. None of the secrets is shown, and what is not well can be mended."""
    findings = await examine(given)
    shown = repr(findings)
    assert not any(secret in shown for secret in secrets)
    assert all(finding.mend for finding in findings if finding.grade != "ok")
    return findings


def found(findings: list[Finding], words: str) -> Finding:
    """The one finding with these words."""
    fitting = [finding for finding in findings if words in finding.what]
    assert len(fitting) == 1, f"{words!r} in {[finding.what for finding in findings]}"
    return fitting[0]


def of(findings: list[Finding], *names: str) -> list[str]:
    """What was found of a messenger and is not well."""
    return [one.what for one in findings if one.grade != "ok" and any(name in one.what for name in names)]


@asynccontextmanager
async def service(given: Settings, database: Database, folder: Path) -> AsyncIterator[str]:
    """The channels of these settings behind an address of this machine."""
    channels: list[Channel] = [*make_channels(given, "p1", database, system_clock, folder).values()]
    app = web.Application()
    for channel in channels:
        channel.add_routes(app)
    async with served(app) as address:
        yield address
    for channel in channels:
        await channel.close()


@asynccontextmanager
async def served(app: web.Application) -> AsyncIterator[str]:
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
