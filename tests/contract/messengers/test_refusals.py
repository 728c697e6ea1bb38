"""What becomes of a message that the platform refuses, or whose sending breaks: one table for each platform."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.pace import Pace
from domain.delivery import MAX_TRIES, back_off
from tests.contract.messengers.looking import Outbox, is_told, person_of, server_of, shown, until
from tests.databases import second_look
from tests.scenario.world import World
from tests.standins.tencent.faults import Faults

ANYWHERE = {
    "busy": ({"errcode": -1}, ("queued", 1, 0), "busy"),
    "bad gateway": ({"status": 502}, ("queued", 1, 0), "busy"),
    "the token twice": ({"errcode": 40001, "times": 2}, ("queued", 0, 0), "40001"),
    "the day's calls": ({"errcode": 45009}, ("queued", 0, 0), "lianxin doctor"),
    "the minute's calls": ({"errcode": 45011}, ("queued", 0, 0), "45011"),
    "not on the whitelist": ({"errcode": 40164}, ("queued", 0, 0), "whitelist"),
    "something unheard of": ({"errcode": 99999}, ("failed", 1, 0), "99999"),
    "no permission": ({"errcode": 48001}, ("held", 0, 0), "verified"),
    "closed": ({"errcode": 48004}, ("held", 0, 0), "48004"),
}
"""Fault, (state, tries, doubts) after it, and a word of the reason."""
WECHAT = ANYWHERE | {
    "no follower": ({"errcode": 43004}, ("blocked", 1, 0), "does not follow"),
    "nobody": ({"errcode": 40003}, ("blocked", 1, 0), "no such follower"),
    "she refuses": ({"errcode": 48002}, ("blocked", 1, 0), "refuses"),
    "window closed": ({"errcode": 45015}, ("held", 0, 0), "48 hours"),
    "window empty": ({"errcode": 45047}, ("held", 0, 0), "used"),
    "no menus": ({"errcode": 40200}, ("held", 0, 0), "msgmenu"),
}
WECOM = ANYWHERE | {
    "no member": ({"errcode": 81013}, ("blocked", 1, 0), "nobody of this name"),
    "not from this address": ({"errcode": 60020}, ("queued", 0, 0), "trusted"),
}
LEFT_THE_BUDGET = ("queued", "failed", "blocked")
PATH = {"wechat": "message/custom/send", "wecom": "message/send"}


@pytest.fixture
def no_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """A messenger that asked for a rest is asked again as soon as the row is due."""
    monkeypatch.setattr(Pace, "hold", lambda *_: None)


def path(county: World) -> str:
    return PATH["wecom" if "wecom" in county._messengers else "wechat"]


def _as_stored(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def row(outbox: Outbox) -> tuple[Any, ...]:
    [found] = outbox.rows("state, tries, doubts, reason", "text = '一'")
    return found


@pytest.mark.parametrize("case", WECHAT)
async def test_what_wechat_refuses(plain: World, outbox: Outbox, case: str, no_rest: None) -> None:
    fault, expected, why = WECHAT[case]
    her = await plain.villager()
    before = her.follower.windows.left
    plain.wechat.fail_next(PATH["wechat"], **fault)
    await is_told(plain, her, "一")
    await until(lambda: row(outbox)[3])
    assert row(outbox)[:3] == expected
    assert why in row(outbox)[3]
    if expected[0] in LEFT_THE_BUDGET:
        assert sum(left for (left,) in _windows(outbox)) == before, "what was refused cost nothing"
    if expected[0] == "queued":
        await plain.later(minutes=11)  # the tap's window is over by now, that of her message is not
    elif expected[0] != "failed":
        await her.says("帮助")
    if expected[0] != "failed":
        await until(lambda: shown(her, "一") == 1)
        await outbox.settles()
        assert row(outbox)[0] == "sent"


def _windows(outbox: Outbox) -> list[tuple[Any, ...]]:
    return second_look(outbox.url, "SELECT remaining FROM send_window")


@pytest.mark.parametrize("case", WECOM)
async def test_what_wecom_refuses(wecom: World, outbox: Outbox, case: str, no_rest: None) -> None:
    fault, expected, why = WECOM[case]
    her = await wecom.villager()
    wecom.wecom.fail_next(PATH["wecom"], **fault)
    await is_told(wecom, her, "一")
    await until(lambda: row(outbox)[3])
    assert row(outbox)[:3] == expected
    assert why in row(outbox)[3]
    if expected[0] == "queued":
        await wecom.later(minutes=11)
    elif expected[0] != "failed":
        await her.says("帮助")
    if expected[0] != "failed":
        await until(lambda: shown(her, "一") == 1)


@pytest.mark.parametrize("code", [40001, 40014, 42001])
async def test_an_old_token_is_replaced_and_nobody_notices(
    anywhere: World, outbox: Outbox, code: int
) -> None:
    her = await anywhere.villager()
    server_of(anywhere).fail_next(path(anywhere), errcode=code)
    await is_told(anywhere, her, "一")
    await until(lambda: shown(her, "一"))
    await outbox.settles()
    assert row(outbox) == ("sent", 1, 0, "")


TOKEN_FAULTS = {
    "a broken line": {"drop": "before"},
    "bad gateway": {"status": 502},
    "garbage": {"garbage": True},
}


@pytest.mark.parametrize("case", TOKEN_FAULTS)
async def test_without_a_token_nothing_has_left_and_nothing_is_in_doubt(
    anywhere: World, outbox: Outbox, case: str
) -> None:
    her = await anywhere.villager()
    for fetch in ("stable_token", "gettoken"):
        server_of(anywhere).fail_next(fetch, times=99, **TOKEN_FAULTS[case])
    await is_told(anywhere, her, "一")
    for tries in (1, 2, 3):
        await until(lambda tries=tries: row(outbox)[1] == tries and row(outbox)[0] == "queued")
        assert row(outbox)[2] == 0
        if tries == 3:
            server_of(anywhere).faults = Faults()
        anywhere.time.now += back_off(tries) * 1.1
        anywhere.service.delivery.wake()
    await until(lambda: shown(her, "一") == 1)


async def test_a_secret_that_is_wrong_for_a_day_loses_nothing(
    anywhere: World, outbox: Outbox, no_rest: None
) -> None:
    her, server = await anywhere.villager(), server_of(anywhere)
    right, server.secret = server.secret, "changed"
    await is_told(anywhere, her, "一")
    fetches = "/cgi-bin/gettoken" if path(anywhere) == PATH["wecom"] else "/cgi-bin/stable_token"
    await until(lambda: server.calls[fetches] >= 1)
    for _ in range(MAX_TRIES + 2):
        await until(lambda: outbox.count(f"state = 'queued' AND due_at > '{_as_stored(anywhere.time.now)}'"))
        await anywhere.later(minutes=1.1)
    assert server.calls[fetches] > MAX_TRIES
    await until(lambda: outbox.count(f"state = 'queued' AND due_at > '{_as_stored(anywhere.time.now)}'"))
    server.secret = right
    await anywhere.later(minutes=1.1)
    await until(lambda: shown(her, "一") == 1)


@pytest.mark.parametrize(("drop", "copies"), [("before", 1), ("after", 2)])
async def test_a_sending_without_an_answer_is_in_doubt_and_made_once_more_on_wechat(
    on_wechat: World, outbox: Outbox, drop: Any, copies: int
) -> None:
    her = await on_wechat.villager()
    on_wechat.wechat.fail_next(PATH["wechat"], drop=drop)
    await is_told(on_wechat, her, "一")
    await until(lambda: shown(her, "一") == copies)
    await outbox.settles()
    assert row(outbox)[:3] == ("sent", 2, 1)


async def test_in_doubt_twice_it_is_left_and_says_so(on_wechat: World, outbox: Outbox) -> None:
    her = await on_wechat.villager()
    on_wechat.wechat.fail_next(PATH["wechat"], drop="after", times=2)
    await is_told(on_wechat, her, "一")
    await until(lambda: row(outbox)[0] == "uncertain")
    assert shown(her, "一") == 2
    assert "unanswered" in row(outbox)[3]


@pytest.mark.parametrize("drop", ["before", "after"])
async def test_on_wecom_a_sending_without_an_answer_is_repeated_without_doubling(
    wecom: World, outbox: Outbox, drop: Any
) -> None:
    her = await wecom.villager()
    wecom.wecom.fail_next(PATH["wecom"], drop=drop, times=2)
    await is_told(wecom, her, "一")
    for tries in (1, 2):
        await until(lambda tries=tries: row(outbox)[:3] == ("queued", tries, 0))
        await wecom.later(seconds=2**tries + 1)
    await until(lambda: row(outbox)[0] == "sent")
    assert shown(her, "一") == 1
    assert person_of(her).texts.count("一") == 1
