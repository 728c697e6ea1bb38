"""In the morning a supervisor is told what he has to decide, and decides it with a tap each."""

from tests.scenario.talking import accepts, files
from tests.scenario.world import World


async def test_two_items_decided_by_one_tap_each(county: World) -> None:
    cadre, deputy, supervisor = [await county.worker(name) for name in ("cadre", "deputy", "supervisor")]
    villager = await county.villager()
    first = await files(villager, "渠堵了")
    await cadre.sees("渠堵了")
    await county.later(hours=25)
    await deputy.sees(f"超时交您 {first}号")
    await county.later(hours=50)  # Thursday, after the morning
    await supervisor.sees(f"超时交您 {first}号")
    await cadre.says("工单")
    await cadre.sees("没有待办")
    second = await files(villager, "路灯不亮")
    await cadre.sees("路灯不亮")
    await accepts(cadre)
    await cadre.says("请假")
    await cadre.sees("请几天")
    await cadre.says("3")
    await cadre.sees("起再派给您")

    await county.later(hours=20)  # nine on Friday
    told = await supervisor.sees("件要您定")
    assert [label.removeprefix(f"{n} ") for n, (label, _) in enumerate(told.buttons, 1)] == [
        f"{first}号渠堵了 等您接→我来办",
        f"{second}号路灯不亮 负责人不在→交李小军",
    ]
    await supervisor.taps("交李小军")
    await supervisor.sees(f"{second}号交给李小军了")
    await deputy.sees("路灯不亮")
    await villager.sees(f"{second}号转给李小军")
    left = await supervisor.sees("还有1件要您定")
    assert len(left.buttons) == 1
    await supervisor.says("1")
    await supervisor.sees(f"{first}号您接了")
    await villager.sees(f"{first}号由赵督办接了")
    await county.later(hours=1)
    await supervisor.sees_nothing_new()
