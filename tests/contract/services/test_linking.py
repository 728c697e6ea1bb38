"""Two accounts of one person become one: what moves, what is kept, and who may not."""

import asyncio
from datetime import datetime
from secrets import token_hex

import pytest
import sqlalchemy as sa

from domain.broadcasts import Audience
from domain.directory import Account, Person
from domain.errors import Refusal
from domain.linking import CODE_LASTS
from domain.talk import Reply
from services import broadcasts, directory
from services.delivery import tell, tell_here
from services.desk import Desk
from services.directory import linking
from services.surveys import answering
from services.tickets import villager
from storage import schema, turns
from storage.broadcasts.audience import Drawn
from storage.database import Tx
from storage.directory import links, people
from tests.contract.village import CHANNEL, COUNTY, ID, VILLAGE, Village, who
from tests.surveys import WATER, open_survey


def comes(tx: Tx, address: str, now: datetime) -> turns.Sender:
    """Whoever of this address does something, made known if he is new."""
    sender = turns.begin(tx, CHANNEL, token_hex(8), address, now)
    assert sender is not None
    return sender


async def account_of(village: Village, address: str) -> Account:
    """The account of an address, with a new person if nobody is known there."""

    def deed(tx: Tx) -> Account:
        return comes(tx, address, village.now).account

    return await village.database.run(deed)


def person_of(desk: Desk, account: Account) -> Person:
    number = links.account(desk.tx, account.id)
    found = people.find(desk.tx, number.person if number else 0)
    assert found is not None
    return found


async def asks_and_types(village: Village, first: Account, second: Account) -> str:
    """A code asked for on one account and claimed on the other."""

    def deed(desk: Desk) -> str:
        code = linking.code_for(desk, first)
        linking.claim(desk, code, second, person_of(desk, second))
        return code

    return await village.do(deed)


async def join(village: Village, first: str, second: str) -> Person:
    asker = await account_of(village, first)
    code = await asks_and_types(village, asker, await account_of(village, second))
    joined = await village.do(lambda desk: linking.join(desk, code, person_of(desk, asker)))
    return joined.person


async def says_no_to(village: Village, say: str, first: str, second: str) -> None:
    with pytest.raises(Refusal) as refusal:
        await join(village, first, second)
    assert say in refusal.value.say
    assert len(refusal.value.say) <= 60


@pytest.mark.parametrize("asks_first", [True, False])
async def test_the_one_known_longer_stays_whoever_asks(village: Village, look, asks_first):
    both = ("villager", "new") if asks_first else ("new", "villager")
    number = await village.files()
    kept = await join(village, *both)
    assert (kept.id, kept.name, kept.area, kept.consented) == (ID["villager"], "王秀兰", VILLAGE, True)
    assert look("SELECT person FROM account WHERE address IN ('villager', 'new')") == [(ID["villager"],)] * 2
    assert (await village.ticket(number)).villager == ID["villager"]
    assert look("SELECT count(*) FROM link_code") == [(0,)]


async def test_everything_of_hers_becomes_hers(village: Village, look):
    """The neighbour turns out to be a cadre: her tickets, messages, roles and invitations are his."""
    number = await village.files(by="neighbour")
    await village.do(villager.add, number, "neighbour", "三组", ())
    await village.do(lambda desk: tell(desk, ID["neighbour"], Reply("words")))
    await village.do(directory.take_leave, "neighbour", 3)
    await village.database.run(
        lambda tx: tx.execute(
            sa.insert(schema.invitation),
            {"code": "COMECOME", "person": ID["neighbour"], "expires_at": village.now},
        )
    )
    kept = await join(village, "neighbour", "primary")
    assert (kept.id, kept.name, kept.phone) == (ID["primary"], "张建国", "00000000101")
    assert (kept.area, kept.consented) == (VILLAGE, True)  # his gaps are filled
    hers = ID["neighbour"]
    for table, column in (
        ("account", "person"), ("ticket", "villager"), ("ticket", "filed_by"), ("outbox", "person"),
        ("role", "person"), ("leave", "person"), ("invitation", "person"), ("assignment", "person"),
    ):  # fmt: skip
        assert look(f'SELECT count(*) FROM "{table}" WHERE {column} = {hers}') == [(0,)], table
    assert look(f"SELECT name, phone, area, consented_at FROM person WHERE id = {hers}") == [
        ("", "", None, None)
    ]
    assert look(f"SELECT count(*) FROM ticket_event WHERE actor = {hers}") == [(2,)]  # as they were written
    story = await village.do(villager.story, number, "primary")
    assert "群众补充：三组" in story


async def test_the_story_reads_the_same_for_those_who_handle_it(village: Village):
    number = await village.files(by="neighbour")
    before = await village.do(villager.story, number, "staff")
    await join(village, "villager", "neighbour")
    assert await village.do(villager.story, number, "staff") == before
    assert await village.do(villager.mine, "villager") != []


