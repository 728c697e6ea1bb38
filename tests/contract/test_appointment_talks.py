"""The talks about talks, turn by turn: pages of times, what is not understood, and that all of it is short."""

import json
from dataclasses import replace

import pytest

from bot.turn import Turns
from domain.appointments.times import TalkRules
from domain.directory import RoleName
from domain.talk import VILLAGER_TEXT_LIMIT
from services.tickets import clock
from tests.contract.test_turn import Talker
from tests.contract.village import CHANNEL, Village

LEVELS = {RoleName.VILLAGER: ["副部长"], RoleName.CADRE: ["副部长"], RoleName.STAFF: ["部长"]}
REASON = "镇上临时通知去市里开会两天都回不来"
TOPIC = "娃上大学的助学贷款一直没批下来"


class Reader(Talker):
    """Keeps what she reads."""

    def __init__(self, turns: Turns, address: str) -> None:
        super().__init__(turns, address)
        self.buttons: list[tuple[str, str]] = []

    async def says(self, *texts: str) -> list[str]:
        for text in texts:
            taken = await self.does(text)
            self.buttons = [(one.id, one.label) for one in taken.answers[-1].choices]
        return [answer.text for answer in taken.answers]

    @property
    def labels(self) -> list[str]:
        return [label for _, label in self.buttons]


@pytest.fixture
def turns(village: Village) -> Turns:
    county = replace(village.county, talks=TalkRules(30, LEVELS), public_url="https://county.example")
    village.county = county
    return Turns(village.database, county, village.clock, "one", lambda _: None)


async def opens(
    staff: Reader, day: str = "11月4号", hours: str = "9:00-11:00", place: str = "县委305"
) -> str:
    await staff.says("放约谈时间", "赵督办")
    if "副部长" in staff.labels:
        await staff.says("副部长")
    await staff.says(day, hours, place, "对")
    [told] = [text for text in await staff.says("约谈安排") if "安排" in text]
    return told


async def test_times_are_shown_page_by_page(turns: Turns):
    staff, her = Reader(turns, "staff"), Reader(turns, "villager")
    await opens(staff, hours="8:00-11:30")
    await her.says("约谈")
    assert her.labels[:2] == ["11月4日周三8点 副部长赵督办", "11月4日周三8点30分 副部长赵督办"]
    assert (len(her.labels), her.labels[-1]) == (6, "看后面的时间")
    await her.says("6")
    assert her.labels == ["11月4日周三10点30分 副部长赵督办", "11月4日周三11点 副部长赵督办", "从头看"]
    await her.says("从头看", "9")
    assert her.labels[0] == "11月4日周三8点 副部长赵督办"
    assert (await her.says("6", "2"))[0].startswith("想谈什么")
    assert (await her.says("9"))[0] == "约哪个时间？"
    assert "11点 副部长赵督办" in (await her.says("2", "1"))[0]
    await staff.says("约谈安排")
    assert len(staff.labels) == 6
    await staff.says("看后面的")
    assert staff.labels == ["11月4日周三10点30分 副部长赵督办 空着", "11月4日周三11点 副部长赵督办 等答复"]
    assert "还没人约" in (await staff.says("1"))[0]
    assert (await staff.says("1"))[0] == "撤下了：11月4日周三10点30分 副部长赵督办。"


@pytest.mark.parametrize(
    ("before", "said", "answered"),
    [
        ([], "刘不在", "花名册里没有这位领导"),
        (["赵督办", "副部长"], "某一天", "没看懂日子"),
        (["赵督办", "副部长", "11月4号"], "九点多", "没看懂时间"),
        (["赵督办", "副部长", "11月4号"], "9:00-9:20", "不够谈一次"),
        (["赵督办", "副部长", "今天"], "9:00-10:00", "明天以后"),
    ],
)
async def test_what_staff_say_that_cannot_be_meant(turns: Turns, before: list[str], said: str, answered: str):
    staff = Reader(turns, "staff")
    await staff.says("放约谈时间", *before)
    assert answered in (await staff.says(said))[0]


async def test_only_staff_open_times(turns: Turns):
    for who in ("villager", "primary", "supervisor"):
        assert "由县上工作人员放" in (await Reader(turns, who).says("放约谈时间"))[0]


