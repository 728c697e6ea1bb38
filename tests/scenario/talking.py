"""Steps that many stories share."""

from tests.scenario.people import Someone, ticket_number


async def files(villager: Someone, text: str) -> int:
    """She says it, agrees with the reading back, and gets a number."""
    await villager.says(text)
    await villager.sees("对吗")
    await villager.says("1")
    return ticket_number((await villager.sees("记下了")).text)


async def accepts(cadre: Someone) -> None:
    await cadre.taps("签收")
    await cadre.sees("您接了")


async def answers(cadre: Someone, text: str) -> None:
    await cadre.taps("答复")
    await cadre.sees("用一句话答复")
    await cadre.says(text)
    await cadre.sees("答复送到了")
