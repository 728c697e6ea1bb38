"""Telegram: its settings, and what the Bot API says of the bot."""

import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from bot.doctor.finding import Finding, bad, ok, warn
from bot.doctor.network import place, public_address
from bot.settings import Settings, TelegramSection

if TYPE_CHECKING:
    from bot.channels.telegram.api import BotApi

TOKEN = re.compile(r"\d{5,}:[A-Za-z0-9_-]{30,}", re.ASCII)
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}", re.ASCII)
SHORT_SECRET = 16
HOOK_PORTS = {443, 80, 88, 8443}
WEBHOOK_PATH = "/telegram/webhook"
PATIENCE = 5.0
MANY_WAITING = 100

NEW_TOKEN = "get it from @BotFather (/mybots, API Token) and write it to telegram.token"  # noqa: S105  advice


async def examine_telegram(settings: Settings) -> list[Finding]:
    telegram = settings.telegram
    token = telegram.token.get_secret_value()
    if telegram.mode == "off":
        unused = warn(
            "telegram.token is set, but telegram.mode is off", 'set telegram.mode to "polling" or "webhook"'
        )
        return [unused] if token else []
    findings = [*_webhook_settings(settings)] if telegram.mode == "webhook" else []
    if not token:
        return [*findings, bad("telegram.token is empty", NEW_TOKEN)]
    if not TOKEN.fullmatch(token):
        return [*findings, bad("telegram.token does not look like a token", NEW_TOKEN)]
    return [*findings, *await _ask(settings, token)]


def _webhook_settings(settings: Settings) -> Iterator[Finding]:
    url = public_address(settings)
    secret = settings.telegram.webhook_secret.get_secret_value()
    if url is None or url.scheme != "https":
        yield bad(
            "telegram.mode is webhook, but server.public_url is no https address", "set it, or use polling"
        )
    elif (url.port or 443) not in HOOK_PORTS:
        yield bad(
            "Telegram calls only the ports 443, 80, 88 and 8443", "correct the port of server.public_url"
        )
    if not SECRET.fullmatch(secret):
        yield bad(
            "telegram.webhook_secret needs 1 to 256 of A-Z a-z 0-9 _ -",
            "set it to the output of: openssl rand -hex 32",
        )
    elif len(secret) < SHORT_SECRET:
        yield warn(
            "telegram.webhook_secret is short and may be guessed", "openssl rand -hex 32 makes a good one"
        )


async def _ask(settings: Settings, token: str) -> list[Finding]:
    from bot.channels.http import CallError  # noqa: PLC0415  only if it is used
    from bot.channels.telegram.api import BotApi, RefusedError  # noqa: PLC0415

    api = BotApi(token, settings.telegram.api_base, PATIENCE)
    try:
        me = await api.call("getMe", {})
        return [*_name(settings.telegram, me), *await _hook(settings, api)]
    except RefusedError as no:
        return [_refused(no.status)]
    except CallError as fault:
        return [
            bad(
                f"telegram.api_base {place(settings.telegram.api_base)} cannot be reached: {fault}",
                "check the network; where Telegram is blocked, point telegram.api_base to a Bot API server outside",
            )
        ]
    finally:
        await api.close()


def _refused(status: int) -> Finding:
    if status == HTTPStatus.UNAUTHORIZED:
        return bad("Telegram does not know telegram.token, or it was revoked", NEW_TOKEN)
    if status == HTTPStatus.NOT_FOUND:
        return bad("there is no Bot API at telegram.api_base, or the token is wrong", NEW_TOKEN)
    return warn(f"Telegram answered {status}", "ask again in a few minutes")


def _name(telegram: TelegramSection, me: Any) -> Iterator[Finding]:
    name = str(me.get("username", "")) if isinstance(me, dict) else ""
    if not name:
        yield bad("telegram.api_base does not answer like a Bot API", "correct telegram.api_base")
        return
    yield ok(f"Telegram knows the bot as @{name}")
    ours = telegram.bot_name.removeprefix("@")
    if not ours:
        yield warn("telegram.bot_name is empty: cards carry no Telegram code", f'set it to "{name}"')
    elif ours.lower() != name.lower():
        yield bad(f"telegram.bot_name is {ours!r}: cards would lead to another bot", f'set it to "{name}"')


async def _hook(settings: Settings, api: "BotApi") -> list[Finding]:
    """What Telegram does with the bot's updates now."""
    told = await api.call("getWebhookInfo", {})
    info: dict[str, Any] = told if isinstance(told, dict) else {}
    url = str(info.get("url") or "")
    if settings.telegram.mode == "polling":
        return [*_polling(url)]
    return [*_webhook(settings.server.public_url.rstrip("/") + WEBHOOK_PATH, url, info)]


def _polling(url: str) -> Iterator[Finding]:
    if url:
        yield warn(
            f"a webhook is set for this bot ({place(url)}), so that polling gets nothing",
            "lianxin serve removes it when it starts; see that no other service needs it",
        )


def _webhook(ours: str, url: str, info: dict[str, Any]) -> Iterator[Finding]:
    if url != ours:
        where = f"sends to {place(url)}" if url else "has no webhook yet"
        yield warn(f"Telegram {where}", "lianxin serve sets the webhook when it starts")
        return
    if said := str(info.get("last_error_message") or ""):
        yield warn(
            f"Telegram could not reach the webhook: {said[:120]}",
            "does the reverse proxy pass /telegram/webhook on, with a valid certificate? Is lianxin serve running?",
        )
    else:
        yield ok("Telegram's webhook is set to this server")
    if (waiting := int(info.get("pending_update_count") or 0)) > MANY_WAITING:
        yield warn(f"{waiting} updates wait at Telegram", "is lianxin serve running?")
