"""Is it the platform that speaks? Every request is asked, before anything in it is believed."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping

from bot.channels.tencent import markup
from bot.channels.tencent.envelope import CallbackRefusedError, Envelope

STALE_SECONDS = 300
"""How far a request's time may be from ours: the platform repeats itself within 15 s, and clocks differ."""

_TIMESTAMP = re.compile(r"[1-9][0-9]{9}")
"""Of one length, so that no digits can be moved between it and the nonce: the signature knows no borders."""


class ForgedError(CallbackRefusedError):
    """The signature is wrong, or something of it is missing."""


class StaleError(CallbackRefusedError):
    """Signed by the platform, but at another time: sent again by somebody, or our clock is wrong."""


def sign(*parts: str) -> str:
    """Tencent's signature: SHA-1 in hex over the parts in order, joined. Our token is always one of them."""
    return hashlib.sha1(b"".join(sorted(map(_bytes, parts)))).hexdigest()  # noqa: S324 — the platform's choice


def matches(given: str, *parts: str) -> bool:
    """Is it their signature? Takes as long for a wrong one as for the right one."""
    return hmac.compare_digest(_bytes(given), sign(*parts).encode())


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


class Callback:
    """What one account has agreed upon with the platform: a token, and in safe mode an envelope.

    In safe mode nothing is believed that came without the envelope.
    """

    def __init__(
        self, token: str, envelope: Envelope | None = None, stale_seconds: float = STALE_SECONDS
    ) -> None:
        self._token = token
        self._envelope = envelope
        self._stale_seconds = stale_seconds

    def check(self, query: Mapping[str, str], sealed: str | None, now: float) -> None:
        """Raises ForgedError or StaleError. sealed: the `Encrypt` of a body, None in plain mode.

        In plain mode the signature says nothing of the body (it never sees it); only safe mode protects that.
        """
        given = query.get("signature" if sealed is None else "msg_signature", "")
        timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
        if not given or not nonce or sealed == "" or not _TIMESTAMP.fullmatch(timestamp):
            raise ForgedError
        signed = (
            (self._token, timestamp, nonce) if sealed is None else (self._token, timestamp, nonce, sealed)
        )
        if not matches(given, *signed):
            raise ForgedError
        if abs(now - int(timestamp)) > self._stale_seconds:
            raise StaleError

    def echo(self, query: Mapping[str, str], now: float) -> bytes:
        """What to answer when the platform asks whether this address is ours. Raises CallbackRefusedError.

        WeCom seals its `echostr`, WeChat does not.
        """
        said = query.get("echostr", "")
        if self._envelope is not None and "msg_signature" in query:
            self.check(query, said, now)
            return self._envelope.open(said)
        self.check(query, None, now)
        return said.encode("utf-8", "replace")

    def read(self, query: Mapping[str, str], body: bytes, now: float) -> dict[str, str]:
        """The fields of a message. Raises CallbackRefusedError, and NotXmlError for what is no message."""
        if self._envelope is None:
            self.check(query, None, now)
            return markup.read(body)
        sealed = markup.read(body).get("Encrypt", "")
        self.check(query, sealed, now)
        return markup.read(self._envelope.open(sealed))

    def answer(self, fields: markup.Written, now: float, to: bytes = b"") -> bytes:
        """The body of an answer, sealed and signed in safe mode; with the key of the body that it answers (`to`)."""
        plain = markup.write(fields)
        if self._envelope is None:
            return plain
        key = self._envelope.key_of(markup.read(to)["Encrypt"]) if to else 0
        sealed, timestamp, nonce = self._envelope.seal(plain, key), int(now), secrets.token_hex(8)
        signature = sign(self._token, str(timestamp), nonce, sealed)
        return markup.write(
            {"Encrypt": sealed, "MsgSignature": signature, "TimeStamp": timestamp, "Nonce": nonce}
        )
