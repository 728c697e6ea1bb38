"""A cadre's calendar under a secret address. Whoever has the address can read it, so it says when and where, not what.

The secret has 256 random bits and is kept as its SHA-256 alone: it can be replaced and never shown again, and to look
for a mark takes no longer for one that is nearly right.
"""

import hashlib
import secrets
from datetime import datetime, time, timedelta

from domain.appointments.times import Appointment
from domain.appointments.words import leader_of
from domain.calendar import Entry
from domain.county import County
from domain.delivery import CHINA
from domain.directory import Person
from domain.duties.duty import Duty, State
from domain.errors import Refusal
from services.calendar.ics import calendar_of
from services.desk import Desk
from services.duties import noting
from storage import appointments, calendars

PATH = "/calendar"
_SECRET_BYTES = 32
_PAST = timedelta(days=30)
"""So long what is over or called off still stands in the calendar, so that every phone has seen it."""


def subscribe(desk: Desk, person: Person) -> str:
    """A new address for the person's calendar; one that there was shows nothing any more.

    Raises Refusal where the county has no address that phones can reach.
    """
    if not desk.county.public_url:
        raise Refusal("县上还没有开通网址，日历暂时订不了。")
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    calendars.put(desk.tx, person.id, _mark(secret), desk.now)
    return f"{desk.county.public_url}{PATH}/{secret}.ics"


def is_subscribed(desk: Desk, person: Person) -> bool:
    return calendars.exists(desk.tx, person.id)


def unsubscribe(desk: Desk, person: Person) -> bool:
    """The address shows nothing any more. False: there was none."""
    return calendars.drop(desk.tx, person.id)


def read(desk: Desk, secret: str) -> bytes | None:
    """The calendar at the address of this secret, None if there is none."""
    person = calendars.reader(desk.tx, _mark(secret))
    if person is None:
        return None
    talks = appointments.of_calendar(desk.tx, person.id, desk.now - _PAST)
    open_duties = [one for one in noting.mine(desk, person) if one.state is State.OPEN]
    entries = [of_appointment(one, desk.county) for one in talks]
    entries += [of_duty(one, desk.county) for one in open_duties]
    return calendar_of(entries, f"{desk.county.name}连心日历")


def of_ticket(desk: Desk, ticket: int) -> bytes | None:
    """The calendar's file of one talk, as it stands now."""
    found = appointments.find(desk.tx, ticket)
    return None if found is None else calendar_of([of_appointment(found, desk.county)])


def of_appointment(appointment: Appointment, county: County) -> Entry:
    slot = appointment.slot
    return Entry(
        uid=f"appointment-{appointment.ticket}@{county.code}.lianxin",
        title=f"约谈{appointment.ticket}号 {leader_of(slot)}",
        starts=slot.starts_at,
        ends=slot.ends_at,
        changed_at=appointment.changed_at,
        place=slot.place,
        sequence=appointment.sequence,
        tentative=appointment.fixed_at is None,
        cancelled=appointment.cancelled_at is not None,
    )


def of_duty(duty: Duty, county: County) -> Entry:
    """On the last day of its period. Once it is noted it goes from the calendar."""
    return Entry(
        uid=f"duty-{duty.period}-{duty.person}@{county.code}.lianxin",
        title=f"{duty.name}（{duty.system}）",
        starts=duty.ends_on,
        ends=duty.ends_on + timedelta(days=1),
        changed_at=datetime.combine(duty.starts_on, time(), CHINA),
    )


def _mark(secret: str) -> bytes:
    return hashlib.sha256(secret.encode(errors="replace")).digest()
