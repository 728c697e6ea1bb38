"""WeChat: its settings, and what the platform says of the service account."""

import re
import secrets
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from bot.card_codes import WARN_FROM
from bot.channels.http import Http
from bot.channels.tencent.api import Api, RefusedError
from bot.channels.tencent.callback import sign
from bot.channels.wechat.account import fetch_token, token_name
from bot.channels.wechat.menu import PLACE
from bot.channels.wechat.scenes import MOST
from bot.channels.wechat.settings import CALLBACK_PATH, Notice, WeChatSettings
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
    records,
    unshared,
)
from bot.menus import wanted_on_wechat
from bot.messengers import wechat_settings
from bot.settings import Settings, WeChatSection
from storage.database import Database
from storage.directory import scenes

UNAUTHORIZED = 48001
LITTLE_LEFT = 0.1
"""Of the day's sends."""
FIELD = re.compile(r"\{\{(\w+)\.DATA\}\}")
SENDS = "/cgi-bin/message/custom/send"
LISTS = {
    "template": ("/cgi-bin/template/get_all_private_template", "template_list", "template_id"),
    "subscribe": ("/wxaapi/newtmpl/gettemplate", "data", "priTmplId"),
}
"""By a notice's kind: where its templates are listed, the list's name, and that of a template's id in it."""
CONSOLE = "mp.weixin.qq.com (设置与开发 → 基本配置)"

NEW_SECRET = f"reset the AppSecret at {CONSOLE} and write it to wechat.secret"
NOT_LISTED = bad(
    "WeChat's IP whitelist (IP白名单) does not have this server's address",
    f"add the address from which this server calls out, at {CONSOLE}",
)
NO_TOKEN = {
    40001: bad("wechat.secret is wrong", NEW_SECRET),
    40013: bad("WeChat knows no account with wechat.appid", f"copy the AppID from {CONSOLE}"),
    40125: bad("wechat.secret is wrong", NEW_SECRET),
    40164: NOT_LISTED,
}


async def examine_wechat(settings: Settings) -> list[Finding]:
    wechat = settings.wechat
    if wechat.mode == "off":
        filled = wechat.appid or wechat.secret.get_secret_value()
        unused = warn("wechat is filled in, but wechat.mode is off", 'set wechat.mode to "safe"')
        return [unused] if filled else []
    own = [*_settings(wechat), *_words(wechat)]
    findings = [*own, *https_wanted(settings, "wechat"), *_port(settings)]
    if any(finding.grade == "bad" for finding in own):
        return findings
    return [*findings, *await _ask(settings), *await _callback(settings)]


def _settings(wechat: WeChatSection) -> Iterator[Finding]:
    for name, given in (("appid", wechat.appid), ("secret", wechat.secret), ("token", wechat.token)):
        if not given:
            yield bad(f"wechat.{name} is empty", f"copy it from {CONSOLE}")
    keys = {"aes_key": wechat.aes_key} if wechat.mode == "safe" else {}
    if keys and wechat.previous_aes_key:
        keys["previous_aes_key"] = wechat.previous_aes_key
    yield from callback_secrets("wechat", wechat.token, keys)
    if wechat.mode == "plain":
        yield warn(
            "wechat.mode is plain: the signature does not protect what people write",
            f"choose 安全模式 at {CONSOLE}, write its EncodingAESKey to wechat.aes_key, and set mode to safe",
        )


def _words(wechat: WeChatSection) -> Iterator[Finding]:
    for about, notice in wechat.notices.items():
        for name, form in notice.fields.items():
            try:
                form.format(text="", time="", county="")
            except (LookupError, ValueError, AttributeError):
                yield bad(
                    f"wechat.notices.{about}: {name} cannot be filled in",
                    "of words in braces only {text}, {time} and {county} are known",
                )


def _port(settings: Settings) -> Iterator[Finding]:
    url = public_address(settings)
    if url is not None and url.scheme == "https" and url.port not in {None, 443}:
        yield bad("WeChat calls https addresses only at port 443", "correct the port of server.public_url")


async def _ask(settings: Settings) -> list[Finding]:
    ours = replace(wechat_settings(settings), timeout=PATIENCE)
    platform = Platform("WeChat", "wechat", ours.api_base, NO_TOKEN, {40164: NOT_LISTED}, CONSOLE)
    http = Http(PATIENCE)
    try:
        async with asking(settings, token_name(ours), partial(fetch_token, ours, http)) as (tokens, database):
            told = await ask_all(platform, tokens, http, _questions(settings, ours))
            kept = [*await _codes(database, ours.appid)] if database else [unshared(platform)]
    finally:
        await http.close()
    return [*told, *kept]


def _questions(settings: Settings, ours: WeChatSettings) -> Iterator[Question]:
    yield Question("customer-service messages", partial(_permission, ours))
    for kind in LISTS:
        notices = {about: one for about, one in ours.notices.items() if one.kind == kind}
        if notices:
            yield Question("templates", partial(_notices, kind, notices))
    yield Question("the day's sends", _quota)
    if public_address(settings):
        yield Question("the way to server.public_url", _network)
    yield Question("the menu", partial(ask_menu, "wechat", PLACE, wanted_on_wechat(settings)))


