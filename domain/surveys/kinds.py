"""What each kind of question takes for an answer. Answers are written as XForms writes values."""

import math
import re
from collections.abc import Callable, Sequence
from datetime import date

from domain.surveys.form import Kind, Option, Question
from domain.surveys.values import number, time_of_day

MAX_TEXT = 2000
"""Characters of one answer."""

_INTEGER = re.compile(r"-?\d{1,9}", re.ASCII)
_DECIMAL = re.compile(r"-?(\d{1,15}(\.\d{0,10})?|\.\d{1,10})", re.ASCII)
_HALF_TURN, _QUARTER_TURN = 180, 90


def misfit(question: Question, value: str, options: Sequence[Option]) -> str | None:
    """What to say to an answer that is not of the question's kind; None if it is. `options` may be chosen now."""
    return _MISFITS[question.kind](question, value, [option.name for option in options])


def steps_of(question: Question) -> list[str]:
    """The values of a range, from its start to its end."""
    first, last, step = map(number, question.span)
    if not all(map(math.isfinite, (first, last, step))) or step == 0:
        return []
    count = math.floor(abs(last - first) / abs(step) + 1e-9) + 1
    toward = abs(step) if last >= first else -abs(step)
    return [f"{first + place * toward:.10g}" for place in range(count)]


def _one(_: Question, value: str, names: list[str]) -> str | None:
    return None if value in names else "没有这个选项，请回复选项前面的数字。"


def _several(_: Question, value: str, names: list[str]) -> str | None:
    chosen = value.split()
    if not chosen or not set(chosen) <= set(names):
        return "有的选项没有，请回复选项前面的数字，比如：1 3。"
    return "同一个选项选了两次，请再选一遍。" if len(set(chosen)) < len(chosen) else None


def _rank(_: Question, value: str, names: list[str]) -> str | None:
    fits = sorted(value.split()) == sorted(names)
    return None if fits else "请把全部选项排个先后，每个写一次，比如：2 1 3。"


def _range(question: Question, value: str, _: list[str]) -> str | None:
    if number(value) in map(number, steps_of(question)):
        return None
    first, last, _step = question.span
    return f"请回复{first}到{last}之间的数。"


def _integer(_: Question, value: str, __: list[str]) -> str | None:
    return None if _INTEGER.fullmatch(value) else "请回复一个整数，比如：3。"


def _decimal(_: Question, value: str, __: list[str]) -> str | None:
    return None if _DECIMAL.fullmatch(value) else "请回复一个数，比如：2.5。"


def _text(_: Question, value: str, __: list[str]) -> str | None:
    return None if len(value) <= MAX_TEXT else f"太长了，请在{MAX_TEXT}个字以内说。"


def _date(_: Question, value: str, __: list[str]) -> str | None:
    try:
        date.fromisoformat(value)
    except ValueError:
        return "没有这一天，请这样写日期：2026-3-5。"
    return None if len(value) == len("2026-03-05") else "请这样写日期：2026-3-5。"


def _time(_: Question, value: str, __: list[str]) -> str | None:
    return "请这样写时间：8:30。" if math.isnan(time_of_day(value)) else None


def _place(_: Question, value: str, __: list[str]) -> str | None:
    parts = [number(part) for part in value.split()]
    fits = (
        2 <= len(parts) <= 4  # noqa: PLR2004  latitude, longitude, and perhaps altitude and accuracy
        and all(map(math.isfinite, parts))
        and abs(parts[0]) <= _QUARTER_TURN
        and abs(parts[1]) <= _HALF_TURN
    )
    return None if fits else "请发一个位置。"


def _image(_: Question, value: str, __: list[str]) -> str | None:
    return None if value else "请发一张照片。"


def _audio(_: Question, value: str, __: list[str]) -> str | None:
    return None if value else "请发一段语音。"


def _nothing(_: Question, value: str, __: list[str]) -> str | None:
    return "这里不用回答。" if value else None


_MISFITS: dict[Kind, Callable[[Question, str, list[str]], str | None]] = {
    Kind.ONE: _one,
    Kind.SEVERAL: _several,
    Kind.RANK: _rank,
    Kind.RANGE: _range,
    Kind.INTEGER: _integer,
    Kind.DECIMAL: _decimal,
    Kind.TEXT: _text,
    Kind.DATE: _date,
    Kind.TIME: _time,
    Kind.NOTE: _nothing,
    Kind.IMAGE: _image,
    Kind.AUDIO: _audio,
    Kind.PLACE: _place,
    Kind.CALCULATE: _nothing,
}
