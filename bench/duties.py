"""Opening a month of duties for 100 000 cadres, telling them of it, and a whole year of a county."""

import logging
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

import sqlalchemy as sa

from bot.county import data_file
from domain.county import County
from domain.directory import Area, Level
from domain.duties.template import parse_templates
from services.desk import Desk
from services.duties import opening, reminding, templates
from storage import schema
from storage.database import Database, Tx, open_database
from storage.directory import areas
from storage.migrate import migrate
from storage.schema.columns import UtcTime
from tests.databases import second_look
from tests.duty_year import Year

CADRES = 100_000
COUNTY_CADRES, VILLAGES = 5_000, 300
FIRST = datetime(2026, 9, 1, 1, 0, tzinfo=UTC)
"""Nine in the morning of the first of a month, a working day."""
BATCH = 20_000


@dataclass(frozen=True, slots=True)
class Month:
    """What opening a month took, and telling of it; seconds, and MB that the process took more."""

    cadres: int
    duties: int
    opened: float
    longest: float
    told: float
    longest_told: float
    grown: float


async def month(url: str, cadres: int = CADRES) -> Month:
    """An empty database gets `cadres` cadres, and then the duties of a month."""
    await migrate(url)
    database, county = open_database(url), County(None, b"", code="610528", name="样例县")  # type: ignore[arg-type]
    try:
        await _settle(database, cadres)
        loaded = parse_templates(data_file("duties.toml").decode())
        await database.run(lambda tx: templates.load(Desk(tx, county, FIRST), loaded))
        before = _memory()
        opened, longest = await _timed(database, county, opening.open_due)
        told = longest_told = 0.0
        while await database.run(_leaves):
            took, longest_one = await _timed(database, county, reminding.remind_due)
            told, longest_told = told + took, max(longest_told, longest_one)
        grown = _memory() - before
    finally:
        await database.close()
    ((duties,),) = second_look(url, "SELECT count(*) FROM duty")
    ((messages,),) = second_look(url, "SELECT count(*) FROM outbox")
    if messages != cadres:
        raise LookupError(f"{messages} messages for {cadres} cadres")
    return Month(cadres, duties, opened, longest, told, longest_told, grown)


async def year(url: str, cadres: int, villages: int) -> tuple[Year, float]:
    """A county lives a year; what is wrong raises AssertionError. Returns how long that took in seconds."""
    await migrate(url)
    two = [open_database(url), open_database(url)] if url.startswith("postgresql") else [open_database(url)]
    lived = Year(two, County(None, b"", code="610528", name="样例县"), cadres, villages)  # type: ignore[arg-type]
    logging.getLogger("scheduler.clockwork").setLevel(logging.CRITICAL)  # hundreds are killed
    begun = time.perf_counter()
    try:
        await lived.lives()
    finally:
        for database in two:
            await database.close()
    lived.check_the_books(lambda query: second_look(url, query))
    return lived, time.perf_counter() - begun


def _leaves(tx: Tx) -> bool:
    """What waited is sent, so that more may be told. True: somebody is still to be told."""
    outbox, duty = schema.outbox, schema.duty
    tx.execute(sa.update(outbox).where(outbox.c.state == "queued").values(state="sent"))
    return tx.execute(sa.select(sa.exists().where(duty.c.remind_on <= FIRST.date()))).scalar_one()


async def _timed(database: Database, county: County, deed: Callable[[Desk], bool]) -> tuple[float, float]:
    """Seconds until nothing is left to do, and of the longest transaction."""
    begun, longest, more = time.perf_counter(), 0.0, True
    while more:
        part = time.perf_counter()
        more = await database.run(lambda tx: deed(Desk(tx, county, FIRST)))
        longest = max(longest, time.perf_counter() - part)
    return time.perf_counter() - begun, longest


_NUMBERS = "WITH RECURSIVE n(i) AS (SELECT :start UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :stop)"
_PEOPLE = f"""INSERT INTO person (id, name, phone, household, created_at) {_NUMBERS}
SELECT i, '样例网格员', '00000000001', '', :now FROM n"""
_ROLES = f"""INSERT INTO role (person, role, area, valid_from) {_NUMBERS}
SELECT i, 'cadre', '610528001' || CAST(200 + i % {VILLAGES} AS varchar(3)), :now FROM n"""
_ACCOUNTS = f"""INSERT INTO account (id, channel, address, person, blocked, created_at) {_NUMBERS}
SELECT i, 'telegram', CAST(i AS varchar(20)), i, :blocked, :now FROM n"""
_TALKS = f"""INSERT INTO conversation (account, state, seen_at) {_NUMBERS} SELECT i, :state, :now FROM n"""


async def _settle(database: Database, cadres: int) -> None:
    """A county of cadres, each on a messenger."""
    before = FIRST - timedelta(days=40)

    def villages(tx: Tx) -> None:
        county = [
            Area("610528", None, Level.COUNTY, "样例县"),
            Area("610528001", "610528", Level.TOWNSHIP, "镇"),
        ]
        codes = [f"610528001{200 + n}" for n in range(VILLAGES)]
        areas.add(tx, [*county, *(Area(code, "610528001", Level.VILLAGE, "村") for code in codes)])

    def some(tx: Tx, start: int, stop: int) -> None:
        values = {"start": start, "stop": stop, "now": before, "blocked": False, "state": {}}
        types = {
            "now": UtcTime,
            "state": sa.JSON,
            "blocked": sa.Boolean,
            "start": sa.Integer,
            "stop": sa.Integer,
        }
        for statement in (_PEOPLE, _ROLES, _ACCOUNTS, _TALKS):
            text = sa.text(statement)
            named = {name for name in values if f":{name}" in statement}
            bound = text.bindparams(*(sa.bindparam(name, type_=types[name]) for name in named))
            tx.execute(bound, {name: values[name] for name in named})

    await database.run(villages)
    for start in range(1, cadres + 1, BATCH):
        await database.run(partial(some, start=start, stop=min(start + BATCH, cadres + 1)))


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
