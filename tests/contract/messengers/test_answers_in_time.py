"""An update is answered by the response to it, once: repeated, late, or cut off."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from storage.database import UnavailableError
from tests.contract.messengers.looking import Outbox, event, message, person_of, post, server_of, shown, until
from tests.scenario.world import JPEG, World


class Gate:
    """Holds up turns at their beginning, until it is opened. `faults` are raised by the next turns."""

    def __init__(self, take: Callable[[Any], Awaitable[Any]]) -> None:
        self._take = take
        self._opened = asyncio.Event()
        self.waiting = 0
        self.faults: list[Exception] = []

    async def __call__(self, inbound: Any) -> Any:
        self.waiting += 1
        await self._opened.wait()
        self.waiting -= 1
        if self.faults:
            raise self.faults.pop()
        return await self._take(inbound)

    def open(self) -> None:
        self._opened.set()


def gate(county: World) -> Gate:
    made = Gate(county.service.turns.take)
    county.service.passive._take = made
    return made


async def test_a_message_delivered_three_times_is_done_once_and_answered_alike(anywhere: World) -> None:
    her, server = await anywhere.villager(), server_of(anywhere)
    said = message(server, person_of(her).name, Content="渠堵了")
    first = await post(server, said)
    assert first[0] == 200
    assert "您说：渠堵了。对吗？" in first[1]
    assert [await post(server, said) for _ in range(2)] == [first, first]


async def test_a_confirmation_three_times_at_once_files_one_request(anywhere: World, outbox: Outbox) -> None:
    her, server = await anywhere.villager(), server_of(anywhere)
    await her.says("渠堵了")
    said = message(server, person_of(her).name, Content="1")
    answers = await asyncio.gather(*(post(server, said) for _ in range(3)))
    assert len(set(answers)) == 1
    assert "记下了" in answers[0][1]
    assert outbox.rows_of("ticket") == 1
    assert shown(her, "记下了") == 0, "it was the response, and is not said another way too"


async def test_an_event_delivered_twice_is_done_once_and_answered_alike(safe: World, outbox: Outbox) -> None:
    followed = event(safe.wechat, "o-new", "subscribe", EventKey=f"qrscene_{await safe.card()}")
    first, again = await post(safe.wechat, followed), await post(safe.wechat, followed)
    assert "不要身份证号" in first[1]
    assert again == first
    assert outbox.rows_of("account") == 1
    assert outbox.count() == 1


async def test_nobody_gets_an_answer_by_the_number_of_anothers_message(anywhere: World) -> None:
    her, server = await anywhere.villager(), server_of(anywhere)
    said = message(server, person_of(her).name, Content="渠堵了")
    await post(server, said)
    assert await post(server, said | {"FromUserName": "somebody-else"}) == (200, "")


async def test_while_the_first_still_runs_the_second_waits_for_the_same_answer(
    anywhere: World, outbox: Outbox
) -> None:
    her, server = await anywhere.villager(), server_of(anywhere)
    slow = gate(anywhere)
    said = message(server, person_of(her).name, Content="渠堵了")
    both = asyncio.gather(post(server, said), post(server, said))
    await until(lambda: slow.waiting == 2)
    slow.open()
    first, second = await both
    assert first == second
    assert "对吗" in first[1]
    await outbox.settles()
    assert outbox.rows("state, via, tries", "text LIKE '%对吗%'") == [("sent", "passive", 1)]


async def test_who_hangs_up_delivers_again_and_gets_the_answer_once(anywhere: World, outbox: Outbox) -> None:
    her, server = await anywhere.villager(), server_of(anywhere)
    anywhere.service.passive._repeats_for = 0.2
    slow = gate(anywhere)
    server.patience = 0.1
    talking = asyncio.create_task(her.says("渠堵了"))
    await until(lambda: slow.waiting == 2)  # the first has hung up
    server.patience = 5
    slow.open()
    await talking
    await her.sees("对吗")
    await asyncio.sleep(0.4)  # longer than an answer that nobody heard is kept back
    await outbox.settles()
    assert shown(her, "对吗") == 1
    assert [message.via for message in person_of(her).messages if "对吗" in message.text] == ["passive"]


async def test_a_turn_that_outlasts_the_window_says_its_words_once_another_way(
    anywhere: World, outbox: Outbox
) -> None:
    her, server = await anywhere.villager(), server_of(anywhere)
    slow = gate(anywhere)
    anywhere.service.passive._within = 0.05
    said = message(server, person_of(her).name, Content="渠堵了")
    assert await post(server, said) == (200, "")
    slow.open()
    await until(lambda: shown(her, "对吗"))
    assert await post(server, said) == (200, ""), "what went out meanwhile is not said again"
    await outbox.settles()
    assert shown(her, "对吗") == 1
    assert outbox.rows("state, via", "text LIKE '%对吗%'")[0][0] == "sent"


async def test_if_all_deliveries_are_lost_the_words_come_another_way_once(
    anywhere: World, outbox: Outbox
) -> None:
    her, server = await anywhere.villager(), server_of(anywhere)
    slow = gate(anywhere)
    anywhere.service.passive._repeats_for = 0.2
    server.patience = 0.05
    await her.says("渠堵了")
    assert [one.status for one in server.deliveries[-3:]] == [0, 0, 0]
    slow.open()
    await her.sees("对吗")
    await asyncio.sleep(0.3)
    await outbox.settles()
    assert shown(her, "对吗") == 1


async def test_late_for_one_delivery_and_in_time_for_the_next_it_is_said_once(
    anywhere: World, outbox: Outbox
) -> None:
    her, server, passive = await anywhere.villager(), server_of(anywhere), anywhere.service.passive
    slow = gate(anywhere)
    passive._within, passive._repeats_for = 0.05, 0.2
    said = message(server, person_of(her).name, Content="渠堵了")
    assert await post(server, said) == (200, "")  # which got lost on its way, say
    passive._within = 5
    again = asyncio.create_task(post(server, said))
    await until(lambda: slow.waiting == 2)
    slow.open()
    assert "对吗" in (await again)[1]
    await asyncio.sleep(0.4)
    await outbox.settles()
    assert shown(her, "对吗") == 0
    assert outbox.rows("state, via", "text LIKE '%对吗%'") == [("sent", "passive")]


async def test_a_turn_that_fails_after_its_update_was_acknowledged_is_tried_again(
    anywhere: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    her, server = await anywhere.villager(), server_of(anywhere)
    monkeypatch.setattr("bot.passive._PAUSES", (0.01, 0.01))
    slow = gate(anywhere)
    slow.faults = [UnavailableError("away")] * 2
    anywhere.service.passive._within = 0.05
    assert await post(server, message(server, person_of(her).name, Content="渠堵了")) == (200, "")
    slow.open()
    await her.sees("对吗")


async def test_a_turn_that_fails_in_time_is_delivered_again(anywhere: World) -> None:
    her, server = await anywhere.villager(), server_of(anywhere)
    failing = gate(anywhere)
    failing.faults = [UnavailableError("away"), RuntimeError("bad")]
    failing.open()
    await her.says("渠堵了")
    await her.sees("对吗")
    assert [one.status for one in server.deliveries[-3:]] == [503, 503, 200]


async def test_an_answer_whose_process_died_goes_out_once_and_a_repeated_delivery_gets_nothing(
    anywhere: World, outbox: Outbox
) -> None:
    """Whether it was the response already is in doubt, on WeCom too: its check for doubles knows no responses."""
    her, server = await anywhere.villager(), server_of(anywhere)
    said = message(server, person_of(her).name, Content="渠堵了")
    hold = anywhere.service.delivery.hand.settled
    anywhere.service.delivery.hand.settled = lambda *_: None  # it dies before it writes that it has answered
    await post(server, said)
    anywhere.service.delivery.hand.settled = hold
    dead = "UPDATE outbox SET sender = 'dead' WHERE state = 'sending'"
    await anywhere.service.database.run(lambda tx: tx.exec_driver_sql(dead))
    await anywhere.service.delivery.take_back()
    assert await post(server, said) == (200, "")
    await until(lambda: shown(her, "对吗") == 1)
    await outbox.settles()
    assert await post(server, said) == (200, "")
    assert outbox.rows("state, doubts", "text LIKE '%对吗%'") == [("sent", 1)]
    assert shown(her, "对吗") == 1


async def test_an_answer_with_a_picture_comes_once_however_often_it_is_asked_for(
    anywhere: World, outbox: Outbox
) -> None:
    cadre, her, server = await anywhere.worker("cadre"), await anywhere.villager(), server_of(anywhere)
    await her.sends_photo(JPEG)
    await her.says("1")
    await cadre.sees("1号")
    await outbox.settles()
    before = len(person_of(cadre).messages)
    asked = message(server, person_of(cadre).name, Content="1号")
    answers = [await post(server, asked) for _ in range(2)]
    await until(lambda: len(person_of(cadre).messages) == before + 2)
    answers.append(await post(server, asked))
    await outbox.settles()
    assert answers == [(200, "")] * 3
    assert person_of(cadre).messages[before].kind == "image"
    assert len(person_of(cadre).messages) == before + 2


async def test_what_nobody_heard_before_a_stop_is_said_after_it(anywhere: World, outbox: Outbox) -> None:
    her, server, service = await anywhere.villager(), server_of(anywhere), anywhere.service
    slow = gate(anywhere)
    server.patience = 0.05
    await her.says("渠堵了")
    slow.open()
    await until(lambda: outbox.count("state = 'sending' AND text LIKE '%对吗%'"))
    await until(lambda: not slow.waiting and not service.passive._open)
    await service.passive.close()
    await service.delivery.close()
    assert outbox.rows("state, via, doubts", "text LIKE '%对吗%'") == [("queued", "service", 0)]
