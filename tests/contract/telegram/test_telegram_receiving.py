"""Polling and webhook: nothing lost, nothing out of order, nothing taken from strangers."""

import asyncio
import json
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from bot.channels.telegram import TelegramChannel
from bot.channels.telegram.api import BotApi
from bot.channels.telegram.channel import MENU, SECRET_HEADER
from bot.channels.telegram.polling import AT_ONCE, Poller
from bot.channels.telegram.settings import TelegramSettings
from tests.contract.telegram.outbox import YES_NO, outgoing

SECRET = "s3cret_of-the-hook"


async def until(true, seconds=5):
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110
            await asyncio.sleep(0.005)


def offsets(server):
    return [params["offset"] for method, params in server.calls if method == "getUpdates"]


@asynccontextmanager
async def impatient_poller(server, turns):
    """A poller that waits next to nothing after failures."""
    api = BotApi(server.token, server.address, 5)

    async def handle(received):
        await turns(received.inbound)

    task = asyncio.create_task(Poller(api, handle, first_pause=0.001).run())
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await api.close()


async def test_polling_takes_what_people_say(server, polling, turns):
    await server.user(7).starts("card-1")
    await server.user(8).says("渠堵了")
    await until(lambda: len(turns.taken) == 2)
    assert {(said.address, said.text, said.link) for said in turns.taken} == {
        ("7", "", "card-1"),
        ("8", "渠堵了", None),
    }
    await until(lambda: server.commands == MENU)


async def test_polling_removes_a_webhook_of_earlier_days(server, turns):
    server.webhook = {"url": "http://127.0.0.1:9/old"}
    channel = TelegramChannel(TelegramSettings(server.token, server.address), Path("unused"))
    await channel.start(turns, exchange=None)
    await until(lambda: not server.webhook)
    await server.user(7).says("在吗")
    await until(lambda: turns.taken)
    await channel.close()


async def test_the_offset_moves_only_after_the_turn(server, polling, turns):
    free = asyncio.Event()
    turns.before = lambda _: free.wait()
    update = await server.user(7).says("渠堵了")
    await asyncio.sleep(0.1)
    assert max(offsets(server)) <= update["update_id"]
    free.set()
    await until(lambda: max(offsets(server)) == update["update_id"] + 1)


async def test_one_chat_in_order_and_many_at_once(server, turns):
    running, most = 0, 0

    async def slowly(inbound):
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.02 if inbound.text == "0" else 0.001)
        running -= 1

    turns.before = slowly
    for word in ("0", "1"):
        for person in range(1, AT_ONCE + 9):
            await server.user(person).says(word)
    async with impatient_poller(server, turns):
        await until(lambda: len(turns.taken) == 2 * (AT_ONCE + 8))
    assert most == AT_ONCE
    for person in range(1, AT_ONCE + 9):
        assert [said.text for said in turns.taken if said.address == str(person)] == ["0", "1"]


async def test_a_turn_that_fails_is_tried_again(server, turns):
    turns.failures = 5
    await server.user(7).says("渠堵了")
    async with impatient_poller(server, turns):
        await until(lambda: turns.taken)
    assert [said.text for said in turns.taken] == ["渠堵了"]


async def test_a_turn_that_always_fails_stops_nobody(server, turns, caplog):
    turns.failures = 6
    await server.user(7).says("坏的")
    await server.user(7).says("好的")
    async with impatient_poller(server, turns):
        await until(lambda: turns.taken)
    assert [said.text for said in turns.taken] == ["好的"]
    assert "is given up" in caplog.text
    assert "坏的" not in caplog.text


@pytest.mark.parametrize("fault", [409, 401, 404, 429, 502, 403, "drop_before", "drop_after", "garbage"])
async def test_polling_goes_on_after_a_fault(server, turns, caplog, fault):
    server.next_faults += [("getUpdates", fault)]
    await server.user(7).says("还在吗")
    async with impatient_poller(server, turns):
        await until(lambda: turns.taken)
    assert "no updates" in caplog.text
    assert server.token not in caplog.text


async def test_closing_cuts_a_turn_off_and_its_update_is_told_again(server, polling, turns):
    turns.before = lambda _: asyncio.Event().wait()
    update = await server.user(7).says("渠堵了")
    await asyncio.sleep(0.1)
    await polling.close()
    assert turns.taken == []
    turns.before = None
    async with impatient_poller(server, turns):
        await until(lambda: turns.taken)
    assert turns.taken[0].update_id == str(update["update_id"])


async def test_a_channel_switched_off_only_sends(server, channel, turns):
    await channel.start(turns, exchange=None)
    await server.user(7).says("在吗")
    assert (await channel.send(outgoing("好"))).remote_id
    assert [method for method, _ in server.calls] == ["sendMessage"]


