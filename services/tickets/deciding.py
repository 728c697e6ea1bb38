"""What a supervisor or the staff decide with one tap about a ticket that came up to them, or lies with nobody."""

from domain.directory import Person, RoleName, Rung, within
from domain.errors import Refusal
from domain.talk import Reply
from domain.tickets.steps import STAFF_ONLY, WAITING, Part, Step, Ticket
from domain.tickets.words import when
from services.delivery import tell
from services.desk import Desk
from services.directory.areas import area, owners
from services.tickets import handling
from services.tickets.filing import card_for_owner
from services.tickets.steps import held, take
from storage.directory import people


def take_over(desk: Desk, ticket: int, person: Person) -> str:
    """He takes it on himself, whoever has it. Returns what he is told."""
    found = _decided_by(desk, ticket, person)
    if found.state not in WAITING and found.owner != person.id:
        _transfer(desk, found, person, person.id, _rung(desk, found, person.id))
    after = handling.accept(desk, ticket, person)
    _tell_whose_it_was(desk, found, person, person)
    return f"{ticket}号您接了。{when(after.limit_at)}前答复。"


def give(desk: Desk, ticket: int, person: Person, to: int) -> str:
    """To somebody of the grid who is there. Returns what is told. Raises Refusal when he is not there any more."""
    found = _decided_by(desk, ticket, person)
    heir = next((one for one in handling.colleagues(desk, found) if one.person.id == to), None)
    if heir is None:
        raise Refusal(f"{ticket}号不能交给他了，回“待定”重新看。")
    after = _transfer(desk, found, person, to, heir.rung)
    tell(desk, to, card_for_owner(desk, after, f"{person.name}交您"))
    handling.tell_villager_whose(desk, after, heir.person)
    _tell_whose_it_was(desk, found, person, heir.person)
    return f"{ticket}号交给{heir.person.name}了。"


def allow_extension(desk: Desk, ticket: int, person: Person) -> str:
    """More time, once; she is told that it has come up and is being worked on."""
    found = _decided_by(desk, ticket, person)
    own = next((a for role, a in _roles(desk, person) if within(found.area, a) and role in _DECIDE), "")
    after = handling.extend(desk, ticket, person, f"{area(desk, own).short_name}接手了，正在办。")
    return f"{ticket}号延到{when(after.limit_at)}，已告诉群众。"


def called(desk: Desk, ticket: int, person: Person) -> str:
    handling.note_call(desk, ticket, person)
    return f"{ticket}号记下了：打过电话。"


_DECIDE = {RoleName.SUPERVISOR, RoleName.STAFF}


def decides(desk: Desk, ticket: Ticket, person: Person) -> bool:
    """May he decide whose it is: supervisors and staff of the area, and of what only they may see the staff alone."""
    allowed = {RoleName.STAFF} if ticket.kind in STAFF_ONLY else _DECIDE
    return any(role in allowed and within(ticket.area, one) for role, one in _roles(desk, person))


def _decided_by(desk: Desk, ticket: int, person: Person) -> Ticket:
    found = held(desk, ticket)
    if not decides(desk, found, person):
        raise Refusal(f"没有{ticket}号工单，请核对号码。")
    return found


def _tell_whose_it_was(desk: Desk, ticket: Ticket, by: Person, owner: Person) -> None:
    """Whoever had it until now need not go on, unless it was he who decided."""
    if ticket.owner not in (None, by.id, owner.id):
        tell(desk, ticket.owner, Reply(f"{ticket.id}号已交{owner.name}，您不用再办。"))


def _roles(desk: Desk, person: Person) -> list[tuple[RoleName, str]]:
    return people.roles(desk.tx, person.id, desk.now)


def _rung(desk: Desk, ticket: Ticket, person: int) -> str:
    steps = owners(desk, ticket.area, ticket.kind)
    return next((one.rung for one in steps if one.person.id == person), Rung.STAFF)


def _transfer(desk: Desk, ticket: Ticket, by: Person, to: int, rung: str) -> Ticket:
    time = handling.time_for_next(desk, ticket)
    return take(
        desk, ticket, Step.TRANSFER, Part.OWNER, by.id, note="督办指定", owner=to, rung=rung, owner_by=time
    )
