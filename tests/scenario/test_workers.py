"""Those who work on tickets: taking, passing on, sending back, putting off, leaving."""

import pytest

from services.tickets.handover import give_grid
from tests.scenario.talking import accepts, answers, files
from tests.scenario.world import VILLAGE, World


async def test_the_second_of_two_cadres_is_told_who_was_first(county: World) -> None:
    cadre, deputy, villager = (
        await county.worker("cadre"),
        await county.worker("deputy"),
        await county.villager(),
    )
    number = await files(villager, "渠堵了")
    await cadre.sees("渠堵了")
    await deputy.says(f"{number}号")
    await deputy.sees("渠堵了")
    await accepts(deputy)
    await cadre.taps("签收")
    await cadre.sees(f"{number}号已由李小军接手，您不用再办。")


async def test_a_ticket_is_passed_on_with_a_reason(county: World) -> None:
    cadre, deputy, villager = (
        await county.worker("cadre"),
        await county.worker("deputy"),
        await county.villager(),
    )
    number = await files(villager, "路灯不亮")
    await cadre.sees("路灯不亮")
    await cadre.taps("转办")
    await cadre.sees("转给谁")
    await cadre.taps("李小军")
    await cadre.sees("为什么转")
    await cadre.says("这片归他")
    await cadre.sees("转出去了")
    await deputy.sees("张建国转来")
    await villager.sees("转给李小军")
    await villager.says(f"{number}号")
    await villager.sees("已转办")
    await villager.taps("看经过")
    assert "这片归他" not in (await villager.sees("转办")).text


@pytest.mark.told_on_two
async def test_it_is_returned_twice_at_most(county: World) -> None:
    people = [await county.worker(name) for name in ("cadre", "deputy", "supervisor")]
    villager = await county.villager()
    await files(villager, "井水发黄")
    for one in people[:2]:
        await one.sees("井水发黄")
        await one.taps("退回")
        await one.sees("为什么退回")
        await one.says("不归我管")
        await one.sees("退回了")
    await people[2].sees("李小军退回")
    await people[2].says("退回")  # which no button offers any more
    await people[2].sees("已退回2次，不能再退")


@pytest.mark.told_on_two
async def test_an_extension_shows_its_reason_to_the_villager_and_comes_once(county: World) -> None:
    cadre, villager = await county.worker("cadre"), await county.villager()
    await files(villager, "机井坏了")
    await cadre.sees("机井坏了")
    await accepts(cadre)
    await cadre.taps("延期")
    await cadre.sees("为什么要延期")
    await cadre.says("配件还在路上")
    await cadre.sees("延好了")
    assert "配件还在路上" in (await villager.sees("要晚些")).text
    await cadre.says("延期")
    await cadre.sees("不能再延")


@pytest.mark.told_on_two
async def test_what_cannot_be_dealt_with_says_where_to_go(county: World) -> None:
    cadre, villager = await county.worker("cadre"), await county.villager()
    await files(villager, "法院判的钱没给")
    await cadre.sees("法院")
    await cadre.taps("不受理")
    await cadre.sees("该去哪儿办")
    await cadre.says("请到法院执行局")
    await villager.sees("请到法院执行局")


async def test_a_cadre_answers_in_free_words(county: World) -> None:
    cadre, villager = await county.worker("cadre"), await county.villager()
    await files(villager, "垃圾没人收")
    await cadre.sees("垃圾")
    await accepts(cadre)
    await cadre.says("已经清走了")
    await cadre.sees("这话是要1号")
    await cadre.says("1")
    await cadre.sees("答复送到了")
    await villager.sees("已经清走了")


@pytest.mark.told_on_two
async def test_an_accusation_reaches_the_county_and_nobody_below(county: World) -> None:
    cadre, staff, villager = (
        await county.worker("cadre"),
        await county.worker("staff"),
        await county.villager(),
    )
    number = await files(villager, "村干部优亲厚友，低保给了他亲戚")
    await staff.sees("干部作风村务")
    await cadre.sees_nothing_new()
    await cadre.says(f"{number}号")
    await cadre.sees(f"没有{number}号工单")
    await accepts(staff)
    await answers(staff, "已转有关部门调查")
    await villager.sees("已转有关部门调查")


