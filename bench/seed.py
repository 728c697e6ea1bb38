"""A county with any number of people and tickets, made by the database itself in batches.

Every second person (even id) is on the web chat, the others by turns on Telegram and on WeChat, and so is the cadre of
their village.
"""

import csv
import hashlib
import io
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from bot.county import data_file
from domain.directory import Area, Level, RoleName
from domain.talk import Conversation
from storage import schema
from storage.database import Database, Tx, open_database
from storage.directory import areas, assignments, people
from storage.migrate import migrate

BATCH = 20_000
SPEAKERS = 20_000
"""People on the web chat who take part in the load, spread over all; half as many of each other messenger."""
VILLAGES = 256
FIRST = 10_001
"""Id of the first villager. Those below are cadres: FIRST - 1 - VILLAGES + n looks after village n."""
STAFF = 9_000


@dataclass(frozen=True, slots=True)
class Seeded:
    telegram: list[int]
    """Chat ids of villagers."""
    wechat: list[int]
    """Openids of villagers."""
    web: list[str]
    """Tokens of villagers."""
    sitting: list[str]
    """Tokens of those who answer surveys."""
    pairs: list[tuple[str, str]]
    """(villager's token, her cadre's token), so ordered that every 32nd pair shares no cadre with the others.

    No villager is in two of these lists: a talk that the end of a row cut off is not gone on with in another."""


async def seed(url: str, count: int, progress: Callable[[int], None]) -> Seeded:
    """Fill an empty database with `count` villagers and as many tickets. `progress`: is told how many are done."""
    await migrate(url)
    database = open_database(url)
    now = datetime.now(UTC)
    try:
        codes = await database.run(lambda tx: _county(tx, now))
        for start in range(FIRST, FIRST + count, BATCH):
            stop = min(start + BATCH, FIRST + count)
            await database.run(lambda tx, a=start, b=stop: _fill(tx, a, b, codes, now))  # type: ignore[misc]
            progress(stop - start)
        seeded = await database.run(lambda tx: _speakers(tx, count, now))
        await _settle_down(database)
    finally:
        await database.close()
    return seeded


def _county(tx: Tx, now: datetime) -> list[str]:
    """The sample county's areas, a cadre for each of VILLAGES villages, and one of the county's staff."""
    rows = csv.DictReader(io.StringIO(data_file("areas_fuping.csv").decode()))
    listed = [Area(r["code"], r["parent"] or None, Level(r["level"]), r["name"]) for r in rows]
    areas.add(tx, listed)
    codes = [area.code for area in listed if area.level is Level.VILLAGE][:VILLAGES]
    cadres = range(_cadre(0), _cadre(VILLAGES))
    named = [
        {"id": one, "name": "样例网格员", "phone": "00000000001", "household": "", "created_at": now}
        for one in (STAFF, *cadres)
    ]
    tx.execute(sa.insert(schema.person), named)
    people.add_role(tx, STAFF, RoleName.STAFF, "610528", now)
    for cadre, code in zip(cadres, codes, strict=True):
        people.add_role(tx, cadre, RoleName.CADRE, code, now)
        assignments.assign(tx, code, cadre, "primary", now)
    _accounts(tx, cadres.start, cadres.stop, now)
    return codes


def _cadre(village: int) -> int:
    return FIRST - 1 - VILLAGES + village


_NUMBERS = "WITH RECURSIVE n(i) AS (SELECT :start UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :stop)"
_PEOPLE = f"""INSERT INTO person (id, name, phone, area, household, consented_at, created_at) {_NUMBERS}
SELECT i, '样例村民', '000' || i, v.code, '', :now, :now FROM n JOIN bench_village v ON v.n = i % {VILLAGES}"""
_ACCOUNTS = f"""INSERT INTO account (id, channel, address, person, blocked, created_at) {_NUMBERS}
SELECT i, CASE i % 4 WHEN 1 THEN 'telegram' WHEN 3 THEN 'wechat' ELSE 'web' END, CAST(i AS varchar(20)), i,
:blocked, :now FROM n"""
_TALKS = f"""INSERT INTO conversation (account, state, seen_at) {_NUMBERS} SELECT i, {{state}}, :now FROM n"""
_TICKETS = f"""INSERT INTO ticket (id, kind, state, category, subcategory, text, area, villager, filed_by,
on_behalf_of, channel, filed_at, accept_by, contact_by, limit_at, owner, rung, accepted_at, contacted_at,
answered_at, closed_at, closing, extensions, returns, rating, nudges, look_at, version, events) {_NUMBERS}
SELECT i, 'request', CASE i % 19 WHEN 0 THEN 'assigned' ELSE 'closed' END, '饮水灌溉', '渠',
'村口那条渠堵了，浇不成地，请来看看', v.code, i, i, '', 'web', :now, :later, :later, :later, v.cadre, 'primary',
CASE i % 19 WHEN 0 THEN NULL ELSE :now END, CASE i % 19 WHEN 0 THEN NULL ELSE :now END,
CASE i % 19 WHEN 0 THEN NULL ELSE :now END, CASE i % 19 WHEN 0 THEN NULL ELSE :now END,
CASE i % 19 WHEN 0 THEN NULL ELSE 'solved' END, 0, 0, CASE i % 19 WHEN 0 THEN NULL ELSE 3 END, 0,
CASE i % 19 WHEN 0 THEN :later ELSE NULL END, 2, 2 FROM n JOIN bench_village v ON v.n = i % {VILLAGES}"""
_EVENTS = f"""INSERT INTO ticket_event (ticket, number, at, step, actor, state, note, media) {_NUMBERS}
SELECT i, e.number, :now, e.step, i, e.state, '村口那条渠堵了', '[]' FROM n JOIN (SELECT 1 AS number,
'file' AS step, 'filed' AS state UNION ALL SELECT 2, 'assign', 'assigned') e ON 1 = 1"""


