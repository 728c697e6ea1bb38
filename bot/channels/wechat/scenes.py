"""Codes that lead to the account and say what was scanned. Source: 微信公众平台, 生成带参数的二维码."""

from bot.channels.http import UnansweredError
from bot.channels.tencent.api import Api

MOST = 100_000
"""Permanent codes that one account can have; none can be given back."""


async def permanent_code(api: Api, scene: str) -> str:
    """The address in a code whose scan brings `scene` with it; the same scene is the same code. Raises CallError."""
    asked = {"action_name": "QR_LIMIT_STR_SCENE", "action_info": {"scene": {"scene_str": scene}}}
    url = (await api.post("/cgi-bin/qrcode/create", asked)).get("url")
    if not url:
        raise UnansweredError("an answer without an address")
    return str(url)
