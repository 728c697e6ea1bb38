"""Suggestions: signed or anonymous, about a matter or a person, answered in public, asked for by a code."""

import asyncio
import re
from datetime import timedelta

import pytest

from domain.directory import RoleName
from services.desk import Desk
from storage import schema
from storage.database import Tx
from storage.directory import cards, people
from tests.scenario.people import Someone
from tests.scenario.world import COUNTY, JPEG, OGG, VILLAGE, World


async def suggests(her: Someone, text: str, *, how: str = "匿名", about: str = "说事") -> str:
    """She suggests something; its receipt code."""
    await her.says("提建议")
    await her.sees("署名还是匿名")
    await her.taps(how)
    await her.sees("请说您的意见")
    await her.says(text)
    await her.sees("您说：")
    await her.taps(about)
    if about != "说事" and how == "署名":
        await her.sees("说的是谁")
        await her.says("1")
    return code_in((await her.sees("查询码：")).text)


def code_in(text: str) -> str:
    found = re.search(r"查询码：([0-9A-Z]{8})", text)
    assert found, text
    return found[1]


async def answers(staff: Someone, *, public: str = "公开，用原话") -> None:
    """He has the card before him, adopts it, and lets the answer go."""
    await staff.taps("答复")
    await staff.sees("怎么答复")
    await staff.says("1")
    await staff.sees("打算怎么办")
    await staff.says("下月加装十盏路灯")
    await staff.sees("多久办好")
    await staff.says("2")
    await staff.sees("答复就写")
    await staff.says("1")
    await staff.sees("上公开栏吗")
    await staff.taps(public)
    await staff.sees("发出吗")
    await staff.says("1")
    await staff.sees("答复好了")


async def test_a_signed_suggestion_is_answered_and_the_answer_comes_by_itself(county: World) -> None:
    staff, her = await county.worker("staff"), await county.villager()
    code = await suggests(her, "村口多装几盏路灯", how="署名")
    card = await staff.sees("村口多装几盏路灯")
    assert "11月23日前答复" in card.text
    await answers(staff)
    await her.sees("采纳")
    await her.says(f"查 {code}")
    told = await her.sees("下月加装十盏路灯")
    assert "12月2日前办好" in told.text
    await her.says("2")
    await her.sees("用码来查")
    neighbour = await county.villager("neighbour")
    await neighbour.says("看答复")
    shown = await neighbour.sees("有人提：村口多装几盏路灯")
    assert "采纳" in shown.text


async def test_an_anonymous_one_is_opened_with_others_and_its_answer_is_pulled(county: World) -> None:
    staff, her = await county.worker("staff"), await county.villager()
    codes = [await suggests(her, f"村口多装{number}盏路灯") for number in ("三", "五", "十")]
    await staff.sees_nothing_new()
    await her.says(f"查{codes[0]}")
    await her.sees("还封着")
    await her.taps("好，知道了")
    await county.later(days=1)
    for _ in codes:
        card = await staff.sees("匿名：村口多装")
        assert "王" not in card.text
    await staff.says("意见")
    await staff.sees("等答复的意见3条")
    await staff.says("1")
    await staff.sees("意见1")
    await answers(staff, public="不公开")
    answered = [await _status(her, code) for code in codes]
    assert sum("采纳" in status for status in answered) == 1
    await her.sees_nothing_new()


async def _status(her: Someone, code: str) -> str:
    await her.says(f"查 {code}")
    told = await her.sees("您的意见")
    await her.taps("好，知道了")
    await her.sees("用码来查")
    return told.text


async def test_staff_ask_back_and_the_writer_answers_by_the_code(county: World) -> None:
    staff, her = await county.worker("staff"), await county.villager()
    code = await suggests(her, "班车太少")
    await county.later(days=4)
    await staff.sees("匿名：班车太少")
    await staff.taps("追问")
    await staff.sees("想问写的人什么")
    await staff.says("是哪条线的班车？")
    await staff.sees("用码来查时看得到")
    await her.says(f"查 {code.lower()[:4]} {code[4:]}")
    await her.sees("县上问您：是哪条线的班车？")
    await her.taps("回答")
    await her.sees("请说")
    await her.says("去富平的早班车")
    await her.sees("对吗")
    await her.says("1")
    await her.sees("封好了")
    await county.later(days=4)
    await staff.sees("有补充：去富平的早班车")


