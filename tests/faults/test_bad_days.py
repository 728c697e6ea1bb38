"""Bad days: what is said twice, late or not at all; a messenger, a database, a disk that do not work for a while."""

import asyncio
import errno
import time
from pathlib import Path

import pytest
import sqlalchemy as sa
from aiohttp import FormData

from bot.channels.telegram.api import BotApi
from bot.channels.telegram.polling import RETRIES, Poller
from storage.database import UnavailableError, open_database
from tests.databases import on_connection, second_look
from tests.faults.asking import post
from tests.faults.conftest import ticking
from tests.scenario.world import JPEG, World, world
from tests.standins.telegram import TelegramServer


def outbox(county: World, columns: str, where: str = "1=1") -> list[tuple]:
    url = county.service.settings.database_url
    return second_look(url, f"SELECT {columns} FROM outbox WHERE {where} ORDER BY id")


async def until(true, seconds: float = 8) -> None:
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def test_an_update_five_times_at_once_is_one_deed(on_telegram: World) -> None:
    villager = await on_telegram.villager()
    first = await villager._user.says("渠堵了")
    await villager.sees("您说：渠堵了。对吗？")
    confirmed = first | {"update_id": 900_000, "message": first["message"] | {"text": "对"}}
    await asyncio.gather(*(on_telegram.telegram.deliver(confirmed) for _ in range(5)))
    await villager.sees("记下了")
    await on_telegram.telegram.deliver(first)  # and one of long ago comes again, out of order
    await villager.sees_nothing_new()
    url = on_telegram.service.settings.database_url
    assert second_look(url, "SELECT count(*) FROM ticket") == [(1,)]


async def test_a_client_id_five_times_at_once_gets_one_and_the_same_answer(on_web: World) -> None:
    villager = await on_web.villager()
    said = {"id": "same", "text": "渠堵了"}

    async def post() -> list[tuple[int, str]]:
        url = f"{on_web.base}/chat/api/messages"
        async with on_web.http.post(url, headers=villager._headers, json=said) as response:
            assert response.status == 200
            return [(one["id"], one["text"]) for one in (await response.json())["messages"]]

    answers = await asyncio.gather(*(post() for _ in range(5)))
    assert all(answer == answers[0] for answer in answers)
    assert [text for _, text in answers[0]] == ["渠堵了", "您说：渠堵了。对吗？"]


async def test_an_answer_whose_commit_was_not_heard_of_is_sent_all_the_same(on_telegram: World) -> None:
    villager, service = await on_telegram.villager(), on_telegram.service
    deliver, service.turns._deliver = service.turns._deliver, lambda taken: None
    await villager.says("渠堵了")
    service.turns._deliver = deliver
    assert not any("对吗" in text for text in await villager.texts())
    for _ in range(3):
        await service.delivery.take_back()
    await villager.sees("对吗")
    await villager.sees_nothing_new()


async def test_a_storm_of_429_is_waited_out_by_all_in_order_and_charged_to_none(on_telegram: World) -> None:
    villager, other = await on_telegram.villager(), await on_telegram.villager("other")
    on_telegram.telegram.next_faults += [("sendMessage", 429)] * 2
    begun, calls = time.monotonic(), len(on_telegram.telegram.calls)
    await villager.says("渠堵了")
    await villager.says("帮助")
    await other.says("路坏了")
    await villager.sees("渠堵了", 8)
    await other.sees("路坏了", 8)
    assert time.monotonic() - begun >= 1.9
    texts = [params.get("text", "") for _, params in on_telegram.telegram.calls[calls:]]
    assert sum("路坏了" in text for text in texts) == 1
    assert {tries for (tries,) in outbox(on_telegram, "tries")} <= {0, 1}
    await until(lambda: not outbox(on_telegram, "id", "state <> 'sent'"))
    assert set(outbox(on_telegram, "state, tries")) == {("sent", 1)}


