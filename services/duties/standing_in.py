"""A deputy notes for a cadre who is on leave. What the absent one wrote beside a duty stays his alone."""

from datetime import date

from domain.directory import Person
from domain.duties.duty import Absent, Duty, State
from domain.errors import Refusal
from services.desk import Desk
from services.duties import noting
from storage.directory import people
from storage.duties import reminding, rows


def absent(desk: Desk, deputy: Person) -> list[Absent]:
    """Who is on leave and has this person as a deputy."""
    found = reminding.stood_in_for(desk.tx, [deputy.id], desk.now)
    names = reminding.names(desk.tx, found) if found else {}
    return [Absent(person, names[person]) for person in sorted(names)]


def stood_in_for(desk: Desk, deputy: Person, person: int) -> Absent:
    """Raises Refusal if he is back, or nobody of the deputy's."""
    found = next((one for one in absent(desk, deputy) if one.person == person), None)
    if found is None:
        raise Refusal("现在不用您代记了，由他自己记。回“本月”看您的事。")
    return found


def his(desk: Desk, deputy: Person, away: Absent) -> list[Duty]:
    """What the deputy may note of his: what is open, then what the deputy himself has noted."""
    found = people.find(desk.tx, away.person)
    listed = noting.mine(desk, found) if found else []
    return [one for one in listed if one.state is State.OPEN or one.noted_by == deputy.id]


def find(desk: Desk, deputy: Person, away: Absent, period: int) -> Duty:
    """Raises Refusal if it is not his, or he has noted it himself."""
    duty = rows.find(desk.tx, away.person, period)
    if duty is None:
        raise Refusal(f"没有{away.name}的这一件。回“本月”看看。")
    if duty.state is not State.OPEN and duty.noted_by != deputy.id:
        raise _noted_himself(away)
    return duty


def note(desk: Desk, deputy: Person, away: Absent, period: int, state: State) -> Duty:
    """Done, or not this month. Raises Refusal, also where it is done by words that only the absent one has."""
    duty = find(desk, deputy, away, period)
    absent_one = people.find(desk.tx, away.person)
    if state is State.DONE and absent_one is not None and noting.untold(desk, absent_one, duty):
        raise Refusal(f"{duty.name}要{away.name}自己来说，等他回来。")
    if duty.state is not state:
        if not rows.note_for(desk.tx, deputy.id, away.person, period, state, noting.today(desk)):
            raise _noted_himself(away)
        _drop_reminders(desk, deputy, away)
    return find(desk, deputy, away, period)


def _drop_reminders(desk: Desk, deputy: Person, away: Absent) -> None:
    """As with his own: a reminder that has not left yet might name what is noted, to the one or to the other."""
    reminding.withdraw(desk.tx, [deputy.id, away.person], noting.today(desk))


def note_all(desk: Desk, deputy: Person, away: Absent, upto: int, day: date) -> noting.Together:
    """All of that day's month that was open by the period `upto` and still is, but what only he can say. No ticket counts."""
    listed = [one for one in his(desk, deputy, away) if one.state is State.OPEN]
    meant = [one for one in listed if one.period <= upto and one.is_of_month(day)]
    absent_one = people.find(desk.tx, away.person)
    owed = noting.progress_owed(desk, absent_one, meant) if absent_one else []
    done = [
        one
        for one in meant
        if one not in owed
        and rows.note_for(
            desk.tx, deputy.id, away.person, one.period, State.DONE, noting.today(desk), noted_with=upto
        )
    ]
    _drop_reminders(desk, deputy, away)
    return noting.Together(done, (), owed)


def undo_all(desk: Desk, deputy: Person, away: Absent, upto: int) -> int:
    """Takes back what this deputy noted in one tap. Returns how many it was."""
    found = [
        rows.find(desk.tx, away.person, period) for period in rows.noted_with(desk.tx, away.person, upto)
    ]
    noted = [one for one in found if one is not None and one.noted_by == deputy.id]
    for duty in noted:
        undo(desk, deputy, away, duty.period)
    return len(noted)


def undo(desk: Desk, deputy: Person, away: Absent, period: int) -> Duty:
    """What the deputy noted is open again, and is reminded of from tomorrow on. Raises Refusal."""
    duty = find(desk, deputy, away, period)
    if duty.state is not State.OPEN:
        again = noting.reminded_again(desk, period)
        rows.note_for(desk.tx, deputy.id, away.person, period, State.OPEN, None, remind_on=again)
    return find(desk, deputy, away, period)


def deputy_of(desk: Desk, duty: Duty) -> str:
    """The name of the deputy who noted it; "" if its person did."""
    return reminding.names(desk.tx, [duty.noted_by]).get(duty.noted_by, "") if duty.noted_by else ""


def _noted_himself(away: Absent) -> Refusal:
    return Refusal(f"{away.name}自己记过这件了。")
