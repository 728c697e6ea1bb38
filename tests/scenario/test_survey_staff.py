"""Staff run a survey from the chat: from the spreadsheet to what was done."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.survey_templates import template_workbook
from domain.directory import RoleName
from services import broadcasts
from services.broadcasts import tag_people
from services.desk import Desk
from services.surveys import opening
from services.surveys.loading import load_survey
from storage import media
from storage.directory import cards, people
from tests.databases import new_sqlite
from tests.scenario.asking import answers
from tests.scenario.people import OnWeb, Someone
from tests.scenario.world import COUNTY, OTHER, TOWNSHIP, World, world
from tests.surveys import WATER as FORM
from tests.unit.surveys.sheets import YES_NO, workbook

WATER = workbook(
    (
        ("type", "name", "label", "required"),
        ("select_one yn", "enough", "水够用吗？", "yes"),
        ("text", "say", "还有什么要说？", ""),
    ),
    YES_NO,
    (("form_title", "form_id"), ("用水问卷", "water")),
)
BAD = workbook(
    (
        ("type", "name", "label"),
        ("select_one nothing", "enough", "水够用吗？"),
        ("begin repeat", "people", "家里人"),
        ("text", "who", "叫什么？"),
        ("end repeat", "", ""),
    ),
    YES_NO,
)
PUBLIC = {"server": {"port": 0, "public_url": "https://lianxin.example"}}
READ_WITHIN = 30.0
"""Seconds: the process that reads a spreadsheet has to be started first."""
SENT_WITHIN = 10.0
DRAWN_WITHIN = 60.0
MOST_SHOWN = 6
OF_ANOTHER_AREA = "NEJGHB22"


@pytest.fixture(params=["telegram-polling+web", "web+telegram-webhook"])
async def county(
    request: pytest.FixtureRequest, tmp_path: Path, sqlite_template: str
) -> AsyncIterator[World]:
    """Staff are on the messenger that is named first."""
    async with world(request.param, new_sqlite(tmp_path, sqlite_template), tmp_path, **PUBLIC) as made:
        yield made


@pytest.fixture
async def on_web(tmp_path: Path, sqlite_template: str) -> AsyncIterator[World]:
    async with world("web", new_sqlite(tmp_path, sqlite_template), tmp_path, **PUBLIC) as made:
        yield made


async def sends_the_sheet(staff: Someone, sheet: bytes = WATER, name: str = "water.xlsx") -> None:
    await staff.sends_file(sheet, name)
    await staff.sees("表格收到了，正在检查")


async def loads_it(staff: Someone) -> None:
    await sends_the_sheet(staff)
    await staff.sees("《用水问卷》，2题，可以问", READ_WITHIN)


async def launches(staff: Someone, how: str = "1") -> None:
    """To the whole county, for a week."""
    await answers(
        staff,
        ("往下办", "记名还是匿名"),
        (how, "收到什么时候"),
        ("1", "问谁"),
        ("1", "怎么发"),
        ("1", "开始发了"),
    )


async def hands_it_in(her: Someone) -> None:
    await answers(
        her,
        ("参加", "记名：工作人员看得到"),
        ("1", "水够用吗"),
        ("2", "还有什么要说"),
        ("渠堵了", "都答了"),
        ("1", "交上了"),
    )


async def tries_it(staff: Someone) -> None:
    await answers(
        staff,
        ("试填", "【试填】第1题，一共2题：水够用吗？"),
        ("2", "【试填】第2题"),
        ("9", "【试填】第1题"),
        ("2", "【试填】第2题"),
    )
    await staff.says("没有")
    done = await staff.sees("【试填】答完了，什么都没存")
    assert [label for label, _ in done.buttons] == ["往下办", "试填", "不要了"]


async def plans_it(staff: Someone) -> None:
    """Named, until a day, to all, first to oneself."""
    await answers(
        staff,
        ("往下办", "记名还是匿名？打开以后不能改"),
        ("1", "收到什么时候"),
        ("另定日子", "收到哪天"),
        ("昨天", "以后的日子"),
        ("11月20号", "问谁"),
    )
    await staff.says("1")
    shown = await staff.sees("能送到2人")
    assert "网页1人" in shown.text
    assert "Telegram1人" in shown.text
    await staff.sees("怎么发")
    await answers(staff, ("4", "【试发】请您答一份问卷：用水问卷"))
    await staff.sees("怎么发")


async def closes_it(staff: Someone) -> None:
    await staff.taps("提前截止")
    await staff.sees("没交的收不上来")
    await staff.taps("真的截止")
    await staff.sees("截止了")


async def tells_what_was_done(staff: Someone) -> None:
    await staff.taps("告诉大家做了什么")
    await staff.sees("大家说得最多的是什么")
    await answers(
        staff,
        ("水不够", "我们做了什么"),
        ("东头的渠清通了", "要告诉答过的1人，只告诉这一次"),
        ("1", "在发了"),
    )


async def files_are_made(county: World) -> None:
    """What waits for a file is tried again seconds after it, of a time that stands still here."""
    async with asyncio.timeout(DRAWN_WITHIN):
        while await county.service.look(lambda desk: media.pending(desk.tx, 1)):  # noqa: ASYNC110  it tells nobody
            await asyncio.sleep(0.1)
    await county.later(seconds=30)


async def opens_it_from_the_list(staff: Someone) -> None:
    await staff.says("问卷")
    await staff.sees("您管的问卷")
    await staff.says("1")
    await staff.sees("1号《用水问卷》")


async def test_from_the_spreadsheet_to_what_was_done(county: World) -> None:
    here, there = county.messengers
    her, him = await county.villager("her", on=here), await county.villager("him", on=there)
    staff = await county.worker("staff", on=here)
    await loads_it(staff)
    await tries_it(staff)
    await opens_it_from_the_list(staff)
    await plans_it(staff)
    await staff.says("1")
    link = await staff.sees("https://lianxin.example/chat?card=s1", READ_WITHIN)
    assert link.media
    await staff.sees("1号问卷打开了，收到11月20日，开始发了")

    for one in (her, him):
        await one.sees("请您答一份问卷：用水问卷", SENT_WITHIN)
    await hands_it_in(him)
    await staff.taps("看进度")
    watched = await staff.sees("1号《用水问卷》开着，记名，收到11月20日")
    assert "共2人" in watched.text
    assert "收到1份" in watched.text
    await closes_it(staff)
    await tells_what_was_done(staff)
    await him.sees("您和大家说的：水不够\n我们做了：东头的渠清通了", SENT_WITHIN)
    await her.sees_nothing_new()
    await opens_it_from_the_list(staff)
    await staff.says("看结果")
    await staff.sees("收到1份")
    await files_are_made(county)
    assert (await staff.sees("结果图")).media


async def test_one_that_starts_tomorrow_is_paused_resumed_and_cancelled(on_web: World) -> None:
    her = await on_web.villager()
    staff = await on_web.worker("staff")
    await loads_it(staff)
    await staff.says("往下办")
    for word in ("匿名", "2", "1"):
        await staff.says(word)
    await staff.sees("怎么发")
    await staff.says("3")
    await staff.sees("哪天几点")
    await staff.says("明天上午9点半")
    await staff.sees("11月3日09:30起发")
    for deed, said in (
        ("暂停", "暂停了"),
        ("接着发", "接着发了"),
        ("不发了", "没发的不再发"),
        ("真的不发了", "不发了。"),
    ):
        await staff.taps(deed)
        await staff.sees(said)
    shown = await staff.sees("已取消")
    assert "匿名" in shown.text
    assert "收到0份" not in shown.text, "of an anonymous survey nothing is told before it is over"
    await her.sees_nothing_new()


async def test_what_is_wrong_is_told_by_sheet_and_row(county: World) -> None:
    staff = await county.worker("staff")
    await sends_the_sheet(staff, BAD, "bad.xlsx")
    await staff.sees("处要改", READ_WITHIN)
    await staff.sees("survey 表第 ")
    await staff.sees("改好再发一次")
    assert all(len(text) <= 60 for text in await staff.texts() if "行：" in text)
    await sends_the_sheet(staff, b"PK\x03\x04 xl/ and then nothing", "broken.xlsx")
    await staff.sees("表格有1处要改", READ_WITHIN)
    await staff.says("问卷")
    await staff.sees("还没有问卷")


async def test_what_only_calls_itself_a_spreadsheet_is_told(tmp_path: Path, sqlite_template: str) -> None:
    """Telegram says what a file is before its bytes have come."""
    async with world("telegram-polling", new_sqlite(tmp_path, sqlite_template), tmp_path) as made:
        staff = await made.worker("staff")
        await sends_the_sheet(staff, b"%PDF-1.7 and so on", "paper.xlsx")
        await staff.sees("表格没收到，请再发一次", READ_WITHIN)
        await staff.sends_file(bytes(3 * 2**20), "large.xlsx")
        await staff.sees("表格太大了")


async def test_a_spreadsheet_amid_a_question_leaves_it_open(on_web: World) -> None:
    staff = await on_web.worker("staff")
    await staff.says("请假")
    asked = await staff.sees("天")
    await sends_the_sheet(staff)
    await staff.sees(asked.text)
    await staff.sees("《用水问卷》，2题，可以问", READ_WITHIN)


async def test_two_staff_send_theirs_at_once(county: World) -> None:
    one = await county.worker("staff")
    await county.service.run(lambda desk: appoint(desk, "吴同事", "00000000106", COUNTY, "ANCTHER2"))
    two = county.someone("colleague", on=county.messengers[1])
    await two.opens()
    await two.says("ANCTHER2")
    await two.sees("账号接好了")
    await asyncio.gather(sends_the_sheet(one), sends_the_sheet(two))
    first, second = await asyncio.gather(*(who.sees("可以问", READ_WITHIN) for who in (one, two)))
    assert {first.text[:6], second.text[:6]} == {"查好了：1号", "查好了：2号"}


async def test_an_anonymous_one_is_read_when_it_is_mixed(on_web: World) -> None:
    staff = await on_web.worker("staff")
    her = await on_web.villager()
    await loads_it(staff)
    await launches(staff, "匿名")
    await her.sees("不记名", SENT_WITHIN)
    await staff.says("看进度")
    await staff.sees("开着，匿名")
    await closes_it(staff)
    shown = await staff.sees("在打乱，过几分钟再来看结果")
    assert [label for label, _ in shown.buttons] == ["看进度"]


async def test_a_table_as_plain_text_will_do(on_web: World) -> None:
    staff = await on_web.worker("staff")
    table = "survey,type,name,label\n,text,say,想说什么？\nsettings,form_title,form_id\n,随便说,say\n"
    await sends_the_sheet(staff, table.encode("gb18030"), "问卷.csv")
    await staff.sees("《随便说》，1题，可以问", READ_WITHIN)


async def test_spreadsheets_of_others_are_refused_as_ever(county: World) -> None:
    her = await county.villager()
    cadre = await county.worker("cadre")
    for one in (her, cadre):
        if isinstance(one, OnWeb):
            assert await one.offers_file(WATER, "water.xlsx") == "这种文件收不了，请发照片或语音。"
        else:
            await one.sends_file(WATER, "water.xlsx")
            await one.screen()
    staff = await county.worker("staff")
    await staff.says("问卷")
    await staff.sees("还没有问卷")


async def test_papers_that_are_no_tables_are_refused_also_of_staff(on_web: World) -> None:
    staff = await on_web.worker("staff")
    assert isinstance(staff, OnWeb)
    assert "收不了" in await staff.offers_file(b"%PDF-1.7 and so on", "paper.pdf")
    assert "收不了" in await staff.offers_file(b"PK\x03\x04 word/document.xml", "paper.docx")
    assert "太大" in await staff.offers_file(b"PK\x03\x04 xl/" + bytes(3 * 2**20), "large.xlsx")


@pytest.mark.parametrize("channel", ["wechat-safe", "wecom"])
async def test_where_no_files_come_the_way_is_told(
    channel: str, tmp_path: Path, sqlite_template: str
) -> None:
    async with world(channel, new_sqlite(tmp_path, sqlite_template), tmp_path, **PUBLIC) as made:
        staff = await made.worker("staff")
        await staff.says("发问卷")
        told = await staff.sees("请到网页聊天里发：https://lianxin.example/chat")
        assert "关联" in told.text


@pytest.mark.parametrize("channel", ["wechat-safe", "wechat-plain", "wecom"])
async def test_all_but_the_spreadsheet_goes_there_too(
    channel: str, tmp_path: Path, sqlite_template: str
) -> None:
    async with world(channel, new_sqlite(tmp_path, sqlite_template), tmp_path, **PUBLIC) as made:
        staff = await made.worker("staff")
        her = await made.villager()
        await made.service.run(lambda desk: load_survey(desk, FORM, b"", anonymous=False, area=COUNTY))
        await opens_it_from_the_list(staff)
        await staff.says("1")
        await staff.sees("【试填】第1题")
        await staff.says("取消")
        await staff.sees("【试填】停了")
        await opens_it_from_the_list(staff)
        await answers(staff, ("往下办", "记名还是匿名"), ("1", "什么时候"), ("1", "问谁"), ("1", "能送到1人"))
        await answers(staff, ("4", "（下面有“参加”可点。）"), ("1", "开始发了"))
        await her.sees("请您答一份问卷：用水问卷", SENT_WITHIN)
        await staff.says("问卷")
        await staff.sees("您管的问卷")
        await staff.says("1")
        await staff.sees("开着，记名")
        await closes_it(staff)


async def test_what_was_rehearsed_and_then_came_is_one_matter(on_web: World) -> None:
    staff = await on_web.worker("staff")
    survey = await on_web.service.run(lambda desk: load_survey(desk, FORM, b"", anonymous=False, area=COUNTY))

    def rehearsed_and_sent(desk: Desk) -> None:
        person = people.find(desk.tx, 5)
        assert person is not None
        broadcasts.rehearse(desk, person, survey)
        opening.open_survey(desk, survey, None)
        broadcasts.rehearse(desk, person, survey)

    await on_web.service.run(rehearsed_and_sent)
    await staff.sees("【试发】")
    await staff.sees("【试发】")
    await answers(staff, ("1", "用水问卷"), ("1", "第1题"))


async def test_two_staff_open_the_same_one(on_web: World) -> None:
    await on_web.villager()
    one = await on_web.worker("staff")
    await on_web.service.run(lambda desk: appoint(desk, "吴同事", "00000000106", COUNTY, "ANCTHER2"))
    two = on_web.someone("colleague")
    await two.opens()
    await two.says("ANCTHER2")
    await two.sees("账号接好了")
    await loads_it(one)
    await two.says("问卷")
    await two.sees("您管的问卷")
    await two.says("1")
    await two.sees("没打开")
    await two.says("往下办")
    for word in ("2", "2", "1"):
        await two.says(word)
    await two.sees("怎么发")
    await launches(one)
    await two.says("1")
    await two.sees("发过了")
    await two.says("问卷")
    await two.sees("您管的问卷")
    await two.says("1")
    await two.sees("开着，记名")


async def test_staff_of_another_area_neither_see_nor_touch_it(on_web: World) -> None:
    staff = await on_web.worker("staff")
    await on_web.service.run(lambda desk: appoint(desk, "郑镇上", "00000000107", TOWNSHIP, OF_ANOTHER_AREA))
    other = on_web.someone("of a township")
    await other.opens()
    await other.says(OF_ANOTHER_AREA)
    await other.sees("账号接好了")
    await loads_it(staff)
    await other.says("问卷")
    await other.sees("还没有问卷")
    for deed in (
        "show",
        "try",
        "launch",
        "drop",
        "cancel-sure",
        "close-sure",
        "results",
        "link",
        "tell",
        "remind",
    ):
        await other.taps_wire(f"q:1:{deed}")
        await other.sees("不归您看")
    await staff.says("问卷")
    await staff.sees("您管的问卷")
    await loads_it(other)
    await other.says("往下办")
    await other.says("1")
    await other.says("1")
    asked = await other.sees("问谁")
    assert [label for label, _ in asked.buttons] == [
        "城关街道所有人",
        "干部，按身份",
        "每村抽几人",
        "一份名单",
    ]


async def test_only_one_village_is_asked(on_web: World) -> None:
    here, there = await on_web.villager("here"), await on_web.villager("there", OTHER)
    staff = await on_web.worker("staff")
    await loads_it(staff)
    await staff.says("往下办")
    for word in ("1", "1", "2", "南韩"):
        await staff.says(word)
    await staff.sees("能送到1人")
    await staff.says("1")
    await staff.sees("开始发了")
    await there.sees("请您答一份问卷：用水问卷", SENT_WITHIN)
    await here.says("问卷")
    await here.sees("现在没有等您答的问卷")


async def test_those_of_a_list_or_a_tag_are_asked(on_web: World) -> None:
    her, other = await on_web.villager("her"), await on_web.villager("other")
    await her.says("00000000321")
    await her.sees("电话记下了")
    await other.says("00000000322")
    await other.sees("电话记下了")
    staff = await on_web.worker("staff")
    await loads_it(staff)
    await staff.says("往下办")
    for word in ("1", "1"):
        await staff.says(word)
    asked = await staff.sees("问谁")
    assert "带标签的人" not in [label for label, _ in asked.buttons]
    await answers(
        staff,
        ("一份名单", "把手机号发来"),
        ("没有号码", "没看到手机号"),
        ("00000000399", "这些号码都不认得，请换一种"),
        ("一份名单", "把手机号发来"),
        ("00000000321、00000000399", "2个号码，认得1人"),
    )
    await staff.sees("能送到1人")
    await on_web.service.run(lambda desk: tag_people(desk, "党员", ["00000000322"]))
    await staff.says("换人")
    asked = await staff.sees("问谁")
    assert len(asked.buttons) <= MOST_SHOWN
    await staff.says("带标签的人")
    tags = await staff.sees("直接打标签")
    assert [label for label, _ in tags.buttons] == ["党员（1人）"]
    await staff.says("1")
    await staff.sees("能送到1人")
    await staff.says("1")
    await staff.sees("开始发了")
    await other.sees("请您答一份问卷", SENT_WITHIN)
    await her.sees_nothing_new()


def appoint(desk: Desk, name: str, phone: str, area: str, invitation: str) -> None:
    person = people.add(desk.tx, desk.now, name=name, phone=phone)
    people.add_role(desk.tx, person, RoleName.STAFF, area, desk.now)
    cards.add_invitation(desk.tx, invitation, person, desk.now + timedelta(days=30))


async def test_a_ready_template_is_taken(on_web: World) -> None:
    staff = await on_web.worker("staff")
    await sends_the_sheet(staff, template_workbook("quarterly"), "quarterly.xlsx")
    await staff.sees("可以问", READ_WITHIN)
