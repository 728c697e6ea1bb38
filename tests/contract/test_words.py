"""Whatever she does, what she reads is short; whatever is tapped fits every messenger."""

import json

import pytest

from bot.turn import Turns
from domain.county import County
from domain.talk import VILLAGER_TEXT_LIMIT, Media
from services.tickets import clock
from tests.contract.test_turn import Talker
from tests.contract.village import CHANNEL, ID, Village

# Words of people, long enough to be noticed, which are quoted whole or in part.
HERS = "渠堵了水下不来三组东头二十亩地都旱着呢求人来看一看行不行啊"
HIS = "已经请了挖机明天一早从东头开始清三天之内保证让水下到地里"
WHERE = "到镇水管站二楼办事窗口找值班的人问一问就行带上水费本子"
QUOTED = (HERS, HIS, WHERE)
TIMELINE = "经过："
"""A timeline is as long as the story; each of its lines is short."""
WIRE_LIMIT = 64
"""Bytes of a button's id on the strictest messenger."""


def own_words(text: str) -> str:
    """The text without what it quotes of people's words, whole or cut."""
    for words in QUOTED:
        for length in range(len(words), 3, -1):
            text = text.replace(words[:length], "")
    return text


@pytest.fixture
def turns(village: Village) -> Turns:
    return Turns(village.database, village.county, village.clock, "one", lambda _: None)


@pytest.fixture
async def read(turns: Turns, village: Village) -> None:
    """Everything that can happen to her, done once."""
    her, him = Talker(turns, "villager"), Talker(turns, "primary")
    newcomer = Talker(turns, "newcomer")
    await newcomer.says(HERS, "啥", "1", "窦", "9", "1", "窦村", "1")
    await her.says(
        "你好", "我的事", "0", "9", "7", "999号", "找人", "谢谢", "帮助", "关联", "取消", "00000000139"
    )
    await her.says(HERS, "8", "第八个", "不对", HERS, "1")  # 1
    await her.does(choice="1:yes")
    for deed in ("look", "urge", "urge", "story", "nothing", "solved"):
        await her.does(choice=f"t:1:{deed}")
    await her.does(choice="t:1:add")
    await her.says(HERS)
    for deed, words in (("message", HIS), ("extend", HIS), ("answer", HIS)):
        if deed == "message":
            await him.does(choice="t:1:accept")
        await him.does(choice=f"t:1:{deed}")
        await him.says(words)
    await her.does(choice="t:1:reply")
    await her.says(HERS)
    await her.does(choice="t:1:unsolved")
    await her.says(HERS)
    await him.does(choice="t:1:answer")
    await him.says(HIS)
    for deed in ("solved", "rate", "rate1", "look", "story", "urge"):
        await her.does(choice=f"t:1:{deed}")
    await her.does(media=(Media("image", ref="r"),))
    await her.says("1")  # 2
    await him.does(choice="t:2:decline")
    await him.says(WHERE)
    await her.says("代办", "王大妈 00000000999", HERS, "1")  # 3
    await him.does(choice="t:3:transfer")
    await him.says("1", HIS)
    await her.does(choice="t:3:withdraw")
    await her.says(
        "村干部吃拿卡要不给低保", "1", "表扬张建国修路辛苦", "1", HERS + "急", "1", "现在有人倒在地上", "1"
    )
    await _emergencies(her, village.county)
    await her.says(HERS, "1")
    for _ in range(24 * 12):
        village.passes(hours=1)
        await village.do(clock.look_at_due)
    await her.says("我的事")
    # Last, and by somebody else: what was said to one who leaves is blanked.
    assert "都删了" in (await Talker(turns, "neighbour").says("注销"))[0]


async def _emergencies(her: Talker, county: County) -> None:
    for words in (
        "着火了", "煤气泄漏一股味", "娃掉到机井里了", "人昏迷叫不醒", "公路上出车祸了", "有人拿刀砍人", "老公打我",
        "不想活了", "娃在学校叫人打了", "电线掉地上了", "给骗子转账了", "山上滑坡了", "孩子找不见了",
    ):  # fmt: skip
        assert county.triage.judge(words).emergency, words
        await her.says(words, "取消")


async def test_all_that_is_read_is_short_fits_and_gives_nobody_away(read: None, look):
    texts = {row[0] for row in look(f"SELECT text FROM outbox WHERE person IN ({ID['villager']}, 8)")}
    assert len(texts) > 50
    told = {text for text in texts if TIMELINE not in text}
    assert [text for text in told if len(own_words(text)) > VILLAGER_TEXT_LIMIT] == []
    lines = [line for text in texts - told for line in text.splitlines()]
    assert [line for line in lines if len(own_words(line)) > VILLAGER_TEXT_LIMIT // 2] == []
    _every_button_fits(look)
    _nobody_reads_anybodys_account(look)


def _every_button_fits(look) -> None:
    rows = [row[0] for row in look("SELECT choices FROM outbox")]
    choices = [choice for row in rows for choice in (json.loads(row) if isinstance(row, str) else row)]
    assert len(choices) > 100
    assert all(len(wire.encode()) <= WIRE_LIMIT and label for wire, label in choices)
    assert max(len(json.loads(row) if isinstance(row, str) else row) for row in rows) <= 6


def _nobody_reads_anybodys_account(look) -> None:
    texts = "".join(row[0] for row in look("SELECT text FROM outbox"))
    assert CHANNEL not in texts
    assert "newcomer" not in texts
