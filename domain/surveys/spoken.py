"""Answers that are heard or seen, not read: a voice in place of words, a recording, a picture.

A voice that answers a question of words is written down as “语音77” behind a mark that no person can type
(`domain.talk.typed`), so that nobody's words are taken for somebody's voice. 77 is its attachment.
"""

import re

from domain.surveys.form import Answers, Form, Kind

_SPOKEN = re.compile("\x1f语音(\\d{1,18})")
NAMED = "（语音）"
"""How it is told to whoever said it."""
SENT = frozenset({Kind.IMAGE, Kind.AUDIO})
"""Kinds of questions that are answered by a file."""


def spoken(attachment: int) -> str:
    """The value of an answer that was said."""
    return f"\x1f语音{attachment}"


def is_spoken(value: str) -> bool:
    return _SPOKEN.fullmatch(value) is not None


def attachment_of(kind: Kind, value: str) -> int | None:
    """The attachment that an answer is; None if it is none."""
    if kind in SENT:
        return int(value) if value.isascii() and value.isdigit() else None
    found = _SPOKEN.fullmatch(value) if kind is Kind.TEXT else None
    return int(found[1]) if found else None


def without_voices(form: Form, answers: Answers) -> Answers:
    """The answers as they are kept when whoever gave them leaves: a voice tells who she is."""
    heard = {
        one.name
        for one in form.questions
        if one.kind is Kind.AUDIO or (one.kind is Kind.TEXT and is_spoken(answers.get(one.name, "")))
    }
    return {name: "" if name in heard else value for name, value in answers.items()}
