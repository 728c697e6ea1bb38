"""Members of a company: no window, but a pace, a limit of bytes, and a check for doubles that must swallow nothing."""

from datetime import timedelta
from itertools import pairwise

import pytest

from bot.channels.wecom.channel import WeComChannel
from bot.pace import Pace
from domain.talk import Choice, Reply
from services.delivery import tell
from services.desk import Desk
from storage import media
from tests.contract.messengers.looking import Outbox, is_told, person_id, person_of, shown, until
from tests.recordings import picture
from tests.scenario.people import OnWeCom
from tests.scenario.world import World

MINUTE, HOUR = (30, 60), (1000, 3600)


@pytest.fixture
async def him(wecom: World) -> OnWeCom:
    made = await wecom.villager()
    assert isinstance(made, OnWeCom)
    return made


async def test_there_is_no_window(wecom: World, him: OnWeCom, outbox: Outbox) -> None:
    wecom.time.now += timedelta(days=30)
    await is_told(wecom, him, *(f"第{number}句" for number in range(1, 13)))
    await outbox.settles()
    assert him.member.texts[-12:] == [f"第{number}句" for number in range(1, 13)]
    assert outbox.rows_of("send_window") == 0


async def test_the_same_words_again_and_again_all_arrive(wecom: World, him: OnWeCom, outbox: Outbox) -> None:
    ask = Reply("解决了吗？", (Choice("t:1:solved", "解决了"),))
    await is_told(wecom, him, "一", "一", "一", ask, ask)
    await outbox.settles()
    assert shown(him, "一") == 3
    assert shown(him, "解决了吗？\n1 解决了") == 2
    assert wecom.wecom.swallowed == []


async def test_the_same_words_to_two_members_arrive_at_both(
    wecom: World, him: OnWeCom, outbox: Outbox
) -> None:
    other = await wecom.villager("other")
    await is_told(wecom, him, "一")
    await is_told(wecom, other, "一")
    await outbox.settles()
    assert (shown(him, "一"), shown(other, "一")) == (1, 1)


async def test_of_two_alike_the_second_may_break_too(wecom: World, him: OnWeCom, outbox: Outbox) -> None:
    """The second cannot be told from a repetition of the first: it is in doubt, and comes once more."""
    await is_told(wecom, him, "一")
    await outbox.settles()
    wecom.wecom.fail_next("message/send", drop="after")
    await is_told(wecom, him, "一")
    await until(lambda: outbox.count("doubts = 1 AND state = 'sent'"))
    assert 2 <= shown(him, "一") <= 3
    assert wecom.wecom.swallowed == []


async def test_a_sending_cut_off_by_a_stop_is_made_again_without_doubling(
    wecom: World, him: OnWeCom, outbox: Outbox
) -> None:
    wecom.wecom.fail_next("message/send", delay=0.3)
    await is_told(wecom, him, "一")
    await until(lambda: shown(him, "一"))
    dead = "UPDATE outbox SET sender = 'dead' WHERE state = 'sending'"
    await wecom.service.database.run(lambda tx: tx.exec_driver_sql(dead))
    await wecom.service.delivery.take_back()
    await wecom.later(seconds=1)
    await outbox.settles()
    assert shown(him, "一") == 1
    assert outbox.rows("state, doubts", "text = '一'") == [("sent", 0)]


async def test_a_picture_whose_sending_breaks_is_in_doubt(wecom: World, him: OnWeCom, outbox: Outbox) -> None:
    """An upload made again is another file for WeCom: it cannot see that the same is sent once more."""
    wecom.wecom.fail_next("message/send", drop="after", times=2)
    person = await person_id(wecom, him)
    kept = await wecom.service.store.keep(picture("image/jpeg"))

    def deed(desk: Desk) -> None:
        tell(desk, person, Reply("看图", (), tuple(media.add(desk.tx, "web", [kept], desk.now))), urgent=True)

    await wecom.service.run(deed)
    await until(lambda: outbox.count("state = 'uncertain'"))
    assert sum(message.kind == "image" for message in him.member.messages) == 2


SENTENCE = "渠水从上游下来，先到一组，再到二组👨‍👩‍👧。"
LONG = {
    "sentences": SENTENCE * 60,
    "no sentence": "渠" * 2000,
    "wide characters": "👨‍👩‍👧" * 200,
    "mixed": "渠a👧" * 500,
}


@pytest.mark.parametrize("case", LONG)
async def test_a_long_text_comes_in_pieces_that_say_all(
    wecom: World, him: OnWeCom, outbox: Outbox, case: str
) -> None:
    before = len(him.member.messages)
    await is_told(wecom, him, Reply(LONG[case], (Choice("t:1:solved", "解决了"),)))
    await outbox.settles()
    parts = him.member.texts[before:]
    assert wecom.wecom.cut == []
    assert all(len(part.encode()) <= 2048 for part in parts)
    assert "".join(parts) == f"{LONG[case]}\n1 解决了"
    if case == "sentences":
        assert all(part.endswith("。") for part in parts[:-1])


async def test_an_answer_too_long_for_the_response_comes_whole_another_way(
    wecom: World, him: OnWeCom, outbox: Outbox
) -> None:
    cadre, said = await wecom.worker("cadre"), "渠堵了。" * 400
    await him.says(said)
    await him.says("1")
    await him.sees("记下了")
    await outbox.settles()
    assert isinstance(cadre, OnWeCom)
    before = len(cadre.member.texts)
    await cadre.says("1号")
    await until(lambda: "1 签收" in "".join(cadre.member.texts[before:]))
    assert said in "".join(cadre.member.texts[before:])
    assert wecom.wecom.cut == wecom.wecom.swallowed == []


async def test_a_burst_never_exceeds_what_a_member_is_shown(
    wecom: World, him: OnWeCom, outbox: Outbox
) -> None:
    person, before = await person_id(wecom, him), len(him.member.messages)

    def deed(desk: Desk) -> None:
        for number in range(40):
            tell(desk, person, Reply(f"第{number}句"), urgent=True)

    await wecom.service.run(deed)
    await until(lambda: len(him.member.messages) - before == 30)
    other = await wecom.villager("other")
    await is_told(wecom, other, "别人的")
    await until(lambda: shown(other, "别人的"))  # who is over the limit holds up nobody else
    assert len(person_of(him).messages) - before == 30
    assert wecom.wecom.dropped == []
    await until(lambda: outbox.count("state IN ('sending', 'queued')") == 10)
    await him.says("帮助")
    await him.sees("有事直接说")  # a response is not counted


@pytest.mark.parametrize("gap", [0, 1.5, 4])
def test_neither_limit_is_ever_exceeded(gap: float) -> None:
    pace, now, left = Pace(WeComChannel.traits), 0.0, []
    for _ in range(2500):
        now = max(now, pace._moment("member", now)) + gap
        left.append(now - gap)
    assert left == sorted(left)
    for count, seconds in (MINUTE, HOUR):
        assert all(later - earlier >= seconds for earlier, later in zip(left, left[count:], strict=False))
    assert any(later - earlier > max(gap, 1) for earlier, later in pairwise(left)) == (gap < 3.6)
