"""The functions of XForms expressions, as https://docs.getodk.org/form-operators-functions/ describes them.

Functions of plain values; those that look into the form stand in `xpath`.
"""

import math
import re
from collections.abc import Callable, Sequence
from decimal import ROUND_FLOOR, Decimal

from domain.surveys.values import Value, date_of, days, number, text, time_of_day, truth

_WEEKDAYS = "一二三四五六日"
_LONGEST_MATCHED = 300
"""Characters that `regex` looks at: a pattern may take time that grows with a power of them."""


def _selected(chosen: Value, name: Value) -> bool:
    """`selected(${enough}, '')` asks whether nothing was chosen."""
    return text(name).strip() in (text(chosen).split() or [""])


def _selected_at(chosen: Value, index: Value) -> str:
    names, place = text(chosen).split(), number(index)
    return names[int(place)] if 0 <= place < len(names) else ""


def _count_selected(chosen: Value) -> float:
    return float(len(text(chosen).split()))


def _coalesce(*values: Value) -> Value:
    return next((value for value in values if text(value) != ""), "")


def _regex(value: Value, pattern: Value) -> bool:
    said = text(value)
    return len(said) <= _LONGEST_MATCHED and re.fullmatch(text(pattern), said, re.ASCII) is not None


def _int(value: Value) -> float:
    given = number(value)
    return float(math.trunc(given)) if math.isfinite(given) else given


def _round(value: Value, places: Value = 0.0) -> float:
    """Halves go up, as in XPath: 2.5 becomes 3, -2.5 becomes -2."""
    given, digits = number(value), number(places)
    if not math.isfinite(given) or not -30 <= digits <= 30:  # noqa: PLR2004  more than a float can tell
        return given
    scale = Decimal(10) ** int(digits)
    return float((Decimal(repr(given)) * scale + Decimal("0.5")).to_integral_value(ROUND_FLOOR) / scale)


def _of_number(do: Callable[[float], float]) -> Callable[[Value], float]:
    def done(value: Value) -> float:
        try:
            return float(do(number(value)))
        except (ValueError, OverflowError):
            return math.nan

    return done


def _pow(base: Value, exponent: Value) -> float:
    try:
        return math.pow(number(base), number(exponent))
    except (ValueError, OverflowError):
        return math.nan


def _substr(value: Value, start: Value, end: Value = math.inf) -> str:
    """From `start` up to but without `end`, counted from 0; negative ones are counted from the end."""
    return text(value)[_place(start) : _place(end)]


def _place(value: Value) -> int | None:
    place = number(value)
    return int(place) if math.isfinite(place) else None


def _substring(value: Value, start: Value, length: Value = math.inf) -> str:
    """XPath's own: counted from 1, a position being in it that is ≥ start and < start + length."""
    first, many = _round(start), _round(length)
    return "".join(c for place, c in enumerate(text(value), 1) if first <= place < first + many)


def _before(value: Value, mark: Value) -> str:
    head, found, _ = text(value).partition(text(mark)) if text(mark) else ("", "", "")
    return head if found else ""


def _after(value: Value, mark: Value) -> str:
    return text(value).partition(text(mark))[2] if text(mark) else text(value)


def _translate(value: Value, from_these: Value, to_these: Value) -> str:
    to = text(to_these)
    swap: dict[str, str] = {}
    for place, character in enumerate(text(from_these)):
        swap.setdefault(character, to[place] if place < len(to) else "")
    return "".join(swap.get(character, character) for character in text(value))


def _date(value: Value) -> str:
    day = date_of(value)
    return day.isoformat() if day else ""


def _date_time(value: Value) -> str:
    return text(value) if "T" in text(value) and not math.isnan(number(value)) else _midnight(_date(value))


def _midnight(day: str) -> str:
    return f"{day}T00:00:00.000+08:00" if day else ""


def _format_date(value: Value, form: Value) -> str:
    """https://docs.getodk.org/form-operators-functions/#format-date, months and weekdays in Chinese."""
    day = date_of(value)
    if day is None:
        return ""
    clock = text(value).partition("T")[2][:8]
    passed = time_of_day(clock)
    seconds = 0 if math.isnan(passed) else round(passed * 86400)
    hour, minute, second = seconds // 3600, seconds // 60 % 60, seconds % 60
    parts = {
        "Y": f"{day.year:04}", "y": f"{day.year % 100:02}", "m": f"{day.month:02}", "n": str(day.month),
        "b": f"{day.month}月", "d": f"{day.day:02}", "e": str(day.day), "a": f"周{_WEEKDAYS[day.weekday()]}",
        "H": f"{hour:02}", "h": str(hour), "M": f"{minute:02}", "S": f"{second:02}", "3": "000", "%": "%",
    }  # fmt: skip
    return re.sub(r"%(.)", lambda match: parts.get(match[1], match[0]), text(form))


