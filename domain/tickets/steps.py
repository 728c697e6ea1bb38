"""States of a ticket and the steps between them: one table, nothing else decides.

Only the villager's own word closes a ticket as solved; a rectification (整改), which has no villager, is ticked off by a
reviewer. Every step leaves one event.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    REQUEST = "request"
    IMMEDIATE = "immediate"
    CONSULT = "consult"
    COMPLAINT = "complaint"
    PRAISE = "praise"
    APPOINTMENT = "appointment"
    RECTIFICATION = "rectification"


STAFF_ONLY = frozenset({Kind.COMPLAINT, Kind.APPOINTMENT})
"""Kinds that, beside its owner and whoever filed it, county staff alone may see."""


class State(StrEnum):
    FILED = "filed"
    ASSIGNED = "assigned"
    ACCEPTED = "accepted"
    EXTENDED = "extended"
    TRANSFERRED = "transferred"
    RETURNED = "returned"
    ANSWERED = "answered"
    REOPENED = "reopened"
    CLOSED = "closed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


STATE_NAMES = {
    State.FILED: "已登记",
    State.ASSIGNED: "已派单",
    State.ACCEPTED: "已签收",
    State.EXTENDED: "已延期",
    State.TRANSFERRED: "已转办",
    State.RETURNED: "已退回",
    State.ANSWERED: "已答复待确认",
    State.REOPENED: "重办",
    State.CLOSED: "办结",
    State.DECLINED: "不予受理",
    State.WITHDRAWN: "已撤回",
}

_APPOINTMENT_STATES = {
    State.ASSIGNED: "等答复",
    State.ACCEPTED: "约好了",
    State.ANSWERED: "时间到了",
    State.REOPENED: "等另定时间",
    State.DECLINED: "取消了",
    State.WITHDRAWN: "取消了",
}
RECTIFICATION_STATES = {
    State.ASSIGNED: "整改中",
    State.ANSWERED: "等复核",
    State.REOPENED: "重新整改",
    State.CLOSED: "已销号",
    State.WITHDRAWN: "已撤销",
}
_STATES_OF = {Kind.APPOINTMENT: _APPOINTMENT_STATES, Kind.RECTIFICATION: RECTIFICATION_STATES}
"""Kinds whose states have names of their own."""

WAITING = frozenset({State.FILED, State.ASSIGNED, State.TRANSFERRED, State.RETURNED})
"""Nobody has taken it on yet."""
IN_HAND = frozenset({State.ACCEPTED, State.EXTENDED, State.REOPENED})
"""Its owner is at work on it."""
OPEN = WAITING | IN_HAND | {State.ANSWERED}
FINAL = frozenset({State.CLOSED, State.DECLINED, State.WITHDRAWN})


class Part(StrEnum):
    """The part a person has in a ticket; which steps he may take follows from it alone."""

    VILLAGER = "villager"
    """She whose matter it is, or the agent who filed it for her."""
    OWNER = "owner"
    """Whoever has to answer it now."""
    CLOCK = "clock"
    REVIEWER = "reviewer"
    """County staff who look at what was put right; never its owner."""


class Closing(StrEnum):
    """How a closed ticket was closed; counted apart."""

    SOLVED = "solved"
    UNCONFIRMED = "unconfirmed"
    TICKED_OFF = "ticked_off"
    """A rectification that a reviewer confirmed."""


class Step(StrEnum):
    FILE = "file"
    ASSIGN = "assign"
    ACCEPT = "accept"
    CALL = "call"
    MESSAGE = "message"
    TRANSFER = "transfer"
    RETURN = "return"
    EXTEND = "extend"
    ANSWER = "answer"
    DECLINE = "decline"
    CONFIRM = "confirm"
    REOPEN = "reopen"
    WITHDRAW = "withdraw"
    ADD = "add"
    URGE = "urge"
    RATE = "rate"
    NUDGE = "nudge"
    ESCALATE = "escalate"
    HAND_OVER = "hand_over"
    EXPIRE = "expire"
    REPORT = "report"
    PROPOSE = "propose"
    TICK_OFF = "tick_off"
    AMEND = "amend"
    MOVE = "move"
    REBOOK = "rebook"
    CANCEL = "cancel"
    OVER = "over"


STEP_NAMES = {
    Step.FILE: "登记",
    Step.ASSIGN: "派单",
    Step.ACCEPT: "签收",
    Step.CALL: "打了电话",
    Step.MESSAGE: "留言",
    Step.TRANSFER: "转办",
    Step.RETURN: "退回",
    Step.EXTEND: "延期",
    Step.ANSWER: "答复",
    Step.DECLINE: "不予受理",
    Step.CONFIRM: "群众确认解决",
    Step.REOPEN: "群众说没解决，重办",
    Step.WITHDRAW: "撤回",
    Step.ADD: "补充",
    Step.URGE: "催办",
    Step.RATE: "评价",
    Step.NUDGE: "到时提醒",
    Step.ESCALATE: "超时，交上一级",
    Step.HAND_OVER: "换了负责人",
    Step.EXPIRE: "一直没有回音，按未确认办结",
    Step.REPORT: "说了进展",
    Step.PROPOSE: "报销号",
    Step.TICK_OFF: "确认销号",
    Step.AMEND: "改了清单",
    Step.MOVE: "改约谈的时间地点",
    Step.REBOOK: "群众另选了时间",
    Step.CANCEL: "取消约谈",
    Step.OVER: "约谈时间到了",
}


@dataclass(frozen=True, slots=True)
class Rule:
    """From which states, by whose hand, into which state (None: it stays as it is)."""

    by: frozenset[Part]
    start: frozenset[State]
    to: State | None


def _rule(by: Part | tuple[Part, ...], start: frozenset[State] | set[State], to: State | None) -> Rule:
    parts = by if isinstance(by, tuple) else (by,)
    return Rule(frozenset(parts), frozenset(start), to)


STEPS: dict[Step, Rule] = {
    Step.ASSIGN: _rule(Part.CLOCK, {State.FILED}, State.ASSIGNED),
    Step.ACCEPT: _rule(Part.OWNER, WAITING | {State.REOPENED}, State.ACCEPTED),
    Step.CALL: _rule(Part.OWNER, OPEN, None),
    Step.MESSAGE: _rule((Part.OWNER, Part.VILLAGER), OPEN, None),
    Step.TRANSFER: _rule(Part.OWNER, WAITING | IN_HAND, State.TRANSFERRED),
    Step.RETURN: _rule(Part.OWNER, WAITING | IN_HAND, State.RETURNED),
    Step.EXTEND: _rule(Part.OWNER, IN_HAND, State.EXTENDED),
    Step.ANSWER: _rule(Part.OWNER, IN_HAND, State.ANSWERED),
    Step.DECLINE: _rule(Part.OWNER, WAITING | IN_HAND, State.DECLINED),
    Step.CONFIRM: _rule(Part.VILLAGER, {State.ANSWERED}, State.CLOSED),
    Step.REOPEN: _rule(Part.VILLAGER, {State.ANSWERED, State.CLOSED}, State.REOPENED),
    Step.WITHDRAW: _rule(Part.VILLAGER, OPEN, State.WITHDRAWN),
    Step.ADD: _rule(Part.VILLAGER, OPEN, None),
    Step.URGE: _rule(Part.VILLAGER, WAITING | IN_HAND, None),
    Step.RATE: _rule(Part.VILLAGER, {State.CLOSED}, None),
    Step.NUDGE: _rule(Part.CLOCK, WAITING | IN_HAND, None),
    Step.ESCALATE: _rule(Part.CLOCK, WAITING | IN_HAND, State.ASSIGNED),
    Step.HAND_OVER: _rule(Part.CLOCK, OPEN, None),
    Step.EXPIRE: _rule(Part.CLOCK, {State.ANSWERED}, State.CLOSED),
}

RECTIFICATION_STEPS: dict[Step, Rule] = {
    Step.REPORT: _rule(Part.OWNER, {State.ASSIGNED, State.REOPENED, State.ANSWERED}, None),
    Step.PROPOSE: _rule(Part.OWNER, {State.ASSIGNED, State.REOPENED}, State.ANSWERED),
    Step.TICK_OFF: _rule(Part.REVIEWER, {State.ANSWERED}, State.CLOSED),
    Step.REOPEN: _rule(Part.REVIEWER, {State.ANSWERED, State.CLOSED}, State.REOPENED),
    Step.AMEND: _rule(Part.REVIEWER, {State.ASSIGNED, State.REOPENED, State.ANSWERED}, None),
    Step.HAND_OVER: _rule(Part.REVIEWER, {State.ASSIGNED, State.REOPENED}, None),
    Step.WITHDRAW: _rule(Part.REVIEWER, {State.ASSIGNED, State.REOPENED, State.ANSWERED}, State.WITHDRAWN),
}
"""A rectification has no villager, and the clock does nothing to it: its owner proposes, a reviewer ticks off.

