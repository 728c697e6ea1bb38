"""WeCom: its settings, and what the platform says of the company's app."""

import secrets
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from bot.channels.http import Http
from bot.channels.tencent.api import Api
from bot.channels.tencent.callback import sign
from bot.channels.tencent.envelope import Envelope
from bot.channels.wecom.account import fetch_token, token_name
from bot.channels.wecom.menu import place
from bot.channels.wecom.settings import CALLBACK_PATH, WeComSettings
from bot.doctor.finding import Finding, bad, ok, warn
from bot.doctor.network import public_address
from bot.doctor.tencent import (
    PATIENCE,
    Platform,
    Question,
    ask_all,
    ask_callback,
    ask_menu,
    asking,
    callback_secrets,
    https_wanted,
    unshared,
)
from bot.menus import wanted_on_wecom
from bot.messengers import wecom_settings
from bot.settings import Settings, WeComSection

CONSOLE = "work.weixin.qq.com (应用管理)"
SEEN_BY = (("allow_userinfos", "user"), ("allow_partys", "partyid"), ("allow_tags", "tagid"))
"""Whom an app is shown to (可见范围): people, departments, groups of a name."""

COPY = {
    "corpid": "copy it from work.weixin.qq.com (我的企业 → 企业信息, 企业ID)",
    "agentid": f"copy the app's AgentId from {CONSOLE}",
    "secret": f"copy the app's Secret from {CONSOLE}",
    "token": f"copy it from the app's 接收消息 → 设置API接收 at {CONSOLE}",
    "aes_key": f"copy the EncodingAESKey from the app's 接收消息 → 设置API接收 at {CONSOLE}",
}
NO_TOKEN = {
    40001: bad("wecom.secret is wrong", COPY["secret"]),
    40013: bad("WeCom knows no company with wecom.corpid", COPY["corpid"]),
}
NOT_LISTED = bad(
    "WeCom's list of trusted addresses (企业可信IP) does not have this server's",
    f"add the address from which this server calls out to the app's 企业可信IP at {CONSOLE}",
)
BARRED = {
    40056: bad("WeCom knows no app with wecom.agentid", COPY["agentid"]),
    301002: bad("wecom.secret is that of another app than wecom.agentid", COPY["secret"]),
    60020: NOT_LISTED,
}


async def examine_wecom(settings: Settings) -> list[Finding]:
    wecom = settings.wecom
    if not wecom.enabled:
        filled = wecom.corpid or wecom.secret.get_secret_value()
        unused = warn("wecom is filled in, but wecom.enabled is false", "set wecom.enabled = true")
        return [unused] if filled else []
    own = [*_settings(wecom)]
    findings = [*own, *https_wanted(settings, "wecom")]
    if own:
        return findings
    ours = replace(wecom_settings(settings), timeout=PATIENCE)
    return [*findings, *await _ask(settings, ours), *await _callback(settings, ours)]


def _settings(wecom: WeComSection) -> Iterator[Finding]:
    for name, mend in COPY.items():
        if not getattr(wecom, name):
            yield bad(f"wecom.{name} is empty", mend)
    keys = {"aes_key": wecom.aes_key, "previous_aes_key": wecom.previous_aes_key}
    yield from callback_secrets("wecom", wecom.token, {name: key for name, key in keys.items() if key})


async def _ask(settings: Settings, ours: WeComSettings) -> list[Finding]:
    platform = Platform("WeCom", "wecom", ours.api_base, NO_TOKEN, BARRED, CONSOLE)
    app = {"agentid": str(ours.agentid)}
    menu = partial(ask_menu, "wecom", place(ours.agentid), wanted_on_wecom(settings))
    questions = [Question("the app", partial(_app, app)), Question("the menu", menu)]
    http = Http(PATIENCE)
    try:
        async with asking(settings, token_name(ours), partial(fetch_token, ours, http)) as (tokens, database):
            told = await ask_all(platform, tokens, http, questions)
            return told if database else [*told, unshared(platform)]
    finally:
        await http.close()


async def _app(app: dict[str, str], api: Api) -> list[Finding]:
    about = await api.get("/cgi-bin/agent/get", app)
    if about.get("close"):
        return [bad("the app is switched off in WeCom", f"switch it on (启用) at {CONSOLE}")]
    if not any(_listed(about.get(kind), name) for kind, name in SEEN_BY):
        return [
            bad(
                "nobody in the company sees the app", f"set its 可见范围 at {CONSOLE} to the cadres and staff"
            )
        ]
    return [ok("the app is on, and people see it")]


def _listed(group: Any, name: str) -> bool:
    return isinstance(group, dict) and bool(group.get(name))


async def _callback(settings: Settings, ours: WeComSettings) -> list[Finding]:
    """Asked as WeCom does it, with the echo sealed."""
    if public_address(settings) is None:
        return []
    echo, nonce, timestamp = secrets.token_hex(8), secrets.token_hex(8), str(int(time.time()))
    sealed = Envelope(ours.aes_keys, ours.corpid).seal(echo.encode())
    signature = sign(ours.token, timestamp, nonce, sealed)
    query = {"msg_signature": signature, "timestamp": timestamp, "nonce": nonce, "echostr": sealed}
    return [await ask_callback(settings, "wecom", CALLBACK_PATH, query, echo)]