async def stored(county: World) -> dict[str, list[str]]:
    """All rows of all tables, as text."""

    def read(tx: Tx) -> dict[str, list[str]]:
        return {
            table.name: [repr(tuple(row)) for row in tx.execute(table.select())]
            for table in schema.metadata.sorted_tables
        }

    return await county.service.database.read(read)


async def fetched(county: World) -> None:
    """All pictures and sounds have come, those of private talks too."""
    county.service.fetcher.wake()
    while any("'pending'" in row for row in (await stored(county))["attachment"]):  # noqa: ASYNC110
        await asyncio.sleep(0.02)


async def test_no_word_of_an_anonymous_talk_is_left(county: World) -> None:
    staff, her = await county.worker("staff"), await county.villager()
    await her.says("提建议")
    await her.sees("署名还是匿名")
    await her.says("2")
    await her.sees("我们不留")
    await her.says("窦村的塬上该修蓄水池")
    await her.sees("您说：窦村的塬上该修蓄水池。说的是事还是人？")
    during = await stored(county)
    assert not [name for name, rows in during.items() if "蓄水池" in "".join(rows)]
    await her.says("1")
    code = code_in((await her.sees("查询码：")).text)
    await her.says(f"查 {code}")
    await her.sees("还封着")
    await her.says("2")
    sent = await stored(county)
    assert not [name for name, rows in sent.items() if "蓄水池" in "".join(rows) or code in "".join(rows)]
    await county.later(days=3)
    await county.service.burying.bury()
    await staff.sees("匿名：窦村的塬上该修蓄水池")
    after = await stored(county)
    assert code not in repr(after)
    assert {name for name, rows in after.items() if "蓄水池" in "".join(rows)} <= {
        "suggestion",
        "outbox",
        "web_message",
    }
    hers = next(row for row in after["person"] if "'villager'" in row or VILLAGE in row)
    number = int(hers[1 : hers.index(",")])
    assert not [row for row in after["outbox"] if row.split(", ")[1] == str(number) and "蓄水池" in row]
    await her.says(f"查 {code}")
    await her.sees("您的意见已收到")


@pytest.mark.told_on_two
async def test_what_is_about_a_cadre_reaches_only_the_county(county: World) -> None:
    workers = {name: await county.worker(name) for name in ("cadre", "deputy", "supervisor", "staff")}
    her = await county.villager()
    for name in ("cadre", "deputy", "supervisor"):
        await workers[name].says("帮助")
        await workers[name].sees("要看什么")
    await suggests(her, "村干部吃拿卡要", how="署名", about="对，只给县上看")
    card = await workers["staff"].sees("【只限县上，勿外传】")
    assert "村干部吃拿卡要" in card.text
    for name in ("cadre", "deputy", "supervisor"):
        await workers[name].sees_nothing_new()
    await workers["staff"].taps("答复")
    await workers["staff"].sees("怎么答复")
    await workers["staff"].taps("没采纳")
    await workers["staff"].sees("原因是什么")
    await workers["staff"].says("查过了，没有这事")
    await workers["staff"].sees("答复就写")
    await workers["staff"].says("1")
    await workers["staff"].sees("不上公开栏")  # which was not even asked
    await workers["staff"].says("1")
    await workers["staff"].sees("答复好了")
    await her.sees("查过了，没有这事")
    await her.says("看答复")
    await her.sees("还没有公开的答复")


async def test_a_photo_or_a_voice_is_a_suggestion_too(county: World) -> None:
    staff, her = await county.worker("staff"), await county.villager()
    for how in ("署名", "匿名"):
        await her.says("提建议")
        await her.sees("署名还是匿名")
        await her.taps(how)
        await her.sees("请说您的意见")
        await (her.sends_photo(JPEG) if how == "署名" else her.sends_voice(OGG))
        await her.sees("收到图片或语音")
        await her.says("1")
        await her.sees("查询码")
    assert (await staff.sees("群众")).media == 1
    await fetched(county)
    await county.later(days=3)
    assert (await staff.sees("匿名：（图片或语音）")).media == 1


