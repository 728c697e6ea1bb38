"""Mass messages (群发) by a list of openids: four a month for each follower.

Rules: https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Batch_Sends_and_Originality_Checks.html
"""

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from tests.standins.tencent.refusals import RefusalError
from tests.standins.tencent.replies import text_message
from tests.standins.tencent.screen import Shown

if TYPE_CHECKING:
    from tests.standins.wechat.people import Follower
    from tests.standins.wechat.server import WeChatServer

FEWEST, MOST = 2, 10_000
A_MONTH = 4
CLIENT_ID_BYTES = 64
CLIENT_ID_LIFE = timedelta(hours=24)
CHINA = timezone(timedelta(hours=8))
TEAM = "o-the-platform-itself"
"""Who MASSSENDJOBFINISH comes from."""


class Mass:
    def __init__(self, server: "WeChatServer") -> None:
        self._server = server
        self._taken: dict[str, tuple[int, datetime]] = {}

    def send(self, body: dict[str, Any]) -> dict[str, Any]:
        """`message/mass/send`. The counts are told afterwards, by `server.finishes(msg_id)`."""
        names = _names(body)
        message = self._message(body)
        client_id = body.get("clientmsgid", "")
        self._check_client_id(client_id)
        counts = self._give(names, message)
        job = self._server.add_job(TEAM, {"Event": "MASSSENDJOBFINISH", "Status": "send success"} | counts)
        if client_id:
            self._taken[client_id] = (job, self._server.clock())
        return {"errcode": 0, "errmsg": "send job submission success", "msg_id": job, "msg_data_id": job}

    def _message(self, body: dict[str, Any]) -> Shown:
        kind = body.get("msgtype", "")
        content = body.get(kind)
        if kind not in ("text", "image", "voice"):
            raise RefusalError(40008)
        if not isinstance(content, dict):
            raise RefusalError(47001, kind)
        if kind == "text":
            return text_message(content.get("content"), "mass")
        return Shown(kind, "mass", media=self._server.media.get_a(kind, content.get("media_id", "")).content)

    def _check_client_id(self, client_id: str) -> None:
        if len(client_id.encode()) > CLIENT_ID_BYTES:
            raise RefusalError(45067)
        if client_id in self._taken:
            job, when = self._taken[client_id]
            if self._server.clock() - when < CLIENT_ID_LIFE:
                raise RefusalError(45065, msg_id=job)

    def _give(self, names: list[str], message: Shown) -> dict[str, int]:
        """Show it to all who can still have it; the counts as WeChat tells them."""
        followers = [her for name in names if (her := self._server.known(name)) and her.following]
        takers = [her for her in followers if self._can_take(her)]
        for her in takers:
            her.mass_times.append(self._server.clock())
            her.show(message)
        sent = len(takers)
        failed = len(followers) - sent
        return {
            "TotalCount": len(names),
            "FilterCount": len(followers),
            "SentCount": sent,
            "ErrorCount": failed,
        }

    def _can_take(self, her: "Follower") -> bool:
        month = _month(self._server.clock())
        return her.receives and sum(_month(then) == month for then in her.mass_times) < A_MONTH


def _names(body: dict[str, Any]) -> list[str]:
    names = body.get("touser")
    if not isinstance(names, list) or len(names) < FEWEST:
        raise RefusalError(40130)
    if len(names) > MOST:
        raise RefusalError(40032)
    return list(dict.fromkeys(names))


def _month(when: datetime) -> tuple[int, int]:
    there = when.astimezone(CHINA)
    return there.year, there.month
