"""The menu below the talk can be tapped at any moment, by anybody."""

import pytest

from bot.channels.wechat.menu import DEFAULT
from bot.channels.wecom.menu import DEFAULT as FOR_WORKERS
from tests.scenario.people import VILLAGER_LIMIT, OnWeChat, OnWeCom, Seen
from tests.scenario.talking import files
from tests.scenario.world import World


def on_phone(her: object) -> OnWeChat:
    assert isinstance(her, OnWeChat)
    return her


async def test_each_button_answers_a_villager(on_wechat: World) -> None:
    her = on_phone(await on_wechat.villager())
    await files(her, "路灯不亮")
    answers = {"m:file": "是什么事", "m:mine": "您报的事", "m:person": "张建国"}
    assert set(answers) == {button.key for button in DEFAULT}
    for button in reversed(DEFAULT):
        await her.follower.clicks(button.key)
        await her.sees(answers[button.key])


@pytest.mark.parametrize("key", [button.key for button in DEFAULT])
async def test_each_button_answers_a_newcomer(on_wechat: World, key: str) -> None:
    her = on_phone(on_wechat.someone("newcomer"))
    await her.opens()
    await her.sees("不要身份证号")
    await her.follower.clicks(key)
    await her.sees("请打12345" if key == "m:person" else "先答完这个")
    await her.says("不同意")
    await her.sees("什么都不记")
    await her.follower.clicks(key)
    await her.sees("请打12345" if key == "m:person" else "不要身份证号")


async def test_what_she_was_saying_is_not_lost_to_the_menu(on_wechat: World) -> None:
    her = on_phone(await on_wechat.villager())
    await her.says("渠堵了")
    await her.sees("对吗")
    await her.follower.clicks("m:file")
    await her.sees("先答完这个：您说：渠堵了")
    await her.says("1")
    await her.sees("记下了")


async def test_each_button_of_the_app_answers_a_cadre(on_wecom: World) -> None:
    him = await on_wecom.worker("cadre")
    assert isinstance(him, OnWeCom)
    for button, answer in zip(FOR_WORKERS, ("没有待办", "帮谁办", "请几天"), strict=True):
        await him.member.clicks(button.key)
        await him.sees(answer)
        await him.says("取消")


def labels(seen: Seen) -> list[str]:
    """Without numbers, which some messengers write on the buttons too."""
    return [label.lstrip("0123456789 ") for label, _ in seen.buttons]


async def test_page_by_page_to_what_is_rare_and_back(county: World) -> None:
    him = await county.worker("cadre")
    await him.says("帮助")
    first = await him.sees("张建国，您好。要看什么")
    assert labels(first) == [
        "我手上的工单",
        "帮人报事",
        "请假",
        "月报",
        "本月的事",
        "更多",
    ]
    await him.taps("更多")
    second = await him.sees("回9看前面的")
    # nothing to practise, and no talk to take: neither is offered
    assert labels(second) == ["提建议", "看答复", "我报的事", "我的意见", "关联账号", "返回"]
    await him.says("9")
    await him.sees("要看什么")
    await him.taps("更多")
    await him.sees("回9看前面的")
    await him.says("3")
    await him.sees("您还没有报过事")
    await him.says("9")
    await him.sees("没有正在办的")


async def test_a_page_is_turned_by_an_old_button_too(county_with_buttons: World) -> None:
    her = await county_with_buttons.villager()
    await her.says("菜单")
    await her.sees("有事直接说")
    turns = await her.old_button("更多")
    await files(her, "路灯不亮")
    await her.taps_old(turns)
    await her.sees("回9看前面的")
    await her.says("1")
    await her.sees("意见")


async def test_a_villager_finds_what_she_has_no_word_for(county: World) -> None:
    her = await county.villager()
    await her.says("菜单")
    first = await her.sees("有事直接说")
    written = "".join(f"\n1 {label}" for label in labels(first))
    assert len(first.text.splitlines()[0] + written) <= VILLAGER_LIMIT
    await her.says("更多")
    second = await her.sees("回9看前面的")
    assert labels(second) == ["我的意见", "关联账号", "返回"]
    await her.taps("返回")
    await her.sees("有事直接说")
    await her.taps("更多")
    await her.sees("回9看前面的")
    await her.says("9")
    await her.sees("有事直接说")
    await her.says("6")
    await her.sees("回9看前面的")
    await her.taps("关联账号")
    await her.sees("在另一个账号上回这个码")
    await her.says("我的练习")  # by its word, as ever
    await her.sees("还没有练习题")
