"""Trouble on demand, for any path of a server."""

from dataclasses import dataclass
from typing import Literal

Drop = Literal["", "before", "after"]


@dataclass
class Fault:
    """What goes wrong the next `times` times. The fields are explained at `Faults.add`."""

    errcode: int
    status: int
    drop: Drop
    delay: float
    garbage: bool
    times: int


NONE = Fault(0, 0, "", 0, garbage=False, times=0)


class Faults:
    def __init__(self) -> None:
        self._waiting: dict[str, list[Fault]] = {}

    def add(
        self,
        path: str,
        *,
        errcode: int = 0,
        status: int = 0,
        drop: Drop | bool = "",
        delay: float = 0,
        garbage: bool = False,
        times: int = 1,
    ) -> None:
        """The next `times` calls of `path` go wrong. Several faults of a path are used up in their order.

        `errcode` (in an HTTP 200) and `status` refuse and do nothing. `drop="before"` closes the connection and
        does nothing; `drop="after"` or True does it and closes without an answer. `garbage` does it and answers
        with no JSON. `delay` does it and answers after so many seconds.
        """
        kind: Drop = "after" if drop is True else drop or ""
        fault = Fault(errcode, status, kind, delay, garbage, times)
        self._waiting.setdefault(plain(path), []).append(fault)

    def take(self, path: str) -> Fault:
        waiting = self._waiting.get(plain(path), [])
        if not waiting:
            return NONE
        waiting[0].times -= 1
        return waiting[0] if waiting[0].times else waiting.pop(0)


def plain(path: str) -> str:
    """The path without its common beginning: message/custom/send."""
    return path.removeprefix("/").removeprefix("cgi-bin/")
