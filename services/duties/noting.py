"""Noting what was done: one tap, a line beside it if he likes, and all of it can be taken back. Only he sees it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from domain.delivery import CHINA
from domain.directory import Person
from domain.duties.calendar import month_of, next_reminder
from domain.duties.duty import Counted, Duty, Note, State
from domain.duties.template import Audience
from domain.errors import Refusal
from domain.tickets.rectification import month_of as rectification_month
from services.desk import Desk
from storage import rectifications
from storage.duties import counted, periods, reminding, rows


def today(desk: Desk) -> date:
    """The day in China."""
    return desk.now.astimezone(CHINA).date()


def mine(desk: Desk, person: Person) -> list[Duty]:
    """His duties of this month, what lasts longer, and what was opened late: open ones first."""
    found = rows.since(desk.tx, person.id, month_of(today(desk)).starts_on)
    return sorted(found, key=lambda one: (one.state is not State.OPEN, one.ends_on, one.period))


def waiting(desk: Desk, person: Person) -> int:
    """How many of his duties of this month are open: for his own menu."""
    return sum(one.state is State.OPEN and one.is_of_month(today(desk)) for one in mine(desk, person))


def find(desk: Desk, person: Person, period: int) -> Duty:
    """Raises Refusal if it is not his."""
    found = rows.find(desk.tx, person.id, period)
    if found is None:
        raise Refusal("没有这一件。回“本月”看您的事。")
    return found


def written(desk: Desk, duty: Duty) -> Note | None:
    """What he has written beside it."""
    return rows.written(desk.tx, duty.person, duty.period)


def offer(desk: Desk, duty: Duty) -> Counted | None:
    """A ticket that he has answered in this period and that may count as this duty."""
    if duty.state is not State.OPEN or not duty.counts:
        return None
    since, until = _begins(duty.starts_on), _begins(duty.ends_on + timedelta(days=1))
    return counted.answered(desk.tx, duty.person, duty.period, duty.counts, since, until)


def note_done(desk: Desk, person: Person, period: int) -> Duty:
    """He has done it. Raises Refusal."""
    return _note(desk, person, period, State.DONE)


def note_not_this_month(desk: Desk, person: Person, period: int) -> Duty:
    """He leaves it out this time, and owes nobody a reason. Raises Refusal."""
    return _note(desk, person, period, State.NOT_THIS_MONTH)


def count_ticket(desk: Desk, person: Person, period: int, ticket: int) -> Duty:
    """A ticket that he has answered is it. Raises Refusal, also for a ticket that cannot count as it."""
    duty = find(desk, person, period)
    rows.allow_ticket(desk.tx, person.id, period, ticket)
    offered = offer(desk, duty)
    if duty.state is State.OPEN and (offered is None or offered.id != ticket):
        raise Refusal(f"{ticket}号算不上了，可以直接记“办了”。")
    return _note(desk, person, period, State.DONE, ticket)


def refuse_ticket(desk: Desk, person: Person, period: int, ticket: int) -> Duty:
    """A ticket that is offered is not it, and is not offered again. Raises Refusal where there is nothing to refuse."""
    duty = find(desk, person, period)
    offered = offer(desk, duty)
    if duty.state is not State.OPEN:
        raise Refusal(f"{duty.name}已经记了，要改先在“本月”里撤销。")
    if offered is not None and offered.id == ticket:
        rows.refuse_ticket(desk.tx, person.id, period, ticket)
    return duty


def _note(desk: Desk, person: Person, period: int, state: State, ticket: int | None = None) -> Duty:
    duty = find(desk, person, period)
    if duty.state is not state:
        rows.note(desk.tx, person.id, period, state, today(desk), ticket=ticket)
        _drop_reminders(desk, person)
    return find(desk, person, period)


@dataclass(frozen=True, slots=True)
class Together:
    """What was noted in one tap, and the tickets that count among it."""

    duties: Sequence[Duty]
    tickets: Sequence[Counted]
    owed: Sequence[Duty] = ()
    """What a tap cannot do: progress of a rectification of which nothing was said."""


def note_all(desk: Desk, person: Person, upto: int, day: date) -> Together:
    """He has done everything of that day's month that was open by the period `upto` and still is."""
    listed = rows.since(desk.tx, person.id, month_of(day).starts_on)
    meant = [one for one in listed if one.state is State.OPEN and one.period <= upto and one.is_of_month(day)]
    owed = progress_owed(desk, person, meant)
    done = [one for one in meant if one not in owed]
    counting: dict[int, Counted] = {}
    for one in done:
        ticket = offer(desk, one)
        if ticket is not None:  # noted before the next is looked at, which could have the same ticket
            counting[one.period] = ticket
            rows.note(
                desk.tx, person.id, one.period, State.DONE, today(desk), noted_with=upto, ticket=ticket.id
            )
    by_word = [one.period for one in done if one.period not in counting]
    rows.note_together(desk.tx, person.id, by_word, today(desk), upto)
    _drop_reminders(desk, person)
    return Together(done, list(counting.values()), owed)


def progress_owed(desk: Desk, person: Person, duties: Sequence[Duty]) -> list[Duty]:
    """Those of his duties that are progress of which nothing was said."""
    if not rectifications.owed(desk.tx, person.id, rectification_month(desk.now)):
        return []
    return [one for one in duties if untold(desk, person, one)]


def untold(desk: Desk, person: Person, duty: Duty) -> list[int]:
    """Rectifications of whose progress, which is this duty, nothing was said this month: the nearest limit first.

    Was it noted without a word, his report would say that it was told, and the list of rectifications that it was not.
    """
    runs = duty.state is State.OPEN and duty.ends_on >= today(desk)
    opened = periods.find(desk.tx, duty.period) if runs else None
    if opened is None or opened.template.audience is not Audience.RECTIFICATION:
        return []
    return rectifications.owed(desk.tx, person.id, rectification_month(desk.now))


def undo_all(desk: Desk, person: Person, upto: int) -> int:
    """Takes back what was noted in one tap. Returns how many it was."""
    noted = rows.noted_with(desk.tx, person.id, upto)
    for period in noted:
        undo(desk, person, period)
    return len(noted)


def undo(desk: Desk, person: Person, period: int) -> Duty:
    """It is open again, and is reminded of from tomorrow on. What he wrote beside it stays. Raises Refusal."""
    duty = find(desk, person, period)
    if duty.state is not State.OPEN:
        rows.note(desk.tx, person.id, period, State.OPEN, None, remind_on=reminded_again(desk, period))
    return find(desk, person, period)


def reminded_again(desk: Desk, period: int) -> date | None:
    """The next day, from tomorrow on, on which the period is reminded of."""
    opened = periods.find(desk.tx, period)
    return next_reminder(opened.reminders, today(desk) + timedelta(days=1)) if opened else None


def write(desk: Desk, person: Person, period: int, note: Note) -> Duty:
    """Keep a line, a picture or a voice beside a duty. Raises Refusal."""
    duty = find(desk, person, period)
    rows.write(desk.tx, person.id, period, note)
    return duty


def erase(desk: Desk, person: Person, period: int) -> None:
    """What was written beside a duty is gone."""
    rows.erase(desk.tx, person.id, period)


def _drop_reminders(desk: Desk, person: Person) -> None:
    """A reminder that has not left yet might name what he has just noted; he is here and sees what is left."""
    reminding.withdraw(desk.tx, [person.id], today(desk))


def _begins(day: date) -> datetime:
    return datetime.combine(day, time(), CHINA)
