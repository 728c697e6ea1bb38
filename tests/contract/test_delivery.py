"""What becomes of what has to be said, whatever the messenger makes of it."""

import pytest

from domain.delivery import MAX_TRIES, Lane, blocked, failed, in_doubt, slow_down, try_later
from domain.talk import About, Media
from storage import media
from storage.directory import people
from tests.contract.letterbox import HANGS, Letterbox, Post, Script, posted, until
from tests.contract.village import CHANNEL, ID, MONDAY, Village

pytestmark = pytest.mark.usefixtures("quick_looks")


async def test_all_is_sent_in_order_and_what_became_of_it_is_written(village: Village, look):
    async with posted(village) as post:
        await post.put("一", "二", "三")
        await post.put("四", to="neighbour")
        rows = await post.settled()
    assert set(rows.values()) == {("sent", 1, 0)}
    assert [t for t in post.box.texts if t != "四"] == ["一", "二", "三"]
    assert look("SELECT count(*) FROM outbox WHERE remote_id = '' OR settled_at IS NULL") == [(0,)]


async def test_lanes_go_out_in_their_order(village: Village):
    post = Post(village, Letterbox())
    await post.put("广播", lane=Lane.BROADCAST)
    await post.put("提醒", lane=Lane.REMINDER)
    await post.put("通知", lane=Lane.NOTICE)
    await post.delivery.start()
    await post.settled()
    await post.delivery.close()
    assert post.box.texts == ["通知", "提醒", "广播"]


@pytest.mark.parametrize("misses", [1, 3])
async def test_order_is_kept_when_one_fails_in_between(village: Village, misses):
    script: Script = {"二": [try_later("502")] * misses}
    async with posted(village, script) as post:
        await post.put("一", "二", "三", "四", lane=Lane.ANSWER)
        assert await post.settled() == {
            "一": ("sent", 1, 0), "二": ("queued", 1, 0), "三": ("queued", 0, 0), "四": ("queued", 0, 0),
        }  # fmt: skip
        await post.put("五", at_once=True)  # the answer of a turn meanwhile
        await post.put("别人的", to="neighbour", at_once=True)
        assert (await post.settled())["五"] == ("queued", 0, 0)
        for _ in range(60):
            await post.passes(seconds=0.5)
        rows = await post.settled()
    mine = [text for text in post.box.texts if text != "别人的"]
    assert mine == ["一", *["二"] * misses, "二", "三", "四", "五"]
    assert rows["二"] == ("sent", misses + 1, 0)
    assert {state for state, _, _ in rows.values()} == {"sent"}


async def test_one_who_is_in_trouble_holds_up_nobody_else(village: Village):
    async with posted(village, {"堵": [HANGS]}) as post:
        await post.put("堵", "后面的")
        await post.put("别人的", to="neighbour")
        await until(lambda: len(post.box.got) == 2)
        assert sorted(post.box.texts) == ["别人的", "堵"]


async def test_being_told_to_slow_down_is_never_charged(village: Village):
    times = MAX_TRIES + 3
    async with posted(village, {"慢": [slow_down(0.001)] * times}) as post:
        await post.put("慢")
        for _ in range(times):
            assert await post.settled() == {"慢": ("queued", 0, 0)}
            village.passes(seconds=1)
        assert await post.settled() == {"慢": ("sent", 1, 0)}


async def test_a_fault_that_does_not_pass_uses_up_its_tries(village: Village):
    async with posted(village, {"坏": [try_later("502")] * 99}) as post:
        await post.put("坏", "好")
        for number in range(1, MAX_TRIES):
            assert (await post.settled())["坏"] == ("queued", number, 0)
            village.passes(seconds=601)
        await post.settled()
        assert await post.passes(seconds=601) == {"坏": ("failed", MAX_TRIES, 0), "好": ("sent", 1, 0)}


async def test_one_that_is_refused_for_good_is_not_tried_again(village: Village, look):
    async with posted(village, {"坏": [failed("too long")]}) as post:
        await post.put("坏", "好")
        assert await post.settled() == {"坏": ("failed", 1, 0), "好": ("sent", 1, 0)}
    assert look("SELECT reason FROM outbox WHERE state = 'failed'") == [("too long",)]


