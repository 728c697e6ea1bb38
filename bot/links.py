"""Links to files of ours, for messengers that send none: signed, and good for a day."""

import hashlib
import hmac
from datetime import timedelta

from bot.clock import Clock

LASTS = timedelta(days=1)
PATH = "/chat/media"


def seal(key: bytes, attachment: int, until: int = 0) -> str:
    """Signature that makes a link readable by whoever got it, and by nobody else.

    `until`: the second of Unix time at which it ends; 0 for a link that stands in the web chat's transcript.
    """
    told = b"media:%d:%d" % (attachment, until) if until else b"media:%d" % attachment
    return hmac.new(key, told, hashlib.sha256).hexdigest()[:32]


class FileLinks:
    """Makes links that end by themselves."""

    def __init__(self, key: bytes, public_url: str, clock: Clock) -> None:
        """`public_url`: where people reach the web chat; "" where they cannot."""
        self._key = key
        self._public_url = public_url.rstrip("/")
        self._clock = clock

    def link(self, attachment: int) -> str:
        """An address that shows the file, "" where there is none."""
        if not self._public_url:
            return ""
        until = int((self._clock() + LASTS).timestamp())
        return f"{self._public_url}{PATH}/{attachment}?until={until}&s={seal(self._key, attachment, until)}"