def _fill(tx: Tx, start: int, stop: int, codes: list[str], now: datetime) -> None:
    """Villagers start..stop-1, their accounts and talks, a ticket each and its two events."""
    tx.execute(
        sa.text("CREATE TEMP TABLE bench_village (n integer PRIMARY KEY, code varchar(14), cadre integer)")
    )
    tx.execute(
        sa.text("INSERT INTO bench_village VALUES (:n, :code, :cadre)"),
        [{"n": (_cadre(n)) % VILLAGES, "code": code, "cadre": _cadre(n)} for n, code in enumerate(codes)],
    )
    times = {"now": now, "later": now + timedelta(days=5)}
    if tx.dialect.name == "postgresql":
        tx.execute(sa.text("SET LOCAL session_replication_role = replica"))  # made right, so not checked
    _do(tx, _PEOPLE, start, stop, times)
    _accounts(tx, start, stop, now)
    _do(tx, _TICKETS, start, stop, times)
    _do(tx, _EVENTS, start, stop, times)
    tx.execute(sa.text("DROP TABLE bench_village"))


def _accounts(tx: Tx, start: int, stop: int, now: datetime) -> None:
    state = json.dumps(asdict(Conversation())).replace(":", "\\:")
    _do(tx, _ACCOUNTS, start, stop, {"now": now})
    _do(tx, _TALKS.format(state=f"'{state}'"), start, stop, {"now": now})


def _do(tx: Tx, statement: str, start: int, stop: int, times: dict[str, datetime]) -> None:
    """Run one INSERT … SELECT over the numbers from start to stop."""
    text = sa.text(statement)
    kinds = {
        "now": schema.person.c.created_at.type,
        "later": schema.person.c.created_at.type,
        "blocked": sa.Boolean(),
    }
    wanted = [name for name in kinds if f":{name}" in statement]
    text = text.bindparams(*(sa.bindparam(name, type_=kinds[name]) for name in wanted))
    text = text.bindparams(
        sa.bindparam("start", type_=sa.Integer()), sa.bindparam("stop", type_=sa.Integer())
    )
    values = {"start": start, "stop": stop, "blocked": False, **times}
    tx.execute(text, {name: values[name] for name in ("start", "stop", *wanted)})


def _speakers(tx: Tx, count: int, now: datetime) -> Seeded:
    """Those who will take part in the load; sessions for those on the web, and for all cadres."""
    stride = max(2, count // SPEAKERS // 2 * 2)
    outside = range(FIRST, FIRST + count, stride)
    telegram, wechat = ([one for one in outside if one % 4 == rest] for rest in (1, 3))
    web = list(range(FIRST + 1, FIRST + count, stride))
    cadres = range(_cadre(0), _cadre(VILLAGES))
    rows = [
        {
            "token_hash": hashlib.sha256(_token(one).encode()).hexdigest(),
            "address": str(one),
            "created_at": now,
        }
        for one in (*web, *cadres)
    ]
    tx.execute(sa.insert(schema.web_session), rows)
    if tx.dialect.name == "postgresql":
        for name in ("person", "account", "ticket"):
            tx.execute(sa.text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), max(id)) FROM {name}"))
    by_cadre: dict[int, list[int]] = {}
    talking, filing, sitting = (web[start::3] for start in range(3))
    for one in filing:
        by_cadre.setdefault(cadres.start + (one - cadres.start) % VILLAGES, []).append(one)
    pairs = [
        (_token(villagers[turn]), _token(cadre))
        for turn in range(min(map(len, by_cadre.values())))
        for cadre, villagers in by_cadre.items()
    ]
    return Seeded(telegram, wechat, [_token(one) for one in talking], [_token(one) for one in sitting], pairs)


def _token(person: int) -> str:
    return f"bench-{person}"


async def _settle_down(database: Database) -> None:
    """As a database is that has grown over the years."""
    await database.run(lambda tx: tx.execute(sa.text("ANALYZE")) if tx.dialect.name == "postgresql" else None)
