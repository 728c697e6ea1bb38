"""A talk with a leader: times are opened, one is booked, moved, held, and found good; and the calendar of it."""

from datetime import datetime

from domain.delivery import CHINA
from domain.directory import RoleName
from services.desk import Desk
from storage.directory import cards, people
from tests.scenario.people import Someone
from tests.scenario.world import COUNTY, World

DAY = "11月4日周三"
"""Two days after the Monday on which the stories begin."""


async def opens_two(staff: Someone, leader: str = "赵督办") -> None:
    """He, the township's supervisor if nobody else is named, has two times in the afternoon of the day after tomorrow."""
    await staff.says("约谈")
    await staff.sees("要做什么")
    await staff.says("2")
    who = await staff.sees("放谁的约谈时间")
    await staff.says("1" if f"1 {leader}" in who.text or not who.buttons else _place_of(who.buttons, leader))
    await staff.sees("他是哪一级")
    await staff.taps("副部长")
    await staff.sees("哪天")
    await staff.taps(DAY)
    await staff.sees("几点到几点")
    await staff.says("下午3点到4点")
    await staff.sees("在哪儿谈")
    await staff.says("县委305")
    read_back = await staff.sees("对吗")
    assert f"副部长{leader} {DAY}15点到16点，县委305。" in read_back.text
    await staff.says("1")
    await staff.sees("放了2个时间")


def _place_of(buttons: list[tuple[str, str]], label: str) -> str:
    return str(next(place for place, (shown, _) in enumerate(buttons, 1) if label in shown))


async def books(villager: Someone, topic: str = "1") -> None:
    await villager.says("我要约谈")
    await villager.sees("约哪个时间")
    await villager.says("1")
    await villager.sees("想谈什么")
    await villager.says(topic)
    await villager.sees("报上了")


async def test_from_the_open_times_to_how_it_was(county: World) -> None:
    staff, leader = await county.worker("staff"), await county.worker("supervisor")
    await opens_two(staff)
    villager = await county.villager()
    await villager.says("我要约谈")
    assert f"{DAY}15点 副部长赵督办" in str(await villager.sees("约哪个时间"))
    await villager.says("1")
    await villager.sees("想谈什么")
    await villager.says("我家的庄基")
    await villager.sees(f"约谈1号：{DAY}15点 副部长赵督办。定没定，11月3日18点前答复您")
    card = await leader.sees("新 约谈1号")
    assert "想谈：我家的庄基" in card.text
    assert "县委305" in card.text
    await leader.taps("改时间")
    await leader.sees("改到什么时候")
    await leader.says("1")
    await leader.sees("为什么改")
    await leader.says("1")
    moved = await leader.sees("约谈1号改了")
    told = await villager.sees("15点30分 副部长赵督办，在县委305")
    assert "原因：临时有会" in told.text
    assert moved.media == (0 if "wechat" in county.messengers else 1)
    assert "发不了" not in moved.text
    await county.later(days=1)
    await villager.sees(f"提醒：{DAY}15点30分 副部长赵督办，在县委305")
    await leader.sees(f"提醒：{DAY}15点30分 副部长赵督办，在县委305")
    await county.later(hours=1)
    await leader.sees_nothing_new()
    county.time.now = datetime(2026, 11, 4, 16, 1, tzinfo=CHINA)
    await county.later(minutes=1)
    await villager.sees("约谈1号谈得怎么样")
    await villager.says("1")
    await villager.sees("记下了，谢谢您")


def has_a_leader(desk: Desk) -> None:
    """A leader of the county and nothing else, invented, whose number cannot be dialled."""
    person = people.add(desk.tx, desk.now, name="冯部长", phone="00000000107")
    people.add_role(desk.tx, person, RoleName.LEADER, COUNTY, desk.now)
    cards.add_invitation(desk.tx, "LEADER22", person, desk.now.replace(year=2027))


