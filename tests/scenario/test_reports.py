"""A cadre's month writes itself; he corrects a line and confirms it; the township's goes to its leaders as a picture."""

import pytest

from domain.directory import RoleName
from services.desk import Desk
from storage.directory import cards, people
from tests.scenario.talking import accepts, answers, files
from tests.scenario.test_survey_results import comes
from tests.scenario.world import TOWNSHIP, World

COLLEAGUE, LEADER = "PEERS222", "LEADER22"


def has_a_colleague(desk: Desk) -> None:
    """A second supervisor of the township and a leader of it, invented, whose numbers cannot be dialled."""
    for name, phone, role, code in (
        ("孙督办", "00000000106", RoleName.SUPERVISOR, COLLEAGUE),
        ("冯书记", "00000000107", RoleName.LEADER, LEADER),
    ):
        person = people.add(desk.tx, desk.now, name=name, phone=phone)
        people.add_role(desk.tx, person, role, TOWNSHIP, desk.now)
        cards.add_invitation(desk.tx, code, person, desk.now.replace(year=2027))


@pytest.mark.told_on_two
async def test_a_month_from_its_draft_to_the_picture_for_the_leaders(county: World) -> None:
    await county.service.run(has_a_colleague)
    cadre, supervisor = await county.worker("cadre"), await county.worker("supervisor")
    colleague, leader = county.someone("colleague"), county.someone("leader")
    for him, code in ((colleague, COLLEAGUE), (leader, LEADER)):
        await him.opens()
        await him.says(code)
        await him.sees("账号接好了")
    villager = await county.villager()
    await files(villager, "渠堵了")
    await cadre.sees("渠堵了")
    await accepts(cadre)
    await answers(cadre, "挖机来挖通了")
    await villager.sees("解决了吗")
    await villager.taps("解决了")
    await villager.sees("办结")
    await county.later(days=25)  # the 27th, a Friday: the 28th is a Saturday
    drafted = await cadre.sees("11月月报替您写好了，只有您看得到")
    assert "签收1，答复1，群众确认解决1" in drafted.text.replace("联系群众1，", "")
    await cadre.taps("看看、改改")
    await cadre.sees("等您确认")
    await cadre.taps("改一行")
    await cadre.sees("改哪一行")
    await cadre.taps("渠堵了")
    await cadre.sees("挖机来挖通了")
    await cadre.taps("补下月打算")
    await cadre.sees("下个月打算怎么办")
    await cadre.says("冬灌前再清一次")
    await cadre.sees("补上了")
    await cadre.taps("改好了")
    await cadre.sees("改过1行")
    await cadre.taps("确认")
    await cadre.sees("11月月报确认了")

    await supervisor.says("月报")
    await supervisor.sees("城关街道2026年10月月报")
    await county.later(days=4)  # the first working day of December
    await supervisor.sees("城关街道11月月报写好了：群众报事1，答复1，群众确认解决1，超时没答复0")
    await colleague.sees("城关街道11月月报写好了")
    await supervisor.taps("确认")
    await supervisor.sees("11月月报确认了")
    for him in (colleague, leader):
        picture = await comes(county, him, "城关街道2026年11月月报，赵督办确认了")
        assert picture.media == 1


async def test_a_township_report_has_no_name_in_it(county: World) -> None:
    cadre, supervisor = await county.worker("cadre"), await county.worker("supervisor")
    await cadre.says("本月报告")
    await cadre.sees("张建国2026年11月月报（到今天）")
    await supervisor.says("月报 城关")
    await supervisor.sees("城关街道2026年10月月报")
    assert "张建国" not in "".join(await supervisor.texts())
