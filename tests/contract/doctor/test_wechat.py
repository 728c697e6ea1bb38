"""The doctor looks at a WeChat service account: what is wrong with it, without changing anything there."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from domain.directory import Area, Level
from storage.database import Database, Tx
from storage.directory import areas, cards, scenes
from tests.contract.doctor.looking import (
    NOWHERE,
    SECRETS,
    an_account,
    found,
    look,
    of,
    served,
    service,
    settings,
)

AGO = datetime.now(UTC) - timedelta(days=1)
FIELDS = {"thing1": "{text}", "time2": "{time}"}


def a_notice(kind: str = "template", template_id: str = "T1", fields: Any = FIELDS) -> dict[str, Any]:
    return {"answer": {"template_id": template_id, "kind": kind, "fields": fields}}


async def test_an_account_in_good_health(account, database, database_url, tmp_path) -> None:
    wechat = an_account(account, notices=a_notice() | {"task": a_notice("subscribe")["answer"]})
    given = settings(tmp_path, database_url, wechat=wechat)
    async with service(given, database, tmp_path) as address:
        findings = await look(settings(tmp_path, database_url, public_url=address, wechat=wechat), *SECRETS)
    assert of(findings, "wechat.", "wechat is", "WeChat", "the account", "callback") == [
        "wechat is on, but server.public_url is no https address"  # the stand-in's world is this machine
    ]
    for words in (
        "knows the account and its secret",
        "may write to its followers",
        "wechat.notices.answer: its template is there",
        "wechat.notices.task: its template is there",
        "500000 of 500000 messages",
        "finds the way",
        "menu in force is that of the settings",
        "/wechat/callback answers",
    ):
        assert found(findings, words).grade == "ok"


async def test_looking_changes_nothing(account, examined) -> None:
    await examined(notices=a_notice(), msgmenu=True)
    asked = {path for path, _ in account.requests}
    assert not any(word in path for path in asked for word in ("send", "create", "delete", "upload"))
    assert [body["force_refresh"] for path, body in account.requests if path.endswith("token")] == [False]


async def test_all_share_one_token(account, examined, look) -> None:
    await examined()
    await examined()
    assert account.calls["/cgi-bin/stable_token"] == 1
    assert look("SELECT name FROM access_token") == [(f"wechat:{account.appid}",)]
    assert look("SELECT count(*) FROM lease") == [(0,)]


@pytest.mark.parametrize(
    ("changed", "words", "grade"),
    [
        ({"mode": "off"}, "wechat.mode is off", "warn"),
        ({"appid": ""}, "wechat.appid is empty", "bad"),
        ({"secret": ""}, "wechat.secret is empty", "bad"),
        ({"token": ""}, "wechat.token is empty", "bad"),
        ({"token": "no_dashes"}, "wechat.token needs 3 to 32", "bad"),
        ({"token": "ab"}, "wechat.token needs 3 to 32", "bad"),
        ({"aes_key": ""}, "wechat.aes_key: an EncodingAESKey has exactly 43", "bad"),
        ({"aes_key": "short"}, "wechat.aes_key: an EncodingAESKey has exactly 43", "bad"),
        ({"previous_aes_key": "short"}, "wechat.previous_aes_key", "bad"),
        ({"mode": "plain", "aes_key": ""}, "wechat.mode is plain", "warn"),
        ({"secret": "another"}, "wechat.secret is wrong", "bad"),
        ({"appid": "wx9"}, "no account with wechat.appid", "bad"),
        ({"api_base": "http://["}, "wechat.api_base (no web address) cannot be reached", "bad"),
        ({"api_base": NOWHERE}, f"wechat.api_base {NOWHERE} cannot be reached", "bad"),
    ],
)
async def test_settings(examined, changed: dict[str, str], words: str, grade: str) -> None:
    assert found(await examined(**changed), words).grade == grade


async def test_an_account_that_is_not_used(tmp_path: Path, database_url: str) -> None:
    assert of(await look(settings(tmp_path, database_url)), "wechat.", "wechat is", "WeChat") == []


async def test_settings_that_cannot_work_are_not_tried(account, examined) -> None:
    await examined(aes_key="short")
    assert not account.calls


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "no https address"),
        ("http://127.0.0.1:1", "no https address"),
        ("https://127.0.0.1:port", "no https address"),
        ("https://127.0.0.1:1", "only at port 443"),
    ],
)
async def test_an_address_that_wechat_does_not_call(examined, url: str, words: str) -> None:
    assert found(await examined(public_url=url), words).grade == "bad"


@pytest.mark.parametrize(
    ("path", "code", "words", "grade"),
    [
        ("stable_token", 40001, "wechat.secret is wrong", "bad"),
        ("stable_token", 40013, "no account with wechat.appid", "bad"),
        ("stable_token", 40125, "wechat.secret is wrong", "bad"),
        ("stable_token", 40164, "IP whitelist", "bad"),
        ("stable_token", -1, "asked about a token: -1: the platform is busy", "warn"),
        ("stable_token", 50007, "asked about a token: refused with 50007", "warn"),
        ("customservice/getkflist", 40164, "IP whitelist", "bad"),
        ("customservice/getkflist", 48001, "the account is not verified", "warn"),
        ("customservice/getkflist", 65400, "refused with 65400", "warn"),
        ("template/get_all_private_template", 48001, "no permission for notices", "warn"),
        ("openapi/quota/get", 45009, "asked about the day's sends: 45009", "warn"),
        ("callback/check", -1, "asked about the way to server.public_url", "warn"),
        ("get_current_selfmenu_info", 48001, "asked about the menu: 48001", "warn"),
    ],
)
async def test_wechat_says_no(account, examined, path: str, code: int, words: str, grade: str) -> None:
    account.fail_next(path, errcode=code)
    assert found(await examined(notices=a_notice()), words).grade == grade


async def test_an_address_that_is_not_listed(account, examined) -> None:
    account.whitelist_refuses = True
    refused = found(await examined(), "IP whitelist")
    assert "IP白名单" in refused.what
    assert refused.mend.endswith(": 127.0.0.1")  # as the platform sees us


async def test_an_account_that_is_not_verified(account, examined) -> None:
    account.verified = False
    assert of(await examined(), "the account") == [
        "the account is not verified: it may only answer, and codes for cards cannot be made"
    ]
    findings = await examined(msgmenu=True, notices=a_notice())
    assert found(findings, "wechat.msgmenu is on").grade == "bad"
    assert found(findings, "wechat.notices are set").grade == "bad"


@pytest.mark.parametrize(
    "fault", [{"status": 502}, {"drop": "before"}, {"garbage": True}, {"drop": "after"}], ids=str
)
@pytest.mark.parametrize("path", ["stable_token", "customservice/getkflist"])
async def test_wechat_is_in_trouble(account, examined, path: str, fault: dict[str, Any]) -> None:
    account.fail_next(path, times=9, **fault)
    findings = await examined()
    words = "the platform is busy" if "status" in fault else "cannot be reached"
    assert found(findings, words)


async def test_something_else_answers(examined) -> None:
    async def welcome(_: web.Request) -> web.Response:
        return web.json_response({"welcome": True})

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", welcome)
    async with served(app) as other:
        assert found(await examined(api_base=other), "does not answer like WeChat").grade == "bad"


async def test_a_token_that_is_refused(account, examined) -> None:
    """Another program has renewed it by force: the doctor takes the new one, and renews nothing itself."""
    account.fail_next("customservice/getkflist", errcode=40001)
    assert found(await examined(), "refuses the token that it gave itself").grade == "warn"
    account.tokens.renew()
    assert found(await examined(), "may write to its followers").grade == "ok"
    asked = [body for path, body in account.requests if path.endswith("token")]
    assert not any(body["force_refresh"] for body in asked)


@pytest.mark.parametrize("kind", ["template", "subscribe"])
async def test_notices(examined, kind: str) -> None:
    findings = await examined(notices=a_notice(kind, "T9"))
    assert found(findings, "wechat.notices.answer: the account has no template T9").grade == "bad"
    findings = await examined(notices=a_notice(kind, fields=FIELDS | {"thing7": "{text}"}))
    assert found(findings, "its template has no thing7").mend == "the template's fields are: thing1, time2"
    findings = await examined(notices=a_notice(kind, fields={"thing1": "{text}"}))
    assert found(findings, "time2 of its template stays empty").grade == "bad"


@pytest.mark.parametrize("words", ["{name}", "{text", "{0}", "{text.title.x}"])
async def test_words_that_cannot_be_filled_in(account, examined, words: str) -> None:
    findings = await examined(notices=a_notice(fields={"thing1": words}))
    assert found(findings, "wechat.notices.answer: thing1 cannot be filled in").grade == "bad"
    assert not account.calls


@pytest.mark.parametrize(("left", "grade"), [(0, "bad"), (40_000, "warn"), (400_000, "ok")])
async def test_what_may_still_be_sent_today(account, examined, left: int, grade: str) -> None:
    account.calls["/cgi-bin/message/custom/send"] = 500_000 - left
    assert found(await examined(), f"{left} of 500000 messages").grade == grade


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"dns": [], "ping": []}, "cannot find the callback's host name"),
        ({"dns": [{"ip": "127.0.0.1"}], "ping": [{"package_loss": "60%"}]}, "it loses 60%"),
    ],
)
async def test_wechats_own_look_at_the_way(account, examined, monkeypatch, told, words: str) -> None:
    monkeypatch.setattr(account.questions, "_check_network", lambda _: told)
    assert found(await examined(), words).grade == "warn"


@pytest.mark.parametrize(("many", "all_codes", "grade"), [(3, 4, "ok"), (2, 3, "warn"), (1, 2, "bad")])
async def test_permanent_codes(
    account, database: Database, examined, monkeypatch, many: int, all_codes: int, grade: str
) -> None:
    monkeypatch.setattr("bot.doctor.wechat.WARN_FROM", many)
    monkeypatch.setattr("bot.doctor.wechat.MOST", all_codes)
    await database.run(lambda tx: two_cards_with_codes(tx, account.appid))
    assert found(await examined(), f"2 of WeChat's {all_codes} permanent codes").grade == grade


def two_cards_with_codes(tx: Tx, appid: str) -> None:
    """Codes of another account, which was used before, are none of this one's."""
    areas.add(tx, [Area("610528", None, Level.COUNTY, "富平县")])
    for serial in ("ABCDEFGH", "ABCDEFGJ"):
        cards.add(tx, serial, "610528", serial, AGO)
        for one in (appid, "wx-before"):
            scenes.keep(tx, one, serial, f"http://weixin.example/q/{serial}", AGO)


