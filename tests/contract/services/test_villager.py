"""The villager's own word, and what stays of her when she leaves."""

import pytest

from domain.errors import Refusal
from domain.tickets.steps import State
from services import directory
from services.tickets import handling, villager
from storage.directory import people
from tests.contract.services.test_handling import refused
from tests.contract.village import ID, MONDAY, VILLAGE, Village


async def answered(village: Village) -> int:
    number = await village.files()
    await village.do(handling.accept, number, "primary")
    await village.do(handling.answer, number, "primary", "通了", ())
    return number


async def test_not_solved_goes_back_to_its_owner_on_a_fresh_limit(village: Village):
    number = await answered(village)
    village.passes(days=3)
    before = await village.ticket(number)
    after = await village.do(villager.reopen, number, "villager", "又堵了", (5,))
    assert (after.state, after.owner, after.answered_at) == (State.REOPENED, ID["primary"], None)
    assert after.limit_at > before.limit_at
    assert "又堵了" in (await village.told("primary"))[-1]


@pytest.mark.parametrize("closed_by", ["her word", "silence"])
async def test_what_is_closed_can_be_reopened(village: Village, look, closed_by):
    number = await answered(village)
    if closed_by == "her word":
        await village.do(villager.confirm, number, "villager")
        await village.do(villager.rate, number, "villager", 1)
    else:
        from services.tickets import clock  # noqa: PLC0415

        village.passes(days=8)
        await village.do(clock.look_at_due)
    assert look("SELECT state FROM ticket") == [("closed",)]
    await village.do(villager.reopen, number, "villager", "", (1,))
    assert look("SELECT state, closing, closed_at, rating FROM ticket") == [("reopened", None, None, None)]
    await village.do(handling.accept, number, "primary")


async def test_urged_once_a_day_by_chinas_calendar(village: Village):
    number = await village.files()
    before = await village.ticket(number)
    village.passes(hours=13, minutes=50)  # 23:50 in China
    await village.do(villager.urge, number, "villager")
    await refused(village, "今天催过了", villager.urge, number, "villager")
    village.passes(minutes=11)
    after = await village.do(villager.urge, number, "villager")
    assert (after.limit_at, after.accept_by, after.contact_by) == (
        before.limit_at, before.accept_by, before.contact_by,
    )  # fmt: skip
    assert sum("群众催办" in text for text in await village.told("primary")) == 2


async def test_no_comment_moves_any_limit(village: Village, look):
    number = await village.files()
    limits = "SELECT accept_by, contact_by, limit_at, look_at FROM ticket"
    before = look(limits)
    village.passes(hours=2)
    await village.do(villager.add, number, "villager", "三组", ())
    await village.do(villager.reply, number, "villager", "快点", ())
    await village.do(villager.urge, number, "villager")
    assert look(limits) == before


async def test_withdrawn_is_over(village: Village):
    number = await village.files()
    await village.do(villager.withdraw, number, "villager")
    assert "已撤回" in (await village.told("primary"))[-1]
    await refused(village, "已撤回", handling.accept, number, "primary")
    await refused(village, "已撤回", villager.reopen, number, "villager", "还是办吧", ())
    assert (await village.ticket(number)).closed_at == village.now


@pytest.mark.parametrize("deed", [villager.confirm, villager.rate])
async def test_nothing_is_confirmed_before_it_is_answered(village: Village, deed):
    number = await village.files()
    facts = (3,) if deed is villager.rate else ()
    await refused(village, "这一步办不了", deed, number, "villager", *facts)


async def test_a_refused_deed_leaves_everything_as_it_was(village: Village, look):
    number = await village.files()
    everything = [f"SELECT * FROM {table} ORDER BY 1, 2" for table in ("ticket", "ticket_event", "outbox")]
    before = [look(query) for query in everything]
    for deed in (villager.confirm, handling.send_back):
        with pytest.raises(Refusal):
            await village.do(deed, number, "neighbour", *([""] if deed is handling.send_back else []))
    assert [look(query) for query in everything] == before


async def test_forgetting_her_removes_the_profile_and_keeps_the_matter(village: Village, look):
    number = await village.files()
    await village.do(directory.forget, "villager")
    assert look(
        f"SELECT name, phone, area, household, consented_at FROM person WHERE id = {ID['villager']}"
    ) == [("", "", None, "", None)]
    assert look("SELECT text, state, owner FROM ticket") == [("渠堵了", "assigned", ID["primary"])]
    card = (await village.do(handling.card, number, "primary")).text
    assert "渠堵了" in card
    assert "王秀兰" not in card
    assert "0000000010" not in card
    await village.do(handling.accept, number, "primary")
    await village.do(handling.answer, number, "primary", "通了", ())


@pytest.mark.parametrize("who", ["primary", "supervisor", "staff"])
async def test_who_answers_for_others_cannot_vanish_by_a_word(village: Village, look, who):
    await refused(village, "请找县上工作人员", directory.forget, who)
    assert look(f"SELECT count(*) FROM person WHERE id = {ID[who]} AND name <> ''") == [(1,)]


async def test_after_being_forgotten_she_may_come_back(village: Village):
    await village.do(directory.forget, "villager")
    person = await village.do(directory.join, "villager", VILLAGE)
    assert (person.consented, person.area, person.name) == (True, VILLAGE, "")
    assert await village.database.read(lambda tx: people.best_account(tx, ID["villager"], MONDAY)) is not None
