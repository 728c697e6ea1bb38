"""An answer is taken where it is of its question's kind, and else a kind word says what is wanted."""

import pytest

from domain.surveys.form import Kind, Option, Question
from domain.surveys.kinds import misfit, steps_of

OPTIONS = tuple(Option(name, {"": name.upper()}) for name in ("a", "b", "c"))


@pytest.mark.parametrize(
    ("kind", "taken", "refused"),
    [
        (Kind.ONE, ["a", "c"], ["d", "a b", " a"]),
        (Kind.SEVERAL, ["a", "a c", "c b a"], ["d", "a d", "a a", " "]),
        (Kind.RANK, ["a b c", "c a b"], ["a b", "a b b", "a b c d"]),
        (Kind.RANGE, ["1", "3", "5", "3.0"], ["0", "6", "2.5", "x", ""]),
        (Kind.INTEGER, ["0", "-3", "42"], ["1.5", "+1", "x", "1e3", "1234567890", "１", "3 "]),
        (Kind.DECIMAL, ["0", "-3.25", "42.", ".5"], ["x", "1e3", "NaN", "inf", "1,5", "9" * 40]),
        (Kind.TEXT, ["好", "x" * 2000], ["x" * 2001]),
        (Kind.DATE, ["2026-02-28", "2024-02-29"], ["2026-02-29", "2026-2-3", "20260228", "今天"]),
        (Kind.TIME, ["08:30", "23:59:59", "08:30:00.000+08:00"], ["8:30", "24:00", "12:60", "早上"]),
        (Kind.PLACE, ["34.7 109.2", "34.7 109.2 400 5", "-90 180"], ["34.7", "91 0", "0 181", "a b", "1 2 3 4 5"]),
        (Kind.IMAGE, ["77"], []),
        (Kind.AUDIO, ["78"], []),
        (Kind.NOTE, [], ["好"]),
        (Kind.CALCULATE, [], ["1"]),
    ],
)  # fmt: skip
def test_what_each_kind_takes(kind: Kind, taken: list[str], refused: list[str]) -> None:
    question = Question("q", "/data/q", kind, options=OPTIONS, span=("1", "5", "1"))
    assert [value for value in taken if misfit(question, value, OPTIONS)] == []
    said = [misfit(question, value, OPTIONS) for value in refused]
    assert None not in said
    assert all(len(words) <= 60 for words in said)


@pytest.mark.parametrize(
    ("span", "steps"),
    [
        (("1", "5", "1"), ["1", "2", "3", "4", "5"]),
        (("0", "1", "0.25"), ["0", "0.25", "0.5", "0.75", "1"]),
        (("5", "1", "-2"), ["5", "3", "1"]),
        (("0", "0.3", "0.1"), ["0", "0.1", "0.2", "0.3"]),
        (("1", "6", "2"), ["1", "3", "5"]),
        (("1", "5", "0"), []),
        (("", "5", "1"), []),
    ],
)
def test_the_steps_of_a_range(span: tuple[str, str, str], steps: list[str]) -> None:
    assert steps_of(Question("q", "/data/q", Kind.RANGE, span=span)) == steps
