"""What may follow what, by whose hand: written down once more, apart from the table that decides it."""

import itertools
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Refusal
from domain.tickets import words
from domain.tickets.checks import check_extend, check_return, check_step, check_urge
from domain.tickets.steps import (
    APPOINTMENT_STEPS,
    FINAL,
    IN_HAND,
    OPEN,
    RECTIFICATION_STEPS,
    STATE_NAMES,
    STEP_NAMES,
    STEPS,
    WAITING,
    Kind,
    Part,
    State,
    Step,
)
from tests.unit.tickets.sample import MONDAY, a_ticket

NOBODY_HAS_IT = "filed assigned transferred returned"
AT_WORK = "accepted extended reopened"
UNDER_WAY = f"{NOBODY_HAS_IT} {AT_WORK}"
STILL_OPEN = f"{UNDER_WAY} answered"
SAME = ""

# step, whose hand, from which states, into which (SAME: it stays where it is)
MEANT = [
    ("assign", "clock", "filed", "assigned"),
    ("accept", "owner", f"{NOBODY_HAS_IT} reopened", "accepted"),
    ("call", "owner", STILL_OPEN, SAME),
    ("message", "owner", STILL_OPEN, SAME),
    ("message", "villager", STILL_OPEN, SAME),
    ("transfer", "owner", UNDER_WAY, "transferred"),
    ("return", "owner", UNDER_WAY, "returned"),
    ("extend", "owner", AT_WORK, "extended"),
    ("answer", "owner", AT_WORK, "answered"),
    ("decline", "owner", UNDER_WAY, "declined"),
    ("confirm", "villager", "answered", "closed"),
    ("reopen", "villager", "answered closed", "reopened"),
    ("withdraw", "villager", STILL_OPEN, "withdrawn"),
    ("add", "villager", STILL_OPEN, SAME),
    ("urge", "villager", UNDER_WAY, SAME),
    ("rate", "villager", "closed", SAME),
    ("nudge", "clock", UNDER_WAY, SAME),
    ("escalate", "clock", UNDER_WAY, "assigned"),
    ("hand_over", "clock", STILL_OPEN, SAME),
    ("expire", "clock", "answered", "closed"),
]
NOT_TICKED_OFF = "assigned reopened answered"
MEANT_OF_RECTIFICATIONS = [
    ("report", "owner", NOT_TICKED_OFF, SAME),
    ("propose", "owner", "assigned reopened", "answered"),
    ("tick_off", "reviewer", "answered", "closed"),
    ("reopen", "reviewer", "answered closed", "reopened"),
    ("amend", "reviewer", NOT_TICKED_OFF, SAME),
    ("hand_over", "reviewer", "assigned reopened", SAME),
    ("withdraw", "reviewer", NOT_TICKED_OFF, "withdrawn"),
]
MEANT_OF_APPOINTMENTS = [
    ("assign", "clock", "filed", "assigned"),
    ("accept", "owner", f"{NOBODY_HAS_IT} reopened", "accepted"),
    ("move", "owner", UNDER_WAY, "accepted"),
    ("cancel", "owner", UNDER_WAY, "declined"),
    ("rebook", "villager", UNDER_WAY, "assigned"),
    ("withdraw", "villager", STILL_OPEN, "withdrawn"),
    ("over", "clock", "accepted", "answered"),
    ("confirm", "villager", "answered", "closed"),
    ("reopen", "villager", "answered closed", "reopened"),
    ("rate", "villager", "closed", SAME),
    ("nudge", "clock", UNDER_WAY, SAME),
    ("escalate", "clock", UNDER_WAY, "assigned"),
    ("hand_over", "clock", STILL_OPEN, SAME),
    ("expire", "clock", "answered", "closed"),
]


def _expected(meant: list[tuple[str, str, str, str]]) -> dict[tuple[Step, State, Part], State]:
    return {
        (Step(step), State(start), Part(part)): State(to or start)
        for step, part, starts, to in meant
        for start in starts.split()
    }


EXPECTED = {
    Kind.REQUEST: _expected(MEANT),
    Kind.RECTIFICATION: _expected(MEANT_OF_RECTIFICATIONS),
    Kind.APPOINTMENT: _expected(MEANT_OF_APPOINTMENTS),
}
STEPS_ON_A_TICKET = [step for step in Step if step is not Step.FILE]


@pytest.mark.parametrize("kind", EXPECTED)
@pytest.mark.parametrize("step", STEPS_ON_A_TICKET)
def test_every_step_from_every_state_by_every_hand(step: Step, kind: Kind):
    for state, part in itertools.product(State, Part):
        expected = EXPECTED[kind].get((step, state, part))
        if expected is None:
            with pytest.raises(Refusal, match="7号"):
                check_step(a_ticket(state, kind=kind), step, part)
        else:
            assert check_step(a_ticket(state, kind=kind), step, part) is expected, (state, part)


def test_every_step_but_filing_has_its_rule_and_everything_has_its_name():
    assert set(STEPS) | set(RECTIFICATION_STEPS) | set(APPOINTMENT_STEPS) == set(STEPS_ON_A_TICKET)
    assert set(STEP_NAMES) == set(Step)
    assert set(STATE_NAMES) == set(State)


def test_every_state_is_waiting_or_in_hand_or_answered_or_final():
    sets = [WAITING, IN_HAND, {State.ANSWERED}, FINAL]
    assert sorted(state for one in sets for state in one) == sorted(State)
    assert frozenset(State) - FINAL == OPEN


