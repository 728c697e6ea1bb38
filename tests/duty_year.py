"""A county's whole year of duties, in a few seconds or, at full size, minutes: what was done is held against a model
that knows nothing of the service's own calendar, queries or rules of recurrence.

Cadres go on leave, hand over, come, note. Two processes look at the clock, are killed amid their transactions, and are both
away for 45 days.
"""

import asyncio
import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cache, partial
from typing import Any

import chinese_calendar
import sqlalchemy as sa

from bot.county import data_file
from domain.county import County
from domain.delivery import CHINA
from domain.directory import Area, Level, RoleName
from domain.duties.template import parse_templates
from scheduler.clockwork import Clockwork
from scheduler.jobs import JOBS
from services.desk import Desk
from services.duties import clock, noting, opening, reminding, templates
from storage import schema
from storage.database import Database, Tx
from storage.directory import areas, assignments, people, roster

DAY = timedelta(days=1)
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
AWAY = (date(2026, 6, 10), date(2026, 7, 24))
"""45 days in which nothing runs, unless it is said otherwise."""
COUNTY = "610528"

MONTHLY, QUARTERLY = (
    [date(2026, month, 1) for month in range(1, 13)],
    [date(2026, m, 1) for m in (1, 4, 7, 10)],
)
MONDAYS = [date(2025, 12, 29) + 7 * DAY * week for week in range(53)]
PERIODS = {
    "meeting": MONTHLY,
    "study": MONTHLY,
    "household": MONTHLY,
    "report": MONTHLY,
    "weekly": MONDAYS,
    "visit": QUARTERLY,
    "forum": QUARTERLY,
    "quiz": QUARTERLY,
    "appraisal": [date(2026, 12, 1)],
    "checkup": [date(2026, 5, 1)],
    "progress": MONTHLY,
    "pair-household": MONTHLY,
    "pair-grower": MONTHLY,
}
"""When the periods of the templates that come with the service begin in 2026, by hand."""
NAMES = {
    "meeting": "参加一次两委会",
    "study": "参加一次学习",
    "household": "帮一户困难群众",
    "report": "确认上月的月报",
    "weekly": "集中学习",
    "visit": "走访包联户",
    "forum": "登台讲一次业务",
    "quiz": "参加季考",
    "appraisal": "准备述职材料",
    "checkup": "通知人才体检报名",
    "progress": "说整改进展",
    "pair-household": "走访联系户",
    "pair-grower": "问问种植户",
}
KEYS = {name: key for key, name in NAMES.items()}
SYSTEMS = {
    "meeting": "三个一",
    "study": "三个一",
    "household": "三个一",
    "report": "月报",
    "weekly": "周学",
    "visit": "包联",
    "forum": "季度",
    "quiz": "季度",
    "appraisal": "年度",
    "checkup": "年度",
    "progress": "整顿",
    "pair-household": "结对",
    "pair-grower": "结对",
}
WHOSE = {
    "meeting": {"cadre"},
    "study": {"cadre"},
    "household": {"cadre"},
    "report": set(),
    "weekly": {"cadre", "supervisor"},
    "visit": {"grid"},
    "forum": {"cadre", "supervisor"},
    "quiz": {"cadre", "supervisor"},
    "appraisal": {"cadre", "supervisor"},
    "checkup": {"staff"},
    "progress": set(),
    "pair-household": set(),
    "pair-grower": set(),
}
"""Here nobody has anything to put right, or a report to confirm, and nobody is in a pair."""


@cache
def last_day(key: str, start: date) -> date:
    """The last day of a period."""
    if key == "weekly":
        return start + 6 * DAY
    months = 3 if key in ("visit", "forum", "quiz") else 1
    month = start.month + months
    return date(start.year + (month > 12), (month - 1) % 12 + 1, 1) - DAY


@cache
def reminded_on(key: str, start: date) -> set[date]:
    """The days on which a period is reminded of."""
    end = last_day(key, start)
    days = {"weekly": [start], "quiz": [end - 7 * DAY], "appraisal": [start], "checkup": [start]}
    return {
        moved for day in days.get(key, [start, end - 7 * DAY]) for moved in [_moved(day, start, end)] if moved
    }


def _moved(day: date, start: date, end: date) -> date | None:
    later = [day + DAY * n for n in range((end - day).days + 1)]
    before = [day - DAY * n for n in range((day - start).days + 1)]
    return next((one for one in [*later, *before] if works(one)), None)


@cache
def works(day: date) -> bool:
    return (
        day.year > 2026 or bool(chinese_calendar.is_workday(day)) if day.year != 2025 else day.weekday() < 5
    )


class KilledError(Exception):
    """The process is no more."""