async def test_one_who_is_a_leader_and_nothing_else_has_times_and_finds_who_comes(county: World) -> None:
    await county.service.run(has_a_leader)
    leader = county.someone("leader")
    await leader.opens()
    await leader.says("LEADER22")
    await leader.sees("账号接好了")
    await opens_two(await county.worker("staff"), "冯部长")
    cadre = await county.worker("cadre")
    await books(cadre)
    await leader.sees("新 约谈1号")
    await leader.taps("就这么定")
    await leader.sees("约谈1号定了")
    await cadre.sees("副部长冯部长")
    await leader.says("菜单")
    offered = [label for label, _ in (await leader.sees("要看什么")).buttons]
    assert not any(word in label for label in offered for word in ("请假", "月报"))
    await leader.taps("约谈")
    await leader.sees("要做什么")
    await leader.taps("看约谈安排")
    await leader.sees("约谈安排")


async def test_who_is_too_late_sees_what_else_there_is(county: World) -> None:
    staff, leader = await county.worker("staff"), await county.worker("supervisor")
    await opens_two(staff)
    villager, neighbour = await county.villager(), await county.villager("neighbour")
    for her in (villager, neighbour):
        await her.says("约谈")
        await her.sees("约哪个时间")
        await her.says("1")
        await her.sees("想谈什么")
    await villager.says("1")
    await villager.sees("报上了")
    await neighbour.says("娃上学的事")
    await neighbour.sees("刚被别人约走了。还有这些。")
    await neighbour.sees("约哪个时间")
    await neighbour.says("1")
    await neighbour.sees("约谈2号：11月4日周三15点30分")
    assert "娃上学的事" in (await leader.sees("新 约谈2号")).text
    await staff.says("约谈安排")
    await staff.sees("约谈安排")
    await staff.says("2")
    card = await staff.sees("等答复 约谈2号")
    assert "娃" not in card.text
    await staff.says("4")
    await staff.sees("取消约谈2号，为什么")
    await staff.says("外出学习")
    await staff.sees("取消了，已告诉对方")
    await leader.sees("约谈2号取消了")
    await neighbour.sees("原因：外出学习")
    await neighbour.says("1")
    await neighbour.sees("现在没有能约的时间")


async def test_a_cadre_has_a_talk_too_and_changes_his_mind(county: World) -> None:
    staff, leader = await county.worker("staff"), await county.worker("supervisor")
    await opens_two(staff)
    cadre = await county.worker("cadre")
    await books(cadre)
    await leader.sees("窦村 网格员 张建国")
    await leader.taps("就这么定")
    await leader.sees("约谈1号定了")
    await cadre.sees("定了")
    await cadre.says("约谈")
    await cadre.sees("约谈1号 约好了")
    await cadre.says("1")
    await cadre.sees("约哪个时间")
    await cadre.says("1")
    await cadre.sees("为什么改")
    await cadre.says("1")
    await cadre.sees("15点30分")
    await leader.sees("原因：那天来不了")
    await cadre.says("我的事")
    await cadre.sees("您报的事")
    await cadre.says("1")
    await cadre.sees("约谈1号 等答复")
    await cadre.says("2")
    await cadre.sees("取消约谈1号，为什么")
    await cadre.says("3")
    await cadre.sees("取消了，已告诉对方")
    await leader.sees("对方取消了")


async def test_one_who_was_never_here_is_asked_to_agree_first(county: World) -> None:
    await opens_two(await county.worker("staff"))
    newcomer = county.someone("newcomer")
    await newcomer.opens()
    await newcomer.sees("不要身份证号")
    await newcomer.says("取消")
    await newcomer.says("约谈")
    await newcomer.sees("不要身份证号")
    await newcomer.says("1")
    await newcomer.sees("您在哪个镇")
    await newcomer.says("窦村")
    await newcomer.sees("窦村的乡亲")
    await newcomer.sees("约哪个时间")


async def test_where_there_is_no_time_she_is_told(county: World) -> None:
    villager = await county.villager()
    await villager.says("约谈")
    await villager.sees("现在没有能约的时间")
