"""Calls of the WeChat and WeCom APIs: alike in their token, and in that an HTTP 200 may carry an error."""

import json
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any, Protocol, TypeVar

from bot.channels.http import Answer, CallError, Http, UnansweredError, UnreachableError, Upload, file_form
from bot.channels.tencent.codes import BUSY

T = TypeVar("T")

TOKEN_REFUSED = frozenset({40001, 40014, 42001})
"""The token is not valid, or no longer: once more with another."""


class RefusedError(CallError):
    """The platform answered with an error code. `said`: its own words, for an operator's eyes and never for the log."""

    def __init__(self, code: int, said: str = "") -> None:
        super().__init__(str(code))
        self.code = code
        self.said = said


class TokenSource(Protocol):
    """Where a call's token comes from."""

    async def get(self) -> str: ...

    async def replace(self, refused: str) -> str:
        """Another token than the one that was refused."""
        ...


class Api:
    """The API as one account of ours sees it. Make and use it inside one event loop."""

    def __init__(self, base: str, tokens: TokenSource, http: Http) -> None:
        self._base = base.rstrip("/")
        self._tokens = tokens
        self._http = http

    async def post(
        self,
        path: str,
        body: object = None,
        *,
        query: Mapping[str, str] | None = None,
        upload: Upload | None = None,
    ) -> dict[str, Any]:
        """The answer to a call with a token. Raises RefusedError, UnreachableError or UnansweredError."""

        async def call(token: str) -> dict[str, Any]:
            address, asked = self._base + path, {**(query or {}), "access_token": token}
            if upload is None:
                return result(await self._http.post(address, query=asked, json=body))
            form, size = file_form({}, upload), len(upload.content)
            return result(await self._http.post(address, query=asked, form=form, size=size))

        return await self._with_token(call)

    async def get(self, path: str, query: Mapping[str, str] | None = None) -> dict[str, Any]:
        """What a GET answers. Raises the same errors as `post`."""

        async def call(token: str) -> dict[str, Any]:
            asked = {**(query or {}), "access_token": token}
            return result(await self._http.get(self._base + path, query=asked))

        return await self._with_token(call)

    async def download(self, path: str, query: Mapping[str, str], limit: int) -> tuple[bytes, str] | None:
        """Bytes and MIME type of a file; None if it is larger than `limit`. Raises the same errors as `post`.

        Of a video WeChat tells only where it lies, for everybody to fetch.
        """

        async def call(token: str) -> tuple[bytes, str] | None:
            asked = {**query, "access_token": token}
            answer = await self._http.get(self._base + path, query=asked, limit=limit)
            if answer is None:
                return None
            if answer.status != HTTPStatus.OK or answer.mime in ("application/json", "text/plain"):
                told = result(answer)  # an error instead of a file
                return await self._fetch(str(told.get("video_url", "")), limit)
            return answer.body, answer.mime

        return await self._with_token(call)

    async def _fetch(self, address: str, limit: int) -> tuple[bytes, str] | None:
        answer = await self._http.get(address, limit=limit)
        if answer is not None and answer.status != HTTPStatus.OK:
            raise RefusedError(BUSY)
        return None if answer is None else (answer.body, answer.mime)

    async def _with_token(self, call: Callable[[str], Awaitable[T]]) -> T:
        token = await _nothing_left(self._tokens.get())
        try:
            return await call(token)
        except RefusedError as no:
            if no.code not in TOKEN_REFUSED:
                raise
        return await call(await _nothing_left(self._tokens.replace(token)))


async def _nothing_left(token: Awaitable[str]) -> str:
    """A token. Raises UnreachableError when the question for it was not answered: the call itself was not made."""
    try:
        return await token
    except UnansweredError as fault:
        raise UnreachableError(f"no token: {fault}") from None


def result(answer: Answer | None) -> dict[str, Any]:
    """The object that was answered. Raises RefusedError for an error code, UnansweredError for no JSON."""
    if answer is None:
        raise UnansweredError("an answer without an end")
    try:
        told = json.loads(answer.body)
    except ValueError:
        told = None
    if not isinstance(told, dict):
        if answer.status == HTTPStatus.OK:
            raise UnansweredError("an answer that is no JSON")
        raise RefusedError(BUSY)
    code = told.get("errcode", 0)
    if code or answer.status != HTTPStatus.OK:
        raise RefusedError(code if isinstance(code, int) and code else BUSY, str(told.get("errmsg", "")))
    return told
