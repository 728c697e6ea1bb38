"""Calls to a messenger over one kept-open HTTP session.

Messengers put secrets into addresses, and aiohttp puts addresses into its errors. So no error of aiohttp leaves
this file: callers get the errors below, which never hold an address.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from io import BytesIO
from json import dumps
from typing import Any

import aiohttp

UPLOAD_BYTES_PER_SECOND = 50_000
"""The slowest line that a file is still given time to pass through."""

_JSON = {"Content-Type": "application/json; charset=utf-8"}
_NEVER_LEFT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)


class CallError(Exception):
    """A call brought no result."""


class UnreachableError(CallError):
    """No connection: nothing of the request has left this machine."""


class UnansweredError(CallError):
    """The request left and its answer never came: the messenger may or may not have acted on it."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that goes with a call, under the name of the parameter it fills."""

    parameter: str
    content: bytes = field(repr=False)
    mime: str
    filename: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    mime: str
    body: bytes = field(repr=False)
    date: str = ""
    """When the messenger answered, by its own clock, as HTTP writes it."""


class Http:
    """Make and use it inside one event loop."""

    def __init__(self, timeout: float) -> None:
        """`timeout`: seconds to wait for a connection, and then for an answer."""
        self._timeout = timeout
        self._session: aiohttp.ClientSession | None = None

    async def post(
        self,
        address: str,
        *,
        query: Mapping[str, str] | None = None,
        json: object = None,
        form: aiohttp.FormData | None = None,
        size: int = 0,
        patience: float = 0,
    ) -> Answer:
        """Post JSON or a form of about `size` bytes. `patience`: seconds that the messenger may think longer.

        Raises UnreachableError or UnansweredError.
        """
        body: dict[str, Any] = {"data": form} if form is not None else {"data": _json(json), "headers": _JSON}
        limits = self._limits(patience, size)
        try:
            async with self._open().post(
                address, params=query, timeout=limits, allow_redirects=False, **body
            ) as response:
                return _answer(response, await response.read())
        except _NEVER_LEFT as fault:
            raise UnreachableError(type(fault).__name__) from None
        except (aiohttp.ClientError, OSError) as fault:
            raise UnansweredError(type(fault).__name__) from None

    async def get(
        self, address: str, *, query: Mapping[str, str] | None = None, limit: int = 1024 * 1024
    ) -> Answer | None:
        """What is at an address; None if it is more than `limit` bytes. An error's body is not read.

        Raises UnreachableError or UnansweredError.
        """
        content = bytearray()
        try:
            async with self._open().get(
                address, params=query, timeout=self._limits(0, limit), allow_redirects=False
            ) as response:
                if response.status != HTTPStatus.OK:
                    return _answer(response, b"")
                async for chunk in response.content.iter_any():
                    content += chunk
                    if len(content) > limit:
                        return None
                return _answer(response, bytes(content))
        except _NEVER_LEFT as fault:
            raise UnreachableError(type(fault).__name__) from None
        except (aiohttp.ClientError, OSError) as fault:
            raise UnansweredError(type(fault).__name__) from None

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        return self._session

    def _limits(self, patience: float, size: int) -> aiohttp.ClientTimeout:
        answer = self._timeout + patience
        return aiohttp.ClientTimeout(
            # The whole is longer than its parts, so that a late connection is never taken for a late answer.
            total=2 * self._timeout + answer + size / UPLOAD_BYTES_PER_SECOND,
            connect=self._timeout,
            sock_read=answer,
        )


def _answer(response: aiohttp.ClientResponse, body: bytes) -> Answer:
    return Answer(response.status, response.content_type, body, response.headers.get("Date", ""))


def _json(value: object) -> bytes:
    """With Chinese as it is: WeChat shows the reader escapes as they are written."""
    return dumps(value, ensure_ascii=False).encode()


def file_form(fields: Mapping[str, str], upload: Upload) -> aiohttp.FormData:
    """A form with one file."""
    form = aiohttp.FormData()
    for name, value in fields.items():
        form.add_field(name, value)
    form.add_field(
        upload.parameter, BytesIO(upload.content), content_type=upload.mime, filename=upload.filename
    )
    return form