@pytest.mark.told_on_two
async def test_any_account_may_ask_by_the_code_and_wrong_ones_are_told_so(county: World) -> None:
    staff, her = await county.worker("staff"), await county.villager()
    code = await suggests(her, "班车太少", how="署名")
    await staff.sees("班车太少")
    newcomer = county.someone("newcomer")
    await newcomer.opens()
    await newcomer.sees("不要身份证号")
    await newcomer.says("查 K7MX2Q9P")
    await newcomer.sees("没有这个码")
    await newcomer.says("就是这个呀")
    await newcomer.sees("这不像查询码")
    await newcomer.says(code)
    await newcomer.sees("您的意见已收到，11月23日前答复")
    await newcomer.taps("好，知道了")
    await newcomer.sees("用码来查")
    await newcomer.says("看答复")
    await newcomer.sees("还没有公开的答复")
    await newcomer.says("提建议")
    await newcomer.sees("署名还是匿名")
    await newcomer.taps("匿名")
    await newcomer.sees("请说您的意见")


@pytest.mark.told_on_two
async def test_words_after_the_code_are_read_back_and_put_in(county: World) -> None:
    staff, her = await county.worker("staff"), await county.villager()
    code = await suggests(her, "班车太少", how="署名")
    await staff.sees("班车太少")
    await her.says(f"补 {code} 早上六点半那趟最挤")
    await her.sees("您说：早上六点半那趟最挤。对吗？")
    await her.says("1")
    await her.sees("补上了")
    await staff.sees("意见1有补充：早上六点半那趟最挤")
    await her.says(f"查 {code}")
    await her.sees("您的意见已收到")
    await her.says("渠堵了")  # another matter, though a question was open
    await her.sees("您说：渠堵了。对吗？")


@pytest.mark.told_on_two
async def test_she_who_signed_finds_hers_and_answers_what_was_asked(county: World) -> None:
    staff, her = await county.worker("staff"), await county.villager()
    await suggests(her, "班车太少", how="署名")
    await staff.sees("班车太少")
    await staff.taps("追问")
    await staff.sees("想问写的人什么")
    await staff.says("哪一趟？")
    await staff.sees("问过了")
    await her.sees("县上问：哪一趟？")
    await her.says("我的意见")
    await her.sees("您署名提的意见")
    await her.says("1")
    await her.sees("县上问您：哪一趟？")
    await her.taps("回答")
    await her.sees("请说")
    await her.says("早班")
    await her.sees("补上了")
    await staff.sees("意见1有补充：早班")
    await staff.says("意见")
    await staff.sees("等答复的意见")
    await staff.says("1")
    shown = await staff.sees("班车太少")
    assert "11月2日追问：哪一趟？\n11月2日回了追问：早班" in shown.text


@pytest.mark.told_on_two
async def test_like_ones_are_merged_by_a_person_and_both_hear(county: World) -> None:
    staff = await county.worker("staff")
    her, neighbour = await county.villager(), await county.villager("neighbour")
    await suggests(her, "村口的路灯坏了，晚上看不见", how="署名")
    await suggests(neighbour, "路灯坏了没人修", how="署名")
    await staff.sees("路灯坏了没人修")
    await staff.says("意见")
    await staff.sees("等答复的意见2条")
    await staff.says("2")
    await staff.sees("意见2 已收到")
    await staff.taps("并案")
    await staff.sees("像是说同一件事的")
    await staff.taps("意见1")
    await staff.sees("意见2并到意见1了")
    await staff.says("意见")
    await staff.sees("等答复的意见1条")
    await staff.says("1")
    await staff.sees("意见1 已收到")
    await staff.taps("交办")
    await staff.sees("交给哪个单位")
    await staff.says("县城管局")
    await staff.sees("交给县城管局了")
    await answers(staff)
    await her.sees("下月加装十盏路灯")
    await neighbour.sees("下月加装十盏路灯")


@pytest.mark.told_on_two
async def test_a_name_does_not_get_onto_the_board(county: World) -> None:
    staff, her = await county.worker("staff"), await county.villager()
    await suggests(her, "让张建国多来几回", how="署名")
    await staff.sees("多来几回")
    await staff.taps("答复")
    await staff.sees("怎么答复")
    await staff.says("1")
    await staff.sees("打算怎么办")
    await staff.says("每周来一次")
    await staff.sees("多久办好")
    await staff.says("4")
    await staff.sees("答复就写")
    await staff.says("1")
    asked = await staff.sees("上公开栏吗")
    assert "原话" not in str(asked.buttons)
    await staff.says("张建国要多来")
    await staff.sees("里面有“张建国”")
    await staff.says("网格员多到村里来")
    await staff.sees("公开栏：网格员多到村里来")
    await staff.says("1")
    await staff.sees("答复好了")
    await her.says("看答复")
    await her.sees("有人提：网格员多到村里来")


