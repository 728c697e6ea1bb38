"""The doctor looks at a WeCom app: what is wrong with it, without changing anything there."""

from typing import Any

import pytest
from aiohttp import web

from bot.channels.wecom.menu import DEFAULT
from tests.contract.doctor.looking import NOWHERE, SECRETS, clicks, found, look, of, served, service, settings
from tests.standins.wecom import WeComServer

AGENT = "/cgi-bin/agent/get"


@pytest.fixture
async def company():
    async with WeComServer() as server:
        server.member("wang")
        server.token = "standInToken"
        server.menu = clicks(DEFAULT)
        yield server


@pytest.fixture
def examined(company, database_url, tmp_path):
    """`examined(agentid=7)`: what the doctor finds with these settings of [wecom]."""

    async def examine_it(*, public_url: str = NOWHERE, url: str = database_url, **changed: Any):
        given = settings(tmp_path, url, public_url=public_url, wecom=an_app(company, **changed))
        return await look(given, *SECRETS)

    return examine_it


def an_app(server: WeComServer, **changed: Any) -> dict[str, Any]:
    return {
        "enabled": True,
        "corpid": server.corpid,
        "agentid": server.agentid,
        "secret": server.secret,
        "token": server.token,
        "aes_key": server.aes_key,
        "api_base": server.address,
    } | changed


async def test_an_app_in_good_health(company, database, database_url, examined, tmp_path) -> None:
    given = settings(tmp_path, database_url, wecom=an_app(company))
    async with service(given, database, tmp_path) as address:
        findings = await examined(public_url=address)
    assert of(findings, "wecom.", "wecom is", "WeCom", "the app", "callback") == [
        "wecom is on, but server.public_url is no https address"  # the stand-in's world is this machine
    ]
    for words in (
        "WeCom knows the account and its secret",
        "the app is on, and people see it",
        "menu in force is that of the settings",
        "/wecom/callback answers",
    ):
        assert found(findings, words).grade == "ok"


async def test_an_app_with_another_menu_or_none(company, examined) -> None:
    company.menu = company.menu[:1]
    assert found(await examined(), "another than that of the settings").mend == "lianxin wecom menu --push"
    company.menu = []
    assert found(await examined(), "there is no menu below the talk").grade == "warn"
    wanted = [{"name": "工单", "key": "m:fly"}]
    assert found(await examined(menu=wanted), "wecom.menu: 工单: nobody knows the key m:fly").grade == "bad"


async def test_looking_changes_nothing_and_all_share_one_token(company, examined, look) -> None:
    await examined()
    await examined()
    assert company.calls["/cgi-bin/gettoken"] == 1
    assert {path for path, _ in company.requests} == {"/cgi-bin/gettoken", AGENT, "/cgi-bin/menu/get"}
    assert look("SELECT name FROM access_token") == [(f"wecom:{company.corpid}:{company.agentid}",)]


@pytest.mark.parametrize(
    ("changed", "words", "grade"),
    [
        ({"enabled": False}, "wecom.enabled is false", "warn"),
        ({"corpid": ""}, "wecom.corpid is empty", "bad"),
        ({"agentid": 0}, "wecom.agentid is empty", "bad"),
        ({"secret": ""}, "wecom.secret is empty", "bad"),
        ({"token": ""}, "wecom.token is empty", "bad"),
        ({"token": "no_dashes"}, "wecom.token needs 3 to 32", "bad"),
        ({"aes_key": ""}, "wecom.aes_key is empty", "bad"),
        ({"aes_key": "short"}, "wecom.aes_key: an EncodingAESKey has exactly 43", "bad"),
        ({"previous_aes_key": "short"}, "wecom.previous_aes_key", "bad"),
        ({"secret": "another"}, "wecom.secret is wrong", "bad"),
        ({"corpid": "ww9"}, "no company with wecom.corpid", "bad"),
        ({"agentid": 7}, "no app with wecom.agentid", "bad"),
        ({"api_base": NOWHERE}, f"wecom.api_base {NOWHERE} cannot be reached", "bad"),
    ],
)
async def test_settings(examined, changed: dict[str, Any], words: str, grade: str) -> None:
    assert found(await examined(**changed), words).grade == grade


