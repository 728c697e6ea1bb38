"""A turn: one update, one transaction, whatever is sent and however often."""

import asyncio
import re

import pytest
import sqlalchemy as sa

from bot.turn import MAX_TEXT, Taken, Turns
from domain.county import County
from domain.talk import Inbound, Media
from services import directory
from storage.database import Database, Tx
from tests.contract.village import CHANNEL, ID, MONDAY, VILLAGE, Village

FAMILY = "👨‍👩‍👧"


@pytest.fixture
def delivered() -> list[Taken]:
    return []


@pytest.fixture
def turns(village: Village, delivered: list[Taken]) -> Turns:
    return Turns(village.database, village.county, village.clock, "one", delivered.append)


class Talker:
    """Somebody who sends; each thing she does is an update of its own unless its id is given."""

    def __init__(self, turns: Turns, address: str) -> None:
        self.turns = turns
        self.address = address
        self.sent = 0

    async def does(self, text: str = "", update: str = "", also=None, **what) -> Taken:
        self.sent += 1
        inbound = Inbound(CHANNEL, self.address, update or f"{self.address}{self.sent}", text, **what)
        return await self.turns.take(inbound, also)

    async def says(self, *texts: str) -> list[str]:
        taken = None
        for text in texts:
            taken = await self.does(text)
        assert taken is not None
        return [answer.text for answer in taken.answers]


@pytest.fixture
def her(turns: Turns) -> Talker:
    return Talker(turns, "villager")


@pytest.fixture
def him(turns: Turns) -> Talker:
    return Talker(turns, "primary")


def shown(taken: Taken) -> list[tuple[int, str, tuple]]:
    return [(answer.id, answer.text, answer.choices) for answer in taken.answers]


async def test_the_same_update_twice_is_done_once_and_answered_the_same(her: Talker, delivered, look):
    await her.says("渠堵了")
    first = await her.does("1", update="u")
    again = await her.does("1", update="u")
    assert (first.new, again.new) == (True, False)
    assert shown(again) == shown(first)
    assert "记下了" in first.answers[-1].text
    assert look("SELECT count(*) FROM ticket") == [(1,)]
    assert len(delivered) == 2


async def test_the_same_update_many_times_at_once(her: Talker, delivered, look):
    await her.says("渠堵了")
    took = await asyncio.gather(*(her.does("1", update="u") for _ in range(6)))
    assert sorted(one.new for one in took) == [False] * 5 + [True]
    assert len({tuple(shown(one)) for one in took}) == 1
    assert look("SELECT count(*) FROM ticket") == [(1,)]
    assert len(delivered) == 2


async def test_the_first_update_of_a_stranger_many_times_at_once(turns: Turns, look):
    stranger = Talker(turns, "new")
    took = await asyncio.gather(*(stranger.does("渠堵了", update=f"u{n % 2}") for n in range(6)))
    assert sorted(one.new for one in took) == [False] * 4 + [True] * 2
    assert look("SELECT count(*) FROM account WHERE address = 'new'") == [(1,)]


async def test_the_same_id_on_two_messengers_is_two_updates(her: Talker, turns: Turns):
    await her.does("你好", update="u")
    assert (await turns.take(Inbound("other", "villager", "u", "你好"))).new


async def test_two_updates_of_one_account_at_once_are_handled_one_after_the_other(her: Talker, look):
    filed = 0
    for number in range(4):
        await her.says(f"渠堵了{number}")
        took = await asyncio.gather(her.does("1"), her.does("取消"))
        said = [answer.text for taken in took for answer in taken.answers]
        filed += any("记下了" in text for text in said)
        assert any("记下了" in text for text in said) != any("不办了" in text for text in said)
    assert look("SELECT count(*) FROM ticket") == [(filed,)]
    state = look(f"SELECT state FROM conversation WHERE account = {ID['villager']}")[0][0]
    assert '"flow": null' in str(state).replace("None", "null").replace("'", '"')


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # SQLite has one writer
async def test_the_second_of_two_at_once_sees_all_that_the_first_did(turns: Turns, look):
    """She agrees, and her first words come before the agreement is committed."""
    stranger = Talker(turns, "new")
    token_less = await stranger.says("开始")
    assert "不要身份证号" in token_less[0]
    await stranger.says("1", "城关街道")
    begun = asyncio.Event()
    loop = asyncio.get_running_loop()

    def slowly(tx: Tx, _media, _private) -> None:
        loop.call_soon(begun.set)
        tx.execute(sa.text("SELECT pg_sleep(0.3)"))

    agreeing = asyncio.create_task(stranger.does("1", also=slowly))
    await begun.wait()
    after = await stranger.does("渠堵了，浇不成地")
    assert "好了" in (await agreeing).answers[0].text
    assert "渠堵了，浇不成地。对吗？" in after.answers[0].text
    assert look("SELECT count(*) FROM person WHERE area IS NOT NULL AND id > 7") == [(1,)]


