"""待定: what a supervisor has to decide; `g:<ticket>:<way>` decides it with one tap and shows what is left."""

import re
from collections.abc import Callable

from domain.digest import Way, digest
from domain.directory import Person
from domain.talk import Reply
from domain.tickets.words import owner_choices
from handlers.engine import Engine
from handlers.scene import Replies, Scene
from services.desk import Desk
from services.digest import to_decide
from services.tickets import deciding
from services.tickets.steps import held

_DEED = re.compile(r"^g:(\d{1,9}):(take|give|extend|call)(\d{0,12})$")
_DEEDS: dict[Way, Callable[[Desk, int, Person], str]] = {
    Way.TAKE: deciding.take_over,
    Way.EXTEND: deciding.allow_extension,
    Way.CALL: deciding.called,
}


def is_deed(wire: str) -> bool:
    return _DEED.match(wire) is not None


def person_asks_what_to_decide(scene: Scene) -> Replies:
    found = to_decide(scene.desk, scene.person) if scene.watches else []
    return [digest(found, "有")] if found else [Reply("现在没有要您定的事。")]


def do_deed(scene: Scene, _engine: Engine, wire: str) -> Replies:
    """Decide one matter. Then a number means the list as it is shown anew, with what is left of it."""
    found = _DEED.match(wire)
    if found is None:
        return [Reply("这个按钮用不了了，回“待定”再看。")]
    ticket, way = int(found[1]), Way(found[2])
    if way is Way.GIVE:
        done = deciding.give(scene.desk, ticket, scene.person, int(found[3] or 0))
    else:
        done = _DEEDS[way](scene.desk, ticket, scene.person)
    left = [one for one in to_decide(scene.desk, scene.person) if one.ticket.id != ticket]
    if left:
        return [Reply(done), digest(left, "还有")]
    after = held(scene.desk, ticket)
    return [Reply(f"{done}都定完了。", owner_choices(after) if after.owner == scene.person.id else ())]
