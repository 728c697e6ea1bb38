"""What the house asks of a messenger. One folder a messenger keeps this promise and nothing more is known of it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Protocol

from aiohttp import web

from domain.delivery import Outcome, Outgoing
from domain.talk import Inbound, Traits
from storage.database import Tx

Take = Callable[[Inbound], Awaitable[object]]
"""Runs the turn of one inbound. When it returns, the update is stored and may be acknowledged."""


class Response(Protocol):
    """The response to an update: how messages are put into one text, and how that is sent."""

    limit: int
    """Bytes of UTF-8."""

    def text(self, messages: Sequence[Outgoing]) -> str: ...

    async def send(self, text: str) -> None:
        """Send it; nothing acknowledges without a word. Raises ConnectionError if nobody listens any more."""
        ...


Exchange = Callable[[Inbound, Response], Awaitable[None]]
"""Runs the turn of one inbound and lets its answer be the response. Raises what the turn raises."""


class MediaGoneError(Exception):
    """The messenger will never again give this file; the message says why."""


class Own(Protocol):
    """A messenger of our own, in our own database."""

    def keep(
        self, tx: Tx, messages: Sequence[Outgoing], before: Sequence[Mapping[str, Any]] = ()
    ) -> Sequence[object]:
        """Write messages down inside the caller's transaction: by that they have arrived.

        The caller holds the talks of their accounts (`storage.turns.hold`). Returns what is shown of them.
        before: what the messenger itself keeps of the update that they answer.
        """
        ...

    def announce(self, address: str) -> None:
        """Messages to this address were kept and are committed."""
        ...


class Channel(Protocol):
    """One messenger."""

    name: str
    traits: Traits

    async def send(self, message: Outgoing) -> Outcome:
        """Send one message and say what became of it. Never raises for what a network or messenger does."""
        ...

    async def fetch(self, ref: str) -> tuple[bytes, str]:
        """Bytes and MIME type of a file by the messenger's handle.

        Raises MediaGoneError when it is gone for good, OSError or TimeoutError when a later try may succeed.
        """
        ...

    def add_routes(self, app: web.Application) -> None:
        """Webhooks and pages of this messenger."""
        ...

    async def start(self, take: Take, exchange: Exchange) -> None:
        """Begin to receive (long polling, say); returns at once.

        A messenger whose traits are passive answers by `exchange`, every other one runs turns by `take`.
        """
        ...

    async def close(self) -> None: ...
