"""What a writer does: ask by the code, answer what was asked back, add something."""

from domain.directory import Person
from domain.errors import Refusal
from domain.suggestions.steps import Part, State, Step, Suggestion
from services.desk import Desk
from services.suggestions.access import note_about
from services.suggestions.filing import Said, tell_staff_of_more
from services.suggestions.steps import take
from storage.suggestions import rows


def question_to(desk: Desk, suggestion: Suggestion) -> str:
    """What the staff last asked back; "" if nothing."""
    asked = [event.note for event in rows.events(desk.tx, suggestion.id) if event.step is Step.ASK]
    return asked[-1] if asked else ""


def answered_by(desk: Desk, suggestion: Suggestion) -> Suggestion:
    """The suggestion whose answer is this one's: itself, or the one that it was merged into."""
    into = rows.find(desk.tx, suggestion.merged_into) if suggestion.merged_into else None
    return into if into is not None and into.state is State.ANSWERED else suggestion


def mine(desk: Desk, person: Person, count: int = 6) -> list[Suggestion]:
    """What the person signed, the newest first."""
    return rows.of_person(desk.tx, person.id, count)


def her_own(desk: Desk, number: int, person: Person) -> Suggestion:
    """Raises Refusal if she did not sign it, as if there were none."""
    found = rows.find(desk.tx, number)
    if found is None or found.person != person.id:
        raise Refusal(f"没有意见{number}，请核对号码。")
    return found


def add(desk: Desk, suggestion: Suggestion, said: Said) -> Suggestion:
    """What the writer adds, or answers to a question; the staff see it. It may turn out to be about a person."""
    step = Step.REPLY if suggestion.state is State.ASKED else Step.ADD
    restricted = suggestion.restricted or said.about_person
    after = take(
        desk, suggestion, step, Part.WRITER, note=said.text, media=said.media,
        restricted=restricted, gist="" if restricted else suggestion.gist,
    )  # fmt: skip
    if restricted and not suggestion.restricted:
        after = _apart(desk, after)
    if restricted:
        note_about(desk, after)
    tell_staff_of_more(desk, after, said)
    return after


def _apart(desk: Desk, suggestion: Suggestion) -> Suggestion:
    """What turns out to be about a person shares its answer with nobody: what was merged is answered apart."""
    for one in rows.merged_into(desk.tx, suggestion.id):
        take(desk, one, Step.SPLIT, Part.STAFF, merged_into=None)
    merged = suggestion.merged_into is not None
    return take(desk, suggestion, Step.SPLIT, Part.STAFF, merged_into=None) if merged else suggestion