async def test_who_has_blocked_the_bot_is_known_by_it(village: Village, look):
    async with posted(village, {"一": [blocked("403")]}) as post:
        await post.put("一")
        assert await post.settled() == {"一": ("blocked", 1, 0)}
        assert look(f"SELECT blocked FROM account WHERE id = {ID['villager']}")[0][0]
        assert await village.database.read(lambda tx: people.best_account(tx, ID["villager"], MONDAY)) is None


@pytest.mark.parametrize("doubt", [in_doubt("timeout"), OSError("broken pipe")])
async def test_one_in_doubt_is_sent_once_more_and_then_left(village: Village, doubt):
    async with posted(village, {"疑": [doubt, doubt]}) as post:
        await post.put("疑", "后")
        await post.settled()
        rows = await post.passes(seconds=3)
    assert post.box.texts == ["疑", "疑", "后"]
    assert rows == {"疑": ("uncertain", 2, 2), "后": ("sent", 1, 0)}


async def test_one_in_doubt_that_arrives_the_second_time(village: Village):
    async with posted(village, {"疑": [in_doubt("timeout")]}) as post:
        await post.put("疑")
        assert await post.settled() == {"疑": ("sent", 2, 1)}


async def test_one_in_doubt_at_its_last_try_is_not_said_to_have_failed(village: Village):
    async with posted(village, {"疑": [*[try_later("502")] * (MAX_TRIES - 1), in_doubt("timeout")]}) as post:
        await post.put("疑")
        for _ in range(MAX_TRIES):
            await post.passes(seconds=601)
        assert await post.settled() == {"疑": ("uncertain", MAX_TRIES, 1)}


@pytest.mark.parametrize("lost", [False, True])
async def test_a_message_waits_for_its_picture(village: Village, lost, monkeypatch):
    monkeypatch.setattr("bot.departure.MEDIA_WAIT", 0.1)
    add = lambda tx: media.add(tx, CHANNEL, [Media("image", ref="r")], village.now)  # noqa: E731
    [picture] = await village.database.run(add)
    async with posted(village) as post:
        await post.put("看", media=(picture,))
        await post.put("后")
        for _ in range(3):
            assert await post.settled() == {"看": ("queued", 0, 0), "后": ("queued", 0, 0)}
            village.passes(seconds=6)
        assert not post.box.got
        if lost:
            await village.database.run(lambda tx: media.missed(tx, picture, lost=True))
        else:
            await village.database.run(lambda tx: media.stored(tx, picture, "ab" * 32, "image/jpeg", 9))
        await post.passes(seconds=3)
        await post.passes(seconds=3)
    assert post.box.texts == ["看（有的图片或语音没收到，请对方再发）" if lost else "看", "后"]
    assert [file.id for file in post.box.got[0].files] == ([] if lost else [picture])


async def test_what_is_still_being_made_holds_up_nothing(village: Village, monkeypatch):
    monkeypatch.setattr("bot.departure.MEDIA_WAIT", 0.1)
    add = lambda tx: media.add(tx, "surveys", [Media("image", ref="chart:1")], village.now)  # noqa: E731
    [chart] = await village.database.run(add)
    async with posted(village) as post:
        await post.put("图", media=(chart,), about=About.MADE)
        await post.put("后")
        assert await post.settled() == {"图": ("queued", 0, 0), "后": ("sent", 1, 0)}
        await post.put("再后", at_once=True)
        assert (await post.settled())["再后"] == ("sent", 1, 0)
        await village.database.run(lambda tx: media.stored(tx, chart, "ab" * 32, "image/png", 9))
        await post.passes(seconds=3)
    assert post.box.texts == ["后", "再后", "图"]


async def test_every_outcome_of_a_rush_is_written(village: Village):
    """More is settled while the batch before is being written."""
    accounts = list(ID)
    async with posted(village) as post:
        for number in range(150):
            await post.put(f"{number}", to=accounts[number % len(accounts)], at_once=number % 2 == 0)
        rows = await post.settled()
    assert len(rows) == len(post.box.got) == 150
    assert set(rows.values()) == {("sent", 1, 0)}
