"""A typed number does what was shown with it, whatever has changed since; words go to what they are about."""

from collections import Counter
from dataclasses import replace

import pytest

from bot.turn import Taken, Turns
from domain.broadcasts import Audience, Reach
from domain.broadcasts import State as Sending
from domain.directory import Area, Level, RoleName
from domain.quizzes import Question
from domain.suggestions.steps import State
from domain.talk import Media
from domain.tickets.steps import Kind
from services import broadcasts
from services.desk import Desk
from services.directory import issue_card
from services.quizzes import practice
from services.tickets import clock, handling
from storage.broadcasts import counts, rows
from storage.directory import areas, people
from tests.contract.services.suggesting import numbered, suggests
from tests.contract.services.test_filing import away
from tests.contract.services.test_rectification import entered
from tests.contract.test_turn import Talker
from tests.contract.village import CHANNEL, COUNTY, ID, OTHER, TOWNSHIP, VILLAGE, Village
from tests.surveys import WATER, open_survey

NOT_HIS = "不用再办"


@pytest.fixture
def turns(village: Village) -> Turns:
    return Turns(village.database, village.county, village.clock, "one", lambda _: None)


def last(taken: Taken) -> str:
    return taken.answers[-1].text


async def accepted(village: Village) -> int:
    number = await village.files()
    await village.do(handling.accept, number, "primary")
    return number


async def test_a_ticket_goes_to_whom_the_number_stood_for(village: Village, turns: Turns):
    number = await village.files()
    him = Talker(turns, "primary")
    taken = await him.does(choice=f"t:{number}:transfer")
    assert taken.answers[-1].choices[0].label == "李小军 副网格员"
    await away(village, "deputy")
    assert await him.says("1", "归他") == ["不能转给这个人，请重新选。"]
    assert (await village.ticket(number)).owner == ID["primary"]


async def test_a_rectification_goes_to_whom_the_number_stood_for(village: Village, turns: Turns):
    number = await entered(village)
    staff = Talker(turns, "staff")
    taken = await staff.does(choice=f"x:{number}:give")
    assert taken.answers[-1].choices[0].label == "李小军"
    await village.database.run(
        lambda tx: people.end_role(tx, ID["deputy"], RoleName.CADRE, VILLAGE, village.now)
    )
    village.passes(minutes=1)
    assert await staff.says("1") == ["不能交给这个人，请重新选。"]
    assert (await village.ticket(number)).owner == ID["primary"]


async def test_an_option_of_a_quiz_is_the_one_that_the_number_stood_for(village: Village, turns: Turns):
    question = Question("安全", "煤气味先做什么？", ("开窗", "开灯"), (0,), "")
    await village.do(practice.load, [question])
    her = Talker(turns, "villager")
    assert "煤气味先做什么" in (await her.says("练习"))[-1]
    await village.do(practice.load, [replace(question, options=("开灯", "开窗"), correct=(1,))])
    assert (await her.says("1"))[0].startswith("对了")


async def test_where_nobody_else_may_have_it_nobody_is_asked_to_whom(village: Village, turns: Turns):
    filed = await village.filed("村干部吃拿卡要", "干部作风村务", kind=Kind.COMPLAINT)
    staff = Talker(turns, "staff")
    assert "没有别人能接" in last(await staff.does(choice=f"t:{filed.ticket.id}:transfer"))


async def test_a_suggestion_is_merged_into_the_one_that_was_shown(village: Village, turns: Turns):
    old = await suggests(village, "村口装路灯")
    mine = await suggests(village, "村口装几盏路灯吧大家都盼着")
    staff = Talker(turns, "staff")
    await staff.does(choice=f"o:{mine}:merge")
    await suggests(village, "村口装几盏路灯吧大家都盼着呢")  # more like it than the one that was shown
    await staff.says("1")
    assert (await numbered(village, mine)).merged_into == old


