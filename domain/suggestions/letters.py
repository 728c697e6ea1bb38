"""When anonymous letters are opened: together, in no order, at one hour of a day.

A letter lies sealed in the box of the day on which it was written. Opened alone it could be told from who was in a
private talk that day; so a few are waited for, but not for ever.
"""

from collections.abc import Mapping
from datetime import date

FEW = 3
"""Letters that are opened without waiting for more."""
PATIENCE = 3
"""Days after which even a single letter is opened."""


def boxes_to_open(letters: Mapping[date, int], today: date) -> list[date]:
    """The boxes (day: how many letters) to be opened today. Today's own never is: more may come."""
    closed = sorted(day for day, count in letters.items() if day < today and count)
    if not closed:
        return []
    enough = sum(letters[day] for day in closed) >= FEW
    return closed if enough or (today - closed[0]).days >= PATIENCE else []
