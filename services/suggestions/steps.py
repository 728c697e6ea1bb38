"""Taking one step: the rules are asked, the suggestion changes, one event is added, the clock set anew."""

from dataclasses import replace
from typing import Any

from domain.errors import Refusal
from domain.suggestions.clock import next_look
from domain.suggestions.steps import Event, Part, Step, Suggestion, check_step
from services.desk import Desk
from services.suggestions.access import today
from storage.suggestions import rows


def take(
    desk: Desk,
    suggestion: Suggestion,
    step: Step,
    part: Part,
    actor: int | None = None,
    *,
    note: str = "",
    media: tuple[int, ...] = (),
    **changes: Any,
) -> Suggestion:
    """Take one step and return the suggestion after it. Raises Refusal when the rules forbid the step."""
    values: dict[str, Any] = {
        "state": check_step(suggestion, step, part),
        "version": suggestion.version + 1,
        "events": suggestion.events + 1,
    } | changes
    after = replace(suggestion, **values)
    county = desk.county
    look_at = next_look(after, today(desk), county.suggestion_limits, county.days)
    if not rows.save(desk.tx, after, look_at):
        raise Refusal(f"意见{suggestion.id}刚刚有人动过，请再看一眼。")
    rows.add_event(desk.tx, Event(after.id, after.events, today(desk), step, actor, note, media))
    return after