@dataclass
class Somebody:
    """What the model knows of a person: posts from when to when, leave, what he has noted."""

    name: str
    posts: list[tuple[str, datetime, datetime | None]] = field(default_factory=list)
    leave: list[tuple[datetime, datetime]] = field(default_factory=list)
    reachable: bool = True
    noted: set[tuple[str, date]] = field(default_factory=set)

    def holds(self, key: str, at: datetime) -> bool:
        return any(
            post in WHOSE[key] and since <= at and (until is None or until > at)
            for post, since, until in self.posts
        )

    def is_away(self, at: datetime) -> bool:
        return any(since <= at < until for since, until in self.leave)


class Year:
    """The county, its people, and two processes."""

    def __init__(
        self,
        databases: Sequence[Database],
        county: County,
        cadres: int,
        villages: int,
        *,
        until: date = LAST,
        away: tuple[date, date] = AWAY,
        people: int = opening.PEOPLE,
        duties: int = reminding.DUTIES,
    ) -> None:
        """`people` and `duties`: of how many there is to do in one transaction."""
        self.databases, self.county = databases, county
        self.until, self.away = until, away
        self.random = random.Random(1)
        self.size, self.villages = cadres, villages
        self.now = _at(FIRST, time(0, 1))
        self.people: dict[int, Somebody] = {}
        self.pairs: dict[str, list[int]] = {}
        """By grid: the primary and the deputy."""
        self.told: dict[int, str] = {}
        """By person: what he was told today."""
        self.of_month: Counter[tuple[int, int]] = Counter()
        """By person and month: how many messages."""
        self.messages = 0
        self.kills = 0
        self._seen = 0
        self._killing = False
        (job,) = (one for one in JOBS if one.name == "duties")
        self._job = replace(job, deed=partial(clock.look_at_due, people=people, duties=duties))
        self._works = [
            Clockwork(
                partial(self._run, number), f"process{number}", lambda: None, [self._job], longest_rest=0
            )
            for number in (0, 1)
        ]

    async def lives(self) -> None:
        """All of it. What is wrong is found on the day."""
        await self.databases[0].run(self._settle)
        day = FIRST
        while day <= self.until:
            if not self.away[0] <= day <= self.away[1]:
                await self._one_day(day)
            day += DAY

    async def _one_day(self, day: date) -> None:
        self.told.clear()
        night = [time(0, 5)] if self.random.random() < 0.2 else []
        for at in [*night, time(8, 30), time(11)]:
            self._killing = at != time(11)
            await self._look(_at(day, at))
        self._check_everybody_was_told(day)
        self.now = _at(day, time(12))
        await self.databases[0].run(self._noon)
        if self.random.random() < 0.2:
            await self._look(_at(day, time(20, 30)))

    async def _look(self, at: datetime) -> None:
        self.now = at
        await asyncio.gather(*(works.run_once(self._job) for works in self._works))
        await self._check_what_was_said()

    async def _run(self, number: int, deed: Callable[[Desk], Any]) -> Any:
        """The process may die before the commit, with its claim of the period, or after it, with work left to do."""
        fate = self.random.random() if self._killing else 1.0
        self.kills += fate < 0.2

        def at_desk(tx: Tx) -> Any:
            done = deed(Desk(tx, self.county, self.now))
            if fate < 0.12:
                raise KilledError
            return done

        done = await self.databases[number % len(self.databases)].run(at_desk)
        if fate < 0.2:
            raise KilledError
        return done

    # What people do.

    def _settle(self, tx: Tx) -> None:
        township = [Area(f"{COUNTY}{n + 1:03}", COUNTY, Level.TOWNSHIP, f"{n + 1}镇") for n in range(3)]
        codes = [f"{township[n % 3].code}{n + 200:03}" for n in range(self.villages)]
        villages = [Area(code, code[:9], Level.VILLAGE, f"{code[9:]}村") for code in codes]
        areas.add(tx, [Area(COUNTY, None, Level.COUNTY, "样例县"), *township, *villages])
        cadres = [("cadre", codes[number % self.villages]) for number in range(self.size)]
        supervisors = [("supervisor", one.code) for one in township]
        self._come(tx, [*cadres, *supervisors, ("staff", COUNTY)])
        for number, code in enumerate(codes):
            self.pairs[code] = [number + 1, number + 1 + self.villages]
            for person, duty in zip(self.pairs[code], ("primary", "deputy"), strict=True):
                self._gets_grid(tx, person, code, duty)
        templates.load(Desk(tx, self.county, self.now), parse_templates(data_file("duties.toml").decode()))

    def _come(self, tx: Tx, newcomers: Sequence[tuple[str, str]]) -> list[int]:
        """People with a post in an area each; nearly all can be reached."""
        first = len(self.people) + 1
        numbers = list(range(first, first + len(newcomers)))
        names = [f"样例{number:05}" for number in numbers]
        now = {"created_at": self.now}
        made = _ids(
            tx, schema.person, [now | {"name": n, "phone": "00000000000", "household": ""} for n in names]
        )
        assert made == numbers
        roles = [
            {"person": number, "role": post, "area": area, "valid_from": self.now}
            for number, (post, area) in zip(numbers, newcomers, strict=True)
        ]
        tx.execute(sa.insert(schema.role), roles)
        for number, name, (post, _) in zip(numbers, names, newcomers, strict=True):
            reachable = post != "cadre" or self.random.random() < 0.97
            self.people[number] = Somebody(name, [(post, self.now, None)], [], reachable)
        reached = [number for number in numbers if self.people[number].reachable]
        box = now | {"channel": "box", "blocked": False}
        accounts = _ids(tx, schema.account, [box | {"address": str(n), "person": n} for n in reached])
        talks = [{"account": account, "state": {}, "seen_at": self.now} for account in accounts]
        if talks:
            tx.execute(sa.insert(schema.conversation), talks)
        return numbers

    def _gets_grid(self, tx: Tx, person: int, code: str, duty: str) -> None:
        assignments.assign(tx, code, person, duty, self.now)
        self.people[person].posts.append(("grid", self.now, None))

    def _noon(self, tx: Tx) -> None:
        """Changes come at noon, when all that the morning had to do is done."""
        some = max(1, self.size // 250)
        for person in self.random.sample(sorted(self.people), some):
            self._goes_on_leave(tx, person)
        if self.random.random() < 0.25:
            self._hands_over(tx)
        for person in self.random.sample(sorted(self.people), some * 2):
            self._notes(tx, person)

    def _goes_on_leave(self, tx: Tx, person: int) -> None:
        starts = _at(self.now.astimezone(CHINA).date() + self.random.randrange(3) * DAY, time(13))
        ends = starts + self.random.randrange(1, 15) * DAY
        assignments.add_leave(tx, person, starts, ends)
        self.people[person].leave.append((starts, ends))

    def _hands_over(self, tx: Tx) -> None:
        """A primary leaves his post and his grid in the middle of whatever is open; somebody new comes."""
        code = self.random.choice(sorted(self.pairs))
        leaves = self.pairs[code][0]
        roster.end_assignments(
            tx,
            tx.execute(
                sa.select(schema.assignment.c.id).where(
                    schema.assignment.c.person == leaves, schema.assignment.c.valid_to.is_(None)
                )
            ).scalars(),
            self.now,
        )
        village = tx.execute(
            sa.select(schema.role.c.area).where(
                schema.role.c.person == leaves, schema.role.c.valid_to.is_(None)
            )
        ).scalar_one()
        people.end_role(tx, leaves, RoleName.CADRE, village, self.now)
        gone = self.people[leaves]
        gone.posts = [(post, since, until or self.now) for post, since, until in gone.posts]
        (comes,) = self._come(tx, [("cadre", code)])
        self._gets_grid(tx, comes, code, "primary")
        self.pairs[code][0] = comes

    def _notes(self, tx: Tx, person: int) -> None:
        desk = Desk(tx, self.county, self.now)
        him = people.find(tx, person)
        assert him is not None
        mine = [one for one in noting.mine(desk, him) if one.state == "open"]
        if not mine:
            return
        what = self.random.random()
        if what < 0.5:
            today = noting.today(desk)
            together = noting.note_all(desk, him, max(one.period for one in mine), today)
            noted = list(together.duties)
        else:
            one = self.random.choice(mine)
            note = noting.note_done if what < 0.8 else noting.note_not_this_month
            noted = [note(desk, him, one.period)]
        self.people[person].noted |= {(KEYS[one.name], one.starts_on) for one in noted}

    # What is held against the model.

    async def _check_what_was_said(self) -> None:
        outbox = schema.outbox
        query = sa.select(outbox.c.id, outbox.c.person, outbox.c.text, outbox.c.created_at, outbox.c.due_at)
        new = query.where(outbox.c.id > self._seen).order_by(outbox.c.id)
        rows = await self.databases[0].read(lambda tx: tx.execute(new).all())
        for row in rows:
            self._check_message(row)
        if rows:
            self._seen = rows[-1].id
            leaves = sa.update(outbox).where(outbox.c.state == "queued").values(state="sent")
            await self.databases[0].run(lambda tx: tx.execute(leaves))

    def _check_message(self, row: Any) -> None:
        person, local = self.people[row.person], row.created_at.astimezone(CHINA)
        day, said = local.date(), f"{row.text!r} to {row.person} at {local}"
        self.messages += 1
        assert row.person not in self.told, f"twice on a day: {said}"
        self.told[row.person] = row.text
        self.of_month[row.person, day.month] += 1
        assert self.of_month[row.person, day.month] <= 5, f"too many in a month: {said}"
        assert works(day), f"on a day off: {said}"
        assert 8 <= local.hour < 18, f"outside working hours: {said}"
        assert row.due_at == row.created_at, said
        assert any(person.holds(key, row.created_at) for key in NAMES), f"out of office: {said}"
        assert not person.is_away(row.created_at), f"on leave: {said}"
        own = []
        for line in row.text.splitlines():
            if found := re.fullmatch(r"(样例\d+)请假，请您代他：(.+)", line):
                self._check_stand_in(row, found[1], found[2].split("、"))
            else:
                own.append(line)
        self._check_names(person, "\n".join(own), row.created_at, said)

    def _check_stand_in(self, row: Any, name: str, duties: Sequence[str]) -> None:
        absent = int(name.removeprefix("样例"))
        assert self.people[absent].is_away(row.created_at), f"{name} is here: {row.text!r}"
        assert [absent, row.person] in self.pairs.values(), f"no deputy of his: {row.text!r}"
        assert all(self._is_open(name, self.people[absent], row.created_at) for name in duties), row.text

    def _check_names(self, person: Somebody, text: str, at: datetime, said: str) -> None:
        for name in KEYS:
            assert name not in text or self._is_open(name, person, at), f"{name} is done or not his: {said}"

    def _is_open(self, name: str, person: Somebody, at: datetime) -> bool:
        key, day = KEYS[name], at.astimezone(CHINA).date()
        return person.holds(key, at) and any(
            start <= day and (key, start) not in person.noted for start in reversed(PERIODS[key])
        )

    def _check_everybody_was_told(self, day: date) -> None:
        """Whoever had something to be reminded of by this day's morning was, and nobody else."""
        at = _at(day, time(11))
        due = {
            key: start
            for key, starts in PERIODS.items()
            for start in starts
            if day in reminded_on(key, start)
        }
        for number, person in self.people.items():
            wants = [
                key
                for key, start in due.items()
                if person.holds(key, at) and (key, start) not in person.noted
            ]
            may_be_told = number in self.told or self.of_month[number, day.month] < 5
            if wants and person.reachable and may_be_told and not person.is_away(at):
                text = self.told.get(number, "")
                for key in wants:
                    counted = "件" in text and SYSTEMS[key] in text
                    assert NAMES[key] in text or counted, f"{person.name}, {key}, {day}: {text!r}"

    def check_the_books(self, look: Callable[[str], list[tuple[Any, ...]]]) -> None:
        """Every period once, with everybody whose duty it was, once."""
        opened = Counter(
            (str(key), _date(start)) for key, start in look("SELECT key, starts_on FROM duty_period")
        )
        begun = {key: [start for start in starts if start <= self.until] for key, starts in PERIODS.items()}
        assert opened == Counter({(key, start): 1 for key, starts in begun.items() for start in starts})
        rows = look("SELECT p.key, p.starts_on, d.person FROM duty d JOIN duty_period p ON p.id = d.period")
        has = Counter((str(key), _date(start), person) for key, start, person in rows)
        assert max(has.values()) == 1
        by_period: dict[tuple[str, date], set[int]] = defaultdict(set)
        for key, start, person in has:
            by_period[key, start].add(person)
        for key, starts in begun.items():
            for start in starts:
                assert by_period[key, start] == self._whose(key, start), (key, start)

    def _whose(self, key: str, start: date) -> set[int]:
        end = min(last_day(key, start), self.until)
        days = [FIRST + DAY * n for n in range(365)]
        runs = [day for day in days if start <= day <= end and not self.away[0] <= day <= self.away[1]]
        if not runs:  # over before anybody was back
            back = _at(self.away[1] + DAY, time(11))
            evening = _at(end, time(23, 59))
            return {n for n, one in self.people.items() if one.holds(key, back) and one.holds(key, evening)}
        mornings = [_at(day, time(11)) for day in runs]
        return {n for n, one in self.people.items() if any(one.holds(key, at) for at in mornings)}


def _ids(tx: Tx, table: sa.Table, rows: Sequence[dict[str, Any]]) -> list[int]:
    """Of these rows, once they stand in the table."""
    insert = sa.insert(table).returning(table.c.id, sort_by_parameter_order=True)
    return list(tx.execute(insert, rows).scalars()) if rows else []


def _at(day: date, at: time) -> datetime:
    return datetime.combine(day, at, CHINA)


def _date(stored: Any) -> date:
    return stored if isinstance(stored, date) else date.fromisoformat(str(stored))
