"""How the platforms say no: an `errcode` in an answer of HTTP 200.

Codes: WeChat's global return codes and WeCom's error code book, as published.
"""

from typing import Any

OK = {"errcode": 0, "errmsg": "ok"}
MESSAGES = {
    40001: "invalid credential, access_token is invalid or not latest",
    40002: "invalid grant_type",
    40003: "invalid openid",
    40004: "invalid media type",
    40005: "invalid file type",
    40006: "invalid media size",
    40007: "invalid media_id",
    40008: "invalid message type",
    40013: "invalid appid",
    40014: "invalid access_token",
    40016: "invalid button size",
    40017: "invalid button type",
    40018: "invalid button name size",
    40019: "invalid button key size",
    40020: "invalid button url size",
    40023: "invalid sub button size",
    40024: "invalid sub button type",
    40025: "invalid sub button name size",
    40026: "invalid sub button key size",
    40027: "invalid sub button url size",
    40032: "invalid openid list size",
    40035: "invalid parameter",
    40037: "invalid template_id",
    40052: "invalid action name",
    40053: "invalid action info",
    40056: "invalid agentid",
    40066: "invalid url",
    40125: "invalid appsecret",
    40130: "invalid openid list size, at least two openid",
    40164: "invalid ip 127.0.0.1 ipv6 ::ffff:127.0.0.1, not in whitelist",
    40200: "invalid account type",
    41001: "access_token missing",
    41005: "media data missing",
    42001: "access_token expired",
    43001: "require GET method",
    43002: "require POST method",
    43004: "require subscribe",
    43101: "user refuse to accept the msg",
    44002: "empty post data",
    44004: "empty content",
    45002: "content size out of limit",
    45007: "playtime out of limit",
    45009: "reach max api daily quota limit",
    45011: "api minute-quota reach limit, must slower, retry next minute",
    45015: "response out of time limit or subscription is canceled",
    45029: "qrcode count out of limit",
    45047: "out of response count limit",
    45065: "clientmsgid exist",
    45067: "clientmsgid size out of limit",
    45098: "menu item count out of limit",
    46003: "menu no exist",
    47001: "data format error",
    47003: "argument invalid",
    48001: "api unauthorized",
    48002: "user block message",
    60020: "not allow to access from your ip, hint: [1700000000], from ip: 127.0.0.1",
    76021: "cgi_path not found",
    81013: "user & party & tag all invalid",
    82001: "touser & toparty & totag are all empty",
}


class RefusalError(Exception):
    """The platform's no. `more` are further fields of the answer."""

    def __init__(self, errcode: int, hint: str = "", **more: Any) -> None:
        self.body = {
            "errcode": errcode,
            "errmsg": f"{MESSAGES.get(errcode, 'refused')} {hint}".strip(),
        } | more
        super().__init__(self.body)
