"""Callbacks of WeChat and WeCom as nobody should send them: mutated at every layer, mostly signed rightly all the same."""

import base64
import hashlib
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

Query = dict[str, str]
Fields = list[tuple[str, str]]
T = TypeVar("T")


@dataclass(frozen=True)
class Account:
    """What the platform and the service have agreed upon."""

    token: str
    key: str
    receiver: str
    ourselves: str
    sealed: bool


TYPES: tuple[dict[str, str], ...] = (
    {"MsgType": "text", "Content": "渠堵了"},
    {"MsgType": "text", "Content": "1 对", "bizmsgmenuid": "1:yes"},
    {"MsgType": "image", "PicUrl": "http://u", "MediaId": "M"},
    {"MsgType": "voice", "MediaId": "M", "Format": "amr", "Recognition": "渠堵了"},
    {"MsgType": "video", "MediaId": "M", "ThumbMediaId": "T"},
    {"MsgType": "location", "Location_X": "34.75", "Location_Y": "109.18", "Label": "富平县"},
    {"MsgType": "link", "Title": "题", "Description": "讲", "Url": "http://u"},
    {"MsgType": "event", "Event": "subscribe", "EventKey": "qrscene_x"},
    {"MsgType": "event", "Event": "SCAN", "EventKey": "x"},
    {"MsgType": "event", "Event": "CLICK", "EventKey": "m:file"},
    {"MsgType": "event", "Event": "unsubscribe"},
    {"MsgType": "event", "Event": "LOCATION", "Latitude": "34.75", "Longitude": "109.18"},
    {"MsgType": "event", "Event": "TEMPLATESENDJOBFINISH", "MsgID": "7", "Status": "success"},
)
ODD = (
    "",
    " ",
    "0",
    "-1",
    "1e999",
    "nan",
    "9" * 30,
    "x" * 5000,
    "渠" * 3000,
    "\x00\x07",
    "\u200b\ufeff",
    "👨‍👩‍👧",
    "]]>",
    "]]></Content><MsgId>1</MsgId><Content><![CDATA[",
    "<a>&b;</a>",
    "t:999999999:accept",
    "1:" + "y" * 300,
    "m:nothing",
    "qrscene_" + "z" * 70,
    "../../etc/passwd",
    "' OR 1=1 --",
    "%s%n{0}",
)
DOCTYPES = (
    '<!DOCTYPE xml [<!ENTITY a "b">]>',
    '<!DOCTYPE xml SYSTEM "file:///etc/passwd">',
    '<!DOCTYPE xml [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>',
    '<?xml version="1.0" encoding="GBK"?>',
    "<?php x ?>",
)


def mutated(rng: random.Random, account: Account, now: int) -> tuple[Query, bytes]:
    """Query and body of one POST. About one in three is as the platform would send it."""
    fields = _fields(rng, account, now)
    body = _xml(_sometimes(rng, fields, _other_fields))
    body = _sometimes(rng, body, _other_markup)
    sealed = ""
    if account.sealed:
        sealed = _sealed(rng, account, body)
        body = _xml([("ToUserName", account.receiver), ("Encrypt", sealed), ("AgentID", "1")])
    query = _query(rng, account, sealed, now)
    if account.sealed:
        body = _sometimes(rng, body, _other_markup)
    return _sometimes(rng, query, _other_query), body


def _sometimes(rng: random.Random, value: T, change: Callable[[random.Random, T], T]) -> T:
    return change(rng, value) if rng.random() < 0.2 else value


def _fields(rng: random.Random, account: Account, now: int) -> Fields:
    head = {"ToUserName": account.ourselves, "FromUserName": f"o{rng.randrange(50)}", "CreateTime": str(now)}
    return [*head.items(), *rng.choice(TYPES).items(), ("MsgId", str(rng.randrange(10**16)))]