async def test_strange_updates_are_passed_over(server, polling, turns):
    await server.deliver({"telepathy": {}})
    await server.deliver({"message": "渠"})
    await server.user(7).says("好")
    await until(lambda: turns.taken)


async def test_a_tap_is_answered_after_the_turn(server, polling, channel, turns):
    person = server.user(7)
    await channel.send(outgoing("对吗？", YES_NO))
    await person.sees("对吗？")
    tap = await person.taps("不对")
    await until(lambda: server.answered_taps == [tap["callback_query"]["id"]])
    assert turns.taken[0].choice == "f1:no"


async def test_a_tap_too_old_to_answer_harms_nothing(server, hooked, turns):
    query = {"id": "old", "from": {"id": 7, "is_bot": False, "first_name": "村民"}, "chat_instance": "1"}
    below = {"message_id": 3, "date": 0, "chat": {"id": 7, "type": "private"}}
    async with hooked() as address:
        body = {"update_id": 5, "callback_query": query | {"message": below, "data": "x"}}
        assert (await post(address, json.dumps(body)))[0] == 200
        await until(lambda: any(method == "answerCallbackQuery" for method, _ in server.calls))
        await server.user(7).says("还在")
        await until(lambda: len(turns.taken) == 2)


async def post(address, body, secret=SECRET, **headers):
    headers |= {SECRET_HEADER: secret} if secret is not None else {}
    async with aiohttp.ClientSession() as http, http.post(address, data=body, headers=headers) as answer:
        return answer.status, await answer.json()


GOOD = json.dumps({"update_id": 1})


@pytest.mark.parametrize("secret", [None, "", "wrong", "密", SECRET + "x", SECRET[:-1]])
async def test_strangers_are_turned_away(hooked, turns, secret):
    async with hooked() as address:
        status, answer = await post(address, GOOD, secret)
    assert (status, answer) == (401, {"ok": False, "description": "Unauthorized"})
    assert turns.taken == []


BAD_BODIES = {
    "nothing": b"",
    "no JSON": b"<xml/>",
    "no text": b"\xff\xfe\x00",
    "no object": b"[1]",
    "no update_id": b"{}",
    "update_id of words": b'{"update_id": "x"}',
    "a very deep hole": b"[" * 200_000,
    "a number of 5000 digits": b'{"update_id": ' + b"9" * 5000 + b"}",
}


@pytest.mark.parametrize("case", BAD_BODIES)
async def test_bad_bodies(hooked, case):
    async with hooked() as address:
        status, answer = await post(address, BAD_BODIES[case])
    assert status == 400
    assert len(json.dumps(answer)) < 100


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
async def test_a_body_that_does_not_unpack(hooked, encoding):
    async with hooked() as address:
        status, _ = await post(address, b"not packed at all", **{"Content-Encoding": encoding})
    assert status == 400


async def test_a_body_too_large(hooked):
    async with hooked() as address:
        status, _ = await post(address, b" " * (1024 * 1024 + 1))
    assert status == 413


@pytest.mark.parametrize(
    "body", [GOOD, '{"update_id": 1, "message": 3}', '{"update_id": 1, "telepathy": {}}']
)
async def test_updates_that_are_none_of_ours_are_acknowledged(hooked, turns, body):
    async with hooked() as address:
        assert (await post(address, body))[0] == 200
    assert turns.taken == []


async def test_the_webhook_tells_telegram_where_it_is(server, hooked, turns):
    async with hooked() as address:
        await until(lambda: server.commands == MENU)
        assert server.webhook["url"] == address
        assert server.webhook["secret_token"] == SECRET
        update = await server.user(7).says("渠堵了")
    assert server.deliveries == [(update["update_id"], 200)]
    assert [said.text for said in turns.taken] == ["渠堵了"]


async def test_a_failed_turn_is_told_again(server, hooked, turns, caplog):
    async with hooked():
        await until(lambda: server.webhook)
        turns.failures = 2
        update = await server.user(7).says("渠堵了")
    number = update["update_id"]
    assert server.deliveries == [(number, 500), (number, 500), (number, 200)]
    assert [said.update_id for said in turns.taken] == [str(number)]
    assert f"update {number} failed: RuntimeError" in caplog.text
    assert "渠堵了" not in caplog.text


@pytest.mark.parametrize("secret", ["", "with space", "密", "x" * 257])
def test_a_webhook_needs_a_secret(secret):
    with pytest.raises(ValueError, match="webhook_secret"):
        TelegramSettings("1:x", mode="webhook", webhook_secret=secret)