async def test_two_of_the_roster_stay_two(village: Village, look):
    await says_no_to(village, "请找县上工作人员", "primary", "staff")
    assert look("SELECT count(*) FROM account WHERE person IN (1, 4)") == [(2,)]


async def test_roles_that_both_have_are_there_once(village: Village, look):
    await join(village, "villager", "neighbour")
    assert look(f"SELECT role, area FROM role WHERE person = {ID['villager']} AND valid_to IS NULL") == [
        ("villager", VILLAGE)
    ]


async def test_whoever_was_asked_as_one_was_asked_as_both(village: Village, look):
    """So a draw by lot is still hers to answer, and its message comes."""

    def sends(desk: Desk) -> int:
        survey = open_survey(desk, WATER, COUNTY)
        number = broadcasts.send_survey(desk, survey, Audience(of_each_village=1))
        broadcasts.queue_drawn(desk, number, [Drawn(ID["neighbour"], ID["neighbour"], CHANNEL)])
        return survey

    survey = await village.do(sends)
    await join(village, "villager", "neighbour")
    assert look("SELECT person FROM broadcast_recipient") == [(ID["villager"],)]
    await village.do(answering.sit_down, survey, "villager")


async def test_nothing_to_join(village: Village):
    await join(village, "villager", "new")
    await says_no_to(village, "已经是一个人", "villager", "new")
    await says_no_to(village, "另一个账号", "villager", "villager")


async def test_a_new_code_replaces_the_old_one(village: Village, look):
    first = await account_of(village, "villager")
    codes = [await village.do(lambda desk: linking.code_for(desk, first)) for _ in range(3)]
    assert look("SELECT code, account FROM link_code") == [(codes[-1], first.id)]
    assert all(len(code) == 6 and code.isdigit() for code in codes)


async def test_one_who_was_not_asked_cannot_say_yes(village: Village):
    first, second = await account_of(village, "villager"), await account_of(village, "new")
    code = await asks_and_types(village, first, second)
    for key in ("neighbour", "primary"):
        for deed in (linking.join, linking.claimant):
            with pytest.raises(Refusal):
                await village.do(lambda desk, key=key, deed=deed: deed(desk, code, who(desk.tx, key)))
    third = await account_of(village, "third")
    with pytest.raises(Refusal):
        await village.do(lambda desk: linking.refuse(desk, code, third, person_of(desk, third)))
    await village.do(lambda desk: linking.join(desk, code, person_of(desk, first)))


async def test_yes_before_it_was_typed_or_too_late(village: Village):
    first, second = await account_of(village, "villager"), await account_of(village, "new")
    code = await village.do(lambda desk: linking.code_for(desk, first))
    with pytest.raises(Refusal):
        await village.do(lambda desk: linking.join(desk, code, person_of(desk, first)))
    await village.do(lambda desk: linking.claim(desk, code, second, person_of(desk, second)))
    village.now += CODE_LASTS
    with pytest.raises(Refusal):
        await village.do(lambda desk: linking.join(desk, code, person_of(desk, first)))
    assert await village.do(linking.asker, code) is None


async def test_what_was_held_goes_where_it_can_arrive(village: Village, look):
    await account_of(village, "new")
    await village.do(lambda desk: tell(desk, ID["villager"], Reply("held")))
    await village.database.run(lambda tx: tx.execute(sa.update(schema.outbox).values(state="held")))
    await join(village, "new", "villager")
    assert look("SELECT text, state FROM outbox WHERE text = 'held'") == [("held", "queued")]


async def test_both_ways_at_once(village: Village, look):
    """Each asks for a code and each says yes to the other's in the same moment: one is done, one is told."""
    here, there = await account_of(village, "villager"), await account_of(village, "new")
    codes = [await asks_and_types(village, here, there), await asks_and_types(village, there, here)]

    def yes(code: str, address: str):
        def deed(tx: Tx) -> str:
            sender = comes(tx, address, village.now)
            try:
                linking.join(Desk(tx, village.county, village.now), code, sender.person)
            except Refusal:
                return "told"
            return "done"

        return village.database.run(deed)

    took = await asyncio.gather(yes(codes[0], "villager"), yes(codes[1], "new"))
    assert sorted(took) == ["done", "told"]
    assert look("SELECT DISTINCT person FROM account WHERE address IN ('villager', 'new')") == [
        (ID["villager"],)
    ]


async def test_words_on_one_certain_account(village: Village, look):
    first = await account_of(village, "villager")
    village.passes(hours=12)  # at night
    await village.do(lambda desk: tell_here(desk, first, Reply("question")))
    assert look("SELECT account, state FROM outbox WHERE text = 'question' AND due_at = created_at") == [
        (first.id, "queued")
    ]
