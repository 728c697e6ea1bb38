"""An HTTP API as the platforms offer it: tokens in the query, JSON in and out, errors in an HTTP 200."""

import asyncio
import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPMethod
from typing import Any, Self

from aiohttp import web

from tests.standins.tencent.faults import Fault, Faults, plain
from tests.standins.tencent.refusals import RefusalError
from tests.standins.tencent.tokens import Clock, Tokens

ESCAPE = re.compile(r"(?<!\\)\\u(?=[0-9a-fA-F]{4})(?!00[0-7])")
"""WeChat reads UTF-8 and shows an escaped character as it is written: backslash, u, four digits."""
LARGEST_REQUEST = 30 << 20


@dataclass(frozen=True)
class Call:
    """A request of the account's service."""

    query: dict[str, str]
    body: Any = None
    upload: bytes | None = None


Result = dict[str, Any] | web.StreamResponse
Act = Callable[[Call], Result]


@dataclass(frozen=True)
class Endpoint:
    method: str
    act: Act
    needs_token: bool = True


def real_time() -> datetime:
    return datetime.now(UTC)


class ApiServer:
    """`async with` it: `address` is the API base. Subclasses say in `_endpoints` what they offer."""

    def __init__(self, clock: Clock, tokens: Tokens) -> None:
        self.clock = clock
        self.tokens = tokens
        self.calls: Counter[str] = Counter()
        """Calls by path, refused ones too."""
        self.requests: list[tuple[str, Any]] = []
        """(path, JSON body) in their order; of a call without one, its query."""
        self.faults = Faults()
        self.fail_next = self.faults.add

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=LARGEST_REQUEST)
        self._add_routes(app)
        app.router.add_route("*", "/{path:.*}", self._serve)
        self._runner = web.AppRunner(app, shutdown_timeout=0.2, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.address = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    def expire_tokens(self) -> None:
        self.tokens.expire()

    def _endpoints(self) -> dict[str, Endpoint]:
        """By path without /cgi-bin/."""
        raise NotImplementedError

    def _add_routes(self, app: web.Application) -> None:
        """Addresses outside the API."""

    def _check(self, path: str) -> None:
        """Whether this account may call this at all. Raises RefusalError."""

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        self.calls[request.path] += 1
        fault = self.faults.take(request.path)
        if fault.status:
            return web.Response(status=fault.status, text="<html>nginx</html>", content_type="text/html")
        if fault.drop == "before":
            return _hang_up(request)
        try:
            result = await self._answer(request, fault)
        except RefusalError as no:
            result = no.body
        await asyncio.sleep(fault.delay)
        if fault.drop == "after":
            return _hang_up(request)
        if fault.garbage:
            return web.Response(text="<html>", content_type="text/html")
        return result if isinstance(result, web.StreamResponse) else _as_json(result)

    async def _answer(self, request: web.Request, fault: Fault) -> Result:
        path = plain(request.path)
        endpoint = self._endpoints().get(path)
        if endpoint is None or not request.path.startswith(("/cgi-bin/", "/wxaapi/")):
            raise RefusalError(40066)
        if request.method != endpoint.method:
            raise RefusalError(43001 if endpoint.method == "GET" else 43002)
        call = await _call(request)
        self.requests.append((request.path, call.query if call.body is None else call.body))
        if fault.errcode:
            raise RefusalError(fault.errcode)
        if endpoint.needs_token:
            self.tokens.check(call.query.get("access_token", ""))
        self._check(path)
        return endpoint.act(call)


async def _call(request: web.Request) -> Call:
    query = dict(request.query)
    if request.method == HTTPMethod.GET:
        return Call(query)
    if request.content_type == "multipart/form-data":
        field = (await request.post()).get("media")
        return Call(query, upload=field.file.read() if isinstance(field, web.FileField) else None)
    text = (await request.read()).decode(errors="replace")
    if not text:
        raise RefusalError(44002)
    try:
        body = json.loads(ESCAPE.sub(r"\\\\u", text))
    except ValueError:
        raise RefusalError(47001) from None
    if not isinstance(body, dict):
        raise RefusalError(47001)
    return Call(query, body)


def _as_json(body: dict[str, Any]) -> web.Response:
    """With the odd header that WeChat sends, which is no charset."""
    text = json.dumps(body, ensure_ascii=False)
    return web.Response(body=text.encode(), headers={"Content-Type": "application/json; encoding=utf-8"})


def _hang_up(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
