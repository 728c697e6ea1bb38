"""Times of day as people write them: 8:30, 早上8点半, 下午三点一刻, 20点."""

import re
import unicodedata

from domain.surveys.said.numbers import in_chinese

_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::\d{2})?")
_SPOKEN = re.compile(
    r"(凌晨|清早|早上|早晨|早|上午|中午|下午|傍晚|晚上|夜里|晚)?"
    r"(\d{1,2}|[零一二两三四五六七八九十]{1,3})(?:点钟|点|时|:)"
    r"(半|一刻|三刻|整|(?:\d{1,2}|[零一二三四五六七八九十]{1,3})分?)?"
)
_AFTERNOON = frozenset({"下午", "傍晚", "晚上", "夜里", "晚"})
_MINUTES = {None: 0, "整": 0, "半": 30, "一刻": 15, "三刻": 45}
_NOON, _HOURS, _AN_HOUR = 12, 24, 60


def time_in(text: str) -> str | None:
    """The time that is meant, as HH:MM. None if it is no time."""
    words = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).rstrip("。.")
    clock = _CLOCK.fullmatch(words)
    if clock:
        return _written(int(clock[1]), int(clock[2]))
    spoken = _SPOKEN.fullmatch(words)
    if spoken is None:
        return None
    hour, minute = _number(spoken[2]), _minute(spoken[3])
    if hour is None or minute is None:
        return None
    afternoon = spoken[1] in _AFTERNOON or (spoken[1] == "中午" and hour in (1, 2))
    return _written(hour + _NOON if afternoon and hour < _NOON else hour, minute)


def _minute(words: str | None) -> int | None:
    return _MINUTES[words] if words in _MINUTES else _number((words or "").removesuffix("分"))


def _number(words: str) -> int | None:
    if words.isascii() and words.isdigit():
        return int(words)
    return in_chinese(words.lstrip("零") or "零")


def _written(hour: int, minute: int) -> str | None:
    return f"{hour:02}:{minute:02}" if hour < _HOURS and minute < _AN_HOUR else None
