"""Receipt codes: eight characters by which whoever wrote asks for the answer, on any account."""

import hashlib
import hmac
import re
import secrets
import unicodedata
from dataclasses import dataclass
from typing import Literal

ALPHABET = "23456789ACDEFGHJKMNPQRTVWXY"
"""Without 0, O, 1, I and L, and with one of each pair that looks alike on paper: 5 for S, 8 for B, 2 for Z, V for U.

27 characters, eight of them: 2.7 × 10^11 codes that have a letter and a digit.
"""
LENGTH = 8
WRONG_A_DAY = 10
"""Wrong codes that one account may try in a day."""
WRONG_AN_HOUR = 500
"""Wrong codes of all accounts together in an hour: new accounts cost nothing, so each by itself is no limit.

With ten thousand suggestions whoever uses it all up, day and night, finds one in 6 years on average.
"""

_TAKEN_FOR = str.maketrans("BSZU", "852V")
_SAID = re.compile(
    r"^(查|查询|查意见|补|补充)?\s*:?\s*([0-9A-Z]{8}|[0-9A-Z]{4}[ -][0-9A-Z]{4})(?![0-9A-Z])[\s,。:]*(.*)$",
    re.DOTALL | re.IGNORECASE,
)


def new_code() -> str:
    """Eight characters from the system's randomness, both letters and digits: a mere number means a ticket, mere letters a word."""
    while True:
        code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        if not code.isdigit() and not code.isalpha():
            return code


@dataclass(frozen=True, slots=True)
class Said:
    """A receipt code as somebody typed it, what is wanted with it, and the words after it."""

    wish: Literal["look", "add"]
    code: str
    words: str = ""


def said(text: str) -> Said | None:
    """What "查 K7MX2Q9P", "k7mx 2q9p" or "补 K7MX2Q9P 还有…" means; None if the words hold no code."""
    found = _SAID.match(unicodedata.normalize("NFKC", text).strip())
    if found is None:
        return None
    code = re.sub("[ -]", "", found[2]).upper().translate(_TAKEN_FOR)
    if code.isdigit() or any(letter not in ALPHABET for letter in code):
        return None
    adds = bool(found[1]) and found[1].startswith("补")
    if not adds and (found[3] or (not found[1] and not any(letter.isdigit() for letter in code))):
        return None  # words of another matter, or an English word
    return Said("add", code, found[3].strip()) if adds else Said("look", code)


def mark(code: str, key: bytes) -> bytes:
    """What is stored in place of a code: without the key no code can be found that fits it."""
    return hmac.digest(key, b"suggestion:" + code.encode(), hashlib.sha256)
