"""QR codes with a scene: permanent ones are few, temporary ones end.

Rules: https://developers.weixin.qq.com/doc/offiaccount/Account_Management/Generating_a_Parametric_QR_Code.html
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tests.standins.tencent.refusals import RefusalError
from tests.standins.tencent.tokens import Clock

PERMANENT_LIMIT = 100_000
LONGEST_SECONDS = 2_592_000
DEFAULT_SECONDS = 60
SCENE_LENGTH = 64


@dataclass(frozen=True)
class QrCode:
    scene: str
    ticket: str
    url: str
    ends: datetime | None


class QrCodes:
    def __init__(self, clock: Clock) -> None:
        self.permanent_limit = PERMANENT_LIMIT
        self._clock = clock
        self._by_url: dict[str, QrCode] = {}

    def create(self, body: dict[str, Any]) -> dict[str, Any]:
        """What `qrcode/create` answers. The same permanent scene is one code, however often it is asked for."""
        permanent = _is_permanent(body)
        scene = _scene(body)
        if permanent:
            return _answer(self._permanent(scene))
        seconds = body.get("expire_seconds", DEFAULT_SECONDS)
        if not isinstance(seconds, int) or not 1 <= seconds <= LONGEST_SECONDS:
            raise RefusalError(40053, "expire_seconds")
        code = self._add(scene, self._clock() + timedelta(seconds=seconds))
        return _answer(code) | {"expire_seconds": seconds}

    def scanned(self, url: str) -> QrCode | None:
        """The code behind an address; None once it has ended. Raises KeyError for an address that is none."""
        code = self._by_url[url]
        return None if code.ends and code.ends <= self._clock() else code

    @property
    def made(self) -> list[QrCode]:
        return list(self._by_url.values())

    @property
    def permanent(self) -> list[QrCode]:
        return [code for code in self._by_url.values() if code.ends is None]

    def _permanent(self, scene: str) -> QrCode:
        codes = self.permanent
        for code in codes:
            if code.scene == scene:
                return code
        if len(codes) >= self.permanent_limit:
            raise RefusalError(45029)
        return self._add(scene, None)

    def _add(self, scene: str, ends: datetime | None) -> QrCode:
        number = len(self._by_url) + 1
        code = QrCode(scene, f"gQH{number:09}", f"http://weixin.qq.com/q/02{number:09}", ends)
        self._by_url[code.url] = code
        return code


def _answer(code: QrCode) -> dict[str, Any]:
    return {"ticket": code.ticket, "url": code.url}


def _is_permanent(body: dict[str, Any]) -> bool:
    kinds = {"QR_LIMIT_STR_SCENE": True, "QR_STR_SCENE": False}
    if body.get("action_name") not in kinds:
        raise RefusalError(40052)
    return kinds[body["action_name"]]


def _scene(body: dict[str, Any]) -> str:
    try:
        scene = body["action_info"]["scene"]["scene_str"]
    except (KeyError, TypeError):
        raise RefusalError(40053) from None
    if not isinstance(scene, str) or not 1 <= len(scene) <= SCENE_LENGTH:
        raise RefusalError(40053, "scene_str")
    return scene
