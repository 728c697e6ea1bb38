"""Words that cannot arrive yet: who may call instead sees them, and they come with the person's next message."""

from storage.delivery import overview
from tests.contract.letterbox import until
from tests.scenario.talking import accepts, files
from tests.scenario.world import World


async def test_staff_see_who_has_to_be_called(on_wechat: World) -> None:
    county = on_wechat
    staff, cadre, villager = (
        await county.worker("staff"),
        await county.worker("cadre"),
        await county.villager(),
    )
    await villager.says("00000000888")
    await villager.sees("电话记下了")
    await files(villager, "渠堵了")
    await cadre.sees("渠堵了")
    await accepts(cadre)
    await villager.sees("由张建国接了")
    await cadre.taps("打过电话")
    await cadre.sees("打过电话")
    await county.later(days=2, hours=1)
    await cadre.says("1号")
    await cadre.sees("渠堵了")
    await cadre.taps("留言")
    await cadre.sees("想跟群众说什么")
    await cadre.says("明天有人去看")
    await cadre.sees("对方来说话时才看得到")
    await until(lambda: held_in(county))
    await staff.says("没送到")
    listed = await staff.sees("可打电话告诉")
    assert "00000000888 " in listed.text
    assert "微信要等对方先说话" in listed.text
    assert "渠堵了" not in listed.text
    await villager.says("你好")
    await villager.sees("明天有人去看")
    await staff.says("没送到")
    await staff.sees("话都送到了")


async def held_in(county: World) -> bool:
    counts = await county.service.database.read(overview.counts)
    return any(state == "held" for _, state, _, _ in counts)
