"""A suggestion comes in: it gets its number and its limit, and the staff are told."""

from dataclasses import dataclass, replace

from domain.directory import Person
from domain.suggestions import codes, words
from domain.suggestions.clock import next_look, promise
from domain.suggestions.steps import Event, State, Step, Suggestion
from domain.talk import Reply
from services.delivery import tell
from services.desk import Desk
from services.suggestions.access import answerers, note_about, today
from storage.directory import areas, people
from storage.suggestions import rows


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody suggests. `about_person`: it is about a person, so that only county staff may read it."""

    text: str
    media: tuple[int, ...] = ()
    about_person: bool = False


def file_signed(desk: Desk, person: Person, said: Said) -> str:
    """File a signed suggestion; its receipt code."""
    code = codes.new_code()
    file(desk, said, codes.mark(code, desk.county.card_key), person)
    return code


def file(desk: Desk, said: Said, receipt: bytes, person: Person | None = None) -> Suggestion:
    """Store a suggestion and tell those who have to answer it. `receipt`: the mark of its code."""
    county = desk.county
    draft = Suggestion(
        id=0,
        state=State.RECEIVED,
        restricted=said.about_person,
        text=said.text,
        day=today(desk),
        limit_at=promise(today(desk), county.suggestion_limits, county.days),
        person=person.id if person else None,
        area=person.area if person else None,
        receipt=receipt,
        events=1,
    )
    look_at = next_look(draft, today(desk), county.suggestion_limits, county.days)
    filed = replace(draft, id=rows.add(desk.tx, draft, look_at))
    rows.add_event(desk.tx, Event(filed.id, 1, filed.day, Step.FILE, None, media=said.media))
    if filed.restricted:
        note_about(desk, filed)
    tell_staff(desk, filed, "新")
    return filed


def tell_staff(desk: Desk, suggestion: Suggestion, head: str) -> None:
    """The card goes to those who have to answer it, save to one who wrote it himself."""
    shown = card(desk, suggestion, head)
    for person in answerers(desk, suggestion):
        if person != suggestion.person:
            tell(desk, person, shown)


def tell_staff_of_more(desk: Desk, suggestion: Suggestion, said: Said) -> None:
    """What the writer added, to those who have to answer it."""
    text = said.text or "（图片或语音）"
    more = Reply(f"意见{suggestion.id}有补充：{text}", words.staff_choices(suggestion), said.media)
    for person in answerers(desk, suggestion):
        if person != suggestion.person:
            tell(desk, person, more)


def card(desk: Desk, suggestion: Suggestion, head: str = "") -> Reply:
    """The suggestion as staff see it, with what was added to it, its pictures and sounds."""
    writer = people.find(desk.tx, suggestion.person) if suggestion.person else None
    place = areas.find(desk.tx, suggestion.area) if suggestion.area else None
    who = " ".join(filter(None, [writer.name or "群众", writer.phone])) if writer else ""
    events = rows.events(desk.tx, suggestion.id)
    return words.staff_card(suggestion, events, who, place.short_name if place else "", head)
