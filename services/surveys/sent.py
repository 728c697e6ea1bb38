"""What people sent as answers, pictures and sounds, as files under the names that stand in the exported columns.

Of a named survey a name begins with the answer's number. Of an anonymous one the files of a question are numbered in
the order of what is in them (their SHA-256), which has nothing to do with the order of the answers: a picture does not
stand beside what its sender said otherwise, nor beside another of hers.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from domain.delivery import StoredFile
from domain.surveys.form import Form
from domain.surveys.spoken import SENT, attachment_of
from storage import media, survey_results
from storage.database import Tx
from storage.survey_results import Answered

_ENDINGS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "image/heic": ".heic",
    "audio/mpeg": ".mp3",
    "audio/ogg": ".ogg",
    "audio/mp4": ".m4a",
    "audio/wav": ".wav",
    "audio/webm": ".webm",
    "audio/amr": ".amr",
    "audio/amr-wb": ".awb",
}
_MISSING = "（没收到）"
_AT_ONCE = 500
"""Attachments looked up in one statement."""
_UNSAFE = re.compile(r"[^\w.-]")
_LONGEST = 75
"""Characters of a question's name, four bytes each at the most: no system takes more than 255 bytes for a file's."""


class SentFile(NamedTuple):
    """`sha256` is "" where its bytes have not come."""

    name: str
    sha256: str


def answers(tx: Tx, survey: int, form: Form) -> Iterator[Answered]:
    """Every answer, by its number, with the names of files in place of what was sent."""
    after = -1
    while found := page(tx, survey, form, after):
        yield from found
        after = found[-1].number


def page(tx: Tx, survey: int, form: Form, after: int = -1) -> list[Answered]:
    """The next answers so; none are left when it is empty."""
    found = survey_results.page(tx, survey, after)
    named = _named(tx, form, found)
    return [
        one._replace(
            answers=one.answers | {name: sent.name for name, sent in named.get(one.number, {}).items()}
        )
        for one in found
    ]


def files(tx: Tx, survey: int, form: Form) -> Iterator[SentFile]:
    """All that was sent as answers to a named survey, in the order of its answers."""
    after = -1
    while found := survey_results.page(tx, survey, after):
        for sent in _named(tx, form, found).values():
            yield from sent.values()
        after = found[-1].number


def unordered(tx: Tx, form: Form, given: Mapping[str, Iterable[str]]) -> dict[str, dict[str, SentFile]]:
    """What was sent as answers to an anonymous survey, by question and by what stands there. `given`: all that does."""
    return {
        question.name: _numbered(tx, question.name, [value for value in given[question.name] if value])
        for question in form.questions
        if question.kind in SENT
    }


def _numbered(tx: Tx, question: str, values: Sequence[str]) -> dict[str, SentFile]:
    stored = _stored(tx, [int(value) for value in values])
    come = sorted(stored.values(), key=lambda file: (file.sha256, file.id))
    place = {file.id: number for number, file in enumerate(come, 1)}
    return {
        value: _file(f"{_safe(question)}-{place.get(int(value), 0):03}", stored.get(int(value)))
        for value in values
    }


def _named(tx: Tx, form: Form, found: Sequence[Answered]) -> dict[int, dict[str, SentFile]]:
    """By the answer's number and the question's name."""
    there = {
        (one.number, question.name): attachment
        for one in found
        for question in form.questions
        if (attachment := attachment_of(question.kind, one.answers.get(question.name, ""))) is not None
    }
    stored = _stored(tx, list(there.values()))
    named: dict[int, dict[str, SentFile]] = {}
    for (number, question), attachment in there.items():
        file = _file(f"{number:04}-{_safe(question)}", stored.get(attachment))
        named.setdefault(number, {})[question] = file
    return named


def _stored(tx: Tx, attachments: Sequence[int]) -> dict[int, StoredFile]:
    """Those whose bytes are here."""
    parts = (attachments[start : start + _AT_ONCE] for start in range(0, len(attachments), _AT_ONCE))
    return {file.id: file for part in parts for file in media.files(tx, part)[0]}


def _file(name: str, stored: StoredFile | None) -> SentFile:
    if stored is None:
        return SentFile(f"{name}{_MISSING}", "")
    return SentFile(f"{name}{_ENDINGS.get(stored.mime, '')}", stored.sha256)


def _safe(question: str) -> str:
    """A question's name as a part of a file's name, on every system."""
    return _UNSAFE.sub("_", question)[:_LONGEST]
