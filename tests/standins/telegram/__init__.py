"""A Bot API server on 127.0.0.1 and the people who use it."""

from tests.standins.telegram.people import Chat, Message, User
from tests.standins.telegram.rules import Limits
from tests.standins.telegram.server import TelegramServer

__all__ = ["Chat", "Limits", "Message", "TelegramServer", "User"]
