"""Values of XForms expressions: strings, numbers, truths; and dates, which are strings that count as days.

https://getodk.github.io/xforms-spec/#xpath-operators : a date compares and calculates as the days since 1970-01-01.
"""

import math
import re
from datetime import date, timedelta

Value = str | float | bool

EPOCH = date(1970, 1, 1)

_NUMBER = re.compile(r"\s*-?(\d{1,300}(\.\d*)?|\.\d+)\s*", re.ASCII)
_DATE = re.compile(r"(\d{4}-\d\d-\d\d)(?:T(.*))?", re.DOTALL | re.ASCII)
_TIME = re.compile(r"(\d\d):(\d\d)(?::(\d\d(?:\.\d+)?))?(?:Z|[+-]\d\d(?::?\d\d)?)?", re.ASCII)
_DAY_MINUTES = 24 * 60


def number(value: Value) -> float:
    """As a number; NaN where it is none. A date is days since 1970-01-01, a time is a part of a day."""
    if not isinstance(value, str):
        return float(value)
    if _NUMBER.fullmatch(value):
        return float(value)
    day = days(value)
    return time_of_day(value) if math.isnan(day) else day


def days(value: str) -> float:
    """Days since 1970-01-01 of a date or a date with a time; NaN of anything else."""
    match = _DATE.fullmatch(value.strip())
    if match is None:
        return math.nan
    try:
        whole = (date.fromisoformat(match[1]) - EPOCH).days
    except ValueError:
        return math.nan
    return whole + (time_of_day(match[2]) if match[2] else 0)


def time_of_day(value: str) -> float:
    """The part of the day that has passed at HH:MM[:SS]; NaN of anything else."""
    match = _TIME.fullmatch(value.strip())
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:  # noqa: PLR2004  a clock's numbers
        return math.nan
    return (int(match[1]) * 60 + int(match[2]) + float(match[3] or 0) / 60) / _DAY_MINUTES


def date_of(value: Value) -> date | None:
    """The day of a date, or of a number of days since 1970-01-01; None of anything else."""
    counted = number(value) if not isinstance(value, str) or _NUMBER.fullmatch(value) else days(value)
    if not math.isfinite(counted):
        return None
    try:
        return EPOCH + timedelta(days=math.floor(counted))
    except OverflowError:
        return None


def text(value: Value) -> str:
    """As a string: true, 3, 0.25."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else ("Infinity" if value > 0 else "-Infinity")
    return str(int(value)) if value.is_integer() else repr(value)


def truth(value: Value) -> bool:
    """As a truth: a string holds when it is not empty, a number when it is neither 0 nor NaN."""
    if isinstance(value, float):
        return value != 0 and not math.isnan(value)
    return bool(value)


def equal(one: Value, other: Value) -> bool:
    """XPath's `=`: as truths if one is a truth, as numbers if one is a number, else as strings."""
    if isinstance(one, bool) or isinstance(other, bool):
        return truth(one) == truth(other)
    if isinstance(one, float) or isinstance(other, float):
        return number(one) == number(other)
    return one == other
