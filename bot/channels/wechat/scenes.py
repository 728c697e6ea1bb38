"""Codes that lead to the account and say what was scanned. Source: 微信公众平台, 生成带参数的二维码."""

from collections.abc import Mapping
from datetime import timedelta

from bot.channels.http import UnansweredError
from bot.channels.tencent.api import Api

MOST = 100_000
"""Permanent codes that one account can have; none can be given back."""
LONGEST = timedelta(days=30)
"""For which a code that is not permanent can be good."""


async def permanent_code(api: Api, scene: str) -> str:
    """The address in a code whose scan brings `scene` with it; the same scene is the same code. Raises CallError."""
    return await _code(api, scene, {"action_name": "QR_LIMIT_STR_SCENE"})


async def passing_code(api: Api, scene: str) -> str:
    """The address in a code that is good for LONGEST, of which there may be any number. Raises CallError."""
    seconds = int(LONGEST.total_seconds())
    return await _code(api, scene, {"action_name": "QR_STR_SCENE", "expire_seconds": seconds})


async def _code(api: Api, scene: str, kind: Mapping[str, object]) -> str:
    asked = {**kind, "action_info": {"scene": {"scene_str": scene}}}
    url = (await api.post("/cgi-bin/qrcode/create", asked)).get("url")
    if not url:
        raise UnansweredError("an answer without an address")
    return str(url)
