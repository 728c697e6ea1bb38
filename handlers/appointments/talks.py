"""Appointments as the front door knows them: their flows, and their buttons."""

import re
from collections.abc import Callable

from domain.talk import Reply
from handlers.appointments import booking, leading, staff
from handlers.engine import Engine, Talk
from handlers.scene import Replies, Scene
from services.appointments import access
from services.tickets import villager

DEED = re.compile(r"^a:(s?)(\d{1,9}):(\w+)$")
"""On an appointment by its ticket's number, or on a time that is open."""

TALKS = {
    "appointment-book": Talk(booking.book_flow, booking.person_has_chosen),
    "appointment-cancel": Talk(lambda _: booking.Cancel(), booking.person_has_cancelled),
    "appointment-move": Talk(lambda scene: leading.Move(scene.desk), leading.leader_has_moved),
    "appointment-place": Talk(lambda _: leading.Place(), leading.leader_has_changed_place),
    "appointment-call-off": Talk(lambda _: booking.Cancel(), leading.leader_has_cancelled),
    "appointment-open": Talk(staff.open_flow, staff.staff_have_opened),
}


def is_deed(wire: str) -> bool:
    """Is it a button of an appointment, or of a time that is open?"""
    return bool(DEED.match(wire))


def do_deed(scene: Scene, engine: Engine, wire: str) -> Replies:
    """Do what a button says, on whichever side of the desk the person is."""
    found = DEED.match(wire)
    if found is None:
        return [Reply(_OLD)]
    number, deed = int(found[2]), found[3]
    if found[1]:
        return staff.slot_deed(scene, number, deed)
    if deed in _RATINGS:
        return booking.person_rates(scene, number, deed)
    hers, leaders = _DEEDS.get(deed, (None, None))
    handler = hers if access.is_hers(scene.desk, number, scene.person) else leaders
    return handler(scene, engine, number) if handler else [Reply(_OLD)]


_OLD = "这个按钮用不了了，回“帮助”看看能办什么。"
_RATINGS = frozenset({"rate1", "rate2", "rate3"})
_Deed = Callable[[Scene, Engine, int], Replies]


def _simple(deed: Callable[[Scene, int], Replies]) -> _Deed:
    return lambda scene, _engine, number: deed(scene, number)


def _she_looks(scene: Scene, number: int) -> Replies:
    return [villager.look(scene.desk, number, scene.person)]


_DEEDS: dict[str, tuple[_Deed | None, _Deed | None]] = {
    "show": (_simple(_she_looks), _simple(leading.leader_looks)),
    "fix": (None, _simple(leading.leader_fixes)),
    "move": (booking.person_takes_another_time, leading.leader_moves),
    "place": (None, leading.leader_changes_place),
    "cancel": (booking.person_wants_to_cancel, leading.leader_wants_to_cancel),
    "missed": (_simple(booking.person_says_it_was_missed), None),
}
"""What a button does for whoever asked for the talk, and for the leader's side."""
