"""The seal of Tencent's callbacks: AES-256-CBC around a message, as WeChat and WeCom document it (消息加解密)."""

import base64
import re
import secrets
from collections.abc import Sequence

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

_KEY = re.compile(r"[A-Za-z0-9+/]{43}")
_AES_BLOCK = 16
_BLOCK = 32
"""Bytes to which a message is filled up: PKCS#7, with twice the block of AES."""
_RANDOM = 16
_LENGTH = 4
"""Bytes of random, and then of the message's length (big-endian), before every message."""


class CallbackRefusedError(Exception):
    """The platform did not send this. Its text is for nobody outside: it would help who tries to forge."""


class EnvelopeError(CallbackRefusedError):
    """None of our keys opens it, or it is meant for another account."""


def aes_key(written: str) -> bytes:
    """The 32 bytes of an EncodingAESKey. Raises ValueError, in words for an operator, when it is none."""
    if not _KEY.fullmatch(written):
        raise ValueError("an EncodingAESKey has exactly 43 of A-Z a-z 0-9 + /")
    return base64.b64decode(written + "=")


class Envelope:
    """Opens what is sealed for us, and seals what we answer."""

    def __init__(self, keys: Sequence[str], receiver: str) -> None:
        """keys: the EncodingAESKey in use, then those before it while they are being replaced.

        receiver: our appid (WeChat) or corpid (WeCom). Raises ValueError for settings that cannot work.
        """
        if not keys or not receiver:
            raise ValueError("sealed callbacks need an EncodingAESKey and the appid or corpid")
        self._keys = tuple(aes_key(key) for key in keys)
        self._receiver = receiver.encode()

    def open(self, sealed: str) -> bytes:
        """The message inside. Raises EnvelopeError."""
        return self._opened(sealed)[0]

    def key_of(self, sealed: str) -> int:
        """The place among our keys of the one that opens it. Raises EnvelopeError."""
        return self._opened(sealed)[1] if len(self._keys) > 1 else 0

    def _opened(self, sealed: str) -> tuple[bytes, int]:
        try:
            data = base64.b64decode(sealed, validate=True)
        except ValueError:
            raise EnvelopeError from None
        if not data or len(data) % _AES_BLOCK:
            raise EnvelopeError
        for place, key in enumerate(self._keys):
            message = self._unframed(_decrypted(key, data))
            if message is not None:
                return message, place
        raise EnvelopeError

    def seal(self, message: bytes, key: int = 0) -> str:
        """`key`: its place among ours; what answers a message has to be sealed as that was."""
        framed = secrets.token_bytes(_RANDOM) + len(message).to_bytes(_LENGTH) + message + self._receiver
        fill = _BLOCK - len(framed) % _BLOCK
        encryptor = _cipher(self._keys[key]).encryptor()
        sealed = encryptor.update(framed + bytes([fill]) * fill) + encryptor.finalize()
        return base64.b64encode(sealed).decode()

    def _unframed(self, plain: bytes) -> bytes | None:
        """The message of a frame that is whole and is meant for us."""
        fill = plain[-1]
        if not 1 <= fill <= _BLOCK or not plain.endswith(bytes([fill]) * fill):
            return None
        framed = plain[:-fill]
        start = _RANDOM + _LENGTH
        end = start + int.from_bytes(framed[_RANDOM:start])
        return framed[start:end] if framed[end:] == self._receiver else None


def _cipher(key: bytes) -> Cipher[CBC]:
    return Cipher(AES(key), CBC(key[:_AES_BLOCK]))


def _decrypted(key: bytes, data: bytes) -> bytes:
    decryptor = _cipher(key).decryptor()
    return decryptor.update(data) + decryptor.finalize()
