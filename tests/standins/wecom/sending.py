"""`message/send`: to many members at once, cut, dropped and doubled as WeCom does it.

Rules: https://developer.work.weixin.qq.com/document/path/90236 (messages) and /90312 (how often).
"""

import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tests.standins.tencent.media import MediaStore
from tests.standins.tencent.refusals import RefusalError
from tests.standins.tencent.replies import TEXT_BYTES
from tests.standins.tencent.screen import Shown
from tests.standins.wecom.people import Member

MEMBERS_AT_ONCE = 1000
DUPLICATE_SECONDS, LONGEST_DUPLICATE_SECONDS = 1800, 4 * 3600
MEDIA_KINDS = ("image", "voice", "video", "file")


@dataclass(frozen=True)
class Lost:
    """A message that the caller was told is well, and that no screen showed in full."""

    userid: str
    text: str


class Sending:
    """Messages of one app to its members."""

    def __init__(self, members: dict[str, Member], media: MediaStore) -> None:
        self.dropped: list[Lost] = []
        """Sent too fast."""
        self.swallowed: list[Lost] = []
        """The same again, with `enable_duplicate_check`."""
        self.cut: list[Lost] = []
        """Longer than 2048 bytes: with the whole text."""
        self._members = members
        self._media = media
        self._numbers = itertools.count(1)

    def send(self, body: dict[str, Any]) -> dict[str, Any]:
        names = self._names(body)
        message = self._message(body)
        reached = [name for name in names if self._is_reachable(name)]
        if not reached:
            raise RefusalError(81013)
        for name in reached:
            self._give(self._members[name.lower()], message, body)
        answer = {"errcode": 0, "errmsg": "ok", "msgid": f"msg-{next(self._numbers)}"}
        invalid = [name for name in names if name not in reached]
        return answer | ({"invaliduser": "|".join(invalid).lower()} if invalid else {})

    def _names(self, body: dict[str, Any]) -> list[str]:
        names = [name for name in str(body.get("touser", "")).split("|") if name]
        if not names and not body.get("toparty") and not body.get("totag"):
            raise RefusalError(82001)
        if len(names) > MEMBERS_AT_ONCE:
            raise RefusalError(40032)
        return list(self._members) if names == ["@all"] else names

    def _is_reachable(self, name: str) -> bool:
        member = self._members.get(name.lower())
        return member is not None and member.uses_app

    def _message(self, body: dict[str, Any]) -> Callable[[], Shown]:
        """Makes the message for one screen. Raises RefusalError at once if it cannot be sent at all."""
        kind = body.get("msgtype", "")
        if kind != "text" and kind not in MEDIA_KINDS:
            raise RefusalError(40008)
        content = body.get(kind)
        if not isinstance(content, dict):
            raise RefusalError(47001, kind)
        if kind != "text":
            medium = self._media.get_a(kind, content.get("media_id", ""))
            return lambda: Shown(kind, "message", media=medium.content)
        text = content.get("content")
        if not isinstance(text, str) or not text.strip():
            raise RefusalError(44004)
        return lambda: Shown("text", "message", text.encode()[:TEXT_BYTES].decode(errors="ignore"))

    def _give(self, member: Member, message: Callable[[], Shown], body: dict[str, Any]) -> None:
        shown = message()
        whole = body["text"]["content"] if shown.kind == "text" else ""
        lost = Lost(member.name, whole)
        if body.get("enable_duplicate_check") == 1 and member.has_just_had(_same(body), _interval(body)):
            self.swallowed.append(lost)
        elif not member.can_take():
            self.dropped.append(lost)
        else:
            if shown.text != whole:
                self.cut.append(lost)
            member.show(shown)


def _same(body: dict[str, Any]) -> str:
    """What makes two requests the same, for each of their members."""
    return json.dumps({name: body[name] for name in sorted(body) if name != "touser"})


def _interval(body: dict[str, Any]) -> timedelta:
    seconds = body.get("duplicate_check_interval", DUPLICATE_SECONDS)
    return timedelta(seconds=min(seconds, LONGEST_DUPLICATE_SECONDS))