async def test_502s_put_nothing_out_of_order(on_telegram: World) -> None:
    villager = await on_telegram.villager()
    on_telegram.telegram.next_faults += [("sendMessage", 502)]
    await villager.says("渠堵了")
    await until(lambda: outbox(on_telegram, "id", "state = 'queued'"))
    await villager.says("我要取消")  # while the first answer waits for its second try
    await villager.sees("渠堵了")
    await until(lambda: not outbox(on_telegram, "id", "state <> 'sent'"))
    stored = [text for (text,) in outbox(on_telegram, "text", "answers IS NOT NULL")]
    assert on_telegram.telegram.chat(villager._user.id).texts == stored


@pytest.mark.parametrize(("fault", "copies"), [("drop_before", 1), ("drop_after", 2)])
async def test_a_lost_answer_of_telegram_is_in_doubt_and_sent_once_more(
    on_telegram: World, fault: str, copies: int
) -> None:
    villager = await on_telegram.villager()
    on_telegram.telegram.next_faults += [("sendMessage", fault)]
    await villager.says("渠堵了")
    await until(lambda: texts_with("您说：渠堵了", on_telegram, villager) == copies)
    await until(lambda: not outbox(on_telegram, "id", "state <> 'sent'"))
    assert outbox(on_telegram, "doubts", "doubts > 0") == [(1,)]


def texts_with(words: str, county: World, person) -> int:
    return sum(words in text for text in county.telegram.chat(person._user.id).texts)


async def test_who_blocked_the_bot_finds_everything_when_she_comes_back(on_telegram: World) -> None:
    cadre, villager = await on_telegram.worker("cadre"), await on_telegram.villager()
    await villager.says("渠堵了")
    await villager.sees("对吗")
    await villager.says("对")
    await villager.sees("记下了")
    await cadre.sees("1号")
    on_telegram.telegram.blocked.add(villager._user.id)
    await cadre.taps("签收")
    await cadre.sees("您接了")
    url = on_telegram.service.settings.database_url
    await until(lambda: second_look(url, "SELECT count(*) FROM account WHERE blocked") == [(1,)])
    await cadre.taps("答复")
    await cadre.sees("用一句话答复")
    await cadre.says("渠已经疏通")
    await cadre.sees("对方来说话时才看得到")
    left = [("blocked",), ("held",), ("held",)]
    await until(lambda: outbox(on_telegram, "state", "state <> 'sent'") == left)
    on_telegram.telegram.blocked.clear()
    await villager.says("帮助")
    await until(lambda: texts_with("由张建国接了", on_telegram, villager) == 1)
    await until(lambda: texts_with("渠已经疏通", on_telegram, villager) == 1)
    await until(lambda: not outbox(on_telegram, "id", "state <> 'sent'"))


async def test_a_locked_sqlite_file_holds_turns_up_and_loses_none(on_web: World, sqlite_url: str) -> None:
    villager = await on_web.villager()

    def hold(seconds: float) -> None:
        with sa.create_engine(sqlite_url, poolclass=sa.NullPool).connect() as other:
            other.exec_driver_sql("BEGIN IMMEDIATE")
            time.sleep(seconds)

    holding = asyncio.create_task(asyncio.to_thread(hold, 2))
    await asyncio.sleep(0.2)
    talking = asyncio.create_task(villager.says("渠堵了"))
    await _is_healthy_at_once(on_web)
    await asyncio.gather(holding, talking)
    await villager.sees("您说：渠堵了。对吗？")


async def test_a_slow_database_does_not_stop_healthz(tmp_path: Path, fresh_postgres: str) -> None:
    async with world("web", fresh_postgres, tmp_path) as county:
        wait = county.service.database.run(lambda tx: tx.exec_driver_sql("SELECT pg_sleep(1)").scalar())
        slow = asyncio.create_task(wait)
        await asyncio.sleep(0.05)
        await _is_healthy_at_once(county)
        assert not slow.done()
        await slow


async def _is_healthy_at_once(county: World) -> None:
    begun = time.monotonic()
    async with county.http.get(f"{county.base}/healthz") as response:
        assert response.status == 200
    assert time.monotonic() - begun < 0.7