async def test_a_number_that_stands_for_nothing_merges_nothing(village: Village, turns: Turns):
    old = await suggests(village, "村口装路灯")
    mine = await suggests(village, "班车太少了要多开几趟才好")
    staff = Talker(turns, "staff")
    assert "没找到相像的" in last(await staff.does(choice=f"o:{mine}:merge"))
    assert "比如“意见12”" in (await staff.says(str(old)))[0]
    assert (await numbered(village, mine)).merged_into is None
    await staff.says(f"意见{old}")
    assert (await numbered(village, mine)).merged_into == old


@pytest.mark.parametrize("deed", ["answer", "extend", "return"])
async def test_a_mere_digit_is_not_sent_as_his_words(village: Village, turns: Turns, deed: str):
    number = await accepted(village)
    him = Talker(turns, "primary")
    await him.does(choice=f"t:{number}:{deed}")
    before = await village.steps(number)
    assert await him.says("1") == ["只有数字看不明白，请说一句。"]
    assert await him.says("取消") == ["好，不办了。有事随时再说。"]
    await him.does(choice=f"t:{number}:{deed}")
    assert (await him.says("转办"))[0].startswith("“转办”是按钮上的字")
    assert await village.steps(number) == before


async def test_what_he_says_of_the_ticket_at_hand(village: Village, turns: Turns):
    number = await accepted(village)
    him = Talker(turns, "primary")
    await him.says("我手上的工单")
    assert (await him.says("答复"))[0] == f"{number}号：办得怎么样？用一句话答复。"
    await him.says("取消", "我手上的工单")
    beside = await him.does("答复", media=(Media("image", "r"),))  # no picture is lost for the words to it
    assert beside.answers[0].text == f"这话是要{number}号："
    await him.says("取消", "我手上的工单")
    assert (await him.says("水通了"))[0] == f"这话是要{number}号："
    assert (await him.says("去拧开看"))[0] == f"“水通了，去拧开看”，这话是要{number}号："
    assert (await him.says("7"))[0].startswith("没有这个数字")
    await him.says("1")
    assert "水通了，去拧开看" in (await village.told("villager"))[-2]


async def test_the_words_of_a_button_that_came_amid_a_request_are_the_button(village: Village, turns: Turns):
    number = await accepted(village)
    her = Talker(turns, "villager")
    await her.says("路灯不亮")
    village.passes(minutes=1)
    await village.do(handling.answer, number, "primary", "通了", ())
    arrived = f"UPDATE outbox SET state = 'sending', sender = 'x' WHERE person = {ID['villager']} AND state = 'queued'"
    await village.database.run(lambda tx: tx.exec_driver_sql(arrived))
    village.passes(minutes=1)
    assert (await her.says("解决了"))[0].startswith(f"{number}号办结")
    assert (await village.steps(number))[-1] == "confirm by villager"
    assert (await her.says("对"))[0].startswith("记下了")


@pytest.mark.parametrize("area", [VILLAGE, OTHER])
async def test_a_card_amid_a_question_leaves_it_open(village: Village, turns: Turns, area: str):
    token = await village.do(issue_card, area)
    her = Talker(turns, "villager")
    await her.says("渠堵了")
    assert last(await her.does(link=token)) == "先答完这个：您说：渠堵了。对吗？"
    assert "记下了，1号" in (await her.says("1"))[0]


async def test_words_after_somebody_elses_ticket_are_not_about_it(village: Village, turns: Turns):
    number = await accepted(village)
    supervisor = Talker(turns, "supervisor")
    assert "渠堵了" in (await supervisor.says(f"{number}号"))[0]
    assert NOT_HIS not in (await supervisor.says("你们这个能办啥"))[0]


async def test_words_after_his_own_matter_are_not_about_work(village: Village, turns: Turns):
    number = await village.files(by="supervisor")
    supervisor = Talker(turns, "supervisor")
    await supervisor.does(choice=f"t:{number}:look")
    assert NOT_HIS not in (await supervisor.says("还有一处也堵了"))[0]


