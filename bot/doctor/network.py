"""The ways in: the port, and the address under which phones reach the service."""

import asyncio
import errno
import socket
from collections.abc import Iterator
from urllib.parse import SplitResult, urlsplit

import aiohttp

from bot.doctor.finding import Finding, bad, ok, warn
from bot.settings import ServerSettings, Settings

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
PATIENCE = aiohttp.ClientTimeout(total=3)


async def examine_network(settings: Settings) -> list[Finding]:
    findings = [*_ways_in(settings), *_public_url(settings)]
    if settings.server.host not in LOOPBACK:
        findings.append(
            warn(
                f"server.host {settings.server.host} is reached from other machines without encryption",
                "set server.host to 127.0.0.1 and let a reverse proxy with https stand before it",
            )
        )
    return [*findings, await _port(settings.server)]


def place(url: str) -> str:
    """Scheme and host of an address, which may hold a secret elsewhere."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "(no web address)"
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def public_address(settings: Settings) -> SplitResult | None:
    """Where messengers find us; None if that is no web address."""
    try:
        url = urlsplit(settings.server.public_url)
        usable = url.scheme in {"http", "https"} and bool(url.hostname) and url.port != 0
    except ValueError:
        return None
    return url if usable else None


def _ways_in(settings: Settings) -> Iterator[Finding]:
    messengers = settings.wechat.mode != "off", settings.wecom.enabled, settings.telegram.mode != "off"
    if not settings.webchat.enabled and not any(messengers):
        yield bad(
            "no messenger is on: nobody can write",
            "set webchat.enabled, wechat.mode, wecom.enabled or telegram.mode",
        )


def _public_url(settings: Settings) -> Iterator[Finding]:
    url = settings.server.public_url
    if not url:
        if settings.webchat.enabled:
            yield warn(
                "server.public_url is empty: cards cannot lead to the web chat",
                'set it to the https address of this server, such as "https://lianxin.example.cn"',
            )
        return
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if host is None or parts.scheme not in {"http", "https"} or parts.query or parts.fragment:
        yield bad(
            f"server.public_url is no web address: {url!r}", 'write it like "https://lianxin.example.cn"'
        )
    elif parts.scheme == "http" and host not in LOOPBACK:
        yield bad(
            "server.public_url is http: anybody on the way could read along",
            "get a certificate for the reverse proxy and write https://",
        )
    else:
        yield ok(f"phones come by {url}")


async def _port(server: ServerSettings) -> Finding:
    """Can the port be had? Asked by taking it for a moment."""
    place = f"{server.host}:{server.port}"
    if server.port == 0:
        return ok("server.port 0: any free port is taken")
    try:
        family = (await asyncio.get_running_loop().getaddrinfo(server.host, server.port))[0][0]
        with socket.socket(family) as asked:
            asked.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            asked.bind((server.host, server.port))
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return await _taken(server, place)
        if error.errno == errno.EACCES:
            return bad(
                f"the port of {place} needs root", "take a port above 1023 and let a reverse proxy have 443"
            )
        return bad(f"server.host {server.host} is not an address of this machine", "set it to 127.0.0.1")
    return ok(f"{place} is free")


async def _taken(server: ServerSettings, place: str) -> Finding:
    if await _is_lianxin(server):
        return ok(f"lianxin is serving at {place}")
    return bad(
        f"another program has {place}",
        f"stop it (ss -ltnp 'sport = :{server.port}' names it), or change server.port",
    )


async def _is_lianxin(server: ServerSettings) -> bool:
    host = f"[{server.host}]" if ":" in server.host else server.host
    try:
        async with (
            aiohttp.ClientSession(timeout=PATIENCE) as session,
            session.get(f"http://{host}:{server.port}/healthz") as answer,
        ):
            return bool(await answer.json(content_type=None) == {"status": "ok"})
    except (aiohttp.ClientError, TimeoutError, ValueError):
        return False
