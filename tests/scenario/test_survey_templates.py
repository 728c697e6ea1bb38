"""The ready surveys as people live them, from the spreadsheet to the last word."""

from bot.survey_templates import template_workbook
from services.surveys.xlsform import compile_form
from tests.scenario.world import COUNTY, World
from tests.surveys import open_survey


async def asks(county: World, name: str) -> None:
    form = compile_form(template_workbook(name), f"{name}.xlsx")
    await county.service.run(lambda desk: open_survey(desk, form, COUNTY))


async def test_the_quiz_explains_at_once(county: World) -> None:
    await asks(county, "quiz")
    her = await county.villager()
    await her.says("问卷")
    await her.sees("练一练")
    await her.says("1")
    await her.sees("家里着火了，打哪个电话？")
    await her.says("1")
    await her.sees("答对了。着火打119")
    await her.sees("屋里闻到煤气味，先做什么？")
    await her.says("3")
    await her.sees("不对。先开窗")
    await her.sees("要您手机上的验证码，怎么办？")
    await her.says("跳过")
    await her.sees("您报的事，谁说办好了才算办好？")
    await her.says("2")
    await her.sees("您自己说办好了，才算办好。")
    await her.sees("哪些不能随便发给别人？")
    await her.says("1 2")
    await her.sees("5题里您答对了3题。")


async def test_nobody_is_nominated_without_being_asked(county: World) -> None:
    await asks(county, "nomination")
    her = await county.villager()
    await her.says("问卷")
    await her.sees("选树典型推荐")
    await her.says("1")
    await her.sees("本人同意被推荐吗？")
    await her.says("3")
    await her.sees("请先问问他本人。")
