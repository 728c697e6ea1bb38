"""By when, and what the clock does about it. Times are written as China's local time."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from domain.delivery import CHINA
from domain.tickets.clock import Limits, deadline, due_step, next_look, nudges, promise
from domain.tickets.steps import FINAL, IN_HAND, WAITING, Closing, Kind, State, Step, Ticket
from tests.unit.tickets.sample import DAYS, LIMITS, a_ticket

MOMENT = timedelta(seconds=1)


def at(text: str) -> datetime:
    """ "11-02 10:00" of 2026 in China."""
    return datetime.strptime(f"2026-{text} +0800", "%Y-%m-%d %H:%M %z")


# filed, kind → accept by, first contact by, answer by
PROMISES = [
    ("11-02 10:00", Kind.REQUEST, "11-03 10:00", "11-03 18:00", "11-09 18:00"),  # Monday
    ("11-06 17:59", Kind.REQUEST, "11-07 17:59", "11-09 18:00", "11-13 18:00"),  # Friday
    ("11-06 23:30", Kind.REQUEST, "11-07 23:30", "11-09 18:00", "11-13 18:00"),  # Friday night
    ("11-07 09:00", Kind.REQUEST, "11-08 09:00", "11-09 18:00", "11-13 18:00"),  # Saturday
    ("11-02 00:10", Kind.CONSULT, "11-03 00:10", "11-03 18:00", "11-09 18:00"),  # UTC is still on Sunday
    ("11-02 10:00", Kind.COMPLAINT, "11-03 10:00", "11-03 18:00", "11-09 18:00"),
    ("11-02 10:00", Kind.APPOINTMENT, "11-05 18:00", "11-05 18:00", "11-05 18:00"),
    ("11-06 17:59", Kind.APPOINTMENT, "11-11 18:00", "11-11 18:00", "11-11 18:00"),  # over a weekend
    ("09-29 10:00", Kind.APPOINTMENT, "10-09 18:00", "10-09 18:00", "10-09 18:00"),  # over National Day
    ("11-02 10:00", Kind.IMMEDIATE, "11-02 12:00", "11-02 18:00", "11-02 18:00"),
    ("11-02 17:00", Kind.IMMEDIATE, "11-02 18:00", "11-02 18:00", "11-02 18:00"),
    ("11-02 18:00", Kind.IMMEDIATE, "11-03 10:00", "11-03 18:00", "11-03 18:00"),
    ("11-02 06:00", Kind.IMMEDIATE, "11-02 10:00", "11-02 18:00", "11-02 18:00"),  # before hours
    ("11-06 19:00", Kind.IMMEDIATE, "11-09 10:00", "11-09 18:00", "11-09 18:00"),  # Friday evening
    (
        "09-30 19:00",
        Kind.REQUEST,
        "10-01 19:00",
        "10-08 18:00",
        "10-13 18:00",
    ),  # National Day; 10-10 is worked
    (
        "02-14 10:00",
        Kind.REQUEST,
        "02-15 10:00",
        "02-24 18:00",
        "02-28 18:00",
    ),  # Spring Festival; so are 14 and 28
]


@pytest.mark.parametrize(("filed", "kind", "accept", "contact", "answer"), PROMISES)
def test_what_is_promised_at_filing(filed, kind, accept, contact, answer):
    promised = promise(kind, at(filed), LIMITS, DAYS)
    assert (promised.accept_by, promised.contact_by, promised.limit_at) == (
        at(accept),
        at(contact),
        at(answer),
    )


def test_the_county_sets_the_lengths():
    limits = Limits(accept_hours=4, contact_days=2, ordinary_days=15)
    promised = promise(Kind.REQUEST, at("11-02 10:00"), limits, DAYS)
    assert promised.accept_by == at("11-02 14:00")
    assert promised.contact_by == at("11-04 18:00")
    assert promised.limit_at == at("11-23 18:00")


# What is known of a ticket filed on Monday 11-02 at 10:00 → when it is overdue
DEADLINES = [
    *[(state, {}, "11-03 10:00") for state in sorted(WAITING)],
    *[(state, {}, "11-03 18:00") for state in sorted(IN_HAND)],
    *[(state, {"contacted_at": "11-02 11:00"}, "11-09 18:00") for state in sorted(IN_HAND)],
    (State.ASSIGNED, {"owner_by": "11-04 18:00"}, "11-04 18:00"),
    (State.ACCEPTED, {"owner_by": "11-04 18:00"}, "11-04 18:00"),
    (State.ACCEPTED, {"owner_by": "11-04 18:00", "contacted_at": "11-04 09:00"}, "11-09 18:00"),
    (State.ACCEPTED, {"owner_by": "11-10 18:00", "contacted_at": "11-04 09:00"}, "11-10 18:00"),
    (State.ANSWERED, {"answered_at": "11-03 09:00"}, "11-10 09:00"),
    (State.ANSWERED, {"answered_at": "11-03 09:00", "owner_by": "11-20 18:00"}, "11-10 09:00"),
    *[(state, {"answered_at": "11-03 09:00"}, None) for state in sorted(FINAL)],
]


@pytest.mark.parametrize(("state", "known", "overdue"), DEADLINES)
def test_when_it_is_overdue(state, known, overdue):
    ticket = a_ticket(state, **{name: at(moment) for name, moment in known.items()})
    assert deadline(ticket, LIMITS) == (at(overdue) if overdue else None)
    if overdue is None:
        assert next_look(ticket, LIMITS, DAYS) is None
        assert due_step(ticket, at("12-31 10:00"), LIMITS, DAYS) is None
        return
    after = Step.EXPIRE if state is State.ANSWERED else Step.ESCALATE
    assert due_step(ticket, at(overdue), LIMITS, DAYS) is after
    assert due_step(ticket, at(overdue) - MOMENT, LIMITS, DAYS) is not after


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        ("11-09 18:00", ["11-06 08:00", "11-09 08:00"]),  # the day before is a Sunday
        ("11-06 18:00", ["11-04 14:00", "11-05 18:00"]),
        ("11-04 10:00", ["11-03 10:00"]),  # half time is one day before
        ("11-02 18:00", ["11-02 14:00"]),  # one day before would be before it was filed
        ("11-16 18:00", ["11-09 14:00", "11-16 08:00"]),
    ],
)
def test_nudged_at_half_time_and_one_day_before(limit, expected):
    assert nudges(a_ticket(limit_at=at(limit)), DAYS) == tuple(at(moment) for moment in expected)


@pytest.mark.parametrize(
    ("filed", "kind", "expected"),
    [
        ("11-06 10:00", Kind.APPOINTMENT, ["11-09 08:00", "11-10 18:00"]),  # half time is on a Sunday
        ("09-30 10:00", Kind.REQUEST, ["10-08 08:00", "10-12 18:00"]),  # over National Day
        ("11-07 10:00", Kind.IMMEDIATE, ["11-08 14:00", "11-08 18:00"]),  # at once means at once
    ],
)
def test_on_a_day_off_only_of_what_is_to_be_done_at_once(filed, kind, expected):
    ticket = a_ticket(State.ASSIGNED, at(filed), kind=kind)
    assert nudges(ticket, DAYS) == tuple(at(moment) for moment in expected)


@pytest.mark.parametrize(
    ("nudged", "now", "step"),
    [
        (0, "11-06 07:59", None),
        (0, "11-06 08:00", Step.NUDGE),
        (1, "11-06 08:00", None),
        (1, "11-09 07:59", None),
        (1, "11-09 08:00", Step.NUDGE),
        (2, "11-09 08:00", None),
        (2, "11-09 18:00", Step.ESCALATE),
        (0, "11-09 18:00", Step.ESCALATE),
    ],
)
def test_what_is_due_to_a_ticket_in_hand(nudged, now, step):
    ticket = a_ticket(State.ACCEPTED, contacted_at=at("11-02 11:00"), nudges=nudged)
    assert due_step(ticket, at(now), LIMITS, DAYS) is step


TALK = {"urged_at": at("11-03 09:00"), "version": 9, "events": 9, "rating": None}


@pytest.mark.parametrize("state", sorted(WAITING | IN_HAND))
def test_no_comment_and_no_urging_resets_the_clock(state):
    quiet, noisy = a_ticket(state), a_ticket(state, **TALK)
    assert deadline(noisy, LIMITS) == deadline(quiet, LIMITS)
    assert next_look(noisy, LIMITS, DAYS) == next_look(quiet, LIMITS, DAYS)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("nudged", [0, 1, 2])
def test_nothing_is_due_before_the_next_look_and_something_is_then(state, nudged):
    ticket = a_ticket(state, nudges=nudged, contacted_at=at("11-02 11:00"), answered_at=at("11-04 11:00"))
    look = next_look(ticket, LIMITS, DAYS)
    if look is not None:
        assert due_step(ticket, look - MOMENT, LIMITS, DAYS) is None
        assert due_step(ticket, look, LIMITS, DAYS) is not None


RUNGS = ["primary", "deputy", "supervisor", "staff"]


def the_clock_looks(ticket: Ticket, now: datetime) -> Ticket:
    """What the clock does, as far as the rules go: each owner on the way up has a working day of his own."""
    step = due_step(ticket, now, LIMITS, DAYS)
    if step is Step.NUDGE:
        return replace(ticket, nudges=ticket.nudges + 1)
    if step is Step.ESCALATE:
        above = RUNGS[min(RUNGS.index(ticket.rung) + 1, len(RUNGS) - 1)]
        return replace(
            ticket, rung=above, state=State.ASSIGNED, owner_by=DAYS.add(now, LIMITS.escalated_days)
        )
    if step is Step.EXPIRE:
        return replace(ticket, state=State.CLOSED, closing=Closing.UNCONFIRMED)
    return ticket


def path(ticket: Ticket, until: datetime) -> list[tuple[str, str]]:
    """What happens to a ticket that nobody touches: (when, what)."""
    happened = []
    while (look := next_look(ticket, LIMITS, DAYS)) is not None and look <= until:
        before, ticket = ticket, the_clock_looks(ticket, look)
        assert ticket != before, "the clock looked in vain"
        if ticket.rung != before.rung:
            what = ticket.rung
        elif ticket.nudges != before.nudges:
            what = f"nudge {ticket.nudges}"
        else:
            what = ticket.state.value if ticket.state in FINAL else "still at the top"
        happened.append((f"{look.astimezone(CHINA):%m-%d %H:%M}", what))
    return happened


def test_a_ticket_that_nobody_touches_climbs_to_the_top():
    assert path(a_ticket(), at("11-12 00:00")) == [
        ("11-03 10:00", "deputy"),
        ("11-04 18:00", "supervisor"),
        ("11-05 18:00", "staff"),
        ("11-06 08:00", "nudge 1"),
        ("11-06 18:00", "still at the top"),
        ("11-09 08:00", "nudge 2"),
        ("11-09 18:00", "still at the top"),
        ("11-10 18:00", "still at the top"),
        ("11-11 18:00", "still at the top"),
    ]


def test_an_immediate_ticket_climbs_within_hours():
    assert path(a_ticket(kind=Kind.IMMEDIATE), at("11-05 00:00")) == [
        ("11-02 12:00", "deputy"),
        ("11-02 14:00", "nudge 1"),
        ("11-03 18:00", "supervisor"),
        ("11-04 18:00", "staff"),
    ]


def test_seven_days_of_silence_close_it_as_unconfirmed():
    answered = a_ticket(State.ANSWERED, answered_at=at("11-04 15:00"))
    assert path(answered, at("12-31 00:00")) == [("11-11 15:00", "closed")]


A_TALK = {"kind": Kind.APPOINTMENT, "contacted_at": at("11-03 10:00"), "limit_at": at("11-10 09:30")}


@pytest.mark.parametrize(
    ("state", "now", "step"),
    [
        (State.ASSIGNED, "11-10 09:30", Step.ESCALATE),  # nobody gave a word in time
        (State.ACCEPTED, "11-09 09:30", None),  # both sides are reminded otherwise
        (State.ACCEPTED, "11-10 09:29", None),
        (State.ACCEPTED, "11-10 09:30", Step.OVER),
        (State.REOPENED, "11-10 09:30", Step.ESCALATE),
    ],
)
def test_the_limit_of_a_talk_that_is_fixed_is_its_end(state: State, now: str, step: Step | None):
    talk = a_ticket(state, at("11-02 10:00"), **A_TALK, nudges=2)
    assert due_step(talk, at(now), LIMITS, DAYS) is step
