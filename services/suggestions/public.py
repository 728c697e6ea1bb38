"""What may not stand on the public board: names of those in office, of the writer, and phone numbers."""

import re
from collections.abc import Iterable

from domain.suggestions.steps import Suggestion
from services.desk import Desk
from storage.directory import people
from storage.suggestions import staff

_PHONE = re.compile(r"(?<!\d)\d{7,}(?!\d)")


def names(desk: Desk, suggestion: Suggestion) -> tuple[str, ...]:
    """Everybody of the roster, and whoever signed it."""
    writer = people.find(desk.tx, suggestion.person) if suggestion.person else None
    known = [name for _, name in staff.roster(desk.tx, desk.now)]
    return tuple(name for name in [*known, writer.name if writer else ""] if len(name) > 1)


def names_in(text: str, names: Iterable[str]) -> list[str]:
    """Those of the names, and the numbers that may be a phone's, that stand in the text."""
    return [name for name in names if name in text] + _PHONE.findall(text)
