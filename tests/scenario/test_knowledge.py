"""Somebody asks: the bank answers, or a person does; and nothing she wants done is taken for a question."""

from tests.knowledge import BANK, load
from tests.scenario.world import World


async def test_a_question_is_answered_with_its_source_and_date(county: World) -> None:
    await county.service.run(load)
    villager, cadre = await county.villager(), await county.worker("cadre")
    await villager.says("我想申请低保，去哪里办？")
    await villager.sees("据样例办法（2025年3月）：向镇政府提出书面申请。")
    await villager.says("1")
    await villager.sees("有事随时说")
    await cadre.sees_nothing_new()


async def test_after_an_answer_a_person_is_one_digit_away(county: World) -> None:
    await county.service.run(load)
    villager, cadre = await county.villager(), await county.worker("cadre")
    await villager.says("低保在哪办")
    await villager.sees("据样例办法")
    await villager.says("2")
    await villager.sees("记下了，1号")
    await cadre.sees("窦村：低保在哪办")


async def test_what_the_bank_does_not_know_goes_to_a_person_and_is_listed_without_her(county: World) -> None:
    await county.service.run(load)
    villager, staff = await county.villager(), await county.worker("staff")
    await villager.says("高龄补贴一个月多少钱")
    await villager.sees("这个我没有把握")
    await villager.sees("您说：高龄补贴一个月多少钱。对吗")
    await villager.says("1")
    await villager.sees("记下了，1号")
    await villager.says("合疗一年交多少钱")  # its answer is out of date
    await villager.sees("这个我没有把握")
    await staff.says("没答上的")
    listed = (await staff.sees("不知道是谁问的")).text
    assert "1次 高龄补贴一个月多少钱" in listed
    assert "1次 合疗一年交多少钱" in listed


async def test_a_request_in_the_words_of_a_question_is_a_request(county: World) -> None:
    await county.service.run(load)
    villager = await county.villager()
    for said in ("低保申请交上去三个月了还没批", "帮我补办一下身份证"):
        await villager.says(said)
        await villager.sees(f"您说：{said}。对吗")
        await villager.says("取消")
        await villager.sees("不办了")
    await villager.says("身份证丢了咋补办")
    await villager.sees("据样例法（2024年6月）")
    await villager.says("渠堵了")
    await villager.sees("您说：渠堵了。对吗")


async def test_an_emergency_amid_an_answer_comes_first(county: World) -> None:
    await county.service.run(load)
    villager = await county.villager()
    await villager.says("低保怎么申请")
    await villager.sees("据样例办法")
    await villager.says("着火了快来人")
    await villager.sees("119")
    await villager.sees("1号报上去了")


async def test_a_long_answer_is_told_in_parts(county: World) -> None:
    await county.service.run(load)
    villager = await county.villager()
    await villager.says("盖房要什么手续")
    await villager.sees("据样例规定（2025年1月）：第1步")
    await villager.sees("第3步")
    await villager.says("3")
    await villager.sees("第6步")
    await villager.says("2")
    await villager.sees("记下了，1号")


async def test_who_is_not_known_yet_is_answered_too(county: World) -> None:
    await county.service.run(load)
    stranger = county.someone("stranger")
    await stranger.opens()
    await stranger.sees("不要身份证号")
    await stranger.says("取消")
    await stranger.sees("不办了")
    await stranger.says(BANK[1].question)
    await stranger.sees("据样例法")
    await stranger.says("还是要找人")
    await stranger.sees("不要身份证号")
    await stranger.says("1")
    await stranger.says("窦村")
    await stranger.sees("您说：身份证丢了怎么补办。对吗")


async def test_what_she_asked_before_she_agreed_is_answered_then(county: World) -> None:
    await county.service.run(load)
    her = county.someone("her")
    await her.opens(await county.card())
    await her.sees("不要身份证号")
    await her.says("低保在哪办")
    await her.sees("您的话我记着")
    await her.says("1")
    await her.sees("网格员是")
    await her.sees("据样例办法")
