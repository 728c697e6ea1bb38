"""A grid gets another cadre: everything that is open goes with it, or nothing changes."""

import pytest

from domain.errors import Refusal
from domain.tickets.steps import Kind
from services.directory import route
from services.tickets import clock, handling, handover, villager
from tests.contract.village import ID, OTHER, VILLAGE, Village


async def test_open_tickets_move_with_the_grid(village: Village, look):
    filed, at_work, answered, withdrawn = [await village.files(f"渠堵了{n}") for n in range(4)]
    elsewhere = await village.files("路坏了", area=OTHER)
    for number in (at_work, answered):
        await village.do(handling.accept, number, "primary")
    await village.do(handling.answer, answered, "primary", "通了", ())
    await village.do(villager.withdraw, withdrawn, "villager")
    limits = look("SELECT id, limit_at FROM ticket ORDER BY id")
    village.passes(hours=1)
    assert await village.do(handover.hand_over_grid, VILLAGE, "primary", "stranger") == 3
    owners = {
        number: (await village.ticket(number)).owner for number in (filed, at_work, answered, withdrawn)
    }
    assert owners == {1: ID["stranger"], 2: ID["stranger"], 3: ID["stranger"], 4: ID["primary"]}
    assert (await village.ticket(elsewhere)).owner == ID["stranger"]
    assert look("SELECT id, limit_at FROM ticket ORDER BY id") == limits
    assert (await village.steps(at_work))[-1] == "hand_over"
    assert sum("接手" in text for text in await village.told("stranger")) == 3


async def test_who_comes_after_him_does_what_he_did_and_he_no_longer_may(village: Village):
    number = await village.files()
    village.passes(hours=1)
    await village.do(handover.hand_over_grid, VILLAGE, "primary", "stranger")
    assert [one.person.id for one in await village.do(route, VILLAGE)][:2] == [ID["stranger"], ID["deputy"]]
    with pytest.raises(Refusal, match="没有1号"):
        await village.do(handling.accept, number, "primary")
    await village.do(handling.accept, number, "stranger")
    assert (await village.filed("又堵了", "饮水灌溉")).ticket.owner == ID["stranger"]


async def test_the_deputy_may_become_the_first_and_hand_on_what_he_then_is(village: Village):
    await village.files()
    village.passes(hours=1)
    assert await village.do(handover.give_grid, VILLAGE, "00000000102")
    village.passes(hours=1)
    await village.do(handover.give_grid, VILLAGE, "00000000105")
    ladder = [(one.person.id, one.rung.value) for one in await village.do(route, VILLAGE)]
    assert ladder == [(ID["stranger"], "primary"), (ID["supervisor"], "supervisor"), (ID["staff"], "staff")]
    assert (await village.ticket(1)).owner == ID["stranger"]


async def test_the_new_cadre_stands_where_he_stands_and_has_a_day_for_what_had_climbed(village: Village):
    await village.files()
    village.passes(days=4)
    await village.do(clock.look_at_due)
    assert (await village.ticket(1)).rung == "deputy"
    await village.do(handover.move_tickets, VILLAGE, ID["deputy"], ID["primary"])
    await village.do(clock.look_at_due)
    moved = await village.ticket(1)
    assert (moved.owner, moved.rung) == (ID["primary"], "primary")
    village.passes(days=4)  # the weekend is none of his time
    await village.do(clock.look_at_due)
    assert (await village.ticket(1)).owner == ID["deputy"]


async def test_an_unknown_phone_and_one_who_has_no_grid_change_nothing(village: Village):
    for deed, *facts in (
        [handover.give_grid, VILLAGE, "00000000139"],
        [handover.give_grid, VILLAGE, "00000000106"],  # a villager's
        [handover.hand_over_grid, OTHER, "primary", "deputy"],
    ):
        with pytest.raises(Refusal):
            await village.do(deed, *facts)
    assert (await village.do(route, VILLAGE))[0].person.id == ID["primary"]


async def test_a_handover_that_fails_in_the_middle_is_undone_as_a_whole(village: Village, look):
    for _ in range(3):
        await village.files()
    tables = ("ticket", "ticket_event", "assignment", "role", "outbox")
    before = [look(f"SELECT * FROM {table} ORDER BY 1, 2") for table in tables]
    village.passes(hours=1)

    def half(desk, leaver, successor):
        assert handover.hand_over_grid(desk, VILLAGE, leaver, successor) == 3
        raise RuntimeError("the power fails")

    with pytest.raises(RuntimeError):
        await village.do(half, "primary", "stranger")
    assert [look(f"SELECT * FROM {table} ORDER BY 1, 2") for table in tables] == before


@pytest.mark.parametrize(("successor", "moves"), [("stranger", 0), ("staff", 1)])
async def test_an_accusation_moves_only_to_one_who_may_see_it(village: Village, successor, moves):
    number = (await village.filed("村干部吃拿卡要", "干部作风村务", kind=Kind.COMPLAINT)).ticket.id
    await village.database.run(
        lambda tx: tx.exec_driver_sql(f"UPDATE ticket SET owner = {ID['supervisor']}")  # once of the staff
    )
    assert await village.do(handover.move_tickets, VILLAGE, ID["supervisor"], ID[successor]) == moves
    assert (await village.ticket(number)).owner == ID["staff" if moves else "supervisor"]
