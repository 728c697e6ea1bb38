"""Deeds that wait together are done together: one commit, and one flush to disk, serves several."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

T = TypeVar("T")
Deed = TypeVar("Deed")


@dataclass(slots=True)
class Outcome:
    """What became of a deed: its value, or its error."""

    value: Any = None
    error: BaseException | None = None


class Groups(Generic[Deed]):
    """Hands deeds over to be done, as many together as are waiting, and each its own outcome back to its caller."""

    def __init__(
        self, do: Callable[[Sequence[Deed]], Awaitable[Sequence[Outcome]]], *, size: int, at_once: int = 1
    ) -> None:
        """`do` does a group, of at most `size`, while others do theirs: so many groups `at_once`."""
        self._do = do
        self._size = size
        self._at_once = at_once
        self._waiting: list[tuple[Deed, asyncio.Future[Any]]] = []
        self._workers: set[asyncio.Task[None]] = set()

    async def run(self, deed: Deed) -> Any:
        """Do a deed. One whose caller is cancelled before it was begun is not done."""
        result: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting.append((deed, result))
        if len(self._workers) < self._at_once:
            self._workers.add(asyncio.create_task(self._work()))
        return await result

    async def close(self) -> None:
        """Wait until all is done."""
        while self._workers:
            await asyncio.wait(self._workers)

    async def _work(self) -> None:
        try:
            while self._waiting:
                taken, self._waiting = self._waiting[: self._size], self._waiting[self._size :]
                group = [(deed, result) for deed, result in taken if not result.cancelled()]
                if group:
                    await self._do_group([deed for deed, _ in group], [result for _, result in group])
        finally:  # at once, not when the task is done: what comes in between would be left waiting
            self._workers.discard(cast("asyncio.Task[None]", asyncio.current_task()))

    async def _do_group(self, deeds: list[Deed], results: "list[asyncio.Future[Any]]") -> None:
        try:
            outcomes = await self._do(deeds)
        except Exception as error:  # noqa: BLE001  every deed of the group failed
            outcomes = [Outcome(error=error)] * len(deeds)
        for result, outcome in zip(results, outcomes, strict=True):
            if result.cancelled():
                continue
            if outcome.error is not None:
                result.set_exception(outcome.error)
            else:
                result.set_result(outcome.value)
