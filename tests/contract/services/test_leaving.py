"""She turns away from a messenger: nothing of her stays but what others have to deal with."""

import asyncio
import itertools
import json
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from bot.turn import Taken, Turns
from domain.delivery import Lane
from domain.talk import Inbound, Reply
from services.delivery import tell
from services.tickets import handling
from storage import schema
from storage import turns as remembered
from storage.database import Tx
from storage.delivery import outbox
from storage.directory import people
from tests.contract.services.test_handling import refused
from tests.contract.test_delivery import posted
from tests.contract.test_turn import Talker
from tests.contract.village import CHANNEL, ID, VILLAGE, Village

HER = "oGone-Openid_4711"
PHONE = "00000000177"


@pytest.fixture
def turns(village: Village) -> Turns:
    return Turns(village.database, village.county, village.clock, "one", lambda _: None)


class Comer(Talker):
    """Somebody whose updates have ids that do not name her, as a messenger's do."""

    ids = itertools.count(1)

    async def does(self, text: str = "", update: str = "", also=None, **what) -> Taken:
        return await super().does(text, update or f"u{next(self.ids)}", also, **what)

    async def leaves(self) -> Taken:
        return await self.does(left=True)


@pytest.fixture
async def her(turns: Turns) -> Comer:
    """A villager who came by herself, agreed, and left her phone."""
    comer = Comer(turns, HER)
    await comer.says("开始", "1", "窦村", PHONE)
    return comer


def stored(look, needle: str) -> list[str]:
    """table.column of everything that holds the words."""
    return [where for where, value in _everything(look) if needle in value]


def _everything(look) -> Iterator[tuple[str, str]]:
    for table in schema.metadata.sorted_tables:
        for row in look(sa.select(table)):
            for column, value in zip(table.columns, row, strict=True):
                yield f"{table.name}.{column.name}", json.dumps(value, ensure_ascii=False, default=str)


async def put(village: Village, key: str, *texts: str, **more) -> list[int]:
    values = {"lane": Lane.NOTICE, "now": village.now, "due_at": village.now} | more
    account = {"person": ID[key], "account": ID[key], "channel": CHANNEL}
    return await village.database.run(
        lambda tx: outbox.add(tx, [Reply(text) for text in texts], **(account | values))
    )


async def test_her_address_is_nowhere_and_the_matter_stays(her: Comer, village: Village, look):
    await her.says("渠堵了，浇不成地", "1")
    await her.says("路灯不亮")  # a question stays open
    assert {"account.address", "person.phone"} <= set(stored(look, HER) + stored(look, PHONE))
    taken = await her.leaves()
    assert (taken.answers, taken.new) == ([], True)
    assert stored(look, HER) == []
    assert stored(look, PHONE) == ["outbox.text"]  # the card that her cadre got
    assert look("SELECT count(*) FROM account") == [(len(ID),)]
    assert look("SELECT text, state, owner FROM ticket") == [("渠堵了，浇不成地", "assigned", ID["primary"])]
    assert look("SELECT area, consented_at FROM person WHERE id = (SELECT villager FROM ticket)") == [
        (None, None)
    ]
    assert look("SELECT DISTINCT text FROM outbox WHERE person > 7") == [("",)]


async def test_what_waits_for_her_goes_nowhere_and_keeps_no_words(village: Village, turns: Turns, look):
    await put(village, "villager", "waits")
    await put(village, "villager", "being sent", sender="two")
    await put(village, "villager", "an answer", sender="two", answers="box:u")
    await put(village, "villager", "held", account=None, channel="")
    await Comer(turns, "villager").leaves()
    rows = look(f"SELECT DISTINCT text, state, account, sender FROM outbox WHERE person = {ID['villager']}")
    assert rows == [("", "failed", None, None)]


async def test_what_is_just_being_sent_is_written_off(village: Village, turns: Turns, look):
    async with posted(village) as post:
        [row] = await put(village, "villager", "being sent", sender="one")
        [message] = await village.database.read(lambda tx: outbox.being_sent(tx, "one"))
        await Comer(turns, "villager").leaves()
        post.delivery.send_soon([message])
        await post.settled()
        await post.delivery.take_back()
    assert look(f"SELECT state, text FROM outbox WHERE id = {row}") == [("failed", "")]


