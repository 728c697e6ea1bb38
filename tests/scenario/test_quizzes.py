"""Practice: digits, an answer at once, and nobody else's matter."""

from tests.knowledge import load
from tests.scenario.people import Someone
from tests.scenario.world import World

_RIGHT = {"着火打哪个电话": "1", "骑电动车要做到哪些": "13"}


async def test_a_quiz_is_answered_at_once_and_what_was_wrong_comes_again(county: World) -> None:
    await county.service.run(load)
    her = await county.villager()
    await her.says("练习")
    await her.sees("不给别人看")
    await her.sees("练哪一类")
    await her.says("2")
    await _answers(her, "第1题，共2题", right=True)
    await _answers(her, "第2题，共2题", right=False)
    await her.sees("练完了")
    await her.says("我的练习")
    await her.sees("安全：答对过1题，还有1题")
    await her.says("练习")
    await her.sees("练哪一类")
    await her.says("安全")
    await _answers(her, "第1题，共1题", right=True)
    await her.sees("练完了")
    await her.says("1")
    await her.sees("安全的题您都答对过了")


async def test_a_quiz_stops_at_a_word_and_gives_way_to_what_she_needs(county: World) -> None:
    await county.service.run(load)
    her = await county.villager()
    await her.says("练习")
    await her.sees("练哪一类")
    await her.says("3")
    await her.sees("谁要验证码能给")
    await her.says("7")
    await her.sees("请回复数字 1 到 2")
    await her.says("渠堵了")
    await her.sees("您说：渠堵了。对吗")
    await her.says("取消")
    await her.sees("不办了")
    await her.says("练习")
    await her.sees("练哪一类")
    await her.says("取消")
    await her.sees("停在这儿")


async def _answers(her: Someone, head: str, *, right: bool) -> None:
    asked = (await her.sees(head)).text
    digits = next(digits for question, digits in _RIGHT.items() if question in asked)
    await her.says(digits if right else "2")
    await her.sees("对了。" if right else "不对，是“")
