"""People answer in words of their own, not by the buttons that were meant for it."""

from tests.scenario.people import Someone
from tests.scenario.talking import accepts, files
from tests.scenario.world import JPEG, World


async def with_an_accepted_ticket(county: World) -> tuple[Someone, Someone]:
    """A cadre and the villager whose ticket he has taken on."""
    cadre, villager = await county.worker("cadre"), await county.villager()
    await files(villager, "路灯不亮")
    await cadre.sees("路灯不亮")
    await accepts(cadre)
    await villager.sees("由张建国接了")
    return cadre, villager


async def test_she_answers_her_cadre_without_a_button(county: World) -> None:
    cadre, villager = await with_an_accepted_ticket(county)
    await cadre.taps("留言")
    await cadre.sees("想跟群众说什么")
    await cadre.says("是哪一盏？")
    await villager.sees("是哪一盏")
    await villager.says("村口那盏")
    await villager.sees("回给张建国的，对吗")
    await villager.sends_photo(JPEG)
    await villager.sees("回给张建国的，对吗")
    await villager.says("1")
    await villager.sees("话带到了")
    assert (await cadre.sees("群众说：村口那盏")).media == 1


async def test_what_she_says_after_her_cadre_may_be_a_new_matter(county: World) -> None:
    cadre, villager = await with_an_accepted_ticket(county)
    await cadre.taps("留言")
    await cadre.sees("想跟群众说什么")
    await cadre.says("明天来修")
    await villager.sees("明天来修")
    await villager.says("垃圾没人收")
    await villager.sees("回给张建国的，对吗")
    await villager.says("2")
    await villager.sees("您说：垃圾没人收。对吗")
    await villager.says("1")
    await villager.sees("记下了，2号")


async def test_the_word_on_a_button_is_as_good_as_the_button(county: World) -> None:
    cadre, villager = await with_an_accepted_ticket(county)
    await villager.says("1号")
    await villager.sees("前答复")
    await villager.taps("补充")
    await villager.sees("还有什么要补充")
    await villager.says("是村口那盏")
    await cadre.sees("是村口那盏")
    await cadre.says("答复")
    await cadre.sees("用一句话答复")
    await cadre.says("修好了")
    await villager.sees("1号答复：修好了")


async def test_a_worker_asked_what_he_means_may_ask_for_something_else(county: World) -> None:
    cadre, villager = await county.worker("cadre"), await county.villager()
    await files(villager, "路灯不亮")
    await cadre.sees("路灯不亮")
    await accepts(cadre)
    await cadre.says("晚上去看")
    await cadre.sees("这话是要1号")
    await cadre.says("工单")
    await cadre.sees("您手上的工单")
    await cadre.says("晚上去看")
    await cadre.sees("这话是要1号")
    await cadre.says("1号")
    await cadre.sees("窦村：路灯不亮")


async def test_words_of_another_day_are_another_matter(county: World) -> None:
    villager = await county.villager()
    await villager.says("渠堵了")
    await villager.sees("您说：渠堵了。对吗")
    await county.later(days=1)
    await villager.says("路灯不亮")
    await villager.sees("上回您说“渠堵了”，没确认，没有报")
    await villager.sees("您说：路灯不亮。对吗")
    await villager.says("1")
    await villager.sees("记下了，1号")
