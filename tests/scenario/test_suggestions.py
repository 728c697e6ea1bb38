"""Suggestions: signed or anonymous, about a matter or a person, answered in public, asked for by a code."""

import re

from tests.scenario.people import Someone
from tests.scenario.world import World


async def suggests(her: Someone, text: str, *, how: str = "匿名", about: str = "说事") -> str:
    """She suggests something; its receipt code."""
    await her.says("提建议")
    await her.sees("署名还是匿名")
    await her.taps(how)
    await her.sees("请说您的意见")
    await her.says(text)
    await her.sees("您说：")
    await her.taps(about)
    if about != "说事":
        await her.sees("说的是谁")
        await her.says("1")
    return code_in((await her.sees("查询码：")).text)


def code_in(text: str) -> str:
    found = re.search(r"查询码：([0-9A-Z]{8})", text)
    assert found, text
    return found[1]


async def answers(staff: Someone, *, public: str = "公开，用原话") -> None:
    """He has the card before him, adopts it, and lets the answer go."""
    await staff.taps("答复")
    await staff.sees("怎么答复")
    await staff.says("1")
    await staff.sees("打算怎么办")
    await staff.says("下月加装十盏路灯")
    await staff.sees("多久办好")
    await staff.says("2")
    await staff.sees("答复就写")
    await staff.says("1")
    await staff.sees("上公开栏吗")
    await staff.taps(public)
    await staff.sees("发出吗")
    await staff.says("1")
    await staff.sees("答复好了")


async def test_a_signed_suggestion_is_answered_and_the_answer_comes_by_itself(county: World) -> None:
    staff, her = await county.worker("staff"), await county.villager()
    code = await suggests(her, "村口多装几盏路灯", how="署名")
    card = await staff.sees("村口多装几盏路灯")
    assert "11月23日前答复" in card.text
    await answers(staff)
    await her.sees("采纳")
    await her.says(f"查 {code}")
    told = await her.sees("下月加装十盏路灯")
    assert "12月2日前办好" in told.text
    await her.says("2")
    await her.sees("用码来查")
    neighbour = await county.villager("neighbour")
    await neighbour.says("看答复")
    shown = await neighbour.sees("有人提：村口多装几盏路灯")
    assert "采纳" in shown.text


async def test_an_anonymous_one_is_opened_with_others_and_its_answer_is_pulled(county: World) -> None:
    staff, her = await county.worker("staff"), await county.villager()
    codes = [await suggests(her, f"村口多装{number}盏路灯") for number in ("三", "五", "十")]
    await staff.sees_nothing_new()
    await her.says(f"查{codes[0]}")
    await her.sees("还封着")
    await her.taps("好，知道了")
    await county.later(days=1)
    for _ in codes:
        card = await staff.sees("匿名：村口多装")
        assert "王" not in card.text
    await staff.says("意见")
    await staff.sees("等答复的意见3条")
    await staff.says("1")
    await staff.sees("意见1")
    await answers(staff, public="不公开")
    answered = [await _status(her, code) for code in codes]
    assert sum("采纳" in status for status in answered) == 1
    await her.sees_nothing_new()


async def _status(her: Someone, code: str) -> str:
    await her.says(f"查 {code}")
    told = await her.sees("您的意见")
    await her.taps("好，知道了")
    await her.sees("用码来查")
    return told.text


async def test_staff_ask_back_and_the_writer_answers_by_the_code(county: World) -> None:
    staff, her = await county.worker("staff"), await county.villager()
    code = await suggests(her, "班车太少")
    await county.later(days=4)
    await staff.sees("匿名：班车太少")
    await staff.taps("追问")
    await staff.sees("想问写的人什么")
    await staff.says("是哪条线的班车？")
    await staff.sees("用码来查时看得到")
    await her.says(f"查 {code.lower()[:4]} {code[4:]}")
    await her.sees("县上问您：是哪条线的班车？")
    await her.taps("回答")
    await her.sees("请说")
    await her.says("去富平的早班车")
    await her.sees("对吗")
    await her.says("1")
    await her.sees("封好了")
    await county.later(days=4)
    await staff.sees("有补充：去富平的早班车")
