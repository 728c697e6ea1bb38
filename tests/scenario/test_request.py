"""A villager's request, from her first words to her last."""

from tests.scenario.people import Someone, ticket_number
from tests.scenario.talking import accepts, answers, files
from tests.scenario.world import JPEG, OGG, World


async def test_a_request_is_filed_accepted_answered_and_rated(county: World) -> None:
    cadre = await county.worker("cadre")
    villager = await county.villager()

    await villager.says("渠堵了，浇不成地")
    await villager.sees("您说：渠堵了，浇不成地。对吗？")
    await villager.says("1")
    filed = await villager.sees("记下了")
    assert "张建国（00000000101）" in filed.text
    assert "11月3日18点前联系您" in filed.text
    number = ticket_number(filed.text)

    card = await cadre.sees(f"{number}号 饮水灌溉·渠")
    assert "窦村：渠堵了，浇不成地" in card.text
    await cadre.taps("签收")
    await cadre.sees("您接了")
    await villager.sees("由张建国接了")

    await cadre.taps("答复")
    await cadre.sees("用一句话答复")
    await cadre.says("渠已经疏通，今晚就能浇")
    await villager.sees("渠已经疏通，今晚就能浇")
    await villager.sees("您的事解决了吗？")
    await villager.says("1")
    await villager.sees("办得怎么样")
    await cadre.sees("群众确认解决")
    await villager.taps("满意")
    await villager.sees("谢谢")


async def test_both_talk_through_the_bot_without_each_others_accounts(county: World) -> None:
    cadre, villager = await county.worker("cadre"), await county.villager()
    await files(villager, "路灯不亮")
    await cadre.sees("路灯不亮")
    await cadre.taps("签收")
    await cadre.sees("您接了")
    await cadre.taps("留言")
    await cadre.sees("想跟群众说什么")
    await cadre.says("是哪一盏？")
    await villager.sees("张建国（1号）：是哪一盏？")
    await villager.taps("回话")
    await villager.sees("想回他什么")
    await villager.says("村口那盏")
    await cadre.sees("群众说：村口那盏")
    await villager.sends_photo(JPEG, "就是这个")
    await villager.sees("对吗")
    await villager.taps("补充到1号")
    photo = await cadre.sees("就是这个")
    assert photo.media == 1


async def test_a_photo_or_a_voice_alone_is_a_request(county: World) -> None:
    cadre, villager = await county.worker("cadre"), await county.villager()
    await villager.sends_photo(JPEG)
    await villager.sees("图片或语音")
    await villager.says("对")
    await villager.sees("记下了")
    assert (await cadre.sees("1号")).media == 1
    await villager.sends_voice(OGG)
    await villager.sees("图片或语音")
    await villager.says("１")
    assert (await cadre.sees("2号")).media == 1


async def test_not_solved_goes_back_to_work(county: World) -> None:
    cadre, villager = await county.worker("cadre"), await county.villager()
    await files(villager, "垃圾没人收")
    await cadre.sees("垃圾没人收")
    await accepts(cadre)
    await answers(cadre, "收了")
    await villager.sees("解决了吗")
    await villager.says("2")
    await villager.sees("哪里还没好")
    await villager.says("还剩半堆")
    await villager.sees("接着办")
    await cadre.sees("没解决，重办")
    await answers(cadre, "都收了")
    await villager.sees("解决了吗")
    await villager.says("解决了")
    await villager.sees("办结")


async def test_the_villager_may_withdraw_urge_and_look(county: World) -> None:
    cadre, villager = await county.worker("cadre"), await county.villager()
    await files(villager, "水管漏水")
    await villager.says("我的事")
    await villager.sees("您报的事")
    await villager.says("1")
    await villager.sees("前答复")
    await villager.taps("催一催")
    await villager.sees("催过了")
    await cadre.sees("群众催办")
    await looks_again(villager)
    await villager.says("催办")
    await villager.sees("今天催过了，明天还能再催")
    await looks_again(villager)
    await villager.taps("看经过")
    await villager.sees("登记")
    await looks_again(villager)
    await villager.taps("撤回")
    await villager.sees("撤回了")
    await cadre.sees("已撤回")


async def test_somebody_files_for_a_neighbour(county: World) -> None:
    cadre, villager = await county.worker("cadre"), await county.villager()
    await villager.says("代办")
    await villager.sees("帮谁办")
    await villager.says("王大妈 00000000999")
    await villager.sees("是什么事")
    await villager.says("低保没发")
    await villager.sees("替王大妈")
    await villager.says("1")
    await villager.sees("记下了")
    card = await cadre.sees("低保")
    assert "王大妈 00000000999（代办）" in card.text


async def looks_again(villager: Someone) -> None:
    await villager.says("我的事")
    await villager.sees("您报的事")
    await villager.says("1")
    await villager.sees("前答复")
