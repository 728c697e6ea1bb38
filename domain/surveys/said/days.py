"""Days as people write them: 昨天, 上周三, 5号, 3月5号, 三月五日, 2026-3-5, 20260305."""

import re
import unicodedata
from datetime import date, timedelta

from domain.surveys.said.numbers import in_chinese

_BY_NAME = {
    "大前天": -3,
    "前天": -2,
    "前日": -2,
    "昨天": -1,
    "昨日": -1,
    "今天": 0,
    "今日": 0,
    "今儿": 0,
    "明天": 1,
    "明日": 1,
    "明儿": 1,
    "后天": 2,
    "大后天": 3,
}
_YEARS = {"今年": 0, "去年": -1, "前年": -2, "明年": 1}
_MONTHS = {"这个月": 0, "本月": 0, "上个月": -1, "上月": -1, "下个月": 1, "下月": 1}
_WEEKS = {"上上": -2, "上": -1, "这": 0, "本": 0, "": 0, "下": 1}
_WEEKDAYS = {
    word: place for place, words in enumerate(("一", "二", "三", "四", "五", "六", "日天")) for word in words
}

_FIGURES = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_WRITTEN = re.compile(r"(\d{4}|\d{2})[-/.年\s](\d{1,2})[-/.月\s](\d{1,2})[日号]?")
_RUN_TOGETHER = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)")
_MONTH_AND_DAY = re.compile(rf"(今年|去年|前年|明年)?({_FIGURES})月({_FIGURES})[日号]?")
_SHORT = re.compile(r"(\d{1,2})[-/.](\d{1,2})")
_DAY = re.compile(rf"(这个月|本月|上个月|上月|下个月|下月)?({_FIGURES})[日号]")
_WEEKDAY = re.compile(r"(上上|上|这|本|下)?个?(?:周|星期|礼拜)([一二三四五六日天])")
_CENTURY = 2000
_MANY_MONTHS = 12
_LONG_AGO, _FAR_AHEAD = 300, 180
"""Days. In November 3月5号 is this year's, in January 12月20号 is last year's."""


def day_in(text: str, today: date) -> date | None:
    """The day that is meant. Without a year, this year's unless that is far off; without a month, this one."""
    words = re.sub(r"\s*([-/.年月])\s*", r"\1", unicodedata.normalize("NFKC", text).strip()).rstrip("。. ,")
    if words in _BY_NAME:
        return today + timedelta(days=_BY_NAME[words])
    for pattern, read in _READERS:
        found = pattern.fullmatch(words)
        if found:
            try:
                return read(found, today)
            except ValueError:
                return None
    return None


def _written(found: re.Match[str], _today: date) -> date:
    year = int(found[1])
    return date(year if year >= _CENTURY // 2 else _CENTURY + year, int(found[2]), int(found[3]))


def _month_and_day(found: re.Match[str], today: date) -> date:
    month, day = _number(found[2]), _number(found[3])
    if found[1]:
        return date(today.year + _YEARS[found[1]], month, day)
    return _nearest(month, day, today)


def _short(found: re.Match[str], today: date) -> date:
    return _nearest(int(found[1]), int(found[2]), today)


def _nearest(month: int, day: int, today: date) -> date:
    """The day of this year, as long as that is not far off; else the nearest. Raises ValueError for a day that no year has."""
    this = _made(today.year, month, day)
    if this and -_LONG_AGO <= (this - today).days <= _FAR_AHEAD:
        return this
    days = [made for year in (-1, 0, 1) if (made := _made(today.year + year, month, day))]
    if not days:
        raise ValueError("there is no such day")
    return min(days, key=lambda one: abs(one - today))


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _day(found: re.Match[str], today: date) -> date:
    months = today.year * _MANY_MONTHS + today.month - 1 + _MONTHS.get(found[1] or "本月", 0)
    return date(months // _MANY_MONTHS, months % _MANY_MONTHS + 1, _number(found[2]))


def _weekday(found: re.Match[str], today: date) -> date:
    monday = today - timedelta(days=today.weekday())
    return monday + timedelta(days=7 * _WEEKS[found[1] or ""] + _WEEKDAYS[found[2]])


def _number(words: str) -> int:
    if words.isascii():
        return int(words)
    number = in_chinese(words)
    if number is None:
        raise ValueError("that is no number")
    return number


_READERS = (
    (_RUN_TOGETHER, _written),
    (_WRITTEN, _written),
    (_MONTH_AND_DAY, _month_and_day),
    (_SHORT, _short),
    (_DAY, _day),
    (_WEEKDAY, _weekday),
)
