"""What the doctor asks of WeChat and of WeCom alike: the callback's settings, a token, and the way here."""

import re
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, NamedTuple

from pydantic import SecretStr

from bot.channels.http import CallError, Http
from bot.channels.tencent.api import TOKEN_REFUSED, Api, RefusedError, TokenSource
from bot.channels.tencent.codes import words
from bot.channels.tencent.envelope import aes_key
from bot.channels.tencent.menu import Button, Place, in_force, problems
from bot.channels.tencent.tokens import Fetch, Tokens
from bot.clock import system_clock
from bot.doctor.database import usable_database
from bot.doctor.finding import Finding, bad, ok, warn
from bot.doctor.network import place, public_address
from bot.settings import Settings
from handlers.commands import COMMANDS
from storage.database import Database, DatabaseError

TOKEN = re.compile(r"[A-Za-z0-9]{3,32}", re.ASCII)
PATIENCE = 5.0
STILL_REFUSED = 40014
"""The code that stands here for all of `TOKEN_REFUSED`."""
NOT_LISTED = frozenset({40164, 60020})
"""The address from which we call is not on the platform's list; its words say which that is."""
_IPV4 = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])", re.ASCII)
FAR_OFF = timedelta(seconds=60)
"""A clock so far off will soon be off by more than a call may be old."""


class Question(NamedTuple):
    """Something to ask the platform, without effect there. `ask` raises CallError."""

    about: str
    ask: Callable[[Api], Awaitable[Iterable[Finding]]]


class Platform(NamedTuple):
    """Whom we ask, in the operator's words."""

    name: str
    section: str
    api_base: str
    no_token: Mapping[int, Finding]
    """By the code with which a token was refused."""
    barred: Mapping[int, Finding]
    """By a code after which nothing else needs to be asked."""
    console: str
    """Where an operator looks a thing up."""


def callback_secrets(section: str, token: SecretStr, keys: Mapping[str, SecretStr]) -> Iterator[Finding]:
    """What was agreed upon with the platform. `keys`: EncodingAESKeys by their setting, only those to be used."""
    if token.get_secret_value() and not TOKEN.fullmatch(token.get_secret_value()):
        yield bad(
            f"{section}.token needs 3 to 32 of A-Z a-z 0-9",
            "set it to the output of: openssl rand -hex 16, here and in the platform's console",
        )
    for setting, key in keys.items():
        try:
            aes_key(key.get_secret_value())
        except ValueError as fault:
            yield bad(
                f"{section}.{setting}: {fault}", "copy it whole from the platform's console, without spaces"
            )


def https_wanted(settings: Settings, name: str) -> Iterator[Finding]:
    """The platform's own calls carry what people wrote."""
    url = public_address(settings)
    if url is None or url.scheme != "https":
        yield bad(
            f"{name} is on, but server.public_url is no https address",
            'set it to the https address of this server, such as "https://lianxin.example.cn"',
        )


class _Asked:
    """Tokens that end no token in use: the shared one, else what the platform gives to all who ask."""

    def __init__(self, shared: Tokens | None, fetch: Fetch) -> None:
        self._shared = shared
        self._fetch = fetch
        self._token = ""

    async def get(self) -> str:
        if not self._token:
            self._token = await self._shared.get() if self._shared else (await self._fetch(anew=False))[0]
        return self._token

    async def replace(self, refused: str) -> str:
        """Not by force, as the service does it: that would be a change."""
        self._token, _ = await self._fetch(anew=False)
        if self._token == refused:
            raise RefusedError(STILL_REFUSED)
        return self._token


@asynccontextmanager
async def asking(
    settings: Settings, token_name: str, fetch: Fetch
) -> AsyncIterator[tuple[TokenSource, Database | None]]:
    """A source of tokens, and the database if it can be used."""
    async with usable_database(settings) as database:
        process = f"doctor-{secrets.token_hex(4)}"
        shared = Tokens(token_name, process, database, system_clock, fetch) if database else None
        yield _Asked(shared, fetch), database


def unshared(platform: Platform) -> Finding:
    return warn(
        f"{platform.name} was asked without the database: its token is kept nowhere",
        "mend the database first (see above)",
    )


