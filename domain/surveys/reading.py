"""The answers to one question, read as its kind wants: bars, facts, and cells of a table."""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from math import isfinite
from statistics import median

from domain.surveys.form import Form, Kind, Question, Words
from domain.talk import typed

_REFERENCE = re.compile(r"\$\{[^}]*\}")
_MOST_BARS = 10
_FEW_DAYS = 31


@dataclass(frozen=True, slots=True)
class Bar:
    """`count` people, which is `share` (0 to 1) of those who answered."""

    label: str
    count: int
    share: float


@dataclass(frozen=True, slots=True)
class Read:
    """`cells` stand under `columns` where townships are compared."""

    bars: tuple[Bar, ...] = ()
    facts: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    cells: Mapping[str, str] = field(default_factory=dict)


def label_of(form: Form, words: Words) -> str:
    """Words in the form's first language, on one line, without control characters.

    What would be filled in for each person is left open.
    """
    language = form.languages[0] if form.languages else ""
    said = words.get(language) or words.get("") or next((one for one in words.values() if one), "")
    return " ".join(_REFERENCE.sub("……", typed(said)).split())


def read_counts(form: Form, question: Question, values: Counter[str]) -> Read | None:
    """None where there is nothing to tell, as of a calculation that is no number.

    `values`: how many people gave an answer that is not "".
    """
    return _READERS[question.kind](form, question, values)


def _choices(form: Form, question: Question, values: Counter[str]) -> Read:
    """Options in the form's order, also those that nobody chose."""
    people = values.total()
    chosen = Counter[str]()
    for value, count in values.items():
        for name in set(value.split()) if question.kind is Kind.SEVERAL else [value]:
            chosen[name] += count
    labels = {option.name: label_of(form, option.label) or option.name for option in question.options}
    labels |= {name: name for name in sorted(chosen.keys() - labels.keys())}
    bars = tuple(_bar(label, chosen[name], people) for name, label in labels.items())
    cells = {bar.label: f"{bar.count}（{bar.share:.0%}）" for bar in bars}
    facts = ("可选几项，合计会超过100%",) if question.kind is Kind.SEVERAL else ()
    return Read(bars, facts, tuple(dict.fromkeys(bar.label for bar in bars)), cells)


def _ranks(form: Form, question: Question, values: Counter[str]) -> Read:
    """Options by their average place, the best first; a bar is how many put it first."""
    places: dict[str, Counter[int]] = {option.name: Counter() for option in question.options}
    for value, count in values.items():
        for place, name in enumerate(value.split(), 1):
            places.setdefault(name, Counter())[place] += count
    labels = {option.name: label_of(form, option.label) or option.name for option in question.options}
    average = {name: _mean(counts) for name, counts in places.items() if counts}
    order = sorted(average, key=lambda name: (average[name], name))
    bars = [
        _bar(f"{labels.get(name, name)}（平均第{average[name]:.1f}位）", places[name][1], values.total())
        for name in order
    ]
    return Read(tuple(bars), ("条长是排在第一位的人数，次序按平均名次",) if bars else ())


def _numbers(_form: Form, _question: Question, values: Counter[str]) -> Read | None:
    numbers = Counter[float]()
    for value, count in values.items():
        number = _number(value)
        if number is None:
            return None
        numbers[number] += count
    if not numbers:
        return Read(columns=("平均",))
    every = sorted(numbers.elements())
    mean = _mean(numbers)
    facts = (
        f"平均 {_plain(mean)}",
        f"中位数 {_plain(median(every))}",
        f"最小 {_plain(every[0])}，最大 {_plain(every[-1])}",
    )
    return Read(_spread(numbers), facts, ("平均",), {"平均": _plain(mean)})


def _number(value: str) -> float | None:
    try:
        number = float(value)
    except ValueError:
        return None
    return number if isfinite(number) else None


def _spread(numbers: Counter[float]) -> tuple[Bar, ...]:
    """A bar for each value where there are few, else for each of ten equal stretches at the most."""
    people = numbers.total()
    if len(numbers) <= _MOST_BARS:
        return tuple(_bar(_plain(value), numbers[value], people) for value in sorted(numbers))
    edges = _edges(min(numbers), max(numbers))
    bars = []
    for low, high in pairwise(edges):
        last = high == edges[-1]
        within = sum(
            count for value, count in numbers.items() if low <= value < high or (last and value == high)
        )
        bars.append(_bar(f"{_plain(low)}–{_plain(high)}", within, people))
    return tuple(bars)


def _edges(low: float, high: float) -> list[float]:
    """Round numbers around all values, at most ten steps: each step 1, 2 or 5 times a power of ten."""
    step = 10.0**-6
    factors = (2.0, 2.5, 2.0)
    turn = 0
    while (high - low) / step > _MOST_BARS - 1:
        step *= factors[turn % 3]
        turn += 1
    start = low // step * step
    edges = [start]
    while edges[-1] < high:
        edges.append(round(start + len(edges) * step, 9))
    return edges


def _days(_form: Form, _question: Question, values: Counter[str]) -> Read:
    """By day where all lie within a month, else by month."""
    days = Counter[date]()
    for value, count in values.items():
        try:
            days[date.fromisoformat(value[:10])] += count
        except ValueError:
            continue
    if not days:
        return Read()
    first, last = min(days), max(days)
    by_day = (last - first).days <= _FEW_DAYS
    named = Counter[str]()
    for day in sorted(days):
        named[f"{day.month}月{day.day}日" if by_day else f"{day.year}年{day.month}月"] += days[day]
    return Read(_bars(named, values.total()), (f"从{first.isoformat()}到{last.isoformat()}",))


def _times(_form: Form, _question: Question, values: Counter[str]) -> Read:
    """By hour."""
    named = Counter[str]()
    for value, count in sorted(values.items()):
        named[f"{value[:2]}时"] += count
    return Read(_bars(named, values.total()))


def _calculated(form: Form, question: Question, values: Counter[str]) -> Read | None:
    """A score is told of like any number; what was calculated for the form's own use is not."""
    return _numbers(form, question, values) if values and question.label else None


def _only_counted(_form: Form, _question: Question, _values: Counter[str]) -> Read:
    return Read()


_READERS: Mapping[Kind, Callable[[Form, Question, Counter[str]], Read | None]] = {
    Kind.ONE: _choices,
    Kind.SEVERAL: _choices,
    Kind.RANK: _ranks,
    Kind.RANGE: _numbers,
    Kind.INTEGER: _numbers,
    Kind.DECIMAL: _numbers,
    Kind.DATE: _days,
    Kind.TIME: _times,
    Kind.CALCULATE: _calculated,
    Kind.TEXT: _only_counted,
    Kind.NOTE: _only_counted,
    Kind.IMAGE: _only_counted,
    Kind.AUDIO: _only_counted,
    Kind.PLACE: _only_counted,
}


def _bars(named: Counter[str], people: int) -> tuple[Bar, ...]:
    return tuple(_bar(label, count, people) for label, count in named.items())


def _bar(label: str, count: int, people: int) -> Bar:
    return Bar(label, count, count / people if people else 0.0)


def _mean(numbers: Counter[float] | Counter[int]) -> float:
    return sum(value * count for value, count in numbers.items()) / numbers.total()


def _plain(number: float) -> str:
    """As people write it: 3, 3.25, 1200."""
    return f"{number:.2f}".rstrip("0").rstrip(".")
