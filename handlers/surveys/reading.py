"""From what somebody typed to an answer as forms write it, by the kind of question; None where it is none."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from domain.flow import Answer
from domain.surveys.form import Kind
from domain.surveys.said import chosen, day_in, figure, several, time_in
from domain.surveys.spoken import spoken
from domain.talk import MediaKind

_PLACE = re.compile(r"位置：(-?\d{1,3}\.\d+),(-?\d{1,3}\.\d+)$")
"""As a turn writes down a place that was sent."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as she sees it: what may be chosen, and which day it is."""

    kind: Kind
    names: tuple[str, ...]
    labels: tuple[str, ...]
    today: date
    media: MediaKind | None
    """What came with her words."""
    question: str = ""
    """Its words."""
    hears: bool = False
    """May a voice that nobody has written down be the answer to a question of words?"""


def read(asked: Asked, answer: Answer) -> str | None:
    """The answer's value, if her words or what she sent can be one."""
    return _READERS[asked.kind](asked, answer)


def _one(asked: Asked, answer: Answer) -> str | None:
    place = chosen(answer.text, asked.labels)
    return None if place is None else asked.names[place]


def _several(asked: Asked, answer: Answer) -> str | None:
    places = several(answer.text, asked.labels, asked.question)
    return None if places is None else " ".join(asked.names[place] for place in places)


def _number(_: Asked, answer: Answer) -> str | None:
    return figure(answer.text)


def _day(asked: Asked, answer: Answer) -> str | None:
    day = day_in(answer.text, asked.today)
    return None if day is None else day.isoformat()


def _time(_: Asked, answer: Answer) -> str | None:
    return time_in(answer.text)


def _words(asked: Asked, answer: Answer) -> str | None:
    if asked.hears and not answer.text and answer.media and asked.media == "voice":
        return spoken(answer.media[0])
    return answer.text or None


def _place(_: Asked, answer: Answer) -> str | None:
    found = _PLACE.search(answer.text)
    return None if found is None else f"{found[1]} {found[2]}"


def _sent(kind: MediaKind) -> Callable[[Asked, Answer], str | None]:
    return lambda asked, answer: str(answer.media[0]) if answer.media and asked.media == kind else None


def _nothing(_: Asked, __: Answer) -> str | None:
    return None


_READERS: dict[Kind, Callable[[Asked, Answer], str | None]] = {
    Kind.ONE: _one,
    Kind.SEVERAL: _several,
    Kind.RANK: _several,
    Kind.RANGE: _number,
    Kind.INTEGER: _number,
    Kind.DECIMAL: _number,
    Kind.TEXT: _words,
    Kind.DATE: _day,
    Kind.TIME: _time,
    Kind.NOTE: _nothing,
    Kind.IMAGE: _sent("image"),
    Kind.AUDIO: _sent("voice"),
    Kind.PLACE: _place,
    Kind.CALCULATE: _nothing,
}