async def test_a_fault_in_the_middle_leaves_nothing_and_the_update_may_come_again(
    her: Talker, delivered, look
):
    await her.says("渠堵了")
    everything = [
        f"SELECT * FROM {table} ORDER BY 1"
        for table in ("inbox", "ticket", "ticket_event", "outbox", "attachment", "conversation", "person")
    ]
    before = [look(query) for query in everything]

    def fails(_tx: Tx, _media, _private) -> None:
        raise RuntimeError("the machine stumbles")

    picture = (Media("image", ref="r"),)
    with pytest.raises(RuntimeError):
        await her.does("1", update="u", also=fails, media=picture)
    assert [look(query) for query in everything] == before
    assert len(delivered) == 1
    again = await her.does("1", update="u", media=picture)
    assert again.new
    assert look("SELECT count(*) FROM ticket") == [(1,)]


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("渠\x00堵\x07了", "渠堵了"),
        ("\u202e渠堵了\u200b\ufeff", "渠堵了"),
        ("渠\r\n堵了", "渠\n堵了"),
        ("渠堵了\ud83d", "渠堵了"),
        ("🚰渠堵了🙏", "🚰渠堵了🙏"),
        (f"{FAMILY}渠堵了", "👨👩👧渠堵了"),
    ],
)
async def test_what_is_stored_is_what_can_be_read(her: Talker, look, sent, read):
    await her.says(sent, "1")
    assert look("SELECT text FROM ticket") == [(read,)]


@pytest.mark.parametrize(
    ("length", "told"), [(MAX_TEXT - 1, False), (MAX_TEXT, False), (MAX_TEXT + 1, True), (100_000, True)]
)
async def test_long_words_are_cut_and_she_is_told(her: Talker, look, length, told):
    text = "渠" * length
    answers = await her.says(text)
    assert (answers[0] == f"话太长了，只记下前{MAX_TEXT}个字。") == told
    await her.says("1")
    assert look("SELECT length(text) FROM ticket") == [(min(length, MAX_TEXT),)]


async def test_nothing_said_shows_what_can_be_done(her: Talker):
    for nothing in ("", " ", "\n\t", "\x00", "\u200b"):
        assert "有事直接说" in (await her.says(nothing))[0]


async def test_what_the_messenger_heard_is_cleaned_like_words(her: Talker, look):
    heard = "渠\x00堵了" + "了" * MAX_TEXT
    taken = await her.does(media=(Media("voice", ref="r", heard=heard),))
    assert "话太长了" in taken.answers[0].text
    await her.says("1")
    assert look("SELECT substr(text, 1, 3), length(text) FROM ticket") == [("渠堵了", MAX_TEXT)]


async def test_a_place_becomes_words(her: Talker):
    taken = await her.does("渠堵了", place=(34.75, 109.18))
    assert "渠堵了 位置：34.75000" in taken.answers[0].text


WIRES = [
    "", "x", "t:", "t:1", "t:1:accept", "t:99999999999999999999:look", "t:1:解决", "t:-1:look", "m:overdue",
    "m:tasks", "m:nothing-like-this", "99999999999999999999:yes", "1:" + "y" * 5000, "0:\x00", "t:1:\ud800",
    "７:yes", "t:１:look",
]  # fmt: skip


async def test_any_button_id_gets_a_kind_answer_and_does_no_harm(her: Talker, look):
    for number, wire in enumerate(WIRES):
        await her.says("取消")
        assert (await her.does(choice=wire)).answers, f"at rest: {wire!r}"
        await her.says(f"渠堵了{number}")
        assert (await her.does(choice=wire)).answers, f"with a question open: {wire!r}"
    assert look("SELECT count(*) FROM ticket") == [(0,)]


LINKS = ["x", "a" * 21, "a" * 22, "a%20b", "\x00" * 22, "卡" * 22, "\ud800" * 8, "y" * 5000]


