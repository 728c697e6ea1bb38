"""Time passes: nudges, escalation with ownership, closing without her word, quiet hours."""

from tests.scenario.talking import accepts, answers, files
from tests.scenario.world import World


async def test_a_ticket_nobody_touches_climbs_the_ladder(county: World) -> None:
    workers = {name: await county.worker(name) for name in ("cadre", "deputy", "supervisor", "staff")}
    villager = await county.villager()
    number = await files(villager, "渠堵了")
    await workers["cadre"].sees("渠堵了")

    await county.later(hours=25)
    await workers["deputy"].sees(f"超时交您 {number}号")
    await workers["cadre"].sees("到时未办，已交李小军")
    await villager.sees("现交李小军")
    await county.later(days=2)
    await workers["supervisor"].sees(f"超时交您 {number}号")
    await county.later(days=3)
    await workers["staff"].sees(f"超时交您 {number}号")
    await accepts(workers["staff"])
    await villager.sees("由钱工作接了")


async def test_the_owner_is_nudged_at_half_time_and_a_day_before(county: World) -> None:
    cadre, villager = await county.worker("cadre"), await county.villager()
    await files(villager, "路灯不亮")
    await cadre.sees("路灯不亮")
    await accepts(cadre)
    await cadre.taps("打过电话")
    await cadre.sees("打过电话")
    await county.later(days=4)
    await cadre.sees("提醒 1号")
    await county.later(days=2, hours=8)
    await cadre.sees_nothing_new()  # a day before is a Sunday
    await county.later(hours=15)
    await cadre.sees("提醒 1号")


async def test_seven_silent_days_close_it_unconfirmed_and_she_may_still_reopen(county: World) -> None:
    cadre, villager = await county.worker("cadre"), await county.villager()
    await files(villager, "垃圾没人收")
    await cadre.sees("垃圾")
    await accepts(cadre)
    await answers(cadre, "收了")
    await villager.sees("解决了吗")
    await county.later(days=7, minutes=6)
    await villager.sees("先收起")
    await villager.taps("没解决")
    await villager.sees("哪里还没好")
    await villager.says("又堆起来了")
    await cadre.sees("没解决，重办")


async def test_nobody_is_woken_at_night_but_what_was_said_comes_in_the_morning(county: World) -> None:
    cadre, villager = await county.worker("cadre"), await county.villager()
    await county.later(hours=12)  # ten in the evening
    await files(villager, "井盖坏了")
    await cadre.sees_nothing_new()
    await county.later(hours=10, minutes=5)
    await cadre.sees("井盖坏了")


async def test_an_emergency_pages_also_at_night(county: World) -> None:
    cadre, staff, villager = (
        await county.worker("cadre"),
        await county.worker("staff"),
        await county.villager(),
    )
    await county.later(hours=14)
    await villager.says("我家着火了")
    await villager.sees("119")
    await villager.sees("不能替您报警")
    await villager.sees("1号报上去了，已告诉")
    await cadre.sees("【紧急】")
    await staff.sees("【紧急】")
    await villager.says("火大了，救命啊")
    await villager.sees("补上了，1号")
    await villager.taps("报错了，撤回")
    await villager.sees("1号撤回了")
