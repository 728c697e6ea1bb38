"""Mass messages by a list of openids, each list known to WeChat by an id of ours.

Source: 微信公众平台, 群发接口, 根据 OpenID 列表群发.
"""

from collections.abc import Collection

from bot.channels.http import UnansweredError, UnreachableError
from bot.channels.tencent.api import Api, RefusedError
from bot.channels.tencent.codes import outcome
from bot.channels.wording import numbered
from domain.delivery import Outcome, Via, in_doubt, sent, try_later
from domain.talk import Choice

MASS = 10_000
"""Openids of one call at the most."""
_KNOWN_ALREADY = 45065
"""A message with this `clientmsgid` was taken in the last 24 hours."""


async def send_to_all(
    api: Api, text: str, choices: tuple[Choice, ...], addresses: Collection[str], known_as: str
) -> Outcome:
    """Send one text to many. Its choices are lines to be answered by their number, as no link is sure to work here."""
    lines = [text, *(numbered(number, choice) for number, choice in enumerate(choices, 1))]
    body = {
        "touser": list(addresses),
        "msgtype": "text",
        "text": {"content": "\n".join(lines)},
        "clientmsgid": known_as,
    }
    try:
        told = await api.post("/cgi-bin/message/mass/send", body)
    except UnansweredError as fault:
        return in_doubt(f"unanswered: {fault}")
    except UnreachableError as fault:
        return try_later(f"unreachable: {fault}")
    except RefusedError as no:
        return sent(via=Via.MASS) if no.code == _KNOWN_ALREADY else outcome(no.code)
    return sent(str(told.get("msg_id", "")), Via.MASS)