async def test_any_deep_link_gets_a_kind_answer(her: Talker):
    for link in LINKS:
        [answer] = (await her.does(link=link)).answers
        assert re.search("认不出来，请再扫一次|有事直接说", answer.text), link
    [answer] = (await her.does(link="ABCD2345")).answers
    assert "邀请码不对" in answer.text


async def test_what_a_stranger_cried_is_filed_as_soon_as_she_has_come_in(
    turns: Turns, village: Village, look
):
    stranger = Talker(turns, "newcomer")
    card = await village.do(lambda desk: directory.issue_card(desk, VILLAGE))
    await stranger.does(link=card)
    assert "119" in (await stranger.says("着火了"))[0]
    assert "1号报上去了" in (await stranger.says("1"))[-1]
    assert look("SELECT kind, text FROM ticket") == [("immediate", "着火了")]


async def test_who_is_in_danger_after_all_is_not_asked_again(her: Talker, look):
    assert "现在有人危险吗" in (await her.says("出事了"))[0]
    answers = await her.says("1")
    assert "快打110" in answers[0]
    assert "1号报上去了" in answers[-1]
    assert look("SELECT kind, state FROM ticket") == [("immediate", "assigned")]


async def test_to_withdraw_or_to_urge_a_word_is_enough(her: Talker, look):
    assert "没有能撤回的事" in (await her.says("撤回"))[0]
    await her.says("渠堵了", "1")
    assert "要催1号“渠堵了”吗" in (await her.says("催一下"))[0]
    assert "1号催过了" in (await her.says("1"))[0]
    assert "今天催过了" in (await her.says("催办"))[0]
    await her.says("路灯坏了", "1")
    assert "要撤回哪一件" in (await her.says("撤回"))[0]
    assert "1号撤回了" in (await her.says("2"))[0]
    assert "要撤回2号“路灯坏了”吗" in (await her.says("不办了"))[0]
    assert "2号 路灯坏了" in (await her.says("2"))[0]
    assert look("SELECT state FROM ticket ORDER BY id") == [("withdrawn",), ("assigned",)]


async def test_a_word_of_the_menu_is_no_answer_to_her(her: Talker, him: Talker, look):
    await her.says("渠堵了", "1")
    await him.does(choice="t:1:accept")
    await him.does(choice="t:1:answer")
    assert "先回“取消”" in (await him.says("本月"))[0]
    assert look("SELECT state FROM ticket") == [("accepted",)]
    await him.says("好了")
    assert look("SELECT state FROM ticket") == [("answered",)]


async def test_an_emergency_is_answered_whatever_else_is_refused(her: Talker, him: Talker):
    await her.says("渠堵了", "1")
    await her.does(choice="t:1:add")
    await him.does(choice="t:1:decline")
    await him.says("去镇水管站")
    answers = await her.says("我家着火了，快来人")
    assert "119" in answers[0]
    assert "不受理" in answers[-1] or "不予受理" in answers[-1]


async def test_a_refusal_for_a_photo_where_words_are_needed(her: Talker, him: Talker, look):
    await her.says("渠堵了", "1")
    await him.does(choice="t:1:decline")
    taken = await him.does(media=(Media("image", ref="r"),))
    assert taken.answers[0].text == "请用文字说一句。"
    await him.says("去镇水管站")
    assert look("SELECT state FROM ticket") == [("declined",)]


async def test_a_villager_cannot_do_a_cadres_deeds(her: Talker, look):
    await her.says("渠堵了", "1")
    before = look("SELECT * FROM ticket")
    for deed in ("accept", "answer", "message", "call", "extend", "transfer", "return", "decline"):
        await her.does(choice=f"t:1:{deed}")
        assert look("SELECT * FROM ticket") == before, deed
        await her.says("取消")


async def test_blocked_and_back_again(her: Talker, village: Village, look):
    await village.database.run(
        lambda tx: tx.execute(sa.text(f"UPDATE account SET blocked = true WHERE id = {ID['villager']}"))
    )
    await her.says("你好")
    assert not look(f"SELECT blocked FROM account WHERE id = {ID['villager']}")[0][0]


async def test_a_county_without_villages_says_whom_to_call(database: Database, county: County):
    """The operator has not imported the areas yet."""
    turns = Turns(database, county, lambda: MONDAY, "one", lambda _taken: None)
    her = Talker(turns, "villager")
    assert "12345" in (await her.says("你好", "1"))[-1]
    assert "12345" in (await her.says("渠堵了", "1"))[-1]
