"""/board: the public board as a web page, made whole on the server, for any phone and without a script."""

import hashlib
from collections.abc import Awaitable, Callable
from functools import cache
from importlib import resources
from pathlib import Path

import jinja2
from aiohttp import web

from domain.suggestions.steps import OUTCOME_NAMES, Outcome
from domain.suggestions.words import day
from services.desk import Desk
from services.suggestions import board
from services.suggestions.board import Page

_PAGE = Path(__file__).parent / "page"
_KEPT = 60
"""Seconds for which a browser or a proxy may show the same page again: all see the same."""

ReadPage = Callable[[Callable[[Desk], Page]], Awaitable[Page]]
"""Does a deed that only reads, at a desk."""


class BoardPages:
    """Routes of the public board."""

    def __init__(self, read: ReadPage, county: str, chat: str = "") -> None:
        """`county`: its name. `chat`: the path at which people can write, "" if there is none."""
        self._read = read
        self._county = county
        self._chat = chat
        self._template = _template()

    def add_routes(self, app: web.Application) -> None:
        app.router.add_get("/board", self._show)
        app.router.add_static("/board/assets", _PAGE)

    async def _show(self, request: web.Request) -> web.Response:
        number = _number(request.query.get("page", ""))
        page = await self._read(lambda desk: board.page(desk, number))
        html = self._template.render(
            county=self._county, chat=self._chat, page=page, outcomes=OUTCOME_NAMES, marks=_MARKS
        )
        body = html.encode()
        tag = hashlib.sha256(body).hexdigest()[:32]
        response = web.Response(body=body, content_type="text/html", charset="utf-8")
        response.etag = tag
        response.headers["Cache-Control"] = f"public, max-age={_KEPT}"
        if any(known.value == tag for known in request.if_none_match or ()):
            response = web.Response(status=304, headers=response.headers)
            del response.headers["Content-Type"]
        return response


_MARKS = {Outcome.ADOPTED: "✓", Outcome.PARTLY: "◐", Outcome.NOT: "—", Outcome.PASSED_ON: "→"}
"""Beside the word, so that colour is never the only sign."""


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1  # noqa: PLR2004  no county has more


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["day"] = day
    return environment.from_string((resources.files("console") / "page" / "board.html").read_text("utf-8"))
