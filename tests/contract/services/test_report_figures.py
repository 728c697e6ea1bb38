"""The figures of reports, beside an independent count in plain SQL; and that they are of nobody."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from domain.county import County
from domain.reports.figures import Figures
from domain.reports.months import Month
from domain.surveys.suppression import LEAST
from services.desk import Desk
from services.reports import counting, reading
from services.tickets import handling
from storage import report_counts, reports, schema
from storage.database import Database, Tx
from tests.contract.services.lively_year import NEIGHBOUR, STARTS, Rows, keep, lived
from tests.contract.village import COUNTY, ID, TOWNSHIP, Village

MONTHS = [Month(2026, number) for number in range(1, 13)]
AREAS = (COUNTY, TOWNSHIP, NEIGHBOUR)


def chinese_midnight(month: Month) -> str:
    """The month's first moment as both databases write it, in UTC, by the calendar and nothing of ours."""
    return f"{datetime(month.year, month.number, 1, tzinfo=UTC) - timedelta(hours=8):%Y-%m-%d %H:%M:%S}"


def plain_count(look: Callable[[Any], Any], area: str, month: Month) -> dict[str, int]:
    """What the report must say, counted in another way: text, no statement or constant of ours."""
    a = chinese_midnight(month)
    z = chinese_midnight(Month(month.year + month.number // 12, month.number % 12 + 1))
    matters = f"t.kind IN ('request', 'immediate', 'consult') AND substr(t.area, 1, {len(area)}) = '{area}'"

    def step(name: str) -> str:
        return (
            f"SELECT count(*) FROM ticket t WHERE {matters} AND 0 < (SELECT count(*) FROM ticket_event e"
            f" WHERE e.ticket = t.id AND e.step = '{name}' AND e.at >= '{a}' AND e.at < '{z}')"
        )

    def left(also: str) -> str:
        return (
            "SELECT count(*) FROM (SELECT e.ticket, e.state, row_number() OVER"
            f" (PARTITION BY e.ticket ORDER BY e.number DESC) AS back FROM ticket_event e WHERE e.at < '{z}') s"
            f" JOIN ticket t ON t.id = s.ticket WHERE s.back = 1 AND {matters} AND s.state NOT IN"
            f" ('answered', 'closed', 'declined', 'withdrawn') AND t.filed_at < '{z}' {also}"
        )

    def kind(name: str) -> str:
        return (
            f"SELECT count(*) FROM ticket t WHERE t.kind = '{name}' AND t.area LIKE '{area}%'"
            f" AND t.filed_at >= '{a}' AND t.filed_at < '{z}'"
        )

    first, after = f"{month}-01", f"{Month(month.year + month.number // 12, month.number % 12 + 1)}-01"
    mine = "1 = 1" if area == COUNTY else f"s.area LIKE '{area}%' AND NOT s.restricted"
    answered = (
        f"SELECT count(DISTINCT s.id) FROM suggestion s JOIN suggestion_event e ON e.suggestion = s.id WHERE {mine}"
        f" AND e.step = 'answer' AND e.day >= '{first}' AND e.day < '{after}'"
    )
    messages = (
        "SELECT count(*) FROM outbox o JOIN person p ON p.id = o.person WHERE o.created_at >="
        f" '{a}' AND o.created_at < '{z}' AND (p.area LIKE '{area}%' OR EXISTS (SELECT 1 FROM role r WHERE"
        f" r.person = p.id AND r.area LIKE '{area}%'))"
    )
    queries = {
        "filed": step("file"),
        "answered": step("answer"),
        "confirmed": step("confirm"),
        "unconfirmed": step("expire"),
        "reopened": step("reopen"),
        "declined": step("decline"),
        "escalated": step("escalate"),
        "open": left(""),
        "overdue": left(f"AND t.limit_at <= '{z}'"),
        "praise": kind("praise"),
        "suggested": f"SELECT count(*) FROM suggestion s WHERE {mine} AND s.day >= '{first}' AND s.day < '{after}'",
        "suggestions_answered": answered,
        "adopted": f"{answered} AND s.outcome IN ('adopted', 'partly')",
        "held": f"{messages} AND o.state = 'held'",
        "undelivered": f"{messages} AND o.state IN ('failed', 'blocked', 'uncertain')",
    }
    queries |= {"complaints": kind("complaint")} if area == COUNTY else {}
    [row] = look(f"SELECT {', '.join(f'({query})' for query in queries.values())}")
    return dict(zip(queries, row, strict=True))


FEW = {"complaints", "suggested", "suggestions_answered", "adopted"}


@pytest.fixture(scope="module")
def year() -> Rows:
    """A county after a year, which is lived once for both databases."""
    return lived(CALM, seed=8, days=365, a_day=4)


CALM = County(triage=None, card_key=b"a key for tests", code=COUNTY, name="富平县")  # type: ignore[arg-type]  nobody speaks


async def test_a_years_figures_equal_an_independent_count(database: Database, year: Rows, look):
    def counts(tx: Tx) -> dict[tuple[str, Month], Figures]:
        keep(tx, year)
        desk = Desk(tx, CALM, STARTS + timedelta(days=365))
        return {(area, month): counting.count(desk, area, month) for area in AREAS for month in MONTHS}

    figures = await database.run(counts)
    [(filed,)] = look("SELECT count(*) FROM ticket")
    assert filed > 250
    names: set[str] = set()
    for (area, month), found in figures.items():
        plain = plain_count(look, area, month)
        told = {name: None if name in FEW and count < LEAST else count for name, count in plain.items()}
        assert {name: found.counts[name] for name in told} == told, (area, month)
        assert found.counts.keys() - told.keys() == {"reports", "contacted", "ticked_off", "rectifying"}
        assert sum(one.filed for one in found.categories.values()) == plain["filed"]
        assert sum(one.overdue for one in found.categories.values()) == plain["overdue"]
        names |= {name for name, count in plain.items() if count}
    assert names == {*plain_count(look, COUNTY, MONTHS[0])}, (
        "something never happened in this year, so it was not compared"
    )


_ONES_OWN = {
    (schema.ticket.name, "villager"),
    (schema.ticket.name, "filed_by"),
    (schema.ticket.name, "owner"),
    (schema.ticket.name, "on_behalf_of"),
    (schema.ticket_event.name, "actor"),
    (schema.report.name, "person"),
    (schema.outbox.name, "person"),
    (schema.outbox.name, "account"),
    (schema.suggestion.name, "person"),
    (schema.suggestion_event.name, "actor"),
    (schema.role.name, "person"),
    (schema.assignment.name, "person"),
    (schema.duty.name, "person"),
    (schema.duty.name, "noted_by"),
    (schema.duty_note.name, "person"),
    *((schema.person.name, column.name) for column in schema.person.columns),
}
"""Columns that say who."""


def columns_in(element: Any) -> set[tuple[str, str]]:
    """Columns of tables in an expression, those of its subqueries in FROM included, those in its WHERE not."""
    found: set[tuple[str, str]] = set()
    for part in sa.sql.visitors.iterate(element):
        if isinstance(part, sa.Column) and part.table is not None:
            found.add((part.table.name, part.name))
    return found


def says_who(statement: Any) -> set[tuple[str, str]]:
    """What a query puts out or groups by that leads to a person."""
    shown: set[tuple[str, str]] = set()
    for column in statement.selected_columns:
        if not is_count(column):
            shown |= columns_in(column)
    for column in statement._group_by_clauses:
        shown |= columns_in(column)
    return shown & _ONES_OWN


def is_count(column: Any) -> bool:
    element = column.element if isinstance(column, sa.Label) else column
    return isinstance(element, sa.sql.functions.FunctionElement) and element.name in (
        "count",
        "sum",
        "coalesce",
    )


async def test_what_is_counted_of_an_area_can_name_nobody(village: Village):
    """No statement behind an area's figures puts out a person, or groups by one: no such list can be made of them."""
    seen: list[Any] = []

    def listen(_connection: Any, statement: Any, *_rest: Any) -> None:
        if isinstance(statement, sa.Select):
            seen.append(statement)

    def counts(tx: Tx) -> None:
        sa.event.listen(tx, "before_execute", listen)
        try:
            for area in (COUNTY, TOWNSHIP):
                counting.count(Desk(tx, village.county, village.now), area, Month(2026, 10))
        finally:
            sa.event.remove(tx, "before_execute", listen)

    await village.database.run(counts)
    assert len(seen) > 12
    assert [says_who(statement) for statement in seen] == [set()] * len(seen)


@pytest.mark.parametrize(
    "query",
    [
        sa.select(schema.ticket.c.owner, sa.func.count()).group_by(schema.ticket.c.owner),
        sa.select(sa.func.count()).group_by(schema.ticket_event.c.actor),
        sa.select(schema.person.c.name, sa.func.count()).join(schema.outbox).group_by(schema.person.c.id),
        report_counts.agreed(COUNTY, Month(2026, 10)),
    ],
)
def test_the_look_at_statements_finds_a_list_of_people(query):
    assert says_who(query)


async def test_a_report_of_an_area_holds_numbers_and_categories_alone(village: Village):
    await village.files("渠堵了")

    def read(desk: Desk) -> dict[str, Any]:
        return dict(reading.to_freeze(counting.count(desk, TOWNSHIP, Month(2026, 11))))

    kept = await village.do(read)
    assert all(isinstance(count, int | None) for count in kept["counts"].values())
    assert kept["categories"].keys() == {"饮水灌溉"}
    assert all(isinstance(count, int) for one in kept["categories"].values() for count in one.values())


@pytest.mark.parametrize(("who", "told"), [(LEAST - 1, None), (LEAST, LEAST)])
async def test_what_cadres_note_is_told_of_five_at_least(village: Village, who: int, told: int | None):
    """One cadre alone, who confirmed, must not be read from the sums of the township."""

    def confirm(desk: Desk) -> int | None:
        for cadre in [ID["primary"], ID["deputy"], ID["stranger"], ID["supervisor"], ID["staff"]][:who]:
            number = reports.own(desk.tx, Month(2026, 11), cadre, TOWNSHIP).id
            reports.confirm(desk.tx, number, desk.now, None)
            desk.tx.execute(
                sa.text(
                    "INSERT INTO ticket_event (ticket, number, at, step, actor, state, note, media) SELECT ticket,"
                    f" {100 + cadre}, at, 'call', {cadre}, state, '', media FROM ticket_event WHERE number = 1 AND ticket = {cadre}"
                )
            )
        return counting.count(desk, TOWNSHIP, Month(2026, 11)).counts["contacted"]

    for _ in range(8):
        await village.files()
    assert await village.do(confirm) == told


async def test_what_one_cadre_did_counts_only_once_he_agreed(village: Village):
    number = await village.files()
    await village.do(handling.note_call, number, "primary")

    def counted(desk: Desk) -> dict[str, int]:
        return report_counts.of_cadres(desk.tx, TOWNSHIP, Month(2026, 11))

    def agrees(desk: Desk, at: datetime | None) -> None:
        report = reports.own(desk.tx, Month(2026, 11), ID["primary"], TOWNSHIP)
        reports.confirm(desk.tx, report.id, at, None)

    assert await village.do(counted) == {"reports": 0, "contacted": 0}
    await village.do(agrees, datetime(2026, 11, 28, tzinfo=UTC))
    assert await village.do(counted) == {"reports": 1, "contacted": 1}
    await village.do(agrees, None)
    assert await village.do(counted) == {"reports": 0, "contacted": 0}


@pytest.mark.parametrize(("agree", "told"), [(4, None), (6, 4)])
async def test_duties_are_summed_over_those_who_confirmed(
    village: Village, look, agree: int, told: int | None
):
    """Six cadres have a duty, those with odd numbers and the last noted it as done; it ends in November."""

    def lives(tx: Tx) -> Figures:
        template = {
            "key": "study", "version": 1, "name": "学习会", "system": "三个一", "audience": "role", "roles": [],
            "areas": [], "rule": "FREQ=MONTHLY", "days": 0, "remind": [], "counts": [],
            "since": date(2026, 1, 1), "made_at": STARTS,
        }  # fmt: skip
        number = tx.execute(sa.insert(schema.duty_template), template).inserted_primary_key[0]
        for month, done in ((10, True), (11, False)):
            period = {
                "key": "study", "template": number, "starts_on": date(2026, month, 1),
                "ends_on": date(2026, month, 30), "opened_on": date(2026, month, 1), "late": False,
                "reminders": [],
            }  # fmt: skip
            of = tx.execute(sa.insert(schema.duty_period), period).inserted_primary_key[0]
            for cadre in range(1, 7):
                noted = done or cadre % 2 == 1 or cadre == 6
                duty = {"period": of, "person": cadre, "state": "done" if noted else "open"}
                tx.execute(
                    sa.insert(schema.duty), duty | {"noted_on": date(2026, month, 9) if noted else None}
                )
        for cadre in range(1, agree + 1):
            report = reports.own(tx, Month(2026, 11), cadre, TOWNSHIP)
            reports.confirm(tx, report.id, village.now, None)
        return counting.count(Desk(tx, village.county, village.now), TOWNSHIP, Month(2026, 11))

    figures = await village.database.run(lives)
    assert (figures.counts["duty:学习会"], figures.counts["reports"]) == (told, agree)
    if told is not None:
        assert (
            told
            == look(
                "SELECT count(*) FROM duty d JOIN duty_period p ON p.id = d.period JOIN report r ON r.person = d.person"
                " WHERE r.month = '2026-11' AND r.confirmed_at IS NOT NULL AND d.state = 'done'"
                " AND p.ends_on BETWEEN '2026-11-01' AND '2026-11-30'"
            )[0][0]
        )
    own = await village.do(counting.own_counts, 6, Month(2026, 11))
    assert own["duty:学习会"] == 1
