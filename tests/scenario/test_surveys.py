"""A survey is answered in talk, one question after the other."""

from domain.surveys.form import Form
from tests.scenario.people import Someone
from tests.scenario.world import COUNTY, World
from tests.surveys import WATER, open_survey


async def asks(county: World, form: Form = WATER, **more: object) -> int:
    """Staff open a survey for the whole county."""
    return await county.service.run(lambda desk: open_survey(desk, form, COUNTY, **more))  # type: ignore[arg-type]


async def begins(her: Someone) -> None:
    await her.says("问卷")
    await her.sees("一共")
    await her.says("1")


async def test_a_named_survey_from_the_first_question_to_the_receipt(county: World) -> None:
    await asks(county)
    her = await county.villager()
    await her.says("问卷")
    first = await her.sees("用水问卷")
    assert "记名：工作人员看得到是谁答的" in first.text
    await her.says("1")
    await her.sees("第1题，一共4题：水够用吗？")
    await her.says("2")
    await her.sees("第2题，一共5题：为什么不够？")
    await her.says("135")
    await her.sees("第3题，一共5题：家里几口人？")
    await her.says("三口人")
    await her.sees("第4题，一共5题：哪天开始的？")
    await her.says("昨天")
    await her.sees("第5题，一共5题：还有什么要说？")
    await her.says("跳过")
    look = await her.sees("5题都答了")
    assert "渠堵、停电、别的" in look.text
    assert "2026-11-01" in look.text
    await her.says("改第3题")
    await her.sees("第3题，一共5题")
    await her.says("5")
    await her.sees("5题都答了")
    await her.says("1")
    receipt = await her.sees("第1份，交上了")
    assert "：5" in receipt.text
    await her.says("问卷")
    await her.sees("现在没有等您答的问卷")
