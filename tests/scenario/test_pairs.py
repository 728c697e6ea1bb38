"""Two who are paired speak through the house, by words, photo and voice, without seeing each other's accounts."""

from services.desk import Desk
from services.pairs.handover import hand_over
from services.pairs.incoming import import_pairs
from services.roster import Report, import_roster, read_table
from tests.scenario.people import Someone
from tests.scenario.world import COUNTY, JPEG, OGG, VILLAGE, World

ROSTER = f"""姓名,电话,角色,负责区域,邀请码
周农艺,00000000120,专家,{COUNTY},PAJRA222
孙园艺,00000000123,专家,{COUNTY},PAJRC222
郑果农,00000000121,群众,{VILLAGE},PAJRB222
"""
"""Invented people with numbers that cannot be dialled."""


def imported(desk: Desk, pairs: str) -> Report:
    assert import_roster(desk, read_table(ROSTER.encode())).written
    report = import_pairs(desk, read_table(pairs.encode()))
    assert report.written, report.problems
    return report


async def comes(county: World, name: str, code: str) -> Someone:
    him = county.someone(name)
    await him.opens()
    await him.sees("不要身份证号")
    await him.says(code)
    await him.sees("账号接好了")
    return him


async def paired(county: World) -> tuple[Someone, Someone]:
    """An expert and a grower, both known by their invitations; she has agreed, as all villagers do."""
    pairs = "结对,联系人,联系人电话,对象,对象电话,季节\n种植户,周农艺,00000000120,郑果农,00000000121,3-11月\n"
    await county.service.run(lambda desk: imported(desk, pairs))
    expert, grower = await comes(county, "expert", "PAJRA222"), await comes(county, "grower", "PAJRB222")
    await grower.says("你好")
    await grower.sees("不要身份证号")
    await grower.says("1")
    await grower.sees("您在哪个镇")
    await grower.says("窦村")
    await grower.sees("窦村的乡亲")
    return expert, grower


async def test_a_grower_asks_her_expert_with_a_photo_and_he_answers_by_voice(county: World) -> None:
    expert, grower = await paired(county)
    await grower.says("帮助")
    await grower.sees("有事直接说")
    await grower.taps("问专家")
    await grower.sees("想跟周农艺说什么")
    await grower.sends_photo(JPEG)
    await grower.sees("话带到了")
    asked = await expert.sees("窦村郑果农问：")
    assert asked.media == 1
    await grower.says("这是啥虫")  # the words to the picture come behind it
    await grower.sees("这话是说给周农艺的，对吗")
    await grower.says("1")
    await grower.sees("话带到了")
    await expert.sees("窦村郑果农问：这是啥虫")
    await expert.taps("回话")
    await expert.sees("想跟郑果农说什么")
    await expert.sends_voice(OGG)
    await expert.sees("话带到了")
    assert (await grower.sees("周农艺（专家）说：")).media == 1

    await grower.says("叶子背面也有")
    await grower.sees("这话是说给周农艺的，对吗")
    await grower.says("1")
    await grower.sees("话带到了")
    await expert.sees("窦村郑果农问：叶子背面也有")
    await expert.says("明天上午我来看")
    await expert.sees("这话是说给郑果农的，对吗")
    await expert.says("1")
    await expert.sees("话带到了")
    await grower.sees("明天上午我来看")
    await grower.says("机井坏了")
    await grower.sees("这话是说给周农艺的")
    await grower.says("2")
    await grower.sees("您说：机井坏了")


async def test_a_note_is_for_the_two_and_their_office_and_a_successor_reads_on(county: World) -> None:
    expert, grower = await paired(county)
    supervisor, staff = await county.worker("supervisor"), await county.worker("staff")
    await expert.says("我的结对")
    await expert.sees("您的种植户：郑果农 窦村 00000000121\n3–11月")
    await expert.taps("记一笔")
    await expert.sees("只有你们两人和主管单位看得到")
    await expert.says("红蜘蛛，教了看虫卵")
    await expert.sees("记下了")

    heir = await comes(county, "heir", "PAJRC222")
    await county.service.run(lambda desk: hand_over(desk, "00000000120", "00000000123"))
    await grower.sees("您的专家现在是孙园艺，电话00000000123")
    await heir.sees("1对结对由您接手")
    await heir.taps("我的结对")
    await heir.sees("郑果农")
    await heir.taps("看记录")
    await heir.sees("周农艺：红蜘蛛，教了看虫卵")
    await expert.sees("1对结对交给孙园艺了")
    await expert.says("我的结对")
    await expert.sees("您没有结对")

    await supervisor.says("结对台账")
    await supervisor.sees("没有您单位管的结对")
    await staff.says("结对台账")
    await staff.sees("您单位管的结对1对")
    await staff.says("1")
    await staff.sees("孙园艺 专家\n郑果农 种植户")
    await staff.taps("看记录")
    await staff.sees("红蜘蛛")
