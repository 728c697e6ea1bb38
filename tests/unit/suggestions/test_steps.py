"""Which step may be taken in which state, and what an answer has to say."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from domain.errors import Refusal
from domain.suggestions.steps import (
    STATE_NAMES,
    STEP_NAMES,
    STEPS,
    Outcome,
    Part,
    State,
    Step,
    Suggestion,
    check_answer,
    check_merge,
    check_step,
)

LIMIT = datetime(2026, 11, 23, 10, tzinfo=UTC)
RECEIVED = Suggestion(1, State.RECEIVED, False, "路灯", date(2026, 11, 2), LIMIT)

ALLOWED = {
    Step.HAND: "received handed asked -> handed",
    Step.ASK: "received handed asked -> asked",
    Step.REPLY: "asked -> received",
    Step.ADD: "received handed answered merged -> same",
    Step.ANSWER: "received handed asked answered -> answered",
    Step.HIDE: "answered -> same",
    Step.MERGE: "received handed asked -> merged",
    Step.SPLIT: "merged -> received",
    Step.RESTRICT: "received handed asked answered merged -> same",
    Step.ESCALATE: "received handed asked -> same",
}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("step", STEPS)
def test_a_step_is_taken_only_from_its_states(step: Step, state: State) -> None:
    starts, to = ALLOWED[step].split(" -> ")
    suggestion = replace(RECEIVED, state=state)
    if state not in starts.split():
        with pytest.raises(Refusal):
            check_step(suggestion, step, STEPS[step].by)
        return
    after = state if to == "same" else State(to)
    assert check_step(suggestion, step, STEPS[step].by) is after


@pytest.mark.parametrize("step", STEPS)
def test_nobody_takes_a_step_that_is_anothers(step: Step) -> None:
    for part in set(Part) - {STEPS[step].by}:
        with pytest.raises(Refusal):
            check_step(RECEIVED, step, part)


def test_everything_has_a_name() -> None:
    assert set(STATE_NAMES) == set(State)
    assert set(STEP_NAMES) == set(Step)
    assert set(STEPS) == set(Step) - {Step.FILE}


@pytest.mark.parametrize(
    ("outcome", "facts", "allowed"),
    [
        (Outcome.ADOPTED, {"measure": "装路灯"}, True),
        (Outcome.ADOPTED, {"reason": "好"}, False),
        (Outcome.PARTLY, {"reason": "钱不够", "measure": "先装一半"}, True),
        (Outcome.PARTLY, {"measure": "先装一半"}, False),
        (Outcome.NOT, {"reason": "法不允许"}, True),
        (Outcome.NOT, {"reason": "  "}, False),
        (Outcome.PASSED_ON, {"office": "水利局", "reason": "归他管"}, True),
        (Outcome.PASSED_ON, {"reason": "归他管"}, False),
    ],
)
def test_nobody_is_put_off_without_a_reason(outcome: Outcome, facts: dict[str, str], allowed: bool) -> None:
    if allowed:
        check_answer(outcome, facts)
        return
    with pytest.raises(Refusal):
        check_answer(outcome, facts)


@pytest.mark.parametrize(
    ("into", "allowed"),
    [
        (replace(RECEIVED, id=2), True),
        (RECEIVED, False),
        (replace(RECEIVED, id=2, state=State.MERGED, merged_into=3), False),
        (replace(RECEIVED, id=2, restricted=True), False),
    ],
)
def test_merging_loses_no_answer_and_shows_nothing_restricted(into: Suggestion, allowed: bool) -> None:
    if allowed:
        check_merge(RECEIVED, into)
        return
    with pytest.raises(Refusal):
        check_merge(RECEIVED, into)
