"""What cannot be sent to a follower now waits for her, and rides on the answer to her next message."""

import re
from datetime import timedelta
from typing import Any

import pytest

from domain.talk import Choice, Reply
from services.delivery import tell
from services.desk import Desk
from storage import media
from storage.database import Tx
from storage.directory import people as accounts
from storage.turns import open_account
from tests.contract.messengers.looking import Outbox, is_told, person_id, person_of, shown, until
from tests.databases import second_look
from tests.recordings import picture
from tests.scenario.talking import accepts, files
from tests.scenario.world import JPEG, World, world

FIVE = 5


async def away(county: World, *people: Any) -> None:
    """Nobody writes for two days: no window is open any more."""
    county.time.now += timedelta(hours=49)
    for one in people:
        assert not one.follower.windows.left


def account_of(tx: Tx, her: Any) -> int:
    found = accounts.account_of(tx, "wechat", her.follower.name)
    assert found
    return found


def budget(county: World, her: Any) -> int:
    """What is left for her as the service counts it."""
    query = (
        "SELECT coalesce(sum(remaining), 0) FROM send_window JOIN account ON account.id = send_window.account"
        f" WHERE address = '{her.follower.name}' AND until > '{county.time.now:%Y-%m-%d %H:%M:%S.%f}'"
    )
    return int(second_look(county.service.settings.database_url, query)[0][0])


async def test_five_sends_after_her_message_then_it_waits_for_her(on_wechat: World, outbox: Outbox) -> None:
    her = await on_wechat.villager()
    await on_wechat.later(minutes=2)  # of the code that she scanned only her own message counts by now
    await her.says("帮助")
    before = her.follower.sends
    for number in range(1, FIVE + 1):
        await is_told(on_wechat, her, f"第{number}句")
        await outbox.settles()
        assert budget(on_wechat, her) == her.follower.windows.left == FIVE - number
    calls = on_wechat.wechat.calls["/cgi-bin/message/custom/send"]
    await is_told(on_wechat, her, "第六句")
    await until(lambda: outbox.count("state = 'held' AND text = '第六句'"))
    assert outbox.rows("reason", "text = '第六句'")[0][0].startswith("no window is open")
    assert on_wechat.wechat.calls["/cgi-bin/message/custom/send"] == calls, "it knows without asking"
    await her.says("帮助")
    await her.sees("第六句")
    assert her.follower.sends - before == FIVE
    assert budget(on_wechat, her) == her.follower.windows.left == FIVE


async def test_a_tap_gives_three_sends_for_a_minute(safe: World, outbox: Outbox) -> None:
    her = await safe.villager()
    await away(safe, her)
    await her.follower.clicks("m:menu")
    assert budget(safe, her) == her.follower.windows.left == 3
    await is_told(safe, her, "一")
    await outbox.settles()
    assert budget(safe, her) == her.follower.windows.left == 2
    await safe.later(minutes=1)
    await is_told(safe, her, "二")
    await until(lambda: outbox.count("state = 'held'"))
    assert budget(safe, her) == her.follower.windows.left == 0


async def test_what_waits_together_leaves_as_one_send(on_wechat: World, outbox: Outbox) -> None:
    her = await on_wechat.villager()
    person, before = await person_id(on_wechat, her), her.follower.sends
    ask = Reply("解决了吗？", (Choice("t:1:solved", "解决了"), Choice("t:1:unsolved", "没解决")))

    def deed(desk: Desk) -> None:
        for reply in (Reply("一"), Reply("二"), ask, Reply("四")):
            tell(desk, person, reply, urgent=True)

    await on_wechat.service.run(deed)
    await outbox.settles()
    assert her.follower.sends - before == 2
    assert her.follower.texts[-2:] == ["一\n\n二\n\n解决了吗？\n1 解决了\n2 没解决", "四"]


