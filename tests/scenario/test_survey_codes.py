"""A slip of paper with a code: whoever holds it answers once, and it is nobody's."""

import pytest

from domain.surveys.codes import NOT_A_VOTE, link, printed
from services.surveys import codes
from tests.scenario.asking import answers, opens
from tests.scenario.people import Someone
from tests.scenario.world import OTHER, World


async def slips(county: World, count: int) -> list[str]:
    """Codes of an anonymous survey that is open."""
    survey = await opens(county, anonymous=True)
    return await county.service.run(lambda desk: codes.make(desk, survey, count))


async def answers_all(her: Someone) -> None:
    await answers(
        her,
        ("1", "水够用吗"),
        ("1", "家里几口人"),
        ("3", "哪天开始"),
        ("昨天", "还有什么"),
        ("跳过", "都答了"),
        ("1", "交上了"),
    )


async def test_a_code_is_typed_and_good_for_one_answer(county: World) -> None:
    first, second = await slips(county, 2)
    her = await county.villager()
    await her.says("问卷")
    await her.sees("现在没有等您答的问卷")
    await her.says(printed(first).lower())
    await her.sees(NOT_A_VOTE)
    await her.sees("匿名")
    await answers_all(her)
    await her.says(first)
    await her.sees("用过了")
    await her.says(second)  # her mother's, who has no phone
    await her.sees(NOT_A_VOTE)
    await answers_all(her)


@pytest.mark.told_on_two
async def test_two_people_with_one_code(county: World) -> None:
    [code] = await slips(county, 1)
    her, him = await county.villager("her"), await county.villager("him", OTHER)
    for one in (her, him):
        await one.says(code)
        await one.sees(NOT_A_VOTE)
    await answers_all(her)
    await answers(
        him,
        ("1", "水够用吗"),
        ("1", "家里几口人"),
        ("3", "哪天开始"),
        ("昨天", "还有什么"),
        ("跳过", "都答了"),
        ("1", "用过了"),
    )


@pytest.mark.told_on_two
async def test_she_stops_and_goes_on_with_the_same_code(county: World) -> None:
    first, second = await slips(county, 2)
    her = await county.villager()
    await her.says(first)
    await her.sees("匿名")
    await answers(her, ("1", "水够用吗"), ("1", "家里几口人"), ("等会儿", "接着答"))
    await her.says(second)
    await her.sees("您手上还有一份没交")
    await her.says("问卷")
    await her.sees("家里几口人")


async def test_it_is_opened_by_link_before_anything_else_is_known_of_her(county: World) -> None:
    [code] = await slips(county, 1)
    her = county.someone("stranger")
    await her.opens(link(code))
    await her.sees(NOT_A_VOTE)
    await her.sees("不要身份证号")


@pytest.mark.told_on_two
async def test_what_was_never_a_code_is_what_she_says(county: World) -> None:
    await slips(county, 1)
    her = await county.villager()
    await her.says("ABCDEFGHJ")
    await her.sees("对吗")
