"""Reminding: one message a day for each, in working hours, of what is open and his, where it can be said."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Protocol, TypeVar

from domain.delivery import CHINA
from domain.duties import words
from domain.duties.calendar import month_of, next_reminder
from domain.duties.duty import Duty, State
from services.desk import Desk
from storage.duties import periods, reminding, rows
from storage.duties.periods import Period
from storage.duties.reminding import Due

DUTIES = 250
"""With whose people one transaction begins: on SQLite nobody is answered meanwhile."""
A_MONTH = 6
"""Messages of reminders that a person gets at the most, whatever the county's templates say."""
MOST_WAITING = 5000
"""Reminders that wait to leave at the most: more would make the queue slow for everybody."""


def remind_due(desk: Desk, duties: int = DUTIES) -> bool:
    """Remind some of those who are to be reminded. True: there may be more.

    On a day off, outside working hours and in quiet hours nothing is done, and what is due stays due.
    """
    if not desk.county.days.at_work(desk.now) or desk.county.quiet.next_allowed(desk.now) != desk.now:
        return False
    if reminding.backlog(desk.tx) >= MOST_WAITING:
        return False
    today = desk.now.astimezone(CHINA).date()
    people = reminding.due(desk.tx, today, duties)
    if people:
        _Round(desk, today).remind(people)
    return bool(people)


class _Of(Protocol):
    @property
    def person(self) -> int: ...
    @property
    def period(self) -> int: ...


One = TypeVar("One", bound=_Of)


class _Round:
    """Some people, all that they are to be reminded of, and who is told."""

    def __init__(self, desk: Desk, today: date) -> None:
        self._desk, self._tx, self._now, self._today = desk, desk.tx, desk.now, today
        self._month = month_of(today).starts_on
        self._periods: dict[int, Period] = {}
        self._in_office: dict[int, set[int]] = {}

    def remind(self, people: Sequence[int]) -> None:
        together = {*people, *reminding.stood_in_for(self._tx, people, self._now)}
        away = reminding.on_leave(self._tx, together, self._now)
        stand_ins = reminding.deputies(self._tx, away, self._now)
        together |= set(stand_ins.values())
        due = reminding.of_people(self._tx, together, self._today)
        known = rows.since(self._tx, together, self._month)
        self._look_up({one.period for one in due} | {one.period for one in known}, together)
        of = self._his(one for one in due if self._is_on(one))
        told_by = {one: stand_ins.get(one) if one in away else one for one in of}
        later = self._tell(told_by, of, self._his(one for one in known if one.state is State.OPEN))
        self._put_off(later)
        self._move_on([one for one in due if one.person not in later])

    def _look_up(self, numbers: set[int], people: set[int]) -> None:
        """The periods, and who of the people is in office for each. Audiences that are alike are looked up once."""
        self._periods = periods.of_ids(self._tx, list(numbers))
        alike: dict[object, set[int]] = {}
        for number, period in self._periods.items():
            one = period.template
            audience = (one.audience, one.roles, one.areas)
            if audience not in alike:
                alike[audience] = reminding.in_office(self._tx, one, people, self._now)
            self._in_office[number] = alike[audience]

    def _his(self, found: Iterable[One]) -> dict[int, list[One]]:
        """By person: what is his as long as he is in office."""
        his: dict[int, list[One]] = {}
        for one in found:
            if one.person in self._in_office[one.period]:
                his.setdefault(one.person, []).append(one)
        return his

    def _is_on(self, one: Due) -> bool:
        """Nobody is reminded of what is over, unless it was missed."""
        period = self._periods[one.period]
        return period.ends_on >= self._today or (period.late and period.opened_on >= self._month)

    def _tell(
        self,
        told_by: Mapping[int, int | None],
        due: Mapping[int, Sequence[Due]],
        known: Mapping[int, Sequence[Duty]],
    ) -> set[int]:
        """Tell who can be told, each once. Returns those whose receiver has had a message today."""
        receivers = {to for to in told_by.values() if to is not None}
        told = reminding.told_since(self._tx, receivers, self._month)
        had_one = {to for to in receivers if self._today in told.get(to, ())}
        reached = reminding.reach(self._tx, receivers - had_one, self._now)
        absent = reminding.names(self._tx, {person for person, to in told_by.items() if to != person})
        said: dict[int, words.Reminder] = {}
        for person, to in told_by.items():
            if to in reached and len(told.get(to, ())) < A_MONTH:
                before = said.get(to, words.Reminder())
                his = self._reminder(due[person], known.get(person, ()))
                said[to] = his.beside(before) if to == person else before.standing_in(absent[person], his)
        replies = {to: words.reminder(one, self._today) for to, one in said.items()}
        reminding.tell(self._tx, replies, reached, self._today, self._now)
        self._desk.told.update(reached[to].channel for to in replies)
        return {person for person, to in told_by.items() if to in had_one}

    def _reminder(self, due: Sequence[Due], known: Sequence[Duty]) -> words.Reminder:
        of = [(one, self._periods[one.period]) for one in due]
        return words.Reminder(
            own=known,
            due=frozenset(one.period for one in due),
            again=any(one.remind_on > period.reminders[0] for one, period in of),
            late=any(period.late and one.remind_on == period.opened_on for one, period in of),
        )

    def _put_off(self, people: set[int]) -> None:
        reminding.put_off(self._tx, people, self._today, self._today + timedelta(days=1))

    def _move_on(self, due: Sequence[Due]) -> None:
        """When each is due again: never, if it is not his any more or over."""
        tomorrow = self._today + timedelta(days=1)
        for number in {one.period for one in due}:
            people = {one.person for one in due if one.period == number}
            period, stays = self._periods[number], self._in_office[number]
            is_on = period.ends_on >= tomorrow
            again = next_reminder(period.reminders, tomorrow) if is_on else None
            reminding.move_on(self._tx, number, people & stays, again)
            reminding.move_on(self._tx, number, people - stays, None)