async def test_one_that_needs_more_than_is_left_waits_whole(on_wechat: World, outbox: Outbox) -> None:
    her = await on_wechat.villager()
    person = await person_id(on_wechat, her)
    await on_wechat.later(minutes=2)
    await her.says("帮助")
    for text in ("一", "二", "三"):
        await is_told(on_wechat, her, text)
        await outbox.settles()
    kept = [await on_wechat.service.store.keep(picture("image/jpeg", 320 + n)) for n in range(2)]

    def deed(desk: Desk) -> None:
        tell(desk, person, Reply("看两张", (), tuple(media.add(desk.tx, "web", kept, desk.now))), urgent=True)

    await on_wechat.service.run(deed)
    await until(lambda: outbox.count("state = 'held'"))
    assert her.follower.windows.left == budget(on_wechat, her) == 2
    assert not any(one.media for one in her.follower.messages)
    await her.says("帮助")  # pictures cannot ride: they go out in the window that she has opened by this
    await until(lambda: shown(her, "看两张"))
    assert [one.kind for one in her.follower.messages[-3:]] == ["image", "image", "text"]
    assert her.follower.windows.left == budget(on_wechat, her) == 2


@pytest.mark.parametrize("code", [45015, 45047])
async def test_the_platform_knows_better_what_is_left(on_wechat: World, outbox: Outbox, code: int) -> None:
    her = await on_wechat.villager()
    on_wechat.wechat.fail_next("message/custom/send", errcode=code)
    await is_told(on_wechat, her, "一")
    await until(lambda: outbox.count("state = 'held'"))
    assert str(code) in outbox.rows("reason", "text = '一'")[0][0]
    assert budget(on_wechat, her) == 0
    calls = on_wechat.wechat.calls["/cgi-bin/message/custom/send"]
    await is_told(on_wechat, her, "二")
    await until(lambda: outbox.count("state = 'held'") == 2)
    assert on_wechat.wechat.calls["/cgi-bin/message/custom/send"] == calls
    await her.says("帮助")
    assert her.follower.texts[-1].startswith("一\n\n二\n\n")


async def test_the_oldest_ride_first_and_9_shows_the_next(on_wechat: World, outbox: Outbox) -> None:
    her = await on_wechat.villager()
    await away(on_wechat, her)
    await is_told(on_wechat, her, *(f"第{number}条{'长' * 300}" for number in range(1, 6)))
    await until(lambda: outbox.count("state = 'held'") == 5)
    sends = her.follower.sends
    shown_by: list[list[str]] = []
    for word in ("帮助", "9", "9"):
        await her.says(word)
        text = her.follower.texts[-1]
        assert len(text.encode()) <= 2048
        shown_by.append([part[:3] for part in text.split("\n\n") if part.startswith("第")])
    assert [one for part in shown_by for one in part] == [f"第{number}条" for number in range(1, 6)]
    hints = [text.rpartition("\n\n")[2] for text in her.follower.texts[-3:]]
    assert hints[0] == f"还有{5 - len(shown_by[0])}条，回9看下一条。"
    assert not hints[-1].startswith("还有")
    assert her.follower.sends == sends
    assert outbox.count("state = 'held'") == 0


async def test_numbers_run_through_what_rides_and_mean_what_is_shown(
    on_wechat: World, outbox: Outbox
) -> None:
    her, cadre = await on_wechat.villager(), await on_wechat.worker("cadre")
    await away(on_wechat, cadre, her)
    first, second = await files(her, "渠堵了"), await files(her, "路灯不亮")
    await until(lambda: outbox.count("state = 'held'") == 2)
    await cadre.says("帮助")
    text = cadre.follower.texts[-1]
    lines = re.findall(r"^\d .*", text, re.MULTILINE)
    assert [line.partition(" ")[0] for line in lines] == [str(number) for number in range(1, 9)]
    assert "1 签收" in lines
    assert "6 我手上的工单" in lines
    assert text.endswith("还有1条，回9看下一条。")
    await cadre.says("6")
    assert f"6 {first}号" in cadre.follower.texts[-1], "the second card has ridden in before the list"
    assert f"7 {second}号" in cadre.follower.texts[-1]
    await cadre.says("1")
    assert f"{second}号您接了" in cadre.follower.texts[-1]


