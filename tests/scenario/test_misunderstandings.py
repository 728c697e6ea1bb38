"""Stale buttons, numbers that could mean two things, words that are not understood."""

from tests.scenario.talking import accepts, files
from tests.scenario.world import JPEG, World


async def test_a_stale_button_never_answers_another_question(county_with_buttons: World) -> None:
    villager = await county_with_buttons.villager()
    await villager.says("渠堵了")
    await villager.sees("渠堵了")
    old_yes = await villager.old_button("对")
    await villager.says("2")
    await villager.sees("是什么事")
    await villager.says("桥断了")
    await villager.sees("桥断了")
    await villager.taps_old(old_yes)
    await villager.sees("那是前面的按钮")
    await villager.says("取消")
    await villager.sees("不办了")
    await villager.taps_old(old_yes)
    await villager.sees("已经答过")


async def test_a_number_that_could_mean_two_tickets_is_asked_back(county: World) -> None:
    cadre, villager = await county.worker("cadre"), await county.villager()
    await files(villager, "渠堵了")
    await files(villager, "路灯不亮")
    await cadre.sees("渠堵了")
    await cadre.sees("路灯不亮")
    await cadre.says("1")
    await cadre.sees("您指哪一件")
    await cadre.taps("2号")
    await cadre.sees("路灯不亮")
    await accepts(cadre)


async def test_a_number_is_not_taken_for_an_older_question(county: World) -> None:
    cadre, villager = await county.worker("cadre"), await county.villager()
    await files(villager, "渠堵了")
    await cadre.sees("渠堵了")
    await villager.says("路灯不亮")
    await villager.sees("对吗")
    await accepts(cadre)
    await villager.sees("由张建国接了")
    await cadre.taps("留言")
    await cadre.sees("想跟群众说什么")
    await cadre.says("在家吗")
    await villager.sees("在家吗")
    await villager.says("1")
    await villager.sees("先答这个")
    await villager.says("1")
    await villager.sees("记下了，2号")


async def test_two_misses_bring_a_person(county: World) -> None:
    cadre, villager = await county.worker("cadre"), await county.villager()
    await cadre.says("请假")
    await cadre.sees("请几天")
    await cadre.says("看情况")
    await cadre.sees("请回复数字")
    await cadre.says("说不准")
    await cadre.sees("要问人，可打赵督办00000000104。这件不办了，回“取消”")
    her = county.someone("newcomer")
    await her.opens(await county.card())
    await her.sees("不要身份证号")
    await villager.says("0")
    await villager.sees("已告诉张建国找您")
    await cadre.sees("想跟您说话")


async def test_nought_nine_and_cancel_work_everywhere(county: World) -> None:
    villager = await county.villager()
    await villager.says("代办")
    await villager.sees("帮谁办")
    await villager.says("王大妈 00000000999")
    await villager.sees("是什么事")
    await villager.says("9")
    await villager.sees("帮谁办")
    await villager.says("0")
    await villager.sees("找您")
    await villager.says("取消")
    await villager.sees("不办了")


async def test_what_follows_at_once_belongs_to_the_same_matter(county: World) -> None:
    cadre, villager = await county.worker("cadre"), await county.villager()
    await villager.says("渠堵了")
    await villager.sees("您说：渠堵了。")
    await villager.says("在三组那边")
    await villager.sees("您说：渠堵了，在三组那边。")
    await villager.sends_photo(JPEG)
    await villager.sees("对吗")
    await villager.says("1")
    await villager.sees("记下了")
    assert (await cadre.sees("渠堵了，在三组那边")).media == 1


async def test_a_refused_button_leaves_the_open_question_open(county_with_buttons: World) -> None:
    cadre, villager = await county_with_buttons.worker("cadre"), await county_with_buttons.villager()
    number = await files(villager, "渠堵了")
    await cadre.sees("渠堵了")
    await villager.says(f"{number}号")
    await villager.sees("前答复")
    urge = await villager.old_button("催一催")
    await villager.taps_old(urge)
    await villager.sees("催过了")
    await villager.says("路灯不亮")
    await villager.sees("对吗")
    await villager.taps_old(urge)
    await villager.sees("今天催过了")
    await villager.sees("您说：路灯不亮")
    await villager.says("1")
    await villager.sees("记下了，2号")
