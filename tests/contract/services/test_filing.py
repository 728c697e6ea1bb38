"""A request finds its owner, whatever the state of the ladder."""

from datetime import timedelta

import pytest

from domain.directory import RoleName
from domain.tickets.steps import Kind, State
from services.directory import office_of
from services.tickets import handling
from storage.directory import assignments, people
from tests.contract.village import COUNTY, ID, MONDAY, OTHER, VILLAGE, Village

RESTRICTED = "干部作风村务"


async def away(village: Village, *keys: str) -> None:
    """On leave for thirty days."""
    for key in keys:
        until = village.now + timedelta(days=30)
        await village.database.run(
            lambda tx, key=key, until=until: assignments.add_leave(tx, ID[key], village.now, until)
        )


async def gone(village: Village, *keys: str) -> None:
    """No longer in office: neither grid nor role is left."""
    ids = ", ".join(str(ID[key]) for key in keys) or "0"
    for table in ("role", "assignment"):
        await village.database.run(
            lambda tx, table=table: tx.exec_driver_sql(f"DELETE FROM {table} WHERE person IN ({ids})")
        )


@pytest.mark.parametrize("leaves", [away, gone])
@pytest.mark.parametrize(
    ("absent", "owner"),
    [
        ([], "primary"),
        (["primary"], "deputy"),
        (["deputy"], "primary"),
        (["primary", "deputy"], "supervisor"),
        (["primary", "deputy", "supervisor"], "staff"),
    ],
)
async def test_a_request_goes_to_the_first_who_is_there(village: Village, look, leaves, absent, owner):
    await leaves(village, *absent)
    number = await village.files()
    assert look("SELECT owner, rung, state FROM ticket") == [(ID[owner], owner, "assigned")]
    assert await village.steps(number) == ["file by villager", "assign"]
    assert "渠堵了" in (await village.told(owner))[0]


@pytest.mark.parametrize("leaves", [away, gone])
async def test_with_nobody_at_all_it_is_filed_all_the_same(village: Village, leaves):
    await leaves(village, "primary", "deputy", "supervisor", "staff")
    filed = await village.filed("渠堵了", "饮水灌溉")
    assert filed.owner is None
    assert (filed.ticket.state, filed.ticket.owner) == (State.FILED, None)
    assert await village.steps(filed.ticket.id) == ["file by villager"]


async def test_a_matter_of_another_village_goes_to_its_own_cadre(village: Village):
    assert (await village.filed("路坏了", "道路出行", area=OTHER)).ticket.owner == ID["stranger"]
    assert (await village.filed("问一下", "其他", area=COUNTY)).ticket.owner == ID["staff"]


async def test_an_accusation_goes_to_the_staff_and_to_nobody_else(village: Village):
    filed = await village.filed("村干部吃拿卡要", RESTRICTED, kind=Kind.COMPLAINT)
    assert (filed.ticket.kind, filed.ticket.owner, filed.ticket.rung) == (
        Kind.COMPLAINT,
        ID["staff"],
        "staff",
    )
    for key in ("primary", "deputy", "supervisor", "stranger"):
        assert await village.told(key) == []
    assert await village.do(handling.colleagues, filed.ticket) == []


async def test_an_accusation_without_staff_waits_and_reaches_nobody(village: Village):
    await gone(village, "staff")
    assert (await village.filed("村干部吃拿卡要", RESTRICTED, kind=Kind.COMPLAINT)).owner is None
    for key in ("primary", "deputy", "supervisor"):
        assert await village.told(key) == []


async def test_what_is_stored_is_what_she_said(village: Village, look):
    await village.files("渠堵了\n三组", on_behalf_of="王大妈 00000000999", kind=Kind.IMMEDIATE)
    assert look("SELECT text, kind, on_behalf_of, villager, filed_by, channel, area FROM ticket") == [
        (
            "渠堵了\n三组",
            "immediate",
            "王大妈 00000000999",
            ID["villager"],
            ID["villager"],
            "box",
            "610528001200",
        )
    ]
    assert "王大妈 00000000999（代办）" in (await village.told("primary"))[0]


async def test_what_comes_at_night_waits_for_the_morning(village: Village, look):
    village.now = MONDAY.replace(hour=15)  # eleven at night in China
    await village.files(kind=Kind.REQUEST)
    await village.files(kind=Kind.IMMEDIATE)
    assert {str(row[0])[:19] for row in look("SELECT due_at FROM outbox")} == {"2026-11-03 00:00:00"}


async def test_tickets_are_numbered_without_gaps_for_the_people(village: Village):
    assert [await village.files() for _ in range(3)] == [1, 2, 3]


async def test_two_roles_of_one_person_make_no_second_owner(village: Village):
    await village.database.run(
        lambda tx: people.add_role(
            tx, ID["primary"], RoleName.SUPERVISOR, "610528001", MONDAY - timedelta(hours=1)
        )
    )
    ticket = await village.ticket(await village.files())
    others = [one.person.id for one in await village.do(handling.colleagues, ticket)]
    assert others == [ID["deputy"], ID["supervisor"], ID["staff"]]


async def test_one_who_works_here_asks_his_office(village: Village):
    async def asks(key: str) -> str:
        found = await village.do(office_of, key)
        return found.name if found else ""

    assert [await asks(key) for key in ("primary", "supervisor", "staff")] == ["赵督办", "钱工作", ""]
    await away(village, "supervisor")
    assert await asks("deputy") == "钱工作"


async def test_whose_household_a_card_named_is_found_by_her_cadre(village: Village):
    await village.database.run(lambda tx: people.bind(tx, ID["villager"], VILLAGE, "三组12号", village.now))
    await village.files("渠堵了")
    await village.files("邻居家没水", on_behalf_of="王大妈")
    own, behalf = await village.told("primary")
    assert "三组12号：渠堵了" in own
    assert "12号" not in behalf
