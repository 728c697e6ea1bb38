"""Calls of the Telegram Bot API."""

import json
from http import HTTPStatus
from typing import Any

from bot.channels.http import CallError, Http, UnansweredError, Upload, file_form


class RefusedError(CallError):
    """Telegram answered no."""

    def __init__(self, status: int, description: str = "", retry_after: int = 0) -> None:
        super().__init__(str(status))
        self.status = status
        self.description = description
        """May quote the request: not for logs."""
        self.retry_after = max(retry_after, 1)
        """Seconds to be silent for after a 429."""


class BotApi:
    """The Bot API as one bot sees it. Make and use it inside one event loop."""

    def __init__(self, token: str, base: str, timeout: float) -> None:
        """`timeout`: seconds to wait for a connection, and then for an answer."""
        self._methods = f"{base.rstrip('/')}/bot{token}/"
        self._files = f"{base.rstrip('/')}/file/bot{token}/"
        self._http = Http(timeout)

    async def call(
        self, method: str, params: dict[str, Any], upload: Upload | None = None, patience: float = 0
    ) -> Any:
        """The `result` of a method. `patience`: seconds that Telegram is asked to think before it answers.

        Raises RefusedError, UnreachableError or UnansweredError.
        """
        address = self._methods + method
        if upload is None:
            answer = await self._http.post(address, json=params, patience=patience)
        else:
            fields = {
                name: value if isinstance(value, str) else json.dumps(value) for name, value in params.items()
            }
            form = file_form(fields, upload)
            answer = await self._http.post(address, form=form, size=len(upload.content), patience=patience)
        return _result(answer.status, answer.body)

    async def download(self, path: str, limit: int) -> bytes | None:
        """The file that getFile gave this path, or None if it has more than `limit` bytes.

        Raises the same errors as `call`.
        """
        answer = await self._http.get(self._files + path, limit=limit)
        if answer is not None and answer.status != HTTPStatus.OK:
            raise RefusedError(answer.status)
        return None if answer is None else answer.body

    async def close(self) -> None:
        await self._http.close()


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