def _boolean_from_string(value: Value) -> bool:
    return text(value) in {"true", "1"}


def _checklist(least: Value, most: Value, *held: Value) -> bool:
    return _within(float(sum(map(truth, held))), least, most)


def _weighted_checklist(least: Value, most: Value, *pairs: Value) -> bool:
    weights = (number(weight) for held, weight in zip(pairs[::2], pairs[1::2], strict=False) if truth(held))
    return _within(sum(weights), least, most)


def _within(many: float, least: Value, most: Value) -> bool:
    """-1 is no bound."""
    low, high = number(least), number(most)
    return (low == -1 or many >= low) and (high == -1 or many <= high)


def _joined(values: Sequence[Value]) -> str:
    return text(values[0]).join(map(text, values[1:]))


def _least(values: Sequence[Value]) -> float:
    return _of_all_numbers(min, values)


def _most(values: Sequence[Value]) -> float:
    return _of_all_numbers(max, values)


def _of_all_numbers(do: Callable[[list[float]], float], values: Sequence[Value]) -> float:
    """NaN as soon as one of them is no number: `coalesce` is there for what may be empty."""
    numbers = [number(value) for value in values]
    return math.nan if not numbers or any(map(math.isnan, numbers)) else do(numbers)


PLAIN: dict[str, tuple[int, int | None, Callable[..., Value]]] = {
    "selected": (2, 2, _selected),
    "selected-at": (2, 2, _selected_at),
    "count-selected": (1, 1, _count_selected),
    "coalesce": (1, None, _coalesce),
    "regex": (2, 2, _regex),
    "int": (1, 1, _int),
    "round": (1, 2, _round),
    "number": (1, 1, number),
    "abs": (1, 1, _of_number(abs)),
    "floor": (1, 1, _of_number(math.floor)),
    "ceiling": (1, 1, _of_number(math.ceil)),
    "sqrt": (1, 1, _of_number(math.sqrt)),
    "exp": (1, 1, _of_number(math.exp)),
    "log": (1, 1, _of_number(math.log)),
    "log10": (1, 1, _of_number(math.log10)),
    **{
        name: (1, 1, _of_number(getattr(math, name)))
        for name in ("sin", "cos", "tan", "asin", "acos", "atan")
    },
    "atan2": (2, 2, lambda y, x: math.atan2(number(y), number(x))),
    "pi": (0, 0, lambda: math.pi),
    "pow": (2, 2, _pow),
    "string": (1, 1, text),
    "string-length": (1, 1, lambda value: float(len(text(value)))),
    "substr": (2, 3, _substr),
    "substring": (2, 3, _substring),
    "substring-before": (2, 2, _before),
    "substring-after": (2, 2, _after),
    "contains": (2, 2, lambda value, part: text(part) in text(value)),
    "starts-with": (2, 2, lambda value, head: text(value).startswith(text(head))),
    "ends-with": (2, 2, lambda value, tail: text(value).endswith(text(tail))),
    "translate": (3, 3, _translate),
    "normalize-space": (1, 1, lambda value: " ".join(text(value).split())),
    "boolean": (1, 1, truth),
    "boolean-from-string": (1, 1, _boolean_from_string),
    "not": (1, 1, lambda value: not truth(value)),
    "true": (0, 0, lambda: True),
    "false": (0, 0, lambda: False),
    "checklist": (2, None, _checklist),
    "weighted-checklist": (2, None, _weighted_checklist),
    "date": (1, 1, _date),
    "date-time": (1, 1, _date_time),
    "decimal-date-time": (1, 1, lambda value: days(text(value)) if isinstance(value, str) else number(value)),
    "decimal-time": (1, 1, lambda value: time_of_day(text(value).rpartition("T")[2])),
    "format-date": (2, 2, _format_date),
    "format-date-time": (2, 2, _format_date),
}
"""By name: the fewest and the most arguments (None: any number), and what it does with one value of each."""

OF_ALL: dict[str, tuple[int, Callable[[Sequence[Value]], Value]]] = {
    "concat": (1, lambda values: "".join(map(text, values))),
    "join": (2, _joined),
    "count": (1, lambda values: float(len(values))),
    "count-non-empty": (1, lambda values: float(sum(text(value) != "" for value in values))),
    "sum": (1, lambda values: float(sum(map(number, values)))),
    "min": (1, _least),
    "max": (1, _most),
}
"""By name: the fewest arguments, and what it does with all the values of all of them, a path giving many."""