async def _permission(ours: WeChatSettings, api: Api) -> list[Finding]:
    """Asked by a list that only those may read who may write to followers."""
    try:
        await api.get("/cgi-bin/customservice/getkflist")
    except RefusedError as no:
        if no.code != UNAUTHORIZED:
            raise
        return [*_unverified(ours)]
    return [ok("the account may write to its followers (客服消息)")]


def _unverified(ours: WeChatSettings) -> Iterator[Finding]:
    yield warn(
        "the account is not verified: it may only answer, and codes for cards cannot be made",
        "have the service account verified (微信认证) at mp.weixin.qq.com, then ask for 客服消息 there",
    )
    if ours.msgmenu:
        yield bad(
            "wechat.msgmenu is on, but the account may send no menus", "set wechat.msgmenu = false until then"
        )
    if ours.notices:
        yield bad("wechat.notices are set, but the account may send none", "take them out until then")


async def _notices(kind: str, notices: Mapping[str, Notice], api: Api) -> list[Finding]:
    path, listed, identity = LISTS[kind]
    try:
        told = await api.get(path)
    except RefusedError as no:
        if no.code == UNAUTHORIZED:
            return [
                warn(
                    f"the account has no permission for notices of the kind {kind}",
                    "ask for 模板消息 or 订阅通知 at mp.weixin.qq.com (广告与服务), or take wechat.notices out",
                )
            ]
        raise
    contents = {str(one.get(identity, "")): str(one.get("content", "")) for one in records(told.get(listed))}
    return [_notice(about, one, contents) for about, one in notices.items()]


def _notice(about: str, notice: Notice, contents: Mapping[str, str]) -> Finding:
    name = f"wechat.notices.{about}"
    if notice.template_id not in contents:
        return bad(
            f"{name}: the account has no template {notice.template_id}",
            f"add it at mp.weixin.qq.com, or correct template_id (kind {notice.kind})",
        )
    there, ours = set(FIELD.findall(contents[notice.template_id])), set(notice.fields)
    if unknown := sorted(ours - there):
        return bad(
            f"{name}: its template has no {', '.join(unknown)}",
            f"the template's fields are: {', '.join(sorted(there))}",
        )
    if unfilled := sorted(there - ours):
        return bad(
            f"{name}: {', '.join(unfilled)} of its template stays empty, and WeChat refuses it",
            f"write it into {name}.fields",
        )
    return ok(f"{name}: its template is there, with the same fields")


async def _quota(api: Api) -> list[Finding]:
    told = await api.post("/cgi-bin/openapi/quota/get", {"cgi_path": SENDS})
    quota: Any = told.get("quota")
    if not isinstance(quota, dict) or not quota.get("daily_limit"):
        return []
    limit, left = int(quota["daily_limit"]), int(quota.get("remain") or 0)
    said = f"WeChat lets {left} of {limit} messages go out today"
    if not left:
        return [bad(said, "they go out after midnight; a larger limit can be asked for at mp.weixin.qq.com")]
    if left < limit * LITTLE_LEFT:
        return [warn(said, "the rest waits till midnight; lianxin outbox says what was sent so often")]
    return [ok(said)]


async def _network(api: Api) -> Iterable[Finding]:
    """WeChat's own look at the address that was entered in its console (网络检测)."""
    told = await api.post("/cgi-bin/callback/check", {"action": "all", "check_operator": "DEFAULT"})
    if not records(told.get("dns")):
        return [
            warn(
                "WeChat cannot find the callback's host name",
                "check its DNS entry, and the URL at " + CONSOLE,
            )
        ]
    lossy = [one for one in records(told.get("ping")) if one.get("package_loss") not in {"0%", None}]
    if lossy:
        return [
            warn(
                f"WeChat reaches this server badly: it loses {lossy[0]['package_loss']} of what it sends",
                "ask the provider of the line; a firewall that drops pings does no harm",
            )
        ]
    return [ok("WeChat finds the way to the callback's address")]


async def _codes(database: Database, appid: str) -> Iterator[Finding]:
    made = await database.read(lambda tx: scenes.count(tx, appid))
    return _codes_used(made)


def _codes_used(made: int) -> Iterator[Finding]:
    said = f"{made} of WeChat's {MOST} permanent codes are used"
    if made >= MOST:
        yield bad(said, "cards that have one go on working; none is ever given back, so no new card gets one")
    elif made >= WARN_FROM:
        yield warn(said, "keep the rest for villages and groups: print no new cards for single households")
    elif made:
        yield ok(said)


async def _callback(settings: Settings) -> list[Finding]:
    if public_address(settings) is None:
        return []
    echo, nonce, timestamp = secrets.token_hex(8), secrets.token_hex(8), str(int(time.time()))
    signature = sign(settings.wechat.token.get_secret_value(), timestamp, nonce)
    query = {"signature": signature, "timestamp": timestamp, "nonce": nonce, "echostr": echo}
    return [await ask_callback(settings, "wechat", CALLBACK_PATH, query, echo)]
