"""Calls of the Telegram Bot API over one kept-open HTTP session.

Telegram puts the bot's token into every address, and aiohttp puts addresses into its errors. So no error of
aiohttp leaves this file: callers get the three errors below, which never hold an address.
"""

import json
import mimetypes
from dataclasses import dataclass
from http import HTTPStatus
from io import BytesIO
from typing import Any

import aiohttp

UPLOAD_BYTES_PER_SECOND = 50_000
"""The slowest line that a file is still given time to pass through."""

FILE_TYPES = mimetypes.MimeTypes(filenames=())
"""File endings and MIME types, the same on every machine."""
FILE_TYPES.add_type("audio/ogg", ".oga")

_NEVER_LEFT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)


class BotApiError(Exception):
    """A call brought no result."""


class UnreachableError(BotApiError):
    """No connection: nothing of the request has left this machine."""


class UnansweredError(BotApiError):
    """The request left and its answer never came: Telegram may or may not have acted on it."""


class RefusedError(BotApiError):
    """Telegram answered no."""

    def __init__(self, status: int, description: str = "", retry_after: int = 0) -> None:
        super().__init__(str(status))
        self.status = status
        self.description = description
        """May quote the request: not for logs."""
        self.retry_after = max(retry_after, 1)
        """Seconds to be silent for after a 429."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that goes with a call, under the name of the parameter it fills."""

    parameter: str
    content: bytes
    mime: str
    filename: str


class BotApi:
    """The Bot API as one bot sees it. Make and use it inside one event loop."""

    def __init__(self, token: str, base: str, timeout: float) -> None:
        """`timeout`: seconds to wait for a connection, and then for an answer."""
        self._methods = f"{base.rstrip('/')}/bot{token}/"
        self._files = f"{base.rstrip('/')}/file/bot{token}/"
        self._timeout = timeout
        self._session: aiohttp.ClientSession | None = None

    async def call(
        self, method: str, params: dict[str, Any], upload: Upload | None = None, patience: float = 0
    ) -> Any:
        """The `result` of a method. `patience`: seconds that Telegram is asked to think before it answers.

        Raises RefusedError, UnreachableError or UnansweredError.
        """
        size = len(upload.content) if upload else 0
        body: dict[str, Any] = {"data": _form(params, upload)} if upload else {"json": params}
        try:
            async with self._open().post(
                self._methods + method,
                timeout=self._limits(patience, size),
                allow_redirects=False,
                **body,
            ) as response:
                return _result(response.status, await response.read())
        except _NEVER_LEFT as fault:
            raise UnreachableError(type(fault).__name__) from None
        except (aiohttp.ClientError, OSError) as fault:
            raise UnansweredError(type(fault).__name__) from None

    async def download(self, path: str, limit: int) -> bytes | None:
        """The file that getFile gave this path, or None if it has more than `limit` bytes.

        Raises the same errors as `call`.
        """
        content = bytearray()
        try:
            async with self._open().get(
                self._files + path, timeout=self._limits(0, limit), allow_redirects=False
            ) as response:
                if response.status != HTTPStatus.OK:
                    raise RefusedError(response.status)
                async for chunk in response.content.iter_any():
                    content += chunk
                    if len(content) > limit:
                        return None
        except _NEVER_LEFT as fault:
            raise UnreachableError(type(fault).__name__) from None
        except (aiohttp.ClientError, OSError) as fault:
            raise UnansweredError(type(fault).__name__) from None
        return bytes(content)

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


def _form(params: dict[str, Any], upload: Upload) -> aiohttp.FormData:
    form = aiohttp.FormData()
    for name, value in params.items():
        form.add_field(name, value if isinstance(value, str) else json.dumps(value))
    form.add_field(
        upload.parameter, BytesIO(upload.content), content_type=upload.mime, filename=upload.filename
    )
    return form


def _result(status: int, body: bytes) -> Any:
    try:
        answer = json.loads(body)
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        if status == HTTPStatus.OK:
            raise UnansweredError("an answer that is no JSON")
        raise RefusedError(status)
    if answer.get("ok"):
        return answer.get("result")
    told = answer.get("parameters")
    wait = told.get("retry_after") if isinstance(told, dict) else None
    raise RefusedError(status, str(answer.get("description", "")), wait if isinstance(wait, int) else 0)