async def ask_all(
    platform: Platform, tokens: TokenSource, http: Http, questions: Iterable[Question]
) -> list[Finding]:
    """A token first, then the questions in their order, as far as the platform lets us."""
    try:
        await tokens.get()
    except RefusedError as no:
        return [_no_token(platform, no)]
    except CallError as fault:
        return [_away(platform, fault)]
    except DatabaseError as fault:
        return [bad(f"{platform.name}'s token cannot be kept: {fault}", "mend the database first")]
    except (KeyError, TypeError, ValueError):  # JSON, but not what was asked for
        return [
            bad(
                f"{platform.section}.api_base does not answer like {platform.name}",
                f"correct {platform.section}.api_base",
            )
        ]
    findings = [ok(f"{platform.name} knows the account and its secret"), *await _clock(platform, http)]
    api = Api(platform.api_base, tokens, http)
    for question in questions:
        try:
            findings += await question.ask(api)
        except RefusedError as no:
            if barred := _barred(platform, no):
                return [*findings, barred]
            findings.append(_refused(platform, question.about, no.code))
        except CallError as fault:
            return [*findings, _away(platform, fault)]
    return findings


def _no_token(platform: Platform, no: RefusedError) -> Finding:
    known = platform.no_token.get(no.code)
    return _with_address(known, no) if known else _refused(platform, "a token", no.code)


def _with_address(finding: Finding, no: RefusedError) -> Finding:
    """With the address to enter, if the platform named it."""
    seen = _IPV4.search(no.said) if no.code in NOT_LISTED else None
    return replace(finding, mend=f"{finding.mend}: {seen[0]}") if seen else finding


def _barred(platform: Platform, no: RefusedError) -> Finding | None:
    if no.code in TOKEN_REFUSED:
        return warn(
            f"{platform.name} refuses the token that it gave itself",
            "ask again in a minute; if it stays so, see that no other service renews this account's token",
        )
    known = platform.barred.get(no.code)
    return _with_address(known, no) if known else None


def _refused(platform: Platform, about: str, code: int) -> Finding:
    return warn(
        f"{platform.name}, asked about {about}: {words(code)}",
        f"ask again in a few minutes; if it stays so, look the code up at {platform.console}",
    )


def _away(platform: Platform, fault: CallError) -> Finding:
    return bad(
        f"{platform.section}.api_base {place(platform.api_base)} cannot be reached: {fault}",
        f"check {platform.section}.api_base, the network, and the firewall's rules for calls to outside",
    )


async def _clock(platform: Platform, http: Http) -> list[Finding]:
    """Both sign with the time, and what is too old is refused. Any answer tells the platform's."""
    try:
        answer = await http.get(platform.api_base.rstrip("/") + "/")
        theirs = parsedate_to_datetime(answer.date if answer else "")
    except (CallError, ValueError):
        return []  # whoever cannot be reached is told of by the questions that follow
    off = system_clock() - (theirs if theirs.tzinfo else theirs.replace(tzinfo=UTC))
    if abs(off) < FAR_OFF:
        return []
    side = "ahead of" if off > timedelta(0) else "behind"
    return [
        bad(
            f"this machine's clock is {abs(off).total_seconds():.0f} seconds {side} {platform.name}'s",
            "let it be set by the network (timedatectl set-ntp true): calls that seem too old are refused",
        )
    ]


async def ask_menu(section: str, place: Place, wanted: Sequence[Button], api: Api) -> list[Finding]:
    """Is the menu that people see the one of the settings?"""
    push = f"lianxin {section} menu --push"
    if found := problems(wanted, place, COMMANDS):
        return [
            bad(f"{section}.menu: {problem}", f"correct {section}.menu, then: {push}") for problem in found
        ]
    shown = await in_force(api, place)
    if shown == tuple(wanted):
        return [ok("the menu in force is that of the settings")]
    if shown:
        return [warn("the menu in force is another than that of the settings", push)]
    return [warn("there is no menu below the talk", push)]


async def ask_callback(
    settings: Settings, section: str, path: str, query: Mapping[str, str], expected: str
) -> Finding:
    """Does the service answer at its public address, as the platform would ask it?"""
    url = settings.server.public_url.rstrip("/") + path
    shown = place(url) + path
    http = Http(PATIENCE)
    try:
        answer = await http.get(url, query=query)
    except CallError as fault:
        return warn(
            f"{shown} does not answer: {fault}",
            f"is lianxin serve running? Does the reverse proxy pass {path} on, with a valid certificate?",
        )
    finally:
        await http.close()
    status = HTTPStatus.OK if answer is None else answer.status
    if status == HTTPStatus.FORBIDDEN:
        return warn(
            f"{shown} refuses a call that is signed with {section}.token",
            f"restart lianxin serve, which runs with another {section}.token or aes_key; see that its clock is right",
        )
    if answer is None or status != HTTPStatus.OK or answer.body != expected.encode():
        return warn(
            f"at {shown} something else than the service answers (status {status:d})",
            f"let the reverse proxy pass {path} on to server.port, and restart lianxin serve",
        )
    return ok(f"{shown} answers as the platform expects it")


def records(value: Any) -> list[dict[str, Any]]:
    """The objects of a list that was answered; what is none of them is passed over."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
