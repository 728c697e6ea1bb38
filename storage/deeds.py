"""A deed: a plain function of a `Tx`. It cannot await, so no network call can happen inside a transaction."""

from collections.abc import Callable
from typing import TypeVar

import sqlalchemy as sa

T = TypeVar("T")

Tx = sa.Connection
"""The caller's open transaction. Above storage it is only handed on."""


def do(deed: Callable[[Tx], T], tx: Tx) -> T:
    try:
        return deed(tx)
    except StopIteration as error:  # no future can carry one: its caller would wait for ever
        raise RuntimeError("a deed let a StopIteration out") from error
