"""A problem from the list to its tick-off: told monthly, proposed, looked at by another, reopened with a reason."""

import pytest

from tests.scenario.people import Someone
from tests.scenario.test_duties import loads_duties
from tests.scenario.world import JPEG, World


async def enters(staff: Someone) -> None:
    """All but the words is a digit."""
    await staff.says("整改")
    await staff.sees("没有要您管的整改")
    await staff.taps("加一件")
    await staff.sees("问题在哪个镇")
    await staff.says("窦村")
    await staff.sees("是什么问题")
    await staff.says("三个月没开党员大会")
    await staff.sees("怎么整改")
    await staff.says("每月15日开一次")
    await staff.sees("谁负责改")
    await staff.taps("张建国")
    await staff.sees("责任领导是谁")
    await staff.taps("赵督办")
    await staff.sees("什么时候改好")
    await staff.taps("一个月内")
    await staff.sees("张建国改，赵督办包联，2026年12月2日前。对吗")
    await staff.taps("记上清单")
    await staff.sees("1号记上清单了")


async def test_from_the_list_to_the_tick_off(county: World) -> None:
    owner, leader, staff = [await county.worker(name) for name in ("cadre", "supervisor", "staff")]
    await enters(staff)
    await leader.sees("1号整改由您包联：三个月没开党员大会")
    await owner.sees("1号整改派给您：三个月没开党员大会，请12月2日前改好")
    await owner.taps("看这件")
    assert "本月还没说进展" in (await owner.sees("三个月没开党员大会")).text

    await owner.taps("说本月进展")
    await owner.sees("这个月有什么进展")
    await owner.sends_photo(JPEG)
    await owner.sees("收到了。再说一句")
    await owner.says("开了一次会，来了21人")
    await owner.sees("有什么困难")
    await owner.says("1")
    await owner.sees("下个月打算怎么办")
    await owner.says("1")
    await owner.sees("本月进展记下了")

    await owner.taps("报销号")
    await owner.sees("改成什么样了")
    await owner.says("1")
    await owner.sees("等县上复核")
    await leader.says("1号")
    assert len((await leader.sees("等复核")).buttons) == 1  # the story, and no tick-off

    await staff.sees("张建国报销号：照措施都改好了")
    await staff.taps("还没改好")
    await staff.sees("哪里还要改")
    await staff.says("会议记录没有")
    await staff.sees("退回去重新整改了")
    await owner.sees("1号还要改：会议记录没有")
    await owner.taps("看这件")
    await owner.sees("重新整改")
    await owner.taps("报销号")
    await owner.sees("改成什么样了")
    await owner.sends_photo(JPEG)
    await owner.sees("收到了。再说一句")
    await owner.says("记录补齐了")
    await owner.sees("等县上复核")
    assert (await staff.sees("记录补齐了")).media == 1
    await staff.taps("确认销号")
    await staff.sees("1号销号了")
    await owner.sees("钱工作复核过了，已销号")
    await leader.sees("已销号")
    await leader.taps("看这件")
    await leader.sees("已销号")
    await leader.taps("看经过")
    await leader.sees("1号经过")
    await leader.sees("钱工作重新整改：会议记录没有")
    await leader.sees("钱工作确认销号")
    assert not any("开了一次会，来了21人；下月" in text for text in await leader.texts())


async def test_it_is_no_ticket_of_the_grid_and_no_clock_touches_it(county: World) -> None:
    owner, deputy, staff = [await county.worker(name) for name in ("cadre", "deputy", "staff")]
    await enters(staff)
    await owner.sees("派给您")
    for word, told in (("工单", "没有待办的工单"), ("我的事", "您还没有报过事")):
        await owner.says(word)
        await owner.sees(told)
    await staff.says("我的事")
    await staff.sees("您还没有报过事")
    await deputy.says("1号")
    await deputy.sees("没有1号")
    await owner.says("1号")
    await owner.sees("整改中")
    await owner.taps("报销号")
    await owner.sees("改成什么样了")
    await owner.says("1")
    await owner.sees("等县上复核")
    await staff.sees("报销号")
    await county.later(days=40)
    for one in (owner, deputy, staff):
        await one.sees_nothing_new()
    await staff.says("超时")
    await staff.sees("没有超时的工单")
    await staff.says("整改清单")
    await staff.sees("没销号的整改1件")
    await staff.says("1")
    await staff.sees("等复核")


async def test_a_month_without_anything_to_say_takes_one_digit(county: World) -> None:
    owner, staff = await county.worker("cadre"), await county.worker("staff")
    await enters(staff)
    await owner.sees("派给您")
    await owner.says("1号")
    await owner.sees("整改中")
    await owner.taps("说本月进展")
    await owner.sees("这个月有什么进展")
    await owner.says("5")
    await owner.sees("没有这个数字")
    await owner.says("2")
    await owner.sees("本月进展记下了")
    await owner.says("1号")
    await owner.sees("本月：没有新进展")


async def test_what_was_put_on_the_list_by_mistake_is_taken_off_with_a_second_yes(county: World) -> None:
    owner, staff = await county.worker("cadre"), await county.worker("staff")
    await enters(staff)
    await staff.taps("撤销")
    await staff.sees("撤了不能恢复")
    await staff.says("2")
    await staff.sees("1号撤下来了")
    await owner.sees("1号撤销了，不用整改")


async def test_the_limit_comes_near_and_passes(county: World) -> None:
    owner, staff = await county.worker("cadre"), await county.worker("staff")
    await enters(staff)
    await owner.sees("派给您")
    await county.later(days=23)
    await owner.sees("1号整改12月2日到时限，还有7天：三个月没开党员大会")
    await owner.taps("说本月进展")
    await owner.sees("这个月有什么进展")
    await owner.says("2")
    await owner.sees("本月进展记下了")
    await county.later(days=1)
    await owner.sees_nothing_new()
    await county.later(days=7)
    await owner.sees("1号整改12月2日的时限过了")
    await owner.taps("报销号")
    await owner.sees("改成什么样了")
    await owner.says("1")
    await owner.sees("等县上复核")
    await county.later(days=1)
    await owner.sees_nothing_new()


@pytest.mark.told_on_two
async def test_one_tap_for_the_whole_month_does_not_say_what_he_has_not_said(county: World) -> None:
    owner, staff = await county.worker("cadre"), await county.worker("staff")
    await enters(staff)
    await owner.sees("派给您")
    await loads_duties(county)
    await county.later(minutes=5)
    await owner.sees("11月的事")
    await owner.taps("都办了")
    await owner.sees("整改进展还要您说几句")
    await owner.says("本月")
    await owner.sees("选一件记")
    await owner.taps("说整改进展")
    await owner.sees("11月1日到11月30日")
    await owner.taps("办了")
    await owner.sees("1号“三个月没开党员大会”：这个月有什么进展")
    await owner.says("2")
    told = await owner.sees("本月进展记下了")
    assert "说本月进展" not in str(told.buttons)
    await owner.says("本月")
    left = [label.lstrip("0123456789 ") for label, _ in (await owner.sees("选一件记")).buttons]
    assert "说整改进展" not in left
