"""Messages as the outbox hands them to a channel."""

from domain.delivery import Outgoing
from domain.talk import Choice

YES_NO = (Choice("f1:yes", "对"), Choice("f1:no", "不对"))


def outgoing(text="", choices=(), files=(), address="7"):
    return Outgoing(1, 1, 1, "telegram", address, text, choices=tuple(choices), files=tuple(files))
