"""The public board (公开栏): what was suggested and what came of it, as staff have put it."""

from dataclasses import dataclass

from domain.suggestions.steps import Suggestion
from services.desk import Desk
from storage.suggestions import rows

A_PAGE = 10


@dataclass(frozen=True, slots=True)
class Page:
    """One page, counted from 1, of so many."""

    entries: list[Suggestion]
    number: int
    of: int


def page(desk: Desk, number: int) -> Page:
    """A page of the board, the newest answers first; the nearest there is."""
    pages = max(1, -(-rows.count_on_board(desk.tx) // A_PAGE))
    number = min(max(1, number), pages)
    return Page(rows.on_board(desk.tx, A_PAGE, (number - 1) * A_PAGE), number, pages)


def entry(desk: Desk, place: int) -> tuple[Suggestion | None, bool]:
    """The entry at a place, the newest at 0, and whether there are older ones."""
    found = rows.on_board(desk.tx, 2, place)
    return (found[0] if found else None), len(found) > 1
