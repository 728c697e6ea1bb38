"""Processes that die, stop, and work side by side; and people who come back."""

from datetime import timedelta

import pytest

from bot.delivery import LEASE
from bot.turn import Turns
from domain.talk import Inbound, Reply
from services import delivery as telling
from storage.database import open_database
from storage.directory import people
from tests.contract.letterbox import HANGS, Letterbox, Post, posted, until
from tests.contract.village import CHANNEL, ID, Village

pytestmark = pytest.mark.usefixtures("quick_looks")
only_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
"""One process has a SQLite file for itself."""


async def test_what_a_dead_process_was_sending_goes_out_once_more(village: Village):
    first = Post(village, Letterbox({"半": [HANGS]}), "first")
    await first.delivery.start()
    await first.put("到了", "半", "没轮到")
    await until(lambda: first.box.texts == ["到了", "半"])
    await until(lambda: _state(first, "到了", "sent"))
    first.dies()
    second = Post(village, Letterbox(), "second")
    await second.delivery.start()  # so soon after it that the dead one may still be alive
    assert not second.box.got
    village.now += LEASE + timedelta(seconds=1)
    assert (
        await second.delivery.take_back() == 0
    )  # it was itself unheard of for so long: it judges nobody yet
    assert await second.delivery.take_back() == 1
    await second.settled()
    rows = await second.passes(seconds=3)
    assert rows == {"到了": ("sent", 1, 0), "半": ("sent", 2, 1), "没轮到": ("sent", 1, 0)}
    assert set(second.box.texts) == {"半", "没轮到"}  # in either order: the queue need not wait for the dead
    await second.delivery.close()


async def _state(post: Post, text: str, state: str) -> bool:
    return (await post.rows())[text][0] == state


async def test_a_process_that_stops_gives_back_what_it_had_not_begun(village: Village):
    first = Post(village, Letterbox({"半": [HANGS]}), "first")
    await first.delivery.start()
    await first.put("半", "没轮到")
    await until(lambda: first.box.texts == ["半"])
    await first.delivery.close()
    assert (await first.rows())["没轮到"] == ("queued", 0, 0)
    second = Post(village, Letterbox(), "second")
    await second.delivery.start()
    await second.settled()
    rows = await second.passes(seconds=5)
    await second.delivery.close()
    assert rows == {"半": ("sent", 2, 1), "没轮到": ("sent", 1, 0)}


@only_postgresql
async def test_two_processes_share_the_outbox_and_double_nothing(village: Village, database_url: str):
    databases = [village.database, open_database(database_url)]
    posts = [Post(Village(one, village.county), Letterbox(), f"p{n}") for n, one in enumerate(databases)]
    for post in posts:
        await post.delivery.start()
    accounts = list(ID)
    for number in range(60):
        post = posts[number % 2]
        await post.put(f"{number}", to=accounts[number % len(accounts)], at_once=number % 3 == 0)
        post.delivery.wake()
    rows = await posts[0].settled()
    assert set(rows.values()) == {("sent", 1, 0)}
    assert sorted(int(text) for post in posts for text in post.box.texts) == list(range(60))
    for post in posts:
        await post.delivery.close()
    await databases[1].close()


@only_postgresql
async def test_the_answers_of_a_living_process_are_left_to_it(village: Village):
    """Only one of several processes holds the lease of a messenger; the others send their own answers all the same."""
    leader, other, newcomer = (Post(village, Letterbox({"答": [HANGS]}), name) for name in ("p1", "p2", "p3"))
    await leader.delivery.start()
    await leader.settled()
    await other.delivery.start()
    await other.put("答", at_once=True)
    await until(lambda: other.box.texts == ["答"])
    assert await newcomer.delivery.take_back() == 0
    assert (await leader.rows())["答"] == ("sending", 0, 0)
    for post in (leader, other):
        await post.delivery.close()


async def test_what_is_held_goes_out_when_the_person_appears(village: Village):
    newcomer = await village.database.run(lambda tx: people.add(tx, village.now, name="孙来了"))
    reply = Reply("等您好久了")
    await village.do(lambda desk: telling.tell(desk, newcomer, reply))
    async with posted(village) as post:
        assert await post.settled() == {"等您好久了": ("held", 0, 0)}
        turns = Turns(
            village.database,
            village.county,
            village.clock,
            "one",
            lambda taken: post.delivery.wake(taken.told),
        )
        await turns.take(Inbound(CHANNEL, "villager", "u1", "你好"))
        assert (await post.rows())["等您好久了"] == ("held", 0, 0)
        account = lambda tx: people.move_account(tx, ID["neighbour"], newcomer)  # noqa: E731
        await village.database.run(account)
        await turns.take(Inbound(CHANNEL, "neighbour", "u2", "你好"))
        await until(lambda: "等您好久了" in post.box.texts)
