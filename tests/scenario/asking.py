"""Steps that stories of surveys share."""

from contextlib import suppress

from domain.surveys.form import Form
from tests.scenario.people import Seen, Someone
from tests.scenario.world import COUNTY, World
from tests.surveys import WATER, open_survey


async def opens(county: World, form: Form = WATER, area: str = COUNTY, **more: object) -> int:
    """Staff open a survey, for the whole county if nothing else is said."""
    return await county.service.run(lambda desk: open_survey(desk, form, area, **more))  # type: ignore[arg-type]


async def begins(her: Someone, first: str) -> None:
    """She asks for the survey and wants to answer it."""
    await her.says("问卷")
    await her.sees("回“等会儿”能停")
    await her.says("1")
    await her.sees(first)


async def answers(her: Someone, *steps: tuple[str, str]) -> None:
    """What she says, and what she sees then."""
    for said, seen in steps:
        await her.says(said)
        await her.sees(seen)


async def comes(county: World, staff: Someone, fragment: str) -> Seen:
    """A message whose files have to be made first: it is tried again as time goes by."""
    for _ in range(20):
        with suppress(AssertionError):
            return await staff.sees(fragment, within=1)
        await county.later(seconds=10)
    return await staff.sees(fragment)


async def answers_water(her: Someone) -> None:
    """From the first question to the look back."""
    await begins(her, "第1题，一共4题：水够用吗？")
    await answers(
        her,
        ("1", "家里几口人"),
        ("3", "哪天开始的"),
        ("昨天", "还有什么要说"),
        ("渠要修", "4题都答了"),
    )
