"""A county in which much happens for a year, as chance has it: what reports have to count."""

import random
import secrets
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from domain.county import County
from domain.delivery import CHINA
from domain.directory import Area, Level, RoleName
from domain.errors import Refusal
from domain.suggestions.steps import Outcome
from domain.tickets.steps import Kind, State, Ticket
from services.desk import Desk
from services.suggestions import filing as suggesting
from services.suggestions import handling as suggestion_handling
from services.tickets import clock, filing, handling, villager
from storage import schema, tickets, turns
from storage.database import Tx
from storage.directory import areas, assignments, people
from storage.sqlite import sqlite_engine
from tests.contract.village import CHANNEL, COUNTY, ID, VILLAGE, settle

NEIGHBOUR, FIELDS = "610528002", "610528002200"
"""Another township, and its village."""
STARTS = datetime(2026, 1, 1, tzinfo=CHINA)
_CATEGORIES = ("饮水灌溉", "道路出行", "低保救助", "环境卫生")
_KINDS = (Kind.REQUEST, Kind.REQUEST, Kind.REQUEST, Kind.CONSULT, Kind.IMMEDIATE, Kind.PRAISE, Kind.COMPLAINT)


class Year:
    """Tells its days one after the other, at a desk of each moment."""

    def __init__(self, tx: Tx, county: County, seed: int) -> None:
        self._tx, self._county, self._chance = tx, county, random.Random(seed)
        self._people = {VILLAGE: [ID["villager"], ID["neighbour"]]}

    def settle(self) -> None:
        """A second township, beside the village of all tests."""
        areas.add(
            self._tx,
            [
                Area(NEIGHBOUR, COUNTY, Level.TOWNSHIP, "美原镇"),
                Area(FIELDS, NEIGHBOUR, Level.VILLAGE, "金城村委会"),
            ],
        )
        cadre = self._person("郑邻镇", RoleName.CADRE, FIELDS)
        assignments.assign(self._tx, FIELDS, cadre, "primary", STARTS)
        self._person("吴督办", RoleName.SUPERVISOR, NEIGHBOUR)
        self._people[FIELDS] = [self._person(f"乡亲{n}", RoleName.VILLAGER, FIELDS) for n in range(3)]

    def _person(self, name: str, role: RoleName, area: str) -> int:
        number = people.add(self._tx, STARTS, name=name, phone="00000000400")
        people.add_role(self._tx, number, role, area, STARTS)
        turns.open_account(self._tx, CHANNEL, f"{name}-{number}", number, STARTS)
        if role is RoleName.VILLAGER:
            people.bind(self._tx, number, area, "", STARTS)
        return number

    def goes_by(self, days: int, a_day: int) -> None:
        """So many days, with about so many things done on each, and the clock at work every fourth morning."""
        for day in range(days):
            moment = STARTS + timedelta(days=day)
            if day % 4 == 0:
                clock.look_at_due(Desk(self._tx, self._county, moment + timedelta(hours=8)), 500)
            many = self._chance.randint(0, 2 * a_day)
            for minutes in sorted(self._chance.sample(range(8 * 60, 24 * 60), many)):
                self._does_something(Desk(self._tx, self._county, moment + timedelta(minutes=minutes)))
        self._loses_messages()

    def _does_something(self, desk: Desk) -> None:
        deed = self._chance.choices((self._files, self._works, self._suggests), (3, 12, 1))[0]
        try:
            with desk.tx.begin_nested():
                deed(desk)
        except Refusal:
            pass  # a step that the rules forbid is no step

    def _files(self, desk: Desk) -> None:
        area = self._chance.choice((VILLAGE, FIELDS))
        her = people.find(desk.tx, self._chance.choice(self._people[area]))
        assert her is not None
        kind = self._chance.choice(_KINDS)
        category = "干部作风村务" if kind is Kind.COMPLAINT else self._chance.choice(_CATEGORIES)
        filing.file_ticket(desk, her, filing.Request("渠堵了", category, None, area, CHANNEL, kind=kind))

    def _works(self, desk: Desk) -> None:
        over = (State.WITHDRAWN, State.DECLINED, *((State.CLOSED,) if self._chance.random() < 0.9 else ()))
        query = sa.select(schema.ticket.c.id).where(schema.ticket.c.state.not_in(over))
        numbers = sorted(desk.tx.execute(query).scalars())[-25:]
        ticket = tickets.find(desk.tx, self._chance.choice(numbers)) if numbers else None
        if ticket is None or ticket.owner is None:
            return
        owner, her = people.find(desk.tx, ticket.owner), people.find(desk.tx, ticket.villager)
        self._chance.choice(_STEPS[ticket.state])(desk, ticket, owner, her)

    def _suggests(self, desk: Desk) -> None:
        chance = self._chance
        if chance.random() < 0.5:
            writer = people.find(desk.tx, chance.choice(self._people[chance.choice((VILLAGE, FIELDS))]))
            said = suggesting.Said("多装路灯", (), chance.random() < 0.3)
            suggesting.file(desk, said, secrets.token_bytes(32), chance.choice((writer, None)))
            return
        staff = people.find(desk.tx, ID["staff"])
        waiting = suggestion_handling.waiting(desk, staff)
        if waiting and staff:
            outcome = chance.choice(tuple(Outcome))
            facts = {"reason": "没钱", "measure": "年底装", "office": "交通局"}
            answer = suggestion_handling.Answer(outcome, "好", gist="路灯", **facts)
            suggestion_handling.answer(desk, waiting[0].id, staff, answer)

    def _loses_messages(self) -> None:
        """Some of what was said waits for whom it was said to, or never came."""
        outbox = schema.outbox
        for state, every in (("held", 7), ("failed", 11), ("blocked", 13), ("uncertain", 17)):
            lost = sa.update(outbox).where(outbox.c.id % every == 0, outbox.c.state == "queued")
            self._tx.execute(lost.values(state=state))