async def test_the_callback_is_away(examined) -> None:
    away = found(await examined(), "/wechat/callback does not answer")
    assert away.grade == "warn"
    assert "is lianxin serve running?" in away.mend


async def test_another_service_at_the_callback(examined) -> None:
    async with served(web.Application()) as other:
        findings = await examined(public_url=other)
    assert found(findings, "something else than the service answers (status 404)").grade == "warn"


@pytest.mark.parametrize("mode", ["plain", "safe"])
async def test_the_callback_answers(account, database, database_url, examined, tmp_path, mode: str) -> None:
    given = settings(tmp_path, database_url, wechat=an_account(account, mode=mode))
    async with service(given, database, tmp_path) as address:
        findings = await examined(public_url=f"{address}/", mode=mode)
        assert found(findings, "/wechat/callback answers").grade == "ok"
        findings = await examined(public_url=address, mode=mode, token="another")
        assert found(findings, "refuses a call that is signed with wechat.token").grade == "warn"


async def test_without_a_database(account, empty_url, examined) -> None:
    """The account is examined all the same, and the token is kept nowhere."""
    findings = await examined(url=empty_url)
    assert found(findings, "asked without the database").grade == "warn"
    assert found(findings, "menu in force is that of the settings").grade == "ok"
    assert account.calls["/cgi-bin/stable_token"] == 1
