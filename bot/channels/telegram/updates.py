"""From Telegram's updates to what a person did."""

import logging
import re
from dataclasses import dataclass

from bot.channels.telegram.types import CallbackQuery, Message, Update
from domain.talk import Inbound, Media

log = logging.getLogger(__name__)

CHANNEL = "telegram"

_UNTYPED = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters but the newline, and halves of characters. No person types them and no database takes all."""

_HUGE = 1 << 63
"""No number of Telegram's is as large (Bot API: at most 52 significant bits for ids)."""

_START = re.compile(r"/start(?:@\w+)?(?:\s+(?P<payload>\S.*?))?\s*")
"""How the app opens a bot, alone or by a deep link (Bot features, deep linking); a damaged link is one too."""


class NotAnUpdateError(Exception):
    """Nothing that Telegram would send: it has no update_id."""


@dataclass(frozen=True, slots=True)
class Received:
    """What a person did, and the tap (if it was one) that their app waits to have answered."""

    inbound: Inbound
    tap: str = ""
    """Id of the callback query."""


def update_number(raw: object) -> int:
    """The update_id. Raises NotAnUpdateError."""
    number = raw.get("update_id") if isinstance(raw, dict) else None
    if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number < _HUGE:
        raise NotAnUpdateError
    return number


def understand(raw: object) -> Received | None:
    """What a person said to the bot in private; None for everything else that happens on Telegram.

    Telegram grows: an update of a shape unknown today is none of ours and no fault. Raises NotAnUpdateError.
    """
    number = str(update_number(raw))
    try:
        update = Update.model_validate(raw)
    except (ValueError, ArithmeticError, RecursionError) as fault:
        log.warning("telegram: update %s is of a strange shape: %s", number, type(fault).__name__)
        return None
    if update.message:
        return _said(number, update.message)
    if update.callback_query:
        return _tapped(number, update.callback_query)
    return None


def _said(number: str, message: Message) -> Received | None:
    sender = message.from_user
    if message.chat.type != "private" or sender is None or sender.is_bot or abs(sender.id) >= _HUGE:
        return None
    text = _clean(message.text or message.caption or "")
    link = None
    if start := _START.fullmatch(text):
        link = start["payload"] and start["payload"][:64]
        text = "" if link else "/start"
    spot = message.location
    inbound = Inbound(
        channel=CHANNEL,
        address=str(sender.id),
        update_id=number,
        text=text,
        media=_media(message),
        link=link,
        place=(spot.latitude, spot.longitude) if spot else None,
    )
    something = inbound.text or inbound.media or inbound.link or inbound.place
    return Received(inbound) if something else None


def _tapped(number: str, query: CallbackQuery) -> Received | None:
    elsewhere = query.message is None or query.message.chat.type != "private"
    if elsewhere or query.from_user.is_bot or abs(query.from_user.id) >= _HUGE or not query.data:
        return None
    inbound = Inbound(CHANNEL, str(query.from_user.id), number, choice=_clean(query.data))
    return Received(inbound, tap=query.id)


def _media(message: Message) -> tuple[Media, ...]:
    if message.photo:
        largest = max(message.photo, key=lambda size: size.width * size.height)
        return (Media("image", largest.file_id, mime="image/jpeg", size=largest.file_size or 0),)
    if sound := message.voice or message.audio:
        return (
            Media("voice", sound.file_id, mime=sound.mime_type or "audio/ogg", size=sound.file_size or 0),
        )
    if film := message.video:
        return (Media("video", film.file_id, mime=film.mime_type or "video/mp4", size=film.file_size or 0),)
    if circle := message.video_note:
        return (Media("video", circle.file_id, mime="video/mp4", size=circle.file_size or 0),)
    if paper := message.document:
        mime = paper.mime_type or "application/octet-stream"
        name = _clean(paper.file_name or "")
        return (Media("file", paper.file_id, mime=mime, size=paper.file_size or 0, name=name),)
    return ()


def _clean(text: str) -> str:
    return _UNTYPED.sub("", text)
