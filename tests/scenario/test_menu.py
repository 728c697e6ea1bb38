"""The menu below the talk can be tapped at any moment, by anybody."""

import pytest

from bot.channels.wechat.menu import DEFAULT
from bot.channels.wecom.menu import DEFAULT as FOR_WORKERS
from tests.scenario.people import OnWeChat, OnWeCom
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
