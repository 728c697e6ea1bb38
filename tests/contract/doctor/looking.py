"""A look by the doctor, and a service that answers at its callback address."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.channels.contract import Channel
from bot.clock import system_clock
from bot.doctor import Finding, examine
from bot.messengers import make_channels
from bot.settings import Settings, parse_settings
from storage.database import Database

NOWHERE = "http://127.0.0.1:1"


def settings(folder: Path, url: str, *, public_url: str = NOWHERE, **sections: Any) -> Settings:
    server = {"port": 0, "public_url": public_url}
    return parse_settings({"data_dir": str(folder), "database": {"url": url}, "server": server} | sections)


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
