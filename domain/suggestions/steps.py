"""States of a suggestion and the steps between them: one table, nothing else decides.

Every suggestion is answered, and the answer says what is done and why (信访工作条例 29: suggestions are studied and
answered). Every step leaves one event; an event knows its day, never its hour.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from domain.errors import Refusal


class State(StrEnum):
    RECEIVED = "received"
    HANDED = "handed"
    ASKED = "asked"
    ANSWERED = "answered"
    MERGED = "merged"


STATE_NAMES = {
    State.RECEIVED: "已收到",
    State.HANDED: "研究中",
    State.ASKED: "等您补充",
    State.ANSWERED: "已答复",
    State.MERGED: "已并案",
}

WAITING = frozenset({State.RECEIVED, State.HANDED, State.ASKED})
"""An answer is owed. A question back to the writer stops no clock: an anonymous one may never see it."""


class Outcome(StrEnum):
    ADOPTED = "adopted"
    PARTLY = "partly"
    NOT = "not"
    PASSED_ON = "passed_on"


OUTCOME_NAMES = {
    Outcome.ADOPTED: "采纳",
    Outcome.PARTLY: "部分采纳",
    Outcome.NOT: "没采纳",
    Outcome.PASSED_ON: "转交",
}

NEEDS: dict[Outcome, tuple[str, ...]] = {
    Outcome.ADOPTED: ("measure",),
    Outcome.PARTLY: ("reason", "measure"),
    Outcome.NOT: ("reason",),
    Outcome.PASSED_ON: ("office", "reason"),
}
"""What an answer has to say beside its outcome: nobody is put off without a reason or promised without a measure."""


class Part(StrEnum):
    """The part somebody has in a suggestion."""

    WRITER = "writer"
    """Whoever shows the receipt code, or the person who signed."""
    STAFF = "staff"
    CLOCK = "clock"


class Step(StrEnum):
    FILE = "file"
    HAND = "hand"
    ASK = "ask"
    REPLY = "reply"
    ADD = "add"
    ANSWER = "answer"
    HIDE = "hide"
    MERGE = "merge"
    SPLIT = "split"
    RESTRICT = "restrict"
    ESCALATE = "escalate"


STEP_NAMES = {
    Step.FILE: "收到",
    Step.HAND: "交办",
    Step.ASK: "追问",
    Step.REPLY: "回了追问",
    Step.ADD: "补充",
    Step.ANSWER: "答复",
    Step.HIDE: "不再公开",
    Step.MERGE: "并案",
    Step.SPLIT: "不并了",
    Step.RESTRICT: "改为限县上看",
    Step.ESCALATE: "超时提醒",
}


@dataclass(frozen=True, slots=True)
class Rule:
    """By whose hand, from which states, into which state (None: it stays as it is)."""

    by: Part
    start: frozenset[State]
    to: State | None


STEPS: dict[Step, Rule] = {
    Step.HAND: Rule(Part.STAFF, WAITING, State.HANDED),
    Step.ASK: Rule(Part.STAFF, WAITING, State.ASKED),
    Step.REPLY: Rule(Part.WRITER, frozenset({State.ASKED}), State.RECEIVED),
    Step.ADD: Rule(
        Part.WRITER, frozenset({State.RECEIVED, State.HANDED, State.ANSWERED, State.MERGED}), None
    ),
    Step.ANSWER: Rule(Part.STAFF, WAITING | {State.ANSWERED}, State.ANSWERED),
    Step.HIDE: Rule(Part.STAFF, frozenset({State.ANSWERED}), None),
    Step.MERGE: Rule(Part.STAFF, WAITING, State.MERGED),
    Step.SPLIT: Rule(Part.STAFF, frozenset({State.MERGED}), State.RECEIVED),
    Step.RESTRICT: Rule(Part.STAFF, frozenset(State), None),
    Step.ESCALATE: Rule(Part.CLOCK, WAITING, None),
}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One suggestion. An anonymous one has neither person nor area, and its day is the day it was opened."""

    id: int
    state: State
    restricted: bool
    """About a person: county staff alone may read it, without those it is about and whoever stands near them."""
    text: str
    day: date
    limit_at: datetime
    person: int | None = None
    area: str | None = None
    receipt: bytes = b""
    """The mark of the receipt code, never the code itself."""
    office: str = ""
    """The office (单位) that is responsible."""
    outcome: Outcome | None = None
    reason: str = ""
    measure: str = ""
    measure_by: date | None = None
    gist: str = ""
    """What was suggested, as staff put it for the public board; "": it is not on the board."""
    answer: str = ""
    """The answer as the writer and the board have it."""
    answered_on: date | None = None
    merged_into: int | None = None
    stage: int = 0
    """How often the clock has told somebody that an answer is overdue."""
    version: int = 0
    events: int = 0

    @property
    def anonymous(self) -> bool:
        return self.person is None

    @property
    def public(self) -> bool:
        """Does it stand on the board?"""
        return self.state is State.ANSWERED and bool(self.gist) and not self.restricted


@dataclass(frozen=True, slots=True)
class Event:
    """One step that was taken. `actor` is somebody of the staff; None for the writer and the clock."""

    suggestion: int
    number: int
    day: date
    step: Step
    actor: int | None
    note: str = ""
    media: tuple[int, ...] = ()


def check_step(suggestion: Suggestion, step: Step, part: Part) -> State:
    """The state that `step` leads to. Raises Refusal when the state or the person's part forbids it."""
    rule = STEPS[step]
    if part is not rule.by:
        raise Refusal("这一步不由您来办。")
    if suggestion.state not in rule.start:
        raise Refusal(f"意见{suggestion.id}现在是“{STATE_NAMES[suggestion.state]}”，这一步办不了。")
    return rule.to or suggestion.state


def check_answer(outcome: Outcome, facts: dict[str, str]) -> None:
    """Raise Refusal if the answer leaves out what its outcome has to say (`NEEDS`)."""
    names = {"reason": "原因", "measure": "措施", "office": "转交给哪个单位"}
    for need in NEEDS[outcome]:
        if not facts.get(need, "").strip():
            raise Refusal(f"“{OUTCOME_NAMES[outcome]}”要写明{names[need]}。")


def check_merge(one: Suggestion, into: Suggestion) -> None:
    """Raise Refusal where merging would lose an answer or show a restricted suggestion to more people."""
    if one.id == into.id or into.merged_into is not None:
        raise Refusal("不能这样并，请重新选。")
    if one.restricted != into.restricted:
        raise Refusal("限县上看的意见，不能和别的并在一起。")
