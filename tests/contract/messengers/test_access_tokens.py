"""One access token for all calls and all processes, renewed early, and replaced once when it is refused."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from bot.channels.http import UnreachableError
from bot.channels.tencent.account import Account
from bot.channels.tencent.api import RefusedError
from bot.channels.tencent.tokens import Tokens
from bot.channels.wechat.account import account_of
from bot.channels.wechat.settings import WeChatSettings
from bot.channels.wecom.account import account_of as wecom_account
from bot.channels.wecom.settings import WeComSettings
from storage.database import Database
from tests.scenario.world import Time
from tests.standins.wechat import WeChatServer
from tests.standins.wecom import WeComServer

FETCH = "/cgi-bin/stable_token"
CALL = "/cgi-bin/getcallbackip"


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
async def server(time: Time) -> AsyncIterator[WeChatServer]:
    async with WeChatServer(time) as running:
        yield running


def account(server: WeChatServer, database: Database, time: Time, process: str, **changed: Any) -> Account:
    settings = {"appid": server.appid, "secret": server.secret, "token": "t", "api_base": server.address}
    return account_of(WeChatSettings(**settings | changed), process, database, time)


@pytest.fixture
async def one(server: WeChatServer, database: Database, time: Time) -> AsyncIterator[Account]:
    made = account(server, database, time, "one")
    yield made
    await made.close()


@pytest.fixture
async def two(server: WeChatServer, database: Database, time: Time) -> AsyncIterator[Account]:
    made = account(server, database, time, "two")
    yield made
    await made.close()


async def test_one_fetch_serves_many_calls_of_two_processes(
    server: WeChatServer, one: Account, two: Account
) -> None:
    await asyncio.gather(*(each.api.get(CALL) for each in [one, two] * 10))
    assert server.calls[FETCH] == 1
    assert server.calls[CALL] == 20


async def test_it_is_renewed_ten_minutes_early_by_one_of_them(
    server: WeChatServer, one: Account, two: Account, time: Time
) -> None:
    first = await one.tokens.get()
    time.now += timedelta(hours=2) - timedelta(minutes=11)
    assert await two.tokens.get() == await one.tokens.get() == first
    assert server.calls[FETCH] == 1
    time.now += timedelta(minutes=7)
    renewed = await asyncio.gather(*(each.tokens.get() for each in [one, two] * 5))
    assert len(set(renewed) - {first}) == 1, "whoever comes while it is fetched uses the one that still works"
    assert await one.tokens.get() == await two.tokens.get() == (set(renewed) - {first}).pop()
    assert server.calls[FETCH] == 2


async def test_while_the_old_one_still_works_a_fetch_that_fails_is_no_trouble(
    server: WeChatServer, one: Account, time: Time
) -> None:
    first = await one.tokens.get()
    time.now += timedelta(hours=2) - timedelta(minutes=9)
    server.fail_next("stable_token", status=502)
    assert await one.tokens.get() == first
    assert await one.tokens.get() == first, (
        "asked again: within the platform's own overlap it is still the same"
    )
    server.fail_next("stable_token", drop="before", times=2)
    time.now += timedelta(minutes=9)
    with pytest.raises(UnreachableError):
        await one.api.get(CALL)
    server.faults = type(server.faults)()
    assert await one.tokens.get() != first


@pytest.mark.parametrize("code", [40001, 40014, 42001])
async def test_refused_it_is_replaced_once_and_the_call_repeated(
    server: WeChatServer, one: Account, two: Account, code: int
) -> None:
    await two.api.get(CALL)
    server.fail_next("getcallbackip", errcode=code)
    assert await one.api.get(CALL) == {"ip_list": ["127.0.0.1"]}
    assert server.calls[CALL] == 3
    bodies = [body["force_refresh"] for path, body in server.requests if path == FETCH]
    assert bodies == [False, False, True], "what is given is refused, so that another has to be made"
    assert await two.api.get(CALL) == {"ip_list": ["127.0.0.1"]}
    assert server.calls[FETCH] == 3, "the other process finds the new one in the database"


async def test_refused_twice_it_is_the_callers_trouble(server: WeChatServer, one: Account) -> None:
    server.fail_next("getcallbackip", errcode=40001, times=2)
    with pytest.raises(RefusedError) as refused:
        await one.api.get(CALL)
    assert refused.value.code == 40001
    assert server.calls[CALL] == 2
    assert await one.api.get(CALL)


async def test_all_tokens_ended_at_once(server: WeChatServer, one: Account, two: Account) -> None:
    await asyncio.gather(one.api.get(CALL), two.api.get(CALL))
    server.expire_tokens()
    await asyncio.gather(*(each.api.get(CALL) for each in [one, two] * 5))
    assert server.calls[FETCH] <= 3


async def test_a_process_that_died_while_fetching_holds_the_others_up_for_seconds_only(
    server: WeChatServer, database: Database, time: Time
) -> None:
    async def hangs(*, anew: bool) -> tuple[str, int]:
        await asyncio.sleep(3600)
        return "", int(anew)

    dies = Tokens(f"wechat:{server.appid}", "dies", database, time, hangs)
    fetching = asyncio.create_task(dies.get())
    lives = account(server, database, time, "lives")
    await asyncio.sleep(0.05)
    waiting = asyncio.create_task(lives.tokens.get())
    await asyncio.sleep(0.05)
    assert not waiting.done()
    time.now += timedelta(seconds=21)
    assert await asyncio.wait_for(waiting, 2)
    fetching.cancel()
    await lives.close()


async def test_a_wrong_secret_is_told_by_its_code(
    server: WeChatServer, database: Database, time: Time
) -> None:
    wrong = account(server, database, time, "one", secret="wrong")
    with pytest.raises(RefusedError) as refused:
        await wrong.api.get(CALL)
    assert refused.value.code == 40125
    await wrong.close()


async def test_wecom_gives_its_token_in_force_until_it_ends(database: Database, time: Time) -> None:
    async with WeComServer(time) as server:
        settings = WeComSettings(
            corpid=server.corpid,
            agentid=server.agentid,
            secret=server.secret,
            token="t",
            aes_keys=(server.aes_key,),
            api_base=server.address,
        )
        one = wecom_account(settings, "one", database, time)
        first = await one.tokens.get()
        time.now += timedelta(hours=2) - timedelta(minutes=5)
        assert await one.tokens.get() == first
        time.now += timedelta(minutes=5)
        assert await one.tokens.get() != first
        assert await one.api.get("/cgi-bin/getcallbackip")
        await one.close()
