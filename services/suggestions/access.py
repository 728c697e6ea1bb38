"""Who may read a suggestion. One about a person: county staff alone, and nobody near that person."""

from datetime import date
from functools import cached_property

from domain.delivery import CHINA
from domain.directory import Level, Person, RoleName, level_of, within
from domain.errors import Refusal
from domain.suggestions.chain import Post, cut_off, named_in
from domain.suggestions.steps import Suggestion
from services.desk import Desk
from storage.suggestions import rows, staff


def today(desk: Desk) -> date:
    """The day it is in China: suggestions know no more of the time."""
    return desk.now.astimezone(CHINA).date()


def readers(desk: Desk, suggestion: Suggestion, role: RoleName | None = None) -> list[int]:
    """Everybody who may read it; those with a certain role only, if one is given."""
    return _Readers(desk).of(suggestion, role)


def answerers(desk: Desk, suggestion: Suggestion) -> list[int]:
    """Those who have to answer it: the staff who may read it, or the owner where there are none."""
    return readers(desk, suggestion, RoleName.STAFF) or readers(desk, suggestion)


def readable(desk: Desk, suggestions: list[Suggestion], person: Person) -> list[Suggestion]:
    """Those that the person may read."""
    known = _Readers(desk)
    return [one for one in suggestions if person.id in known.of(one)]


def reads_any(desk: Desk, person: Person) -> bool:
    """Is the person one of those who answer suggestions?"""
    return any(reader == person.id for reader, _, _ in staff.readers(desk.tx, desk.now))


def held(desk: Desk, number: int, person: Person) -> Suggestion:
    """The suggestion, locked. Raises Refusal, as if there were none, for whoever may not read it."""
    found = rows.lock(desk.tx, number)
    if found is None or person.id not in readers(desk, found):
        raise Refusal(f"没有意见{number}，请核对号码。")
    return found


def names_somebody(desk: Desk, text: str) -> bool:
    """Do her words name somebody of the roster?"""
    return bool(named_in(text, staff.roster(desk.tx, desk.now)))


def note_about(desk: Desk, suggestion: Suggestion) -> None:
    """Remember whom of the roster a restricted suggestion names; from then on it is kept from all near them."""
    words = [suggestion.text, *(event.note for event in rows.events(desk.tx, suggestion.id))]
    named = named_in("\n".join(words), staff.roster(desk.tx, desk.now))
    rows.set_about(desk.tx, suggestion.id, named)


class _Readers:
    """Who reads what, with the staff and their posts looked up once."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._staff = staff.readers(desk.tx, desk.now)

    def of(self, suggestion: Suggestion, role: RoleName | None = None) -> list[int]:
        kept_from = self._kept_from(suggestion)
        found = [
            person
            for person, held_role, area in self._staff
            if role in (None, held_role) and self._covers(area, suggestion) and person not in kept_from
        ]
        return list(dict.fromkeys(found))

    def _covers(self, area: str, suggestion: Suggestion) -> bool:
        if suggestion.restricted:
            return level_of(area) is Level.COUNTY
        return within(suggestion.area or self._desk.county.code, area)

    def _kept_from(self, suggestion: Suggestion) -> set[int]:
        if not suggestion.restricted:
            return set()
        return cut_off(rows.about(self._desk.tx, [suggestion.id])[suggestion.id], self._posts)

    @cached_property
    def _posts(self) -> list[Post]:
        return staff.posts(self._desk.tx, self._desk.now)