async def test_with_a_question_open_what_asks_something_waits(on_wechat: World, outbox: Outbox) -> None:
    her = await on_wechat.villager()
    await her.says("渠堵了")
    await away(on_wechat, her)
    ask = Reply("7号解决了吗？", (Choice("t:7:solved", "解决了"), Choice("t:7:unsolved", "没解决")))
    await is_told(on_wechat, her, "先说一声", ask, "后说一声")
    await until(lambda: outbox.count("state = 'held'") == 3)
    await her.says("什么？")
    text = her.follower.texts[-1]
    assert "先说一声" in text
    assert "7号解决了吗" not in text
    assert "后说一声" not in text, "the order is kept"
    assert text.endswith("还有2条，答完再看。")
    assert text.count("1 对") == 1
    await her.says("1")
    assert "记下了" in her.follower.texts[-1]
    assert "7号解决了吗？\n1 解决了\n2 没解决\n\n后说一声" in her.follower.texts[-1]


async def test_a_number_answers_the_held_question_that_rode_along(on_wechat: World, outbox: Outbox) -> None:
    her, cadre = await on_wechat.villager(), await on_wechat.worker("cadre")
    number = await files(her, "渠堵了")
    await cadre.sees("渠堵了")
    await accepts(cadre)
    await her.sees("由张建国接了")
    await away(on_wechat, her)
    await cadre.says(f"{number}号")
    await cadre.taps("答复")
    await cadre.says("通了")
    await until(lambda: outbox.count("state = 'held' AND text LIKE '%解决了吗%'"))
    await her.says("谢谢")
    asked = her.follower.texts[-1]
    assert "您的事解决了吗？\n1 解决了" in asked
    await her.says("1")
    await her.sees("办得怎么样")


async def test_numbers_beside_a_picture_mean_the_picture(plain: World, outbox: Outbox) -> None:
    """A card with a photo comes by itself, numbered from 1: nothing else may have these numbers."""
    her, cadre = await plain.villager(), await plain.worker("cadre")
    await her.sends_photo(JPEG)
    await her.says("1")
    await cadre.sees("1号")
    await away(plain, cadre)
    await is_told(plain, cadre, Reply("有人问起", (Choice("m:leave-of-absence", "我请假"),)))
    await until(lambda: outbox.count("state = 'held'"))
    before = cadre.follower.sends
    await cadre.says("1号")
    await until(lambda: "1 签收" in cadre.follower.texts[-1])
    await outbox.settles()
    assert cadre.follower.texts[-3] == "还有1条，回9看下一条。"
    assert cadre.follower.sends - before == 2, "a picture and its words"
    await cadre.says("1")
    assert "1号您接了" in cadre.follower.texts[-1]
    assert "有人问起" in cadre.follower.texts[-1], "it waited until its number could be told apart"


async def test_what_is_held_goes_to_another_account_where_it_can_arrive(url: str, tmp_path: Any) -> None:
    outbox = Outbox(url)
    async with world("wechat-plain+wecom", url, tmp_path) as county:
        her = await county.villager(on="wechat")
        also = county.someone("she", on="wecom")
        person = await person_id(county, her)
        await county.service.run(
            lambda desk: open_account(desk.tx, "wecom", also.member.name, person, desk.now)
        )
        county.wechat.fail_next("message/custom/send", errcode=45047)
        await is_told(county, her, "一")
        await until(lambda: shown(also, "一"))
        await outbox.settles()
        assert shown(her, "一") == 0
        assert outbox.rows("state, channel", "text = '一'") == [("sent", "wecom")]


LARGE = {
    "long": Reply("长" * 900),
    "many choices": Reply("哪个？", tuple(Choice(f"m:{n}", "选") for n in range(9))),
}


@pytest.mark.parametrize("case", LARGE)
async def test_what_can_never_ride_goes_out_by_itself(on_wechat: World, outbox: Outbox, case: str) -> None:
    """Else she would be promised it by every answer, and never see it."""
    her = await on_wechat.villager()
    await away(on_wechat, her)
    await is_told(on_wechat, her, LARGE[case], "后说一声")
    await until(lambda: outbox.count("state = 'held'") == 2)
    await her.says("帮助")
    assert her.follower.texts[-1].startswith("后说一声")
    await outbox.settles()
    assert outbox.count("state <> 'sent'") == 0
    assert LARGE[case].text in "".join(her.follower.texts)


async def test_the_window_is_renewed_by_what_she_does_and_not_added_up(on_wechat: World) -> None:
    her = await on_wechat.villager()
    await her.says("帮助")
    await her.says("帮助")
    await on_wechat.later(minutes=2)
    assert budget(on_wechat, her) == her.follower.windows.left == FIVE
    assert person_of(her) is her.follower
