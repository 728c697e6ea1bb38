"""A cadre's month: what there is to do, reminded of a few times, noted with a few taps, and seen by nobody else."""

from bot.county import data_file
from domain.duties.template import parse_templates
from services.duties import templates
from tests.scenario.people import Someone
from tests.scenario.talking import accepts, answers, files
from tests.scenario.world import OGG, World


class Taps:
    """What a person taps, counted."""

    def __init__(self, him: Someone) -> None:
        self.him = him
        self.count = 0

    async def tap(self, label: str) -> None:
        self.count += 1
        await self.him.taps(label)


async def loads_duties(county: World) -> None:
    text = data_file("duties.toml").decode()
    await county.service.run(lambda desk: templates.load(desk, parse_templates(text)))


async def month_begins(county: World, cadre: Someone) -> None:
    await loads_duties(county)
    await county.later(minutes=5)
    await cadre.sees("11月的事")


async def weeks(county: World, count: int) -> None:
    for _ in range(count):
        await county.later(days=7)


async def received(county: World, name: str) -> int:
    """How many reminders of duties and reports somebody has got unasked, or still gets when he next looks in."""
    query = (
        "SELECT count(*) FROM outbox JOIN person ON person.id = outbox.person"
        f" WHERE (about = 'duty' OR text LIKE '%月报替您写好了%') AND name = '{name}'"
        " AND state IN ('sent', 'held', 'queued', 'sending')"
    )
    return await county.service.look(lambda desk: desk.tx.exec_driver_sql(query).scalar_one())


async def test_a_month_in_which_all_was_done(county: World) -> None:
    """Not more than six messages and four taps: counted."""
    cadre, villager = await county.worker("cadre"), await county.villager()
    his = Taps(cadre)
    await files(villager, "家里困难，低保咋办")
    await cadre.sees("低保")
    await accepts(cadre)
    await answers(cadre, "材料交到村上，我来跑")
    await loads_duties(county)
    await county.later(minutes=5)
    told = await cadre.sees("11月的事")
    assert "三个一：参加一次两委会、参加一次学习、帮一户困难群众" in told.text

    await weeks(county, 3)
    await cadre.sees("11月还没记的")
    await his.tap("都办了")
    assert "窦村1号低保也算上了" in (await cadre.sees("都记下了")).text
    await county.later(days=4)
    drafted = await cadre.sees("11月月报替您写好了")
    assert "本月的事办了7件" in drafted.text
    await his.tap("确认")
    await cadre.sees("11月月报确认了")
    await county.later(days=3)
    await cadre.sees("集中学习（到12月6日）")
    await his.tap("办了")
    await cadre.sees("记下了：集中学习")
    assert his.count <= 4
    assert his.count == 3
    assert await received(county, "张建国") == (6 if county.messengers != ("wechat",) else 4)


async def test_one_at_a_time_with_a_line_a_voice_and_a_change_of_mind(county: World) -> None:
    cadre = await county.worker("cadre")
    await month_begins(county, cadre)
    await cadre.says("帮助")
    await cadre.sees("要看什么")
    await cadre.taps("本月的事（4件）")
    await cadre.sees("选一件记")
    await cadre.taps("参加一次两委会")
    await cadre.sees("11月1日到11月30日")
    await cadre.taps("办了")
    await cadre.sees("记下了：参加一次两委会，办了")
    await cadre.taps("记一句")
    await cadre.sees("只有您看得到")
    await cadre.says("议了修渠的事")
    await cadre.sees("写下了")
    await cadre.says("本月")
    await cadre.sees("选一件记")
    await cadre.taps("后面的")
    await cadre.sees("选一件记")
    await cadre.taps("✓参加一次两委会")
    await cadre.sees("您写的：议了修渠的事")
    await cadre.taps("改一句")
    await cadre.sees("想记什么")
    await cadre.sends_voice(OGG)
    await cadre.sees("写下了")
    await cadre.says("本月")
    await cadre.sees("选一件记")
    await cadre.taps("后面的")
    await cadre.sees("选一件记")
    await cadre.taps("✓参加一次两委会")
    assert (await cadre.sees("记的“办了”")).media == 1
    await cadre.taps("撤销")
    await cadre.sees("撤销了")
    await cadre.taps("这次不办")
    await cadre.sees("记下了：参加一次两委会，这次不办")


