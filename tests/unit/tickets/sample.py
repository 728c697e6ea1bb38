"""A ticket to try the rules on."""

from datetime import UTC, datetime
from typing import Any

from domain.tickets.clock import Limits, promise
from domain.tickets.steps import Kind, State, Ticket
from domain.working_days import WorkingDays

MONDAY = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
"""Ten in the morning in China, on an ordinary working day; nothing but weekends interrupts the weeks after it."""
DAYS = WorkingDays()
LIMITS = Limits()


def a_ticket(state: State = State.ASSIGNED, filed_at: datetime = MONDAY, **changes: Any) -> Ticket:
    """A ticket with the promises that its kind makes at `filed_at`, then as `changes` say."""
    kind = changes.pop("kind", Kind.REQUEST)
    promised = promise(kind, filed_at, LIMITS, DAYS)
    values: dict[str, Any] = {
        "id": 7,
        "kind": kind,
        "state": state,
        "category": "饮水灌溉",
        "subcategory": "渠",
        "text": "渠堵了",
        "area": "610528001200",
        "villager": 1,
        "filed_by": 1,
        "on_behalf_of": "",
        "filed_at": filed_at,
        "accept_by": promised.accept_by,
        "contact_by": promised.contact_by,
        "limit_at": promised.limit_at,
        "owner": 2,
        "rung": "primary",
    }
    return Ticket(**values | changes)
