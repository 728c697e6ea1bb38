"""Invitation codes: whoever holds one answers a survey once, and nobody knows who that is."""

import hashlib
import hmac
import re
import secrets
import unicodedata

NOT_A_VOTE = "意见参考，不是法定选举投票"
"""What appraisals and nominations say of themselves, wherever they are seen."""

_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""None that is taken for another on paper: no 0 and O, no 1, I and L."""
_LENGTH = 9
_LINK = "code-"
_CODE = re.compile(rf"(?:{_LINK})?([{_LETTERS}]{{{_LENGTH}}})", re.IGNORECASE)


def new_code() -> str:
    """Nine random characters, 44 bits: with a thousand in force, one guess in 10^10 meets one."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))


def printed(code: str) -> str:
    """As it is read best: ABC-DEF-GHJ."""
    return "-".join(code[start : start + 3] for start in range(0, _LENGTH, 3))


def link(code: str) -> str:
    """What a deep link carries, so that the code need not be typed."""
    return _LINK + code


def code_in(text: str) -> str | None:
    """The code that typed words or a link's payload are, however it is written: "abc def-ghj", "ＡＢＣ…"."""
    plain = unicodedata.normalize("NFKC", text).strip().rstrip("。.")
    begins, rest = (_LINK, plain[len(_LINK) :]) if plain.lower().startswith(_LINK) else ("", plain)
    found = _CODE.fullmatch(begins + re.sub(r"[\s\-－—]", "", rest))
    return found[1].upper() if found else None


def kept(code: str, key: bytes) -> bytes:
    """What is stored of a code: 32 bytes from which nobody without the key can tell it."""
    return hmac.new(key, b"survey-code:" + code.encode(), hashlib.sha256).digest()
