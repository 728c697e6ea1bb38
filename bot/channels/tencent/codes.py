"""The platforms' error codes in plain words, and what each means for a message on its way.

Source: 微信公众平台 and 企业微信, 全局错误码.
"""

from domain.delivery import Outcome, blocked, failed, held, slow_down, try_later

BUSY = -1
"""The platform's own code for "try again"; here also for an HTTP error without a code."""
WORDS = {
    BUSY: "the platform is busy",
    40001: "the token or the secret is refused",
    40003: "there is no such follower",
    40007: "the file is gone; the platform keeps files for three days",
    40013: "there is no account with this appid or corpid",
    40014: "the access token is refused",
    40018: "the name of a button is too long",
    40025: "the name of a button below another is too long",
    40037: "there is no template with this id",
    40054: "the url of a button below another is not allowed",
    40055: "the url of a button is not allowed",
    40056: "there is no app with this agentid",
    40125: "the secret is wrong",
    40164: "the platform's IP whitelist does not have this server's address",
    40200: "this account may not send menus in messages: set msgmenu = false",
    42001: "the access token has ended",
    43004: "she does not follow the account",
    43101: "she has not agreed to notices of this kind",
    45002: "the text is too long",
    45009: "the day's calls of this kind are used up; `lianxin doctor` says how many there are",
    45011: "too many calls in a minute",
    45015: "her window is closed: she has not written for 48 hours",
    45029: "all 100 000 permanent codes of the account are taken",
    45047: "all sends that her window allows are used",
    45098: "too many items in a menu",
    47003: "a field of the notice does not fit its template",
    48001: "the account has no permission for this; it has to be verified, or the function to be applied for",
    48002: "she refuses messages of the account",
    48004: "the platform has closed this function to the account",
    60020: "the platform's list of trusted addresses does not have this server's",
    81013: "nobody of this name is in the company, or sees the app",
}

CLOSED = frozenset({45015, 45047})
"""Nothing more may be sent before she does something."""
_GONE = frozenset({40003, 43004, 48002, 60111, 81013})
_HELD = frozenset({40200, 43101, 48001, 48004})
_TOKEN = {40001: 60.0, 40014: 60.0, 42001: 60.0, 40013: 60.0, 40125: 60.0}
_SLOW = _TOKEN | {45009: 600.0, 45011: 60.0, 40164: 60.0, 60020: 60.0, 45033: 5.0}
"""Seconds for which nothing leaves; none of these is the message's fault, so that no number of tries uses it up."""


def words(code: int) -> str:
    """What a code means, for the operator."""
    return f"{code}: {WORDS[code]}" if code in WORDS else f"refused with {code}"


def outcome(code: int) -> Outcome:
    """What becomes of a message that was refused with a code."""
    if code in CLOSED or code in _HELD:
        return held(words(code))
    if code in _GONE:
        return blocked(words(code))
    if code in _SLOW:
        return slow_down(_SLOW[code], words(code))
    if code == BUSY:
        return try_later(words(code))
    return failed(words(code))