def _accepts(desk: Desk, ticket: Ticket, owner: Any, _her: Any) -> None:
    handling.accept(desk, ticket.id, owner)


def _calls(desk: Desk, ticket: Ticket, owner: Any, _her: Any) -> None:
    handling.note_call(desk, ticket.id, owner)


def _answers(desk: Desk, ticket: Ticket, owner: Any, _her: Any) -> None:
    handling.answer(desk, ticket.id, owner, "办了", ())


def _extends(desk: Desk, ticket: Ticket, owner: Any, _her: Any) -> None:
    handling.extend(desk, ticket.id, owner, "要等材料")


def _declines(desk: Desk, ticket: Ticket, owner: Any, _her: Any) -> None:
    handling.decline(desk, ticket.id, owner, "请去法院")


def _confirms(desk: Desk, ticket: Ticket, _owner: Any, her: Any) -> None:
    villager.confirm(desk, ticket.id, her)


def _reopens(desk: Desk, ticket: Ticket, _owner: Any, her: Any) -> None:
    villager.reopen(desk, ticket.id, her, "没好", ())


_FIRST = (*[_accepts] * 5, _declines)
_AT_WORK = (*[_answers] * 5, _calls, _extends)
_STEPS = {
    State.FILED: _FIRST,
    State.ASSIGNED: _FIRST,
    State.TRANSFERRED: _FIRST,
    State.RETURNED: _FIRST,
    State.ACCEPTED: _AT_WORK,
    State.EXTENDED: _AT_WORK,
    State.REOPENED: _FIRST,
    State.ANSWERED: (*[_confirms] * 4, _calls, _calls, _reopens),
    State.CLOSED: (_reopens,),
}

Rows = dict[str, list[dict[str, Any]]]


def lived(county: County, seed: int, days: int, a_day: int) -> Rows:
    """All rows of a county after so many days, by table. It lives in memory, where that takes seconds."""
    engine = sqlite_engine("sqlite:///:memory:")
    schema.metadata.create_all(engine)
    with engine.begin() as tx:
        settle(tx, STARTS)
        year = Year(tx, county, seed)
        year.settle()
        year.goes_by(days, a_day)
        rows = {
            table.name: [dict(row) for row in tx.execute(sa.select(table)).mappings()]
            for table in schema.metadata.sorted_tables
        }
    engine.dispose()
    return rows


def keep(tx: Tx, rows: Rows) -> None:
    """Write the rows of a county into a database that is empty."""
    for table in schema.metadata.sorted_tables:
        if rows[table.name]:
            tx.execute(sa.insert(table), rows[table.name])
