"""One thing the doctor found."""

from dataclasses import dataclass
from typing import Literal

Grade = Literal["ok", "warn", "bad"]


@dataclass(frozen=True, slots=True)
class Finding:
    """`bad` keeps the service from working, `warn` will hurt somebody. `mend` says what to do."""

    grade: Grade
    what: str
    mend: str = ""


def ok(what: str, mend: str = "") -> Finding:
    return Finding("ok", what, mend)


def warn(what: str, mend: str) -> Finding:
    return Finding("warn", what, mend)


def bad(what: str, mend: str) -> Finding:
    return Finding("bad", what, mend)
