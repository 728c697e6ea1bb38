"""What the staff do with suggestions. Whoever may not read one is told that there is none."""

from dataclasses import dataclass
from datetime import date

from domain.directory import Person
from domain.errors import Refusal
from domain.suggestions import words
from domain.suggestions.likeness import alike
from domain.suggestions.steps import (
    Outcome,
    Part,
    Step,
    Suggestion,
    check_answer,
    check_merge,
    check_step,
)
from domain.talk import About, Reply, shorten
from services.delivery import tell
from services.desk import Desk
from services.suggestions.access import held, note_about, readable, today
from services.suggestions.filing import card
from services.suggestions.steps import take
from storage.directory import people
from storage.suggestions import rows

LISTED = 6
COMPARED = 500
"""So many of the newest suggestions are compared with one that may be merged."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What staff decided. `gist`: the suggestion in words for the public board, "" to keep it off."""

    outcome: Outcome
    answer: str
    reason: str = ""
    measure: str = ""
    measure_by: date | None = None
    office: str = ""
    gist: str = ""


def waiting(desk: Desk, person: Person) -> list[Suggestion]:
    """What an answer is owed to and the person may read, the most urgent first."""
    return readable(desk, rows.waiting(desk.tx), person)


def show(desk: Desk, number: int, person: Person) -> Reply:
    return card(desk, held(desk, number, person))


def story(desk: Desk, number: int, person: Person) -> str:
    """What was done with it."""
    events = rows.events(desk.tx, held(desk, number, person).id)
    actors = {event.actor for event in events if event.actor}
    named = {actor: found.name for actor in actors if (found := people.find(desk.tx, actor))}
    return words.story(events, named)


def check(desk: Desk, number: int, person: Person, step: Step) -> Suggestion:
    """Raise Refusal if the step would be refused, before its words are asked for."""
    found = held(desk, number, person)
    check_step(found, step, Part.STAFF)
    return found


def hand(desk: Desk, number: int, person: Person, office: str) -> Suggestion:
    """Name the office that is responsible."""
    found = held(desk, number, person)
    return take(desk, found, Step.HAND, Part.STAFF, person.id, note=office, office=office)


def ask(desk: Desk, number: int, person: Person, question: str) -> Suggestion:
    """Ask the writer something: who signed is told, who did not finds it by the code."""
    after = take(desk, held(desk, number, person), Step.ASK, Part.STAFF, person.id, note=question)
    if after.person is not None:
        tell(
            desk,
            after.person,
            Reply(f"您提的意见，县上问：{question}\n回“我的意见”来答。", about=About.WORDS),
        )
    return after


def answer(desk: Desk, number: int, person: Person, given: Answer) -> Suggestion:
    """Answer it. Whoever signed is told at once, also those whose suggestions were merged into it."""
    found = held(desk, number, person)
    check_answer(given.outcome, {"reason": given.reason, "measure": given.measure, "office": given.office})
    after = take(
        desk, found, Step.ANSWER, Part.STAFF, person.id, note=given.answer,
        outcome=given.outcome, answer=given.answer, reason=given.reason, measure=given.measure,
        measure_by=given.measure_by, office=given.office or found.office,
        gist="" if found.restricted else given.gist, answered_on=today(desk),
    )  # fmt: skip
    for one in (after, *rows.merged_into(desk.tx, number)):
        if one.person is not None:
            _tell_answer(desk, one, after)
    return after


def _tell_answer(desk: Desk, told: Suggestion, answered: Suggestion) -> None:
    quoted = shorten(told.text, words.QUOTE)
    of = f"您提的“{quoted}”" if quoted else "您提的意见"
    tell(desk, told.person or 0, Reply(of + words.answered(answered), about=About.ANSWER))


def hide(desk: Desk, number: int, person: Person) -> Suggestion:
    """Take it off the public board."""
    return take(desk, held(desk, number, person), Step.HIDE, Part.STAFF, person.id, gist="")


def restrict(desk: Desk, number: int, person: Person) -> Suggestion:
    """It is about a person after all: from now on county staff alone may read it, and nobody near him."""
    found = held(desk, number, person)
    if found.merged_into is not None or rows.merged_into(desk.tx, number):
        raise Refusal("这条并过案，请先点“不并了”。")
    after = take(desk, found, Step.RESTRICT, Part.STAFF, person.id, restricted=True, gist="")
    note_about(desk, after)
    return after


def like(desk: Desk, number: int, person: Person) -> list[Suggestion]:
    """Suggestions that may say the same, the most alike first. Which do, a person decides."""
    found = check(desk, number, person, Step.MERGE)
    triage = desk.county.triage
    others = [
        one
        for one in rows.to_compare(desk.tx, restricted=found.restricted, count=COMPARED)
        if one.id != number
    ]
    by_number = {one.id: one for one in readable(desk, others, person)}
    of_words = {key: triage.words_of(one.text) for key, one in by_number.items()}
    return [by_number[key] for key in alike(triage.words_of(found.text), of_words, LISTED - 1)]


def merge(desk: Desk, number: int, person: Person, into: int) -> Suggestion:
    """Its answer is that of another one from now on. If that one is answered already, its writer is told."""
    found, target = held(desk, number, person), held(desk, into, person)
    check_merge(found, target)
    if rows.merged_into(desk.tx, number):
        raise Refusal("有别的意见并在这条上，请把这条留着，并别的。")
    after = take(desk, found, Step.MERGE, Part.STAFF, person.id, note=f"并到意见{into}", merged_into=into)
    if target.outcome is not None and after.person is not None:
        _tell_answer(desk, after, target)
    return after


def split(desk: Desk, number: int, person: Person) -> Suggestion:
    """It was merged by mistake: an answer of its own is owed again."""
    return take(desk, held(desk, number, person), Step.SPLIT, Part.STAFF, person.id, merged_into=None)