async def test_done_before_the_reminder_is_not_reminded_of(county: World) -> None:
    cadre = await county.worker("cadre")
    await month_begins(county, cadre)
    await cadre.taps("都办了")
    await cadre.sees("都记下了，4件")
    await cadre.taps("撤销")
    await cadre.sees("撤销了，4件")
    await cadre.taps("看一看")
    await cadre.sees("选一件记")
    await cadre.taps("都办了")
    await cadre.sees("都记下了，4件")
    await county.later(days=2)
    await cadre.sees_nothing_new()


async def test_a_ticket_that_is_not_it_is_not_offered_again(county: World) -> None:
    cadre, villager = await county.worker("cadre"), await county.villager()
    await files(villager, "家里困难，低保咋办")
    await cadre.sees("低保")
    await accepts(cadre)
    await answers(cadre, "材料交到村上，我来跑")
    await month_begins(county, cadre)
    await cadre.says("本月")
    await cadre.sees("窦村1号低保，算上吗")
    await cadre.taps("不算")
    await cadre.sees("好，1号不算，不再问了")
    await cadre.says("本月")
    told = await cadre.sees("11月的事，选一件记")
    assert "1号" not in told.text
    await cadre.taps("都办了")
    assert "1号" not in (await cadre.sees("都记下了")).text


async def test_while_he_is_on_leave_his_deputy_is_told_and_notes_for_him(county: World) -> None:
    cadre, deputy = await county.worker("cadre"), await county.worker("deputy")
    await cadre.says("请假")
    await cadre.sees("几天")
    await cadre.says("3")
    await cadre.sees("11月5日起再派给您")
    await loads_duties(county)
    await county.later(minutes=5)
    told = await deputy.sees("张建国请假，请您代他：参加一次两委会")
    assert "11月的事" in told.text
    assert await received(county, "张建国") == 0
    await deputy.taps("代张建国记")
    await deputy.sees("代张建国记，选一件")
    await deputy.taps("都办了")
    await deputy.sees("替张建国都记下了，4件，办了")
    await deputy.taps("撤销")
    await deputy.sees("撤销了，张建国的4件都还没记")
    await deputy.taps("看一看")
    await deputy.sees("代张建国记，选一件")
    await deputy.taps("参加一次学习")
    await deputy.sees("张建国的参加一次学习")
    await deputy.taps("办了")
    await deputy.sees("替张建国记下了：参加一次学习，办了")
    await deputy.taps("撤销")
    await deputy.sees("撤销了，张建国的参加一次学习还没记")
    await deputy.taps("这次不办")
    await deputy.sees("替张建国记下了：参加一次学习，这次不办")
    await deputy.says("本月")
    await deputy.sees("选一件记")
    await deputy.taps("代张建国记（")
    await deputy.sees("选一件")
    await deputy.taps("参加一次两委会")
    await deputy.sees("张建国的参加一次两委会")
    await deputy.taps("以后再说")
    await deputy.sees("张建国的参加一次两委会先不记，11月23日再提醒")

    await cadre.says("菜单")
    await cadre.sees("要看什么")
    await cadre.taps("我回来了")
    await cadre.sees("又派给您了")
    await deputy.taps("看他别的")
    await deputy.sees("现在不用您代记了")
    await cadre.says("本月")
    await cadre.sees("选一件记")
    await cadre.taps("后面的")
    await cadre.sees("选一件记")
    await cadre.taps("✓参加一次学习")
    await cadre.sees("11月2日李小军代您记的“这次不办”")
    await weeks(county, 3)
    assert "参加一次学习" not in (await cadre.sees("11月还没记的")).text
