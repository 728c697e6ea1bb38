"""WeChat's side of the load: callbacks signed and sealed as the platform does it, and the reply that each must get."""

import base64
import hashlib
import itertools
import re
import secrets
import time
from collections.abc import AsyncIterator

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from bench.http import Connection
from bench.load import IN_FLIGHT, Work, next_number, retried, script
from bench.processes import Process

PATH = "/wechat/callback"
APPID, TOKEN = "wx0000000000000000", "bench_token"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
_OURSELVES = "gh_000000000000"
_BLOCK = 32
_KEY = base64.b64decode(AES_KEY + "=")
_CIPHER = Cipher(AES(_KEY), CBC(_KEY[:16]))
_SEALED = re.compile(rb"<Encrypt><!\[CDATA\[(.+?)\]\]></Encrypt>")
_TO = re.compile(rb"<ToUserName><!\[CDATA\[(.+?)\]\]></ToUserName>")
_SAID = re.compile(rb"<Content><!\[CDATA\[.+?\]\]></Content>", re.DOTALL)


def section(mode: str, api_base: str) -> str:
    """Settings of an account in this mode, otherwise as they come: what a cadre cannot be told now is held."""
    return (
        f'[wechat]\nmode = "{mode}"\nappid = "{APPID}"\nsecret = "bench"\ntoken = "{TOKEN}"\n'
        f'aes_key = "{AES_KEY}"\napi_base = "{api_base}"\n'
    )


def turns(people: list[int], *, sealed: bool) -> Work:
    """Whole turns of different people: from the POST until its response is read, which must be a reply to them."""

    async def work(number: int, connection: Connection) -> AsyncIterator[float]:
        lines = script()
        for person in itertools.cycle(people[number::IN_FLIGHT]):
            for line in itertools.islice(lines, 3):
                path, body = _callback(person, line, sealed=sealed)
                started = time.perf_counter()
                answered = await connection.exchange(path, body)
                took = time.perf_counter() - started
                _check(answered, person, sealed=sealed)
                yield took

    return work


async def first_answer(process: Process, person: int, *, sealed: bool) -> None:
    async def say() -> None:
        _check(
            await Connection(process.port).exchange(*_callback(person, "你好", sealed=sealed)),
            person,
            sealed=sealed,
        )

    await retried(say)


def _callback(person: int, text: str, *, sealed: bool) -> tuple[str, bytes]:
    """Path and body of a text message."""
    now, number = str(int(time.time())), next_number()
    body = (
        f"<xml><ToUserName><![CDATA[{_OURSELVES}]]></ToUserName><FromUserName><![CDATA[{person}]]></FromUserName>"
        f"<CreateTime>{now}</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{text}]]></Content>"
        f"<MsgId>{number}</MsgId></xml>"
    ).encode()
    path = f"{PATH}?signature={_sign(now, str(number))}&timestamp={now}&nonce={number}&openid={person}"
    if not sealed:
        return path, body
    encrypted = _seal(body)
    path += f"&encrypt_type=aes&msg_signature={_sign(now, str(number), encrypted)}"
    outside = f"<ToUserName><![CDATA[{_OURSELVES}]]></ToUserName><Encrypt><![CDATA[{encrypted}]]></Encrypt>"
    return path, f"<xml>{outside}</xml>".encode()


def _check(answered: bytes, person: int, *, sealed: bool) -> None:
    """Raises AssertionError for what is no text to this person."""
    found = _SEALED.search(answered) if sealed else None
    plain = _open(found[1]) if found else answered
    to = _TO.search(plain)
    if sealed is not bool(found) or to is None or int(to[1]) != person or not _SAID.search(plain):
        raise AssertionError(f"{person} was answered with {plain.decode(errors='replace')[:200]!r}")


def _sign(*parts: str) -> str:
    return hashlib.sha1("".join(sorted((TOKEN, *parts))).encode()).hexdigest()


def _seal(message: bytes) -> str:
    framed = secrets.token_bytes(16) + len(message).to_bytes(4) + message + APPID.encode()
    fill = _BLOCK - len(framed) % _BLOCK
    encryptor = _CIPHER.encryptor()
    return base64.b64encode(encryptor.update(framed + bytes([fill]) * fill)).decode()


def _open(sealed: bytes) -> bytes:
    plain = _CIPHER.decryptor().update(base64.b64decode(sealed))
    return plain[20 : 20 + int.from_bytes(plain[16:20])]