@pytest.mark.told_on_two
async def test_the_board_is_read_one_by_one(county: World) -> None:
    staff, her = await county.worker("staff"), await county.villager()
    for text in ("多装路灯", "班车加一趟"):
        await suggests(her, text, how="署名")
        await staff.sees(text)
        await staff.says("意见")
        await staff.sees("等答复的意见1条")
        await staff.says("1")
        await staff.sees(text)
        await answers(staff)
    await her.says("看答复")
    await her.sees("有人提：班车加一趟")
    await her.says("1")
    await her.sees("有人提：多装路灯")


async def test_in_danger_she_is_told_the_number_and_nobody_learns_who_wrote(county: World) -> None:
    staff, cadre = await county.worker("staff"), await county.worker("cadre")
    her = await county.villager()
    await her.says("提建议")
    await her.sees("署名还是匿名")
    await her.taps("匿名")
    await her.sees("请说您的意见")
    await her.says("我家着火了")
    await her.sees("119")
    for worker in (staff, cadre):
        await worker.sees_nothing_new()


@pytest.mark.told_on_two
async def test_an_overdue_one_comes_back_to_the_staff(county: World) -> None:
    staff, her = await county.worker("staff"), await county.villager()
    await suggests(her, "班车太少", how="署名")
    await staff.sees("班车太少")
    chief = await hired(county, "周主管", RoleName.OWNER)
    await county.later(days=22)
    await staff.sees("超时未答 意见1")
    await chief.sees_nothing_new()
    await county.later(days=4)
    await chief.sees("超时未答 意见1")
    await chief.says("意见")
    await chief.sees("等答复的意见1条")
    await chief.says("1")
    await chief.sees("班车太少")
    await answers(chief)
    await her.sees("采纳")


async def hired(county: World, name: str, role: RoleName) -> Someone:
    """Somebody more of the county's roster, with his account linked."""

    def deed(desk: Desk) -> None:
        number = people.add(desk.tx, desk.now, name=name, phone="00000000300")
        people.add_role(desk.tx, number, role, COUNTY, desk.now)
        cards.add_invitation(desk.tx, "CHEFAAA2", number, desk.now + timedelta(days=365))

    await county.service.run(deed)
    him = county.someone(name)
    await him.opens()
    await him.sees("不要身份证号")
    await him.says("CHEFAAA2")
    await him.sees("账号接好了")
    return him


@pytest.mark.told_on_two
async def test_words_of_another_day_are_no_suggestion(county: World) -> None:
    her = await county.villager()
    await her.says("提建议")
    await her.sees("署名还是匿名")
    await her.taps("署名")
    await her.sees("请说您的意见")
    await county.later(hours=13)
    await her.says("渠堵了")
    await her.sees("上回的意见没说完，刚才的话没记")
    await her.says("取消")
    await her.sees("不办了")


@pytest.mark.told_on_two
async def test_an_anonymous_talk_that_was_left_dies_with_its_day(county: World) -> None:
    staff, her = await county.worker("staff"), await county.villager()
    await her.says("提建议")
    await her.sees("署名还是匿名")
    await her.taps("匿名")
    await her.sees("请说您的意见")
    await her.says("塬上该修蓄水池")
    await her.sees("说的是事还是人")
    await county.later(days=1)
    await county.service.burying.bury()
    await her.says("1")
    await her.sees("这句话没有保存")
    assert not [name for name, rows in (await stored(county)).items() if "蓄水池" in "".join(rows)]
    await staff.sees_nothing_new()


@pytest.mark.told_on_two
async def test_too_many_wrong_codes_end_for_the_day(county: World) -> None:
    her = await county.villager()
    for _ in range(10):
        await her.says("查 K7MX2Q9P")
        await her.sees("没有这个码")
    await her.says("查 K7MX2Q9P")
    await her.sees("请明天再查")


async def test_who_may_yet_be_anonymous_is_not_told_of_when_she_is_not_understood(county: World) -> None:
    cadre, her = await county.worker("cadre"), await county.villager()
    await her.says("提建议")
    await her.sees("署名还是匿名")
    for said in ("路灯太暗", "多装几盏路灯"):
        await her.says(said)
    await her.sees("没听明白")
    await her.says("匿名")
    await her.sees("请说您的意见")
    await her.says("取消")
    await her.says("查 ABCDEFGH")
    await her.sees("没有这个码")
    await her.says("看答复")
    await her.sees("答复")
    await cadre.sees_nothing_new()