async def test_settings_that_cannot_work_are_not_tried(company, examined) -> None:
    await examined(aes_key="short")
    assert not company.calls


@pytest.mark.parametrize("url", ["", "http://127.0.0.1:1", "https://127.0.0.1:port"])
async def test_an_address_without_https(examined, url: str) -> None:
    assert found(await examined(public_url=url), "no https address").grade == "bad"


@pytest.mark.parametrize(
    ("path", "code", "words", "grade"),
    [
        ("gettoken", 40001, "wecom.secret is wrong", "bad"),
        ("gettoken", 40013, "no company with wecom.corpid", "bad"),
        ("gettoken", 45009, "asked about a token: 45009", "warn"),
        ("agent/get", 60020, "list of trusted addresses", "bad"),
        ("agent/get", 301002, "that of another app", "bad"),
        ("agent/get", -1, "asked about the app: -1: the platform is busy", "warn"),
        ("menu/get", 48002, "asked about the menu", "warn"),
    ],
)
async def test_wecom_says_no(company, examined, path: str, code: int, words: str, grade: str) -> None:
    company.fail_next(path, errcode=code)
    assert found(await examined(), words).grade == grade


async def test_an_address_that_is_not_trusted(company, examined) -> None:
    company.whitelist_refuses = True
    findings = await examined()
    refused = found(findings, "list of trusted addresses")
    assert "企业可信IP" in refused.what
    assert refused.mend.endswith(": 127.0.0.1")  # as the platform sees us
    assert found(findings, "knows the account and its secret").grade == "ok"


async def test_an_app_that_is_switched_off(company, examined, monkeypatch) -> None:
    monkeypatch.setattr(company, "_get_agent", lambda _: {"close": 1, "allow_userinfos": {"user": ["wang"]}})
    assert found(await examined(), "the app is switched off").grade == "bad"


@pytest.mark.parametrize(
    ("shown_to", "seen"),
    [
        ({}, False),
        ({"allow_userinfos": {"user": []}, "allow_partys": {"partyid": []}}, False),
        ({"allow_userinfos": {"user": []}, "allow_partys": {"partyid": [1]}}, True),
        ({"allow_tags": {"tagid": [2]}}, True),
    ],
)
async def test_who_sees_the_app(company, examined, monkeypatch, shown_to: Any, seen: bool) -> None:
    monkeypatch.setattr(company, "_get_agent", lambda _: {"close": 0} | shown_to)
    words = "people see it" if seen else "nobody in the company sees the app"
    assert found(await examined(), words).grade == ("ok" if seen else "bad")


@pytest.mark.parametrize("fault", [{"drop": "before"}, {"garbage": True}], ids=str)
@pytest.mark.parametrize("path", ["gettoken", "agent/get"])
async def test_wecom_is_in_trouble(company, examined, path: str, fault: dict[str, Any]) -> None:
    company.fail_next(path, times=9, **fault)
    assert found(await examined(), "cannot be reached").grade == "bad"


async def test_the_callback_is_away_or_another(company, database, database_url, examined, tmp_path) -> None:
    assert found(await examined(), "/wecom/callback does not answer").grade == "warn"
    async with served(web.Application()) as other:
        findings = await examined(public_url=other)
    assert found(findings, "something else than the service answers (status 404)").grade == "warn"
    given = settings(tmp_path, database_url, wecom=an_app(company))
    async with service(given, database, tmp_path) as address:
        findings = await examined(public_url=address, aes_key="A" * 43)
    assert found(findings, "refuses a call that is signed with wecom.token").grade == "warn"


async def test_without_a_database(company, empty_url, examined) -> None:
    findings = await examined(url=empty_url)
    assert found(findings, "asked without the database").grade == "warn"
    assert found(findings, "people see it").grade == "ok"