def test_only_the_villager_closes_as_solved_and_only_silence_closes_without_her():
    assert _closing(Kind.REQUEST) == {(Step.CONFIRM, Part.VILLAGER), (Step.EXPIRE, Part.CLOCK)}
    assert {rule.to for step, rule in STEPS.items() if Part.OWNER in rule.by}.isdisjoint({State.CLOSED})


def test_only_a_reviewer_ticks_a_rectification_off_and_nobody_but_its_owner_proposes_it():
    assert _closing(Kind.RECTIFICATION) == {(Step.TICK_OFF, Part.REVIEWER)}
    assert RECTIFICATION_STEPS[Step.PROPOSE].by == {Part.OWNER}
    assert not any(rule.by & {Part.CLOCK, Part.VILLAGER} for rule in RECTIFICATION_STEPS.values())


def _closing(kind: Kind) -> set[tuple[Step, Part]]:
    return {
        (step, part) for (step, start, part), to in EXPECTED[kind].items() if start is not to is State.CLOSED
    }


@given(st.lists(st.tuples(st.sampled_from(STEPS_ON_A_TICKET), st.sampled_from(Part)), max_size=40))
def test_a_walk_of_legal_steps(walk: list[tuple[Step, Part]]):
    ticket, taken = a_ticket(State.FILED), []
    for step, part in walk:
        try:
            state = check_step(ticket, step, part)
        except Refusal:
            continue
        taken.append((ticket.state, step))
        ticket = a_ticket(state)
    dead = [i for i, (state, _) in enumerate(taken) if state in {State.DECLINED, State.WITHDRAWN}]
    assert not dead, "nothing follows a ticket that was declined or withdrawn"
    for (_, step), (after, following) in pairwise(taken):
        if after is State.CLOSED:
            assert following in {Step.REOPEN, Step.RATE}
        if following is Step.ANSWER:
            assert after in IN_HAND, f"answered without being in hand, after {step}"


@pytest.mark.parametrize(("returns", "allowed"), [(0, True), (1, True), (2, False), (3, False)])
def test_returned_at_most_twice(returns, allowed):
    _fits(allowed, check_return, a_ticket(State.ACCEPTED, returns=returns))


@pytest.mark.parametrize(("extensions", "allowed"), [(0, True), (1, False)])
def test_extended_at_most_once(extensions, allowed):
    _fits(allowed, check_extend, a_ticket(State.ACCEPTED, extensions=extensions))


@pytest.mark.parametrize(("hours_ago", "allowed"), [(None, True), (11, True), (9, False)])
def test_urged_at_most_once_a_day(hours_ago, allowed):
    """It is ten in the morning in China."""
    ticket = a_ticket(urged_at=hours_ago and MONDAY - timedelta(hours=hours_ago))
    _fits(allowed, check_urge, ticket, MONDAY)


_NOT_A_STEP = {"story", "reply"}
_STEP_OF = {"solved": Step.CONFIRM, "unsolved": Step.REOPEN}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("extensions", [0, 1])
@pytest.mark.parametrize("returns", [0, 2])
def test_nothing_is_offered_that_would_be_refused(state, extensions, returns):
    ticket = a_ticket(state, extensions=extensions, returns=returns, urged_at=MONDAY)
    offered = [(Part.OWNER, words.owner_choices(ticket)), (Part.OWNER, words.onlooker_choices(ticket))]
    offered.append((Part.VILLAGER, words.progress(ticket, MONDAY).choices))
    for part, choices in offered:
        for name in {choice.id.split(":")[2] for choice in choices} - _NOT_A_STEP:
            step = _STEP_OF.get(name) or Step(name)
            check_step(ticket, step, part)
            if step in (Step.EXTEND, Step.RETURN, Step.URGE):
                more = {Step.EXTEND: check_extend, Step.RETURN: check_return}
                more.get(step, lambda one: check_urge(one, MONDAY))(ticket)
    at_the_top = words.owner_choices(a_ticket(state, rung="staff"))
    assert "退回" not in {choice.label for choice in at_the_top}
    alone = words.owner_choices(ticket, heard=False)
    assert not {"留言", "问群众一句"} & {choice.label for choice in alone}


@pytest.mark.parametrize(
    ("state", "step", "part", "said"),
    [
        (State.ASSIGNED, Step.ANSWER, Part.OWNER, "请先点“签收”"),
        (State.ACCEPTED, Step.ACCEPT, Part.OWNER, "已经签收过了"),
        (State.CLOSED, Step.CONFIRM, Part.VILLAGER, "已经办结，谢谢您"),
        (State.WITHDRAWN, Step.ANSWER, Part.OWNER, "已撤回"),
        (State.ACCEPTED, Step.CONFIRM, Part.OWNER, "不由您来办"),
        (State.ANSWERED, Step.CONFIRM, Part.CLOCK, "不由您来办"),
    ],
)
def test_a_refusal_says_why(state, step, part, said):
    with pytest.raises(Refusal) as refusal:
        check_step(a_ticket(state), step, part)
    assert said in refusal.value.say
    assert len(refusal.value.say) <= 60


def _fits(allowed: bool, check, *facts) -> None:
    if allowed:
        check(*facts)
    else:
        with pytest.raises(Refusal, match="7号"):
            check(*facts)
