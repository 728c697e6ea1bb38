"""One person, several accounts: a code asked for on one, typed on another, a yes on both."""

import re

from tests.scenario.people import Someone
from tests.scenario.talking import accepts, answers, files
from tests.scenario.world import World


async def asks_for_a_code(person: Someone) -> str:
    await person.says("关联")
    return re.findall(r"\d{6}", (await person.sees("在另一个账号上回这个码")).text)[0]


async def comes_on_the_web(county: World, name: str) -> Someone:
    her = county.someone_on_web(name)
    await her.opens()
    await her.sees("不要身份证号")
    return her


async def test_a_villager_brings_her_web_account(county: World) -> None:
    cadre, villager = await county.worker("cadre"), await county.villager()
    number = await files(villager, "渠堵了")
    on_the_web = await comes_on_the_web(county, "the same villager")
    await on_the_web.says(await asks_for_a_code(villager))
    await on_the_web.sees("账号给的吗")
    await on_the_web.says("1")
    await on_the_web.sees("再到那个账号上回一声")
    await villager.sees("有个网页账号要和您合成一个人")
    await villager.says("1")
    await villager.sees("合好了")
    await on_the_web.sees("合好了")

    await on_the_web.says("我的事")
    await on_the_web.sees("您报的事")
    await on_the_web.says(f"{number}号")
    await on_the_web.sees("渠堵了")
    await cadre.sees("渠堵了")
    await accepts(cadre)
    await answers(cadre, "通了")
    await on_the_web.sees("解决了吗")  # where she was last seen
    await on_the_web.taps("解决了")
    await cadre.sees("群众确认解决")


async def test_the_code_may_go_the_other_way(county: World) -> None:
    """She asks for it on the new account, before she has agreed to anything there."""
    villager = await county.villager()
    number = await files(villager, "渠堵了")
    on_the_web = await comes_on_the_web(county, "the same villager")
    await villager.says(await asks_for_a_code(on_the_web))
    await villager.sees("您自己的网页账号给的吗")
    await villager.taps("是")
    await on_the_web.sees("要和您合成一个人")
    await on_the_web.says("是")
    await on_the_web.sees("合好了")
    await villager.sees("合好了")
    await on_the_web.says(f"{number}号")
    await on_the_web.sees("渠堵了")


async def test_a_cadre_works_on_either_account(county: World) -> None:
    cadre, villager = await county.worker("cadre"), await county.villager()
    on_the_web = await comes_on_the_web(county, "the same cadre")
    await on_the_web.says(await asks_for_a_code(cadre))
    await on_the_web.taps("是")
    await cadre.sees("要和您合成一个人")
    await cadre.taps("是")
    await on_the_web.sees("合好了")
    await on_the_web.says("你好")
    await on_the_web.sees("张建国，您好")
    await files(villager, "路灯不亮")
    await on_the_web.sees("路灯不亮")
    await accepts(on_the_web)
    await cadre.says("工单")
    await cadre.sees("您手上的工单")


async def test_a_no_on_either_side_ends_it(county_with_buttons: World) -> None:
    villager, other = (
        await county_with_buttons.villager(),
        await comes_on_the_web(county_with_buttons, "somebody else"),
    )
    await other.says(await asks_for_a_code(villager))
    await other.sees("账号给的吗")
    await other.says("2")
    await other.sees("没有合")
    await villager.sees("没有合，码作废了")

    await other.says(await asks_for_a_code(villager))
    await other.says("1")
    asked = await villager.sees("要和您合成一个人")
    yes = (asked, asked.buttons[0][1])
    await villager.says("2")
    await villager.sees("没有合")
    await other.sees("回了“不是”")
    await villager.taps_old(yes)
    await villager.sees("用过了，或过时了")


async def test_a_code_is_good_for_ten_minutes_and_for_one_account(county: World) -> None:
    villager, other = await county.villager(), await comes_on_the_web(county, "the same villager")
    third = await comes_on_the_web(county, "somebody else")
    code = await asks_for_a_code(villager)
    await other.says(code)
    await other.sees("账号给的吗")
    await third.says(code)
    await third.sees("账号给的吗")
    await other.taps("是")
    await other.sees("再到那个账号上回一声")
    await third.taps("是")
    await third.sees("用过了，或过时了")
    await villager.sees("要和您合成一个人")
    await county.later(minutes=11)
    await villager.taps("是")
    await villager.sees("用过了，或过时了")
    late = await asks_for_a_code(villager)
    await county.later(minutes=11)
    await villager.says(late)
    await villager.sees(f"您说：{late}")  # a number like any other


async def test_one_account_is_nobody_to_join(county: World) -> None:
    villager = await county.villager()
    await villager.says(await asks_for_a_code(villager))
    await villager.sees("要在您另一个账号上回")


async def test_a_number_that_could_mean_a_ticket_or_the_joining_is_asked_back(county: World) -> None:
    cadre, villager = await county.worker("cadre"), await county.villager()
    other = await comes_on_the_web(county, "the same villager")
    number = await files(villager, "渠堵了")
    await cadre.sees("渠堵了")
    await accepts(cadre)
    await villager.sees("接了")
    code = await asks_for_a_code(villager)
    await cadre.taps("留言")
    await cadre.sees("想跟群众说什么")
    await cadre.says("在家吗")
    await villager.sees("在家吗")
    await other.says(code)
    await other.taps("是")
    await villager.sees("要和您合成一个人")
    await villager.says("1")
    which = await villager.sees("您指哪一件")
    labels = " ".join(label for label, _ in which.buttons)
    assert f"{number}号" in labels
    assert "合账号的事" in labels
    await villager.taps("合账号")
    await villager.sees("要和您合成一个人")
    await villager.taps("是")
    await other.sees("合好了")