async def test_old_and_forged_buttons_say_why_not(turns: Turns, village: Village):
    staff, her, him = Reader(turns, "staff"), Reader(turns, "villager"), Reader(turns, "supervisor")
    other = Reader(turns, "neighbour")
    await opens(staff)
    await her.says("约谈", "1", "1")
    for who, wire, answered in (
        (her, "a:1:fix", "这个按钮用不了了"),
        (her, "a:1:rate3", "这一步办不了"),
        (her, "a:1:missed", "这一步办不了"),
        (her, "a:9:show", "没有9号"),
        (Reader(turns, "primary"), "a:1:fix", "没有1号"),
        (other, "a:1:rate1", "没有1号"),
        (other, "a:s1:withdraw", "有人约了"),
        (him, "a:1:rate1", "没有1号"),
        (him, "a:1:missed", "这个按钮用不了了"),
        (him, "t:1:answer", "是约谈"),
        (him, "t:1:accept", "是约谈"),
        (her, "t:1:solved", "是约谈"),
    ):
        taken = await who.does(choice=wire)
        assert answered in taken.answers[-1].text, wire
    assert (await village.ticket(1)).events == 2


async def test_all_that_is_read_is_short_and_fits(turns: Turns, village: Village, look):
    staff, her, him = Reader(turns, "staff"), Reader(turns, "villager"), Reader(turns, "supervisor")
    await opens(staff)
    await him.says("订阅日历", "订阅日历", "1", "停用日历", "停用日历")
    await her.says("约谈", "7", "1", TOPIC, "约谈", "1", "2", REASON)
    for words in (("改地点",), ("老年活动中心二楼会议室",), ("改时间",), ("11月6号下午3点半",), (REASON,)):
        await him.says("1号", *words)
    for deed in ("fix", "place", "move", "cancel"):
        await him.does(choice=f"a:1:{deed}")
        await him.says("取消")
    while village.now.day < 7:
        village.passes(hours=6)
        await village.do(clock.look_at_due)
    await her.says("约谈", "没谈成")
    await him.says("1号", "另定时间", "11月10号9点", REASON)
    await her.does(choice="a:1:cancel")
    await her.says(REASON, "约谈", "我的事")
    await staff.says("约谈", "1")
    rows = [(text, choices) for text, choices in look("SELECT text, choices FROM outbox")]
    assert len(rows) > 50
    own = [
        text.replace(REASON, "").replace(TOPIC, "").replace("老年活动中心二楼会议室", "") for text, _ in rows
    ]
    cards = [text for text in own if "\n想谈" in text or "前答复" in text]
    assert [text for text in own if len(text) > VILLAGER_TEXT_LIMIT and text not in cards] == [
        text for text in own if text.startswith("https://")
    ]
    buttons = [json.loads(choices) if isinstance(choices, str) else choices for _, choices in rows]
    assert max(map(len, buttons)) <= 6
    assert all(len(wire.encode()) <= 64 and label for listed in buttons for wire, label in listed)
    assert not any(
        CHANNEL in text for text in own if not text.startswith("https://")
    )  # whose secrets may say anything


async def test_a_digit_that_stands_for_nothing_is_no_reason_topic_or_place(turns: Turns):
    staff, her = Reader(turns, "staff"), Reader(turns, "villager")
    await opens(staff)
    unknown = ["没有这个数字。请回前面的数字，或说一句。"]
    await her.says("约谈", "1")
    assert await her.says("5") == unknown  # of four topics
    await her.says("1")
    await her.does(choice="a:1:cancel")
    assert await her.says("4") == unknown
    await staff.does(choice="a:1:place")
    assert await staff.says("6") == unknown


async def test_a_time_that_was_booked_meanwhile_is_not_said_to_be_free(turns: Turns):
    staff, her = Reader(turns, "staff"), Reader(turns, "villager")
    await opens(staff)
    await staff.says("约谈安排")
    [(wire, label), *_] = staff.buttons
    assert label.endswith("空着")
    await her.says("约谈", "1", "1")
    taken = await staff.does(choice=wire)
    assert taken.answers[-1].text == "这个时间有人约了，或已撤下。"