async def test_postgres_connections_cut_in_mid_traffic(tmp_path: Path, fresh_postgres: str) -> None:
    async with world("web", fresh_postgres, tmp_path) as county, ticking(county):
        people = [await county.villager(f"村民{number}") for number in range(3)]
        cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"

        async def talk(person, number: int) -> None:
            for turn in range(8):
                said = {"id": f"t{turn}", "text": f"路灯{number}坏了{turn}" if turn % 2 == 0 else "取消"}
                while (await post(county, person, json=said))[0] == 503:  # noqa: ASYNC110  as the page does
                    await asyncio.sleep(0.05)

        async def cut_again_and_again() -> None:
            for _ in range(4):
                await asyncio.sleep(0.1)
                await asyncio.to_thread(second_look, fresh_postgres, f"{cut} AND pid <> pg_backend_pid()")

        await asyncio.gather(cut_again_and_again(), *(talk(one, n) for n, one in enumerate(people)))
        for person in people:
            await person.says("帮助")
            await person.sees("有事直接说")
        await until(lambda: not outbox(county, "id", "state <> 'sent'"))
        unanswered = "SELECT update_id FROM inbox WHERE channel || ':' || update_id NOT IN (SELECT answers FROM outbox)"
        assert second_look(fresh_postgres, unanswered) == []


async def test_of_two_deeds_in_each_others_way_both_are_done(fresh_postgres: str) -> None:
    on_connection(fresh_postgres, lambda c: c.execute(sa.text("INSERT INTO area VALUES ('1',NULL,'county','a'),('2',NULL,'county','b')")))  # fmt: skip
    database = open_database(fresh_postgres)

    def rename(first: str, second: str, name: str):
        def deed(tx) -> None:
            for code in (first, second):
                tx.execute(sa.text("UPDATE area SET name = :n WHERE code = :c"), {"n": name, "c": code})
                tx.execute(sa.text("SELECT pg_sleep(0.2)"))

        return deed

    await asyncio.gather(database.run(rename("1", "2", "x")), database.run(rename("2", "1", "y")))
    await database.close()
    assert len(set(second_look(fresh_postgres, "SELECT name FROM area"))) == 1


class _Handling:
    """Fails as told, then works."""

    def __init__(self, fault: Exception, times: int) -> None:
        self.fault, self.times, self.done = fault, times, []

    async def __call__(self, received) -> None:
        if received.inbound.text == "坏" and self.times:
            self.times -= 1
            raise self.fault
        self.done.append(received.inbound.text)


@pytest.mark.parametrize(
    ("fault", "done"), [(UnavailableError("down"), ["坏", "好"]), (RuntimeError("bad"), ["好"])], ids=repr
)
async def test_polling_outwaits_the_database_and_passes_only_what_is_itself_bad(
    fault: Exception, done: list[str]
) -> None:
    async with TelegramServer(limits=None) as server:
        api, handling = BotApi(server.token, server.address, 5), _Handling(fault, RETRIES * 2)
        for words in ("坏", "好"):
            await server.user(7).says(words)
        task = asyncio.create_task(Poller(api, handling, first_pause=0.0001).run())
        await until(lambda: handling.done == done)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await api.close()


@pytest.mark.parametrize("fault", ["no folder", "disk full"])
async def test_a_file_that_cannot_be_stored_is_said_so_and_leaves_nothing(
    on_web: World, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    villager, root = await on_web.villager(), on_web.service.store.root
    if fault == "no folder":
        root.write_text("a file where the folder should be")
    else:
        monkeypatch.setattr("bot.media.os.fsync", _disk_full)
    form = FormData({"id": "photo"})
    form.add_field("file", JPEG, filename="photo.jpg")
    url = f"{on_web.base}/chat/api/messages"
    async with on_web.http.post(url, headers=villager._headers, data=form) as response:
        assert response.status == 503
        assert (await response.json())["error"] == "文件现在存不下，请先用文字说，过会儿再发。"
    monkeypatch.undo()
    assert [path for path in root.rglob("*") if path.is_file()] == []
    await villager.says("渠堵了")
    await villager.sees("您说：渠堵了。对吗？")


def _disk_full(_file: int) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")
