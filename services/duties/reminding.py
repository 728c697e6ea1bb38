"""Reminding: one message a day for each, in working hours, of what is open and his, where it can be said."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import TypeVar

from domain.delivery import CHINA
from domain.duties import words
from domain.duties.calendar import month_of, next_reminder
from domain.duties.duty import Absent, Task
from domain.duties.template import Audience
from domain.talk import Reply
from services.desk import Desk
from storage.duties import periods, reminding
from storage.duties.periods import Period
from storage.duties.reminding import Due, Open

DUTIES = 250
"""With whose people one transaction begins: on SQLite nobody is answered meanwhile."""
A_MONTH = 5
"""Messages of reminders that a person gets at the most, whatever the county's templates say: the sixth is his report."""
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


One = TypeVar("One", Due, Open)


class _Round:
    """Some people, all that they are to be reminded of, and who is told."""

    def __init__(self, desk: Desk, today: date) -> None:
        self._desk, self._tx, self._now, self._today = desk, desk.tx, desk.now, today
        self._month = month_of(today).starts_on
        self._periods = periods.since(desk.tx, self._month)
        self._tasks = {number: _task(period) for number, period in self._periods.items()}
        self._in_office: dict[int, set[int]] = {}
        self._replies: dict[object, Reply] = {}

    def remind(self, people: Sequence[int]) -> None:
        together = {*people, *reminding.stood_in_for(self._tx, people, self._now)}
        away = reminding.on_leave(self._tx, together, self._now)
        stand_ins = reminding.deputies(self._tx, away, self._now)
        together |= set(stand_ins.values())
        due = reminding.of_people(self._tx, together, self._today)
        is_on = [one for one in due if self._is_on(one)]
        known = reminding.open_ones(self._tx, {one.person for one in is_on}, self._periods)
        self._look_who_is_in_office(together, {one.period for one in due} | {one.period for one in known})
        of = self._his(is_on)
        told_by = {one: stand_ins.get(one) if one in away else one for one in of}
        later = self._tell(told_by, of, self._his(known))
        self._put_off(later)
        self._move_on([one for one in due if one.person not in later])

    def _look_who_is_in_office(self, people: set[int], periods: set[int]) -> None:
        """For each of these periods. Audiences that are alike are looked up once."""
        alike: dict[object, set[int]] = {}
        for number in periods & self._periods.keys():
            one = self._periods[number].template
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
        period = self._periods.get(one.period)
        if period is None:
            return False
        return period.ends_on >= self._today or (period.late and period.opened_on >= self._month)

    def _tell(
        self,
        told_by: Mapping[int, int | None],
        due: Mapping[int, Sequence[Due]],
        known: Mapping[int, Sequence[Open]],
    ) -> set[int]:
        """Tell who can be told, each once. Returns those whose receiver has had a message today."""
        receivers = {to for to in told_by.values() if to is not None}
        told = reminding.told_since(self._tx, receivers, self._month)
        had_one = {to for to in receivers if self._today in told.get(to, ())}
        reached = reminding.reach(self._tx, receivers - had_one, self._now)
        away = reminding.names(self._tx, {person for person, to in told_by.items() if to != person})
        said: dict[int, words.Reminder] = {}
        for person, to in told_by.items():
            asked = due[person] if to == person else [one for one in due[person] if self._stands_in(one)]
            if asked and to in reached and len(told.get(to, ())) < A_MONTH:
                before = said.get(to, words.Reminder())
                his = self._reminder(asked, known.get(person, ()))
                said[to] = (
                    his.beside(before)
                    if to == person
                    else before.standing_in(Absent(person, away[person]), his)
                )
        replies = {to: self._in_words(one) for to, one in said.items()}
        reminding.tell(self._tx, replies, reached, self._today, self._now)
        self._desk.told.update(reached[to].channel for to in replies)
        return {person for person, to in told_by.items() if to in had_one}

    def _stands_in(self, due: Due) -> bool:
        """Can a deputy do it? How a rectification goes only its owner can say."""
        return self._periods[due.period].template.audience is not Audience.RECTIFICATION

    def _reminder(self, due: Sequence[Due], known: Sequence[Open]) -> words.Reminder:
        of = [(one, self._periods[one.period]) for one in due]
        return words.Reminder(
            own=tuple(self._tasks[one.period] for one in known),
            due=frozenset(one.period for one in due),
            again=any(one.remind_on > period.reminders[0] for one, period in of),
            late=any(period.late and one.remind_on == period.opened_on for one, period in of),
        )

    def _in_words(self, said: words.Reminder) -> Reply:
        """Many are told the same."""
        if said.for_others:
            return words.reminder(said, self._today)
        alike = said.own, said.due, said.again, said.late
        if alike not in self._replies:
            self._replies[alike] = words.reminder(said, self._today)
        return self._replies[alike]

    def _put_off(self, people: set[int]) -> None:
        reminding.put_off(self._tx, people, self._today, self._today + timedelta(days=1))

    def _move_on(self, due: Sequence[Due]) -> None:
        """When each is due again: never, if it is not his any more or over."""
        tomorrow = self._today + timedelta(days=1)
        for number in {one.period for one in due}:
            people = {one.person for one in due if one.period == number}
            period, stays = self._periods.get(number), self._in_office.get(number, set())
            again = None
            if period is not None and period.ends_on >= tomorrow:
                again = next_reminder(period.reminders, tomorrow)
            reminding.move_on(self._tx, number, people & stays, again)
            reminding.move_on(self._tx, number, people - stays, None)


def _task(period: Period) -> Task:
    template = period.template
    return Task(period.id, template.name, template.system, period.starts_on, period.ends_on)
