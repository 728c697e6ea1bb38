"""Linking codes: six digits, short-lived, by which a person shows that two accounts are hers."""

import re
import secrets
import unicodedata
from datetime import timedelta

CODE_LASTS = timedelta(minutes=10)
"""For each of the two steps: until the code is typed on the other account, and until the first one says yes."""

_CODE = re.compile(r"^\d{6}$", re.ASCII)


def new_code() -> str:
    """Six random digits. Guessing one wins nothing by itself: both sides still have to say yes."""
    return f"{secrets.randbelow(1_000_000):06}"


def code_in(text: str) -> str | None:
    """The code that typed words are, however the digits are written: "483 920", "４８３９２０"."""
    plain = "".join(unicodedata.normalize("NFKC", text).split()).rstrip("。.")
    return plain if _CODE.match(plain) else None