As long as it is proposed it stays whose it is: so its owner is whoever proposed it, whom the database knows, and who never reviews it.
"""

_NOT_OF_APPOINTMENTS = frozenset(
    map(Step, ["call", "message", "transfer", "return", "extend", "answer", "decline", "add", "urge"])
)
APPOINTMENT_STEPS: dict[Step, Rule] = {
    **{step: rule for step, rule in STEPS.items() if step not in _NOT_OF_APPOINTMENTS},
    Step.MOVE: _rule(Part.OWNER, WAITING | IN_HAND, State.ACCEPTED),
    Step.REBOOK: _rule(Part.VILLAGER, WAITING | IN_HAND, State.ASSIGNED),
    Step.CANCEL: _rule(Part.OWNER, WAITING | IN_HAND, State.DECLINED),
    Step.OVER: _rule(Part.CLOCK, {State.ACCEPTED}, State.ANSWERED),
}
"""An appointment is not answered in words, nor returned or put off: it is fixed, moved, cancelled, or held."""

STEPS_OF = {Kind.RECTIFICATION: RECTIFICATION_STEPS, Kind.APPOINTMENT: APPOINTMENT_STEPS}
"""Kinds whose steps are their own; all others go by `STEPS`."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """One matter. All times are aware UTC; `limit_at`, `accept_by`, `contact_by` are promises made at filing."""

    id: int
    kind: Kind
    state: State
    category: str
    subcategory: str | None
    text: str
    area: str
    villager: int
    filed_by: int
    on_behalf_of: str
    """Name and phone of the person an agent filed for, as the agent gave them; "" when she filed herself."""
    filed_at: datetime
    accept_by: datetime
    contact_by: datetime
    limit_at: datetime
    owner: int | None
    rung: str
    """The ladder's rung on which the owner stands: a `directory.Rung`."""
    owner_by: datetime | None = None
    """Time given to an owner who got the ticket from another; the villager's limit stays what it was."""
    accepted_at: datetime | None = None
    contacted_at: datetime | None = None
    answered_at: datetime | None = None
    closed_at: datetime | None = None
    closing: Closing | None = None
    extensions: int = 0
    returns: int = 0
    rating: int | None = None
    urged_at: datetime | None = None
    nudges: int = 0
    version: int = 0
    events: int = 0

    @property
    def open(self) -> bool:
        return self.state in OPEN

    @property
    def state_name(self) -> str:
        return _STATES_OF.get(self.kind, {}).get(self.state, STATE_NAMES[self.state])

    @property
    def title(self) -> str:
        return f"{self.category}·{self.subcategory}" if self.subcategory else self.category


@dataclass(frozen=True, slots=True)
class Event:
    """One step that was taken. Events are only ever added."""

    ticket: int
    number: int
    at: datetime
    step: Step
    actor: int | None
    """The person who did it; None is the clock."""
    state: State
    """The ticket's state after the step."""
    note: str = ""
    media: tuple[int, ...] = ()
