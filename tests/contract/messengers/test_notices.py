"""A notice knocks where words cannot come; the message itself waits for her."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from domain.talk import About, Reply
from services.delivery import tell
from services.desk import Desk
from storage import media
from tests.contract.messengers.looking import Outbox, is_told, person_id, shown, until
from tests.scenario.world import JPEG, World, world

FIELDS = {"thing1": "{text}", "time2": "{time}", "thing3": "{county}乡村办事"}
NOTICES = {
    "progress": {"template_id": "T-progress", "kind": "template", "fields": FIELDS},
    "answer": {"template_id": "T-answer", "kind": "subscribe", "fields": {"thing1": "{text}"}},
    "words": {"template_id": "T-unknown", "kind": "template", "fields": FIELDS},
}


@pytest.fixture
async def knocking(url: str, tmp_path: Path) -> AsyncIterator[World]:
    async with world("wechat-plain", url, tmp_path, wechat={"notices": NOTICES}) as county:
        county.wechat.templates.contents |= {
            "T-progress": "进展：{{thing1.DATA}}\n时间：{{time2.DATA}}\n{{thing3.DATA}}",
            "T-answer": "答复：{{thing1.DATA}}",
        }
        yield county


@pytest.fixture
async def her(knocking: World) -> Any:
    """A villager who has not written for two days."""
    made = await knocking.villager()
    knocking.time.now += timedelta(hours=49)
    return made


def knocks(county: World) -> int:
    return county.wechat.calls["/cgi-bin/message/template/send"]


async def test_it_knocks_once_for_each_message_which_waits_and_rides(
    knocking: World, her: Any, outbox: Outbox
) -> None:
    await is_told(knocking, her, Reply("1号由张建国接了，他说明天一早就来看看这条渠", about=About.PROGRESS))
    await until(lambda: shown(her, "进展"))
    notice = her.follower.messages[-1]
    assert (
        notice.text
        == "进展：1号由张建国接了，他说明天一早就来看看…\n时间：2026年11月4日 11:00\n富平县乡村办事"
    )
    await until(lambda: outbox.count("state = 'held' AND via = 'template'") == 1)
    await is_told(knocking, her, Reply("2号也接了", about=About.PROGRESS))
    await until(lambda: outbox.count("state = 'held' AND via = 'template'") == 2)
    for _ in range(3):
        knocking.service.delivery.wake()
        await knocking.service.delivery.take_back()
    assert knocks(knocking) == 2
    await her.says("帮助")
    assert her.follower.texts[-1].startswith("1号由张建国接了，他说明天一早就来看看这条渠\n\n2号也接了\n\n")
    await outbox.settles()
    assert outbox.rows("state, via", "text LIKE '%接了%'") == [("sent", "passive")] * 2
    assert knocks(knocking) == 2
    assert her.follower.sends == 0


async def test_what_is_about_nothing_of_the_list_waits_without_a_knock(
    knocking: World, her: Any, outbox: Outbox
) -> None:
    await is_told(knocking, her, "一", "二")
    await is_told(knocking, her, Reply("三", about=About.TASK))
    await until(lambda: outbox.count("state = 'held'") == 3)
    assert knocks(knocking) == 0


async def test_with_a_window_open_the_words_themselves_come(
    knocking: World, her: Any, outbox: Outbox
) -> None:
    await her.says("帮助")
    await is_told(knocking, her, Reply("1号由张建国接了", about=About.PROGRESS))
    await her.sees("1号由张建国接了")
    await outbox.settles()
    assert knocks(knocking) == 0


async def test_a_notice_that_she_subscribed_to_comes_once(knocking: World, her: Any, outbox: Outbox) -> None:
    her.follower.consents["T-answer"] = 1
    await is_told(knocking, her, Reply("渠通了", about=About.ANSWER))
    await until(lambda: shown(her, "答复：渠通了"))
    await is_told(knocking, her, Reply("路好了", about=About.ANSWER))
    await until(lambda: outbox.count("state = 'held'") == 2)
    assert shown(her, "答复：") == 1
    rows = outbox.rows("via, reason", "state = 'held'")
    assert rows[0] == ("template", "she was told by a notice; the message waits for her")
    assert rows[1][0] == ""
    assert rows[1][1].endswith("notice: 43101: she has not agreed to notices of this kind")
    await her.says("帮助")
    assert "渠通了\n\n路好了" in her.follower.texts[-1]


REFUSED = {
    "no such template": (About.WORDS, {}, "40037: there is no template with this id"),
    "not verified": (About.PROGRESS, {"errcode": 48001}, "48001"),
    "the field does not fit": (About.PROGRESS, {"errcode": 47003}, "47003"),
    "busy": (About.PROGRESS, {"status": 502}, "-1"),
    "cut off": (About.PROGRESS, {"drop": "before"}, "Disconnected"),
}


@pytest.mark.parametrize("case", REFUSED)
async def test_a_notice_that_is_refused_loses_no_message(
    knocking: World, her: Any, outbox: Outbox, case: str
) -> None:
    about, fault, why = REFUSED[case]
    if fault:
        knocking.wechat.fail_next("message/template/send", **fault)
    await is_told(knocking, her, Reply("一", about=about))
    await until(lambda: outbox.count("state = 'held'"))
    [(via, reason)] = outbox.rows("via, reason", "state = 'held'")
    assert via == ""
    assert reason.startswith("no window is open")
    assert why in reason
    await her.says("帮助")
    assert her.follower.texts[-1].startswith("一\n\n")


@pytest.mark.parametrize("fate", ["failed:user block", "failed: system failed"])
async def test_what_became_of_a_notice_is_noted(knocking: World, her: Any, outbox: Outbox, fate: str) -> None:
    her.follower.template_fate = fate
    await is_told(knocking, her, Reply("一", about=About.PROGRESS))
    await until(lambda: outbox.count("via = 'template'"))
    [(remote,)] = outbox.rows("remote_id", "via = 'template'")
    await knocking.wechat.finishes(int(remote))
    assert outbox.rows("state, reason", "via = 'template'") == [
        ("held", f"the notice did not arrive: {fate}")
    ]
    await knocking.wechat.finishes(int(remote), Status="success")
    assert "did not arrive" in outbox.rows("reason", "via = 'template'")[0][0]
    await her.says("帮助")
    assert her.follower.texts[-1].startswith("一\n\n")


async def test_who_writes_while_the_notice_is_on_its_way_gets_the_words_at_once(
    knocking: World, her: Any, outbox: Outbox
) -> None:
    knocking.wechat.fail_next("message/template/send", delay=0.3)
    await is_told(knocking, her, Reply("1号由张建国接了", about=About.PROGRESS))
    await until(lambda: shown(her, "进展"))  # and the answer to the call is still to come
    await her.says("帮助")
    await until(lambda: sum(text == "1号由张建国接了" for text in her.follower.texts) == 1)
    await outbox.settles()
    assert outbox.rows("state, via", "text = '1号由张建国接了'") == [("sent", "service")]
    assert knocks(knocking) == 1


async def test_of_a_message_of_which_a_part_arrived_she_is_told_once(
    knocking: World, her: Any, outbox: Outbox
) -> None:
    await her.says("帮助")
    person = await person_id(knocking, her)
    kept = await knocking.service.store.keep(JPEG)
    knocking.wechat.fail_next("message/custom/send")  # the picture arrives
    knocking.wechat.fail_next("message/custom/send", errcode=45047)

    def deed(desk: Desk) -> None:
        picture = tuple(media.add(desk.tx, "web", [kept], desk.now))
        tell(desk, person, Reply("渠通了", (), picture, About.PROGRESS), urgent=True)

    await knocking.service.run(deed)
    await until(lambda: outbox.count("state = 'held'"))
    assert knocks(knocking) == 1
    assert outbox.rows("doubts, via", "text = '渠通了'") == [(1, "template")]
    await her.says("帮助")
    await until(lambda: her.follower.texts[-1] == "渠通了")
    assert sum(text == "渠通了" for text in her.follower.texts) == 1
    assert knocks(knocking) == 1
