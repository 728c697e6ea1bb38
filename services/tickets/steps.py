"""The one way in which a ticket changes: a step that the rules allow, an event, and the clock set anew."""

from dataclasses import replace
from typing import Any

from domain.directory import Person, RoleName, within
from domain.errors import Refusal
from domain.tickets.checks import check_step
from domain.tickets.clock import next_look
from domain.tickets.steps import STAFF_ONLY, Event, Kind, Part, State, Step, Ticket
from services.desk import Desk
from storage import tickets
from storage.directory import people


def take(
    desk: Desk,
    ticket: Ticket,
    step: Step,
    part: Part,
    actor: int | None,
    *,
    note: str = "",
    media: tuple[int, ...] = (),
    **changes: Any,
) -> Ticket:
    """Take one step and return the ticket after it. Raises Refusal when the rules forbid the step."""
    state = check_step(ticket, step, part)
    values: dict[str, Any] = {
        "state": state,
        "version": ticket.version + 1,
        "events": ticket.events + 1,
    } | changes
    after = replace(ticket, **values)
    if not tickets.save(desk.tx, after, next_look(after, desk.county.limits, desk.county.days)):
        raise Refusal(f"{ticket.id}号刚刚有人动过，请再看一眼。")
    tickets.add_events(
        desk.tx, Event(ticket.id, after.events, desk.now, step, actor, State(after.state), note, media)
    )
    return after


def held(desk: Desk, ticket: int) -> Ticket:
    """The ticket, locked. Raises Refusal if there is none of this number: a rectification is none (`rectification`)."""
    found = tickets.lock(desk.tx, ticket)
    if found is None or found.kind is Kind.RECTIFICATION:
        raise Refusal(f"没有{ticket}号工单，请核对号码。")
    return found


def her_own(desk: Desk, ticket: int, person: Person) -> Ticket:
    """The ticket, locked, if it is hers or was filed by her; else as if it did not exist.

    Raises Refusal for an appointment too, with which other things are done.
    """
    found = hers(desk, ticket, person)
    check_no_appointment(found)
    return found


def hers(desk: Desk, ticket: int, person: Person) -> Ticket:
    """The ticket of whatever kind, locked, if it is hers or was filed by her; else as if it did not exist."""
    found = held(desk, ticket)
    if person.id not in (found.villager, found.filed_by):
        raise Refusal(f"没有{ticket}号工单，请核对号码。")
    return found


def check_no_appointment(ticket: Ticket) -> None:
    if ticket.kind is Kind.APPOINTMENT:
        raise Refusal(f"{ticket.id}号是约谈，回“{ticket.id}号”就能看、能改。")


def his_own(desk: Desk, ticket: int, person: Person) -> Ticket:
    """The ticket, locked, if the person is its owner now. Says who has it if it is somebody else's."""
    found = held(desk, ticket)
    if found.owner == person.id:
        check_no_appointment(found)
        return found
    if not may_see(desk, found, person):
        raise Refusal(f"没有{ticket}号工单，请核对号码。")
    raise taken(desk, found)


def may_see(desk: Desk, ticket: Ticket, person: Person) -> bool:
    """May this person read the ticket: hers, his, or of an area that his role covers (some kinds: staff only)."""
    return person.id in (ticket.villager, ticket.filed_by) or may_work(desk, ticket, person)


def may_work(desk: Desk, ticket: Ticket, person: Person) -> bool:
    """May this person take the ticket on: his already, or of an area that his role covers (some kinds: staff only)."""
    if person.id == ticket.owner:
        return True
    if ticket.kind in STAFF_ONLY:
        allowed = {RoleName.STAFF}
    else:
        allowed = {RoleName.CADRE, RoleName.SUPERVISOR, RoleName.STAFF}
    roles = people.roles(desk.tx, person.id, desk.now)
    return any(role in allowed and within(ticket.area, area) for role, area in roles)


def taken(desk: Desk, ticket: Ticket) -> Refusal:
    """What a second cadre is told."""
    owner = people.find(desk.tx, ticket.owner) if ticket.owner else None
    return Refusal(f"{ticket.id}号已由{owner.name if owner else '别人'}接手，您不用再办。")
