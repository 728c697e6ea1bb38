"""What is said to many: everybody gets it once, whoever wants no more gets no more, and staff see how far it is."""

from collections.abc import Awaitable, Callable

import pytest
import sqlalchemy as sa

from domain.broadcasts import Audience, Reach, State
from services import broadcasts
from services.desk import Desk
from storage import schema
from tests.contract.letterbox import until
from tests.scenario.people import OnWeChat, Someone
from tests.scenario.world import COUNTY, OTHER, World

pytestmark = pytest.mark.usefixtures("_looks_often")


@pytest.fixture
def _looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.broadcasting.LOOK", 0.05)


async def opens_a_survey(county: World, *, anonymous: bool = False) -> None:
    def deed(desk: Desk) -> None:
        facts = {"name": "q4", "title": "四季度开门纳谏", "form": {}, "sheet": b"", "anonymous": anonymous}
        values = {"id": 12, "state": "open", "area": COUNTY, "created_at": desk.now}
        desk.tx.execute(sa.insert(schema.survey), facts | values)

    await county.service.run(deed)


async def sends(county: World, audience: Audience | None = None) -> int:
    """Staff send it; everybody has had their turn when this returns."""
    number = await county.service.run(lambda desk: broadcasts.send_survey(desk, 12, audience or Audience()))

    async def done() -> bool:
        return (
            await county.service.run(lambda desk: broadcasts.progress(desk, number))
        ).broadcast.state is State.DONE

    await until(done)
    return number


async def counts(county: World, number: int) -> dict[Reach, int]:
    return dict((await county.service.run(lambda desk: broadcasts.progress(desk, number))).counts)


async def asked(person: Someone) -> int:
    """How often she was asked."""
    return sum("四季度开门纳谏" in text for text in await person.texts())


async def test_everybody_of_an_area_is_asked_once(county: World) -> None:
    villager, neighbour = await county.villager(), await county.villager("neighbour")
    stranger = await county.villager("stranger", area=OTHER)
    await opens_a_survey(county)
    number = await sends(county, Audience(areas=("610528001200",)))
    for one in (villager, neighbour):
        seen = await one.sees("请您答一份问卷")
        assert "回“退订”" in seen.text
        assert len(seen.text.replace("1 参加", "")) <= 60
        assert await asked(one) == 1
    assert await asked(stranger) == 0
    assert await counts(county, number) == {Reach.SENT: 2}


async def test_who_wants_no_more_gets_no_more(county: World) -> None:
    villager, neighbour = await county.villager(), await county.villager("neighbour")
    await opens_a_survey(county)
    await sends(county)
    await villager.says("退订")
    await villager.sees("以后不给您群发了")
    await sends(county)
    assert (await asked(villager), await asked(neighbour)) == (1, 2)
    await villager.says("订阅")
    await villager.sees("会告诉您")
    await sends(county)
    assert (await asked(villager), await asked(neighbour)) == (2, 3)


async def test_she_may_still_tell_of_a_matter(county: World) -> None:
    villager = await county.villager()
    await villager.says("不要发了")
    await villager.sees("您报的事照常回话")
    await villager.says("渠堵了")
    await villager.sees("对吗")


def villager_is_forgotten(county: World) -> Callable[[], Awaitable[bool]]:
    """One who has agreed is left."""

    async def forgotten() -> bool:
        agreed = sa.select(sa.func.count()).where(schema.person.c.consented_at.is_not(None))
        return await county.service.run(lambda desk: desk.tx.execute(agreed).scalar_one()) == 1

    return forgotten


async def test_who_has_left_is_not_asked(county: World) -> None:
    villager, neighbour = await county.villager(), await county.villager("neighbour")
    await opens_a_survey(county)
    await villager.says("注销")
    await until(villager_is_forgotten(county))
    number = await sends(county)
    assert await asked(neighbour) == 1
    assert await counts(county, number) == {Reach.SENT: 1}
    assert await asked(villager) == 0


async def test_on_wechat_four_masses_then_the_window_then_it_waits(on_wechat: World) -> None:
    county = on_wechat
    villager, neighbour = await county.villager(), await county.villager("neighbour")
    assert isinstance(villager, OnWeChat)
    await opens_a_survey(county)
    for _ in range(4):
        await sends(county)
    assert [one.via for one in villager.follower.messages if "四季度" in one.text] == ["mass"] * 4
    await sends(county)
    assert villager.follower.messages[-1].via == "custom"
    await county.later(days=3)
    number = await sends(county)
    assert await counts(county, number) == {Reach.HELD: 2}
    await villager.says("你好")
    await until(lambda: "四季度" in villager.follower.texts[-1])
    assert villager.follower.messages[-1].via == "passive", "it rides on the answer"

    async def settled() -> bool:
        return await counts(county, number) == {Reach.HELD: 1, Reach.SENT: 1}

    await until(settled)
    assert await asked(neighbour) == 5


async def test_what_the_platform_reports_of_a_mass_message(on_wechat: World) -> None:
    await on_wechat.villager()
    neighbour = await on_wechat.villager("neighbour")
    assert isinstance(neighbour, OnWeChat)
    neighbour.follower.receives = False
    await opens_a_survey(on_wechat)
    number = await sends(on_wechat)
    [job] = [number for number, told in on_wechat.wechat._jobs.items() if "TotalCount" in told]
    await on_wechat.wechat.finishes(job)
    reports = await on_wechat.service.run(lambda desk: broadcasts.reports(desk, number))
    assert reports == [(1, 2, "send success: 1")]