def _other_fields(rng: random.Random, fields: Fields) -> Fields:
    at = rng.randrange(len(fields))
    name, _ = fields[at]
    other, value = rng.choice(fields)
    return rng.choice(
        (
            fields[:at] + fields[at + 1 :],
            [*fields[:at], (name, rng.choice(ODD)), *fields[at + 1 :]],
            [*fields[:at], (name, value), *fields[at + 1 :]],
            [*fields, (other, rng.choice(ODD))],
            [(other.lower(), rng.choice(ODD)), *fields],
            fields[::-1],
            [*fields, *(("More", "x"),) * rng.choice((3, 1000))],
        )
    )


def _xml(fields: Fields) -> bytes:
    """As carelessly as the platform: what ends CDATA ends it."""
    inside = "".join(f"<{name}><![CDATA[{value}]]></{name}>" for name, value in fields)
    return f"<xml>{inside}</xml>".encode()


def _other_markup(rng: random.Random, body: bytes) -> bytes:
    at = rng.randrange(len(body))
    depth = rng.choice((3, 10, 3000))
    return rng.choice(
        (
            body[:at],
            body[at:],
            body[:at] + rng.randbytes(rng.randrange(1, 9)) + body[at:],
            body[:at] + bytes([body[at] ^ (1 << rng.randrange(8))]) + body[at + 1 :],
            rng.choice(DOCTYPES).encode() + body,
            body.replace(b"<xml>", b"<xml>" + b"<a>" * depth + b"</a>" * depth),
            body.replace(b"xml>", b"html>"),
            body.decode("utf-8", "replace").encode("utf-16"),
            body.replace(b"<![CDATA[", b"&lt;"),
            body + body,
            rng.randbytes(rng.randrange(200)),
            b"",
        )
    )


def _sealed(rng: random.Random, account: Account, message: bytes) -> str:
    receiver, length, fill, key = account.receiver.encode(), len(message), None, account.key
    match rng.randrange(40):
        case 0:
            receiver = rng.choice((b"", b"wx0", receiver + b"x", receiver[:-1]))
        case 1:
            length = rng.choice((0, length // 2, length + 1, length + 40, 2**31, 2**32 - 1))
        case 2:
            fill = bytes([rng.choice((0, 1, 16, 33, 255))]) * 16
        case 3:
            key = "Z" * 42 + "E"
        case 4:
            return rng.choice(("", "=", "AAAA", "渠", "A" * 44, "*" * 64, message.decode("utf-8", "replace")))
    framed = rng.randbytes(16) + length.to_bytes(4) + message + receiver
    rest = 32 - len(framed) % 32
    framed += bytes([rest]) * rest if fill is None else fill
    framed = framed[: len(framed) // 16 * 16]
    raw = base64.b64decode(key + "=")
    encryptor = Cipher(algorithms.AES(raw), modes.CBC(raw[:16])).encryptor()
    sealed = base64.b64encode(encryptor.update(framed) + encryptor.finalize()).decode()
    return sealed[: rng.randrange(len(sealed))] if rng.random() < 0.02 else sealed


def _query(rng: random.Random, account: Account, sealed: str, now: int) -> Query:
    stamp, nonce = str(now + rng.choice((0, 0, 0, 0, -5, 5, 4000, -4000))), str(rng.randrange(1, 10**10))
    query = {
        "signature": _signature(account.token, stamp, nonce),
        "timestamp": stamp,
        "nonce": nonce,
        "openid": "o1",
    }
    if account.sealed:
        query |= {"encrypt_type": "aes", "msg_signature": _signature(account.token, stamp, nonce, sealed)}
    return query


def _signature(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()


def _other_query(rng: random.Random, query: Query) -> Query:
    name = rng.choice(list(query))
    other = {"echostr": rng.choice(ODD)}
    return rng.choice(
        (
            {key: value for key, value in query.items() if key != name},
            query | {name: rng.choice(ODD)},
            query | {name: query[name][:-1] + "签"},
            query | {name: query[rng.choice(list(query))]},
            query | {"timestamp": query["timestamp"] + query["nonce"][:1], "nonce": query["nonce"][1:]},
            query | other,
            {},
        )
    )