@pytest.mark.parametrize(("deed", "question"), [("ask", "想问写的人什么"), ("hand", "交给哪个单位")])
async def test_a_writer_is_not_asked_a_digit(village: Village, turns: Turns, deed: str, question: str):
    number = await suggests(village, "村口装路灯")
    staff = Talker(turns, "staff")
    assert question in last(await staff.does(choice=f"o:{number}:{deed}"))
    assert await staff.says("1") == ["只有数字看不明白，请说一句。"]
    assert (await numbered(village, number)).state is State.RECEIVED


async def test_a_suggestion_is_opened_by_its_number(village: Village, turns: Turns):
    number = await suggests(village, "村口装路灯")
    assert "村口装路灯" in last(await Talker(turns, "staff").does(text=f"意见{number}"))
    assert f"没有意见{number}" in last(await Talker(turns, "neighbour").does(text=f"意见{number}"))


async def test_no_name_comes_on_the_board_as_an_office(village: Village, turns: Turns):
    number = await suggests(village, "村口装路灯")
    staff = Talker(turns, "staff")
    await staff.does(choice=f"o:{number}:answer")
    told = await staff.says("转交", "张建国", "归他那儿管", "行")
    assert told == ["答复里有“张建国”，上不了公开栏。回9改答复，或回1不公开。"]


async def test_what_is_overdue_is_not_promised_for_a_day_that_is_past(village: Village, turns: Turns):
    number = await village.files()
    her = Talker(turns, "villager")
    assert last(await her.does(choice=f"t:{number}:urge")) == f"{number}号催过了，11月9日18点前答复。"
    for _ in range(9):
        village.passes(days=1)
        await village.do(clock.look_at_due)
    sorry = "，本该11月9日18点前答复，对不住"
    assert last(await her.does(choice=f"t:{number}:urge")) == f"{number}号催过了{sorry}。"
    assert sorry in last(await her.does(choice=f"t:{number}:look"))


async def test_a_report_of_a_township_is_not_looked_for_in_a_village_of_its_name(
    village: Village, turns: Turns
):
    township = Area("610528105", COUNTY, Level.TOWNSHIP, "曹村镇")
    namesake = Area("610528001203", TOWNSHIP, Level.VILLAGE, "曹村村委会")
    await village.database.run(lambda tx: areas.add(tx, [township, namesake]))
    assert (await Talker(turns, "staff").says("月报 曹村"))[0].startswith("曹村镇")


async def test_of_many_tickets_those_due_first_are_shown_and_the_rest_is_not_hidden(
    village: Village, turns: Turns
):
    first = await village.files()
    for _ in range(7):
        village.passes(hours=1)
        await village.files()
    taken = await Talker(turns, "primary").does("工单")
    assert last(taken) == "您手上的工单，先看最急的6件，回数字打开："
    assert [choice.id for choice in taken.answers[-1].choices][:1] == [f"t:{first}:show"]
    assert len(taken.answers[-1].choices) == 6


async def test_a_reminder_leaves_only_after_its_number_was_read(village: Village, turns: Turns):
    survey = await village.do(lambda desk: open_survey(desk, WATER, COUNTY))
    sent = await village.do(lambda desk: broadcasts.send_survey(desk, survey, Audience()))
    await village.do(broadcasts.queue_some, sent, 1000)
    staff = Talker(turns, "staff")
    assert "还没发完" in last(await staff.does(choice=f"q:{survey}:remind"))

    def all_went_out(desk: Desk) -> None:
        counts.change(desk.tx, Counter({(sent, CHANNEL, Reach.SENT): 2}))
        rows.change_state(desk.tx, sent, Sending.DONE, desk.now)

    await village.do(all_went_out)
    asked = await staff.does(choice=f"q:{survey}:remind")
    assert last(asked) == "提醒还没答的2人？只能提醒一次。"
    assert "发完" in (await staff.says("2"))[0]
    assert await village.do(lambda desk: rows.reminder_of(desk.tx, sent)) is None
    await staff.does(choice=f"q:{survey}:remind")
    assert (await staff.says("1"))[0] == "在提醒了，只提醒这一次。"
    assert await village.do(lambda desk: rows.reminder_of(desk.tx, sent)) is not None
