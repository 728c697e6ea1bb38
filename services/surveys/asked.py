"""Whom a survey asks: whoever is of its area, or those alone to whom it was sent.

Sent to a list, a tag, a role or a draw by lot, it is theirs: answers of others would make its figures wrong. Sent to an
area as well, or to nobody yet, it is open to all of it. That is looked up when she sits down and noted nowhere.
"""

from collections.abc import Collection, Sequence

from domain.directory import Person
from services.desk import Desk
from storage.broadcasts import audience as audiences
from storage.broadcasts import rows
from storage.broadcasts.rows import Asking


def is_asked(desk: Desk, survey: int, person: Person) -> bool:
    """Was it sent to her?"""
    return _is_among(desk, rows.asking(desk.tx, [survey]).get(survey, ()), person)


def is_for_chosen(desk: Desk, survey: int) -> bool:
    """Is it theirs alone to whom it was sent?"""
    return _are_chosen(rows.asking(desk.tx, [survey]).get(survey, ()))


def meant_for_others(desk: Desk, surveys: Collection[int], person: Person) -> set[int]:
    """Those of the surveys that are theirs alone to whom they were sent, and were not sent to her."""
    return {
        survey
        for survey, asking in rows.asking(desk.tx, surveys).items()
        if _are_chosen(asking) and not _is_among(desk, asking, person)
    }


def _are_chosen(asking: Sequence[Asking]) -> bool:
    return bool(asking) and all(one.audience.chosen for one in asking)


def _is_among(desk: Desk, asking: Sequence[Asking], person: Person) -> bool:
    return any(audiences.is_among(desk.tx, one, person.id, desk.now) for one in asking)
