"""A bank comes in, whole or not at all."""

from collections.abc import Sequence

from domain.knowledge.entry import Entry
from services.desk import Desk
from storage.knowledge import bank
from storage.knowledge.bank import Loaded


def load_bank(desk: Desk, entries: Sequence[Entry], by: int | None = None) -> None:
    """From now on it is answered from these entries alone."""
    bank.replace(desk.tx, entries, by, desk.now)


def entries(desk: Desk) -> list[Entry]:
    """What is in force, in the order of its file."""
    return bank.entries(desk.tx)


def loaded(desk: Desk) -> Loaded | None:
    """When the bank in force was loaded."""
    return bank.newest(desk.tx)
