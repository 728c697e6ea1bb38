"""A village, the people who look after it, and a desk at which they do their deeds."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from domain.county import County
from domain.directory import Area, Level, Person, RoleName
from domain.tickets.steps import Ticket
from services.desk import Desk
from services.tickets import filing
from services.tickets.filing import Filed, Request
from storage import tickets, turns
from storage.database import Database, Tx
from storage.directory import areas, assignments, people
from tests.databases import on_connection

T = TypeVar("T")
MONDAY = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
"""Ten in the morning in China, on an ordinary working day; only weekends interrupt the weeks after it."""
COUNTY, TOWNSHIP, VILLAGE, OTHER = "610528", "610528001", "610528001200", "610528001201"
AREAS = [
    Area(COUNTY, None, Level.COUNTY, "富平县"),
    Area(TOWNSHIP, COUNTY, Level.TOWNSHIP, "城关街道"),
    Area(VILLAGE, TOWNSHIP, Level.VILLAGE, "窦村村委会"),
    Area(OTHER, TOWNSHIP, Level.VILLAGE, "南韩村委会"),
]
ROSTER = {
    "primary": ("张建国", RoleName.CADRE, VILLAGE),
    "deputy": ("李小军", RoleName.CADRE, VILLAGE),
    "supervisor": ("赵督办", RoleName.SUPERVISOR, TOWNSHIP),
    "staff": ("钱工作", RoleName.STAFF, COUNTY),
    "stranger": ("周新民", RoleName.CADRE, OTHER),
    "villager": ("王秀兰", RoleName.VILLAGER, VILLAGE),
    "neighbour": ("刘大妈", RoleName.VILLAGER, VILLAGE),
}
"""Invented people; ids are 1, 2, 3 … in this order, phones cannot be dialled."""
ID = {key: number for number, key in enumerate(ROSTER, 1)}
CHANNEL = "box"


def settle(tx: Tx, now: datetime) -> None:
    """Areas, people, their roles and grids, and an account for each, named like the key in ROSTER."""
    areas.add(tx, AREAS)
    for key, (name, role, area) in ROSTER.items():
        person = people.add(tx, now, name=name, phone=f"0000000010{ID[key]}")
        assert person == ID[key]
        people.add_role(tx, person, role, area, now)
        turns.open_account(tx, CHANNEL, key, person, now)
        if role is RoleName.VILLAGER:
            people.bind(tx, person, area, "", now)
    assignments.assign(tx, VILLAGE, ID["primary"], "primary", now)
    assignments.assign(tx, VILLAGE, ID["deputy"], "deputy", now)
    assignments.assign(tx, OTHER, ID["stranger"], "primary", now)


def inhabited(url: str) -> str:
    """Everybody has settled there a day before MONDAY."""
    on_connection(url, lambda tx: settle(tx, MONDAY - timedelta(days=1)))
    return url


class Village:
    """Does deeds, each in a transaction of its own, at the time that it is."""

    def __init__(self, database: Database, county: County) -> None:
        self.database = database
        self.county = county
        self.now = MONDAY

    def clock(self) -> datetime:
        return self.now

    def passes(self, **time: float) -> None:
        self.now += timedelta(**time)

    async def do(self, deed: Callable[..., T], *facts: Any) -> T:
        """`deed(desk, *facts)`; the name of somebody in ROSTER stands for that person."""

        def at_desk(tx: Tx) -> T:
            desk = Desk(tx, self.county, self.now)
            known = [who(tx, fact) if isinstance(fact, str) and fact in ID else fact for fact in facts]
            return deed(desk, *known)

        return await self.database.run(at_desk)

    async def files(
        self, text: str = "渠堵了", category: str = "饮水灌溉", by: str = "villager", **more: Any
    ) -> int:
        """Number of a ticket that she has just filed."""
        return (await self.filed(text, category, by, **more)).ticket.id

    async def filed(self, text: str, category: str, by: str = "villager", **more: Any) -> Filed:
        request = Request(text, category, None, more.pop("area", VILLAGE), CHANNEL, **more)
        return await self.do(filing.file_ticket, by, request)

    async def ticket(self, number: int) -> Ticket:
        found = await self.database.read(lambda tx: tickets.find(tx, number))
        assert found is not None
        return found

    async def steps(self, number: int) -> list[str]:
        """Its story: "step" of the clock, "step by key" of a person."""
        events = await self.database.read(lambda tx: tickets.events(tx, number))
        assert [event.number for event in events] == list(range(1, len(events) + 1))
        key = {number: key for key, number in ID.items()}
        return [f"{e.step} by {key[e.actor]}" if e.actor else e.step.value for e in events]

    async def told(self, key: str) -> list[str]:
        """Everything that was put in the outbox for somebody, oldest first."""
        query = f"SELECT text FROM outbox WHERE person = {ID[key]} ORDER BY id"
        return await self.database.read(lambda tx: [row[0] for row in tx.exec_driver_sql(query)])


def who(tx: Tx, key: str) -> Person:
    found = people.find(tx, ID[key])
    assert found is not None
    return found
