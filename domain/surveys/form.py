"""A survey's form, compiled from an XLSForm: values only, as JSON can keep them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

Answers = dict[str, str]
"""By question name, as XForms writes values: "yes", "a c" (several), "3", "2026-11-24", "08:30", "34.7 109.2".

A picture or sound is the id of its attachment. What was skipped is "".
"""

Words = Mapping[str, str]
"""By language; "" is the form's only language where it names none."""


class Kind(StrEnum):
    """What a question wants. `note` only tells, `calculate` is never seen."""

    ONE = "select_one"
    SEVERAL = "select_multiple"
    RANK = "rank"
    RANGE = "range"
    INTEGER = "integer"
    DECIMAL = "decimal"
    TEXT = "text"
    DATE = "date"
    TIME = "time"
    NOTE = "note"
    IMAGE = "image"
    AUDIO = "audio"
    PLACE = "geopoint"
    CALCULATE = "calculate"


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose. `columns` are the choices sheet's other columns, for choice filters."""

    name: str
    label: Words
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Question:
    """One row of the survey sheet, with all that its groups add to it. Expressions are XPath, "" where there is none."""

    name: str
    path: str
    """Where its answer stands in the form's instance, like /data/water/enough."""
    kind: Kind
    label: Words = field(default_factory=dict)
    hint: Words = field(default_factory=dict)
    options: tuple[Option, ...] = ()
    choice_filter: str = ""
    required: str = ""
    required_says: Words = field(default_factory=dict)
    relevant: tuple[str, ...] = ()
    """All must hold: its own, and those of the groups around it."""
    constraint: str = ""
    constraint_says: Words = field(default_factory=dict)
    calculation: str = ""
    default: str = ""
    """The answer that stands there before she says anything: a value, not an expression."""
    default_calculation: str = ""
    """The same as an expression, like today()."""
    span: tuple[str, str, str] = ("", "", "")
    """Of a range: start, end, step."""


@dataclass(frozen=True, slots=True)
class Form:
    """A whole form. `questions` stand in the order in which they are asked."""

    name: str
    title: str
    version: str
    languages: tuple[str, ...]
    """The default language first."""
    questions: tuple[Question, ...]
    lists: Mapping[str, tuple[Option, ...]] = field(default_factory=dict)
    """By name, the lists of choices that expressions look into: instance('villages')."""


def form_to_json(form: Form) -> dict[str, Any]:
    """The form as JSON keeps it; what a question does not have is left out."""
    kept = asdict(form)
    kept["questions"] = [_without_nothing(question) for question in kept["questions"]]
    return kept


def form_from_json(kept: Mapping[str, Any]) -> Form:
    """The form that `form_to_json` wrote."""
    return Form(
        name=kept["name"],
        title=kept["title"],
        version=kept["version"],
        languages=tuple(kept["languages"]),
        questions=tuple(_question(one) for one in kept["questions"]),
        lists={name: _options(options) for name, options in kept.get("lists", {}).items()},
    )


def _without_nothing(question: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in question.items() if value and value != ("", "", "")}


def _question(kept: Mapping[str, Any]) -> Question:
    known = dict(kept)
    known["kind"] = Kind(kept["kind"])
    known["options"] = _options(kept.get("options", ()))
    known["relevant"] = tuple(kept.get("relevant", ()))
    first, last, step = kept.get("span", ("", "", ""))
    known["span"] = (first, last, step)
    return Question(**known)


def _options(kept: Any) -> tuple[Option, ...]:
    return tuple(Option(one["name"], one["label"], one["columns"]) for one in kept)