@pytest.mark.told_on_two
async def test_while_he_is_on_leave_the_deputy_gets_what_is_new(county: World) -> None:
    deputy, villager = await county.worker("deputy"), await county.villager()
    cadre = await county.worker("cadre")
    await cadre.says("请假")
    await cadre.sees("请几天")
    await cadre.says("2")
    await cadre.sees("11月4日起再派给您")
    await files(villager, "停水了")
    await deputy.sees("停水了")
    await county.later(minutes=1)
    await cadre.says("销假")
    await cadre.sees("又派给您了")
    await cadre.says("销假")
    await cadre.sees("没有请假")
    await files(villager, "路灯不亮")
    await cadre.sees("路灯不亮")


@pytest.mark.told_on_two
async def test_a_supervisor_sees_what_is_overdue_in_his_township(county: World) -> None:
    supervisor, villager = await county.worker("supervisor"), await county.villager()
    await files(villager, "机井坏了")
    await supervisor.says("超时")
    await supervisor.sees("没有超时的工单")
    await county.later(days=9)
    await supervisor.says("超时")
    late = await supervisor.sees("超过答复时限")
    assert "机井坏了" in late.buttons[0][0]


@pytest.mark.told_on_two
async def test_praise_reaches_the_cadre_and_leaves_nothing_to_do(county: World) -> None:
    cadre, villager = await county.worker("cadre"), await county.villager()
    await villager.says("表扬一下张建国，帮我把药送到家")
    await villager.sees("对吗")
    await villager.says("1")
    await villager.sees("您的话会带给张建国")
    await cadre.sees("表扬 1号")
    await county.later(days=20)
    await cadre.sees_nothing_new()


@pytest.mark.told_on_two
async def test_a_handover_moves_the_open_tickets_and_the_card_leads_to_the_new_cadre(county: World) -> None:
    cadre, successor = await county.worker("cadre"), await county.worker("successor")
    villager = await county.villager()
    number = await files(villager, "渠堵了")
    await cadre.sees("渠堵了")
    heir, moved = await county.service.run(lambda desk: give_grid(desk, VILLAGE, "00000000103"))
    assert (heir.name, moved) == ("周新民", 1)
    await successor.sees(f"接手 {number}号")
    newcomer = county.someone("newcomer")
    await newcomer.opens(await county.card())
    await newcomer.says("1")
    await newcomer.sees("您的网格员是周新民")


@pytest.mark.told_on_two
async def test_an_accusation_in_an_emergency_or_with_thanks_does_not_reach_the_accused(county: World) -> None:
    cadre, staff, villager = (
        await county.worker("cadre"),
        await county.worker("staff"),
        await county.villager(),
    )
    await villager.says("村支书带人打我，救命")
    await villager.sees("110")
    await staff.sees("【紧急】")
    await villager.sees("只有县上看得到")
    await files(villager, "村主任收我红包，请县上查一查，谢谢")
    await staff.sees("干部作风村务")
    await villager.says("村干部还优亲厚友")
    assert len((await villager.sees("对吗")).buttons) == 2
    await cadre.sees_nothing_new()


@pytest.mark.told_on_two
async def test_what_is_reopened_goes_to_whoever_is_there_now(county: World) -> None:
    cadre, successor = await county.worker("cadre"), await county.worker("successor")
    villager = await county.villager()
    await files(villager, "垃圾没人收")
    await cadre.sees("垃圾没人收")
    await accepts(cadre)
    await answers(cadre, "收了")
    await villager.sees("解决了吗")
    await villager.says("1")
    await villager.sees("办得怎么样")
    await county.service.run(lambda desk: give_grid(desk, VILLAGE, "00000000103"))
    await villager.says("1号")
    await villager.sees("办结")
    await villager.taps("没解决")
    await villager.sees("哪里还没好")
    await villager.says("又堆起来了")
    await successor.sees("没解决，重办")
    await cadre.sees("群众确认解决")
    await cadre.sees_nothing_new()


@pytest.mark.told_on_two
async def test_a_cadre_who_is_not_understood_is_told_so_and_how_to_report_for_somebody(county: World) -> None:
    cadre = await county.worker("cadre")
    await cadre.says("东头的渠堵了")
    await cadre.sees("没听明白。替人报事，回“代办”。张建国，您好")
    await cadre.says("代办")
    await cadre.sees("帮谁办")
