"""Temporary media: what may be uploaded, and that it lives three days.

Rules: the platforms' pages on temporary material (新增临时素材, 上传临时素材).
"""

import itertools
from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.standins.tencent.refusals import RefusalError
from tests.standins.tencent.tokens import Clock

LIFE = timedelta(days=3)
MEGABYTE = 1 << 20
AMR_HEAD = b"#!AMR\n"
AMR_FRAME_BYTES = (13, 14, 16, 18, 20, 21, 27, 32, 6, 1, 1, 1, 1, 1, 1, 1)
AMR_FRAMES_PER_SECOND = 50
VOICE_SECONDS = 60
MIME = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "amr": "audio/amr",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "": "application/octet-stream",
}


@dataclass(frozen=True)
class Rule:
    """What a type of media may be: its formats ("" is any) and its size in bytes."""

    formats: tuple[str, ...]
    size: int


@dataclass(frozen=True)
class Medium:
    media_id: str
    kind: str
    content: bytes
    made: datetime
    ending: str

    @property
    def mime(self) -> str:
        return MIME[self.ending]


class MediaStore:
    """Media of one account, uploaded by it or sent to it."""

    def __init__(self, clock: Clock, rules: dict[str, Rule]) -> None:
        self._clock = clock
        self._rules = rules
        self._kept: dict[str, Medium] = {}
        self._numbers = itertools.count(1)

    def upload(self, kind: str, content: bytes) -> Medium:
        """Keep what the account uploads, if the rules allow it."""
        rule = self._rules.get(kind)
        if rule is None:
            raise RefusalError(40004)
        if not 0 < len(content) <= rule.size:
            raise RefusalError(40006)
        if format_of(content) not in rule.formats and "" not in rule.formats:
            raise RefusalError(40005)
        if kind == "voice" and amr_seconds(content) > VOICE_SECONDS:
            raise RefusalError(45007)
        return self.keep(kind, content)

    def keep(self, kind: str, content: bytes) -> Medium:
        """Keep what a person sent: the app on the phone has seen to its form."""
        media_id = f"{kind}-{next(self._numbers)}-{'m' * 50}"
        self._kept[media_id] = Medium(media_id, kind, content, self._clock(), format_of(content))
        return self._kept[media_id]

    def get(self, media_id: str) -> Medium:
        medium = self._kept.get(media_id)
        if medium is None or self._clock() - medium.made >= LIFE:
            raise RefusalError(40007)
        return medium

    def get_a(self, kind: str, media_id: str) -> Medium:
        """A medium that is to be sent as this kind of message."""
        medium = self.get(media_id)
        if medium.kind != kind:
            raise RefusalError(40007, f"this is {medium.kind}, not {kind}")
        return medium


def format_of(content: bytes) -> str:
    """Told by the first bytes, as an ending; "" for what is not known."""
    beginnings = {
        b"\xff\xd8\xff": "jpg",
        b"\x89PNG\r\n\x1a\n": "png",
        b"GIF8": "gif",
        AMR_HEAD: "amr",
        b"ID3": "mp3",
        b"\xff\xfb": "mp3",
        b"\xff\xf3": "mp3",
        b"\xff\xf2": "mp3",
    }
    for beginning, ending in beginnings.items():
        if content.startswith(beginning):
            return ending
    return "mp4" if content[4:8] == b"ftyp" else ""


def amr_seconds(content: bytes) -> float:
    """How long a narrow-band AMR plays, by counting its frames; 0 for other formats."""
    if not content.startswith(AMR_HEAD):
        return 0
    at, frames = len(AMR_HEAD), 0
    while at < len(content):
        at += AMR_FRAME_BYTES[content[at] >> 3 & 0x0F]
        frames += 1
    return frames / AMR_FRAMES_PER_SECOND