async def test_with_another_account_the_profile_stays_and_what_waits_goes_there(
    her: Comer, village: Village, turns: Turns, look
):
    await put(village, "villager", "waits")
    await put(village, "villager", "the door was closed")
    await village.database.run(
        lambda tx: tx.execute(sa.text("UPDATE outbox SET state = 'blocked' WHERE text LIKE 'the door%'"))
    )
    await put(village, "villager", "an old question", answers="box:u")
    second = await village.database.run(
        lambda tx: remembered.open_account(tx, "other", "second", ID["villager"], village.now)
    )
    taken = await Comer(turns, "villager").leaves()
    assert taken.told == {"other"}
    assert look(f"SELECT name, area FROM person WHERE id = {ID['villager']}") == [("王秀兰", VILLAGE)]
    assert look("SELECT text, state, account, channel FROM outbox WHERE person = 6 ORDER BY id") == [
        ("waits", "queued", second, "other"),
        ("the door was closed", "queued", second, "other"),
        ("an old question", "failed", None, CHANNEL),
    ]
    await turns.take(Inbound("other", "second", "last", left=True))
    assert look("SELECT name FROM person WHERE id = 6") == [("",)]


@pytest.mark.parametrize("who", ["primary", "supervisor", "staff"])
async def test_who_stands_in_the_roster_loses_only_the_account(village: Village, turns: Turns, look, who):
    await put(village, who, "a ticket for him")
    await Comer(turns, who).leaves()
    assert look(f"SELECT count(*) FROM person WHERE id = {ID[who]} AND name <> '' AND phone <> ''") == [(1,)]
    assert look(f"SELECT count(*) FROM role WHERE person = {ID[who]} AND valid_to IS NULL") == [(1,)]
    assert look(f"SELECT text, state, account FROM outbox WHERE person = {ID[who]}") == [
        ("a ticket for him", "held", None)
    ]


async def test_coming_back_is_a_first_time(her: Comer, look):
    before = look(f"SELECT id, person FROM account WHERE address = '{HER}'")
    await her.leaves()
    assert "不要身份证号" in (await her.says("你好"))[0]
    after = look(f"SELECT id, person FROM account WHERE address = '{HER}'")
    assert len(after) == 1
    assert after[0][1] != before[0][1]


async def test_leaving_twice_or_unknown_leaves_nothing(her: Comer, turns: Turns, look):
    await her.leaves()
    people_now = look("SELECT count(*) FROM person")
    await her.leaves()
    await Comer(turns, "never seen").leaves()
    assert look("SELECT count(*) FROM person") == people_now
    assert stored(look, "never seen") == []


async def test_an_update_that_comes_again_after_she_left_says_nothing(her: Comer, turns: Turns, look):
    await her.does("渠堵了", update="again")
    await her.leaves()
    again = await her.does("渠堵了", update="again")
    assert (again.answers, again.new) == ([], False)
    assert stored(look, HER) == []


async def test_her_cadre_is_told_before_he_types_in_vain(her: Comer, village: Village, turns: Turns, look):
    him = Comer(turns, "primary")
    await her.says("渠堵了", "1")
    await him.does(choice="t:1:accept")
    await her.leaves()
    assert "群众已不用这里了" in (await him.does(choice="t:1:message")).answers[0].text
    await refused(village, "群众已不用这里了", handling.message, 1, "primary", "在吗", ())
    assert "（已不用这里）" in (await him.does(choice="t:1:show")).answers[0].text
    await him.does(choice="t:1:answer")
    said = await him.says("通了")
    assert said == ["1号答复记下了。群众已不用这里了，请打电话或上门说一声。"]
    assert look("SELECT state FROM ticket") == [("answered",)]
    assert look("SELECT count(*) FROM outbox WHERE person > 7 AND text <> ''") == [(0,)]


async def test_who_may_yet_come_is_waited_for(village: Village, turns: Turns, look):
    """One of the roster without an account may be invited again; so his messages wait."""
    await Comer(turns, "primary").leaves()
    await village.do(lambda desk: tell(desk, ID["primary"], Reply("waits")))
    assert look("SELECT state FROM outbox WHERE text = 'waits'") == [("held",)]


async def test_words_to_her_while_she_leaves(village: Village, turns: Turns, look):
    """Whoever is first, nothing fails and nothing waits for ever."""
    for _ in range(5):
        await her_again(village)
        telling = (
            village.do(lambda desk: tell(desk, last_person(desk.tx), Reply("to her"))) for _ in range(3)
        )
        await asyncio.gather(next(telling), Comer(turns, "again").leaves(), *telling)
    assert look("SELECT count(*) FROM outbox WHERE text <> '' AND person > 7") == [(0,)]


async def her_again(village: Village) -> None:
    def deed(tx: Tx) -> None:
        remembered.open_account(tx, CHANNEL, "again", people.add(tx, village.now), village.now)

    await village.database.run(deed)


def last_person(tx: Tx) -> int:
    return int(tx.execute(sa.select(sa.func.max(schema.person.c.id))).scalar_one())


async def test_a_word_alone_keeps_the_account_and_nothing_else_of_her(her: Comer, look):
    await her.says("渠堵了", "1", "注销")
    assert stored(look, HER) == ["account.address"]
    assert stored(look, PHONE) == ["outbox.text"]
