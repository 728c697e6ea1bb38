"""Attacks: each puts the people in an order, or the released answers, by some trace that one or the other has left.

If any trace of people goes with any trace of answers, the two orders agree: they are compared, each with each, by how
many are matched rightly when both are laid side by side, and by the correlation of their ranks.
"""

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.faults.anonymity.loot import Loot, Row

Trace = Mapping[int, Any]
"""Something that can be sorted, by person or by the number of an answer."""


@dataclass
class Booty:
    """Everything the attacker has, and whom he knows: who has which account is no secret to him."""

    survey: int
    midway: Loot
    before_closing: Loot
    backup: Loot
    after: Loot
    log: str
    accounts: dict[int, int]
    """Person by account."""

    @property
    def answers(self) -> list[Row]:
        return [row for row in self.after.rows["survey_answer"] if row["survey"] == self.survey]

    def of_people(self, loot: Loot, table: str, what: Callable[[list[Row]], Any]) -> Trace:
        """What is told by the rows that each person has in a table, by whatever column names her."""
        addresses = {row["address"]: row["person"] for row in self.after.rows["account"]}
        hers: dict[int, list[Row]] = {}
        for row in loot.rows[table]:
            person = row.get("person") or self.accounts.get(row.get("account", 0))
            person = person or addresses.get(row.get("address", ""))
            if person:
                hers.setdefault(person, []).append(row)
        return {person: what(rows) for person, rows in hers.items()}


def _size(rows: list[Row]) -> int:
    return sum(len(str(row.get("text") or row.get("state") or row.get("answers"))) for row in rows)


def _longest(rows: list[Row]) -> int:
    return max(len(str(row.get("text") or row.get("state") or row.get("answers"))) for row in rows)


_TOLD = {
    "size": _size,
    "longest": _longest,
    "count": len,
    "first": lambda rows: min(row["_nth"] for row in rows),
    "last": lambda rows: max(row["_nth"] for row in rows),
    "place": lambda rows: max(_place(row) for row in rows),
    "transaction": lambda rows: max(row.get("_xmin", 0) for row in rows),
    "time": lambda rows: max(str(_moment(row)) for row in rows),
}
_HOLDING_PEOPLE = (
    "person",
    "account",
    "conversation",
    "outbox",
    "web_message",
    "web_session",
    "survey_draft",
)


def _moment(row: Row) -> Any:
    names = ("settled_at", "created_at", "seen_at", "at", "updated_at", "consented_at")
    return next((row[name] for name in names if row.get(name)), "")


def _place(row: Row) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", str(row.get("_place", row["_nth"])))))


def by_person(booty: Booty) -> dict[str, Trace]:
    """Every trace that people have left, anywhere."""
    found: dict[str, Trace] = {}
    for when in ("midway", "before_closing", "backup", "after"):
        loot = getattr(booty, when)
        for table in _HOLDING_PEOPLE:
            for name, told in _TOLD.items():
                found[f"{when}: {name} of {table}"] = booty.of_people(loot, table, told)
        found |= {f"{when}: {name}": trace for name, trace in _by_transaction(booty, loot).items()}
    found["log"] = _in_log(booty)
    return found


def _by_transaction(booty: Booty, loot: Loot) -> dict[str, Trace]:
    """PostgreSQL says which transaction wrote a row: a ballot stands beside the talk of whoever cast it."""
    writers = {
        row["_xmin"]: person
        for table in ("conversation", "outbox")
        for row in loot.rows[table]
        if "_xmin" in row and (person := row.get("person") or booty.accounts.get(row.get("account", 0)))
    }
    ballots = [(writers.get(row.get("_xmin")), row) for row in loot.rows["ballot"]]
    marks = [(writers.get(row.get("_xmin")), row) for row in loot.rows["ballot_mark"]]
    return {
        "serial of the ballot": {person: row["serial"] for person, row in ballots if person},
        "place of the ballot": {person: _place(row) for person, row in ballots if person},
        "bytes of the ballot": {person: bytes(row["sealed"]) for person, row in ballots if person},
        "length of the ballot": {person: len(row["sealed"]) for person, row in ballots if person},
        "mark": {person: bytes(row["mark"]) for person, row in marks if person},
    }


def _in_log(booty: Booty) -> Trace:
    lines = booty.log.splitlines()
    named = [(re.search(r"account (\d+)", line), number) for number, line in enumerate(lines)]
    return {booty.accounts.get(int(found[1]), 0): number for found, number in named if found}


CHANCE_RIGHT = 12
"""Of 48 matched by chance more are right once in 10^10 times (Poisson with mean 1); some 4000 matchings are made."""
CHANCE_AGREEMENT = 5.2
"""Exceeded by chance about once in 10^9 times (Spearman's coefficient above 0.758 for 48); some 2000 are computed."""


def beats_chance(result: "Result") -> bool:
    return result.right > CHANCE_RIGHT or result.agreement > CHANCE_AGREEMENT


def by_answer(booty: Booty) -> dict[str, Trace]:
    """Every trace that a released answer has, in its row or in the database's files."""
    rows = {row["number"]: row for row in booty.answers}
    texts = {number: _answers(row)["why"] for number, row in rows.items()}
    return {
        "number": {number: number for number in rows},
        "place": {number: _place(row) for number, row in rows.items()},
        "transaction": {number: row.get("_xmin", 0) for number, row in rows.items()},
        "length": {number: len(str(_answers(row))) for number, row in rows.items()},
        "text": {number: len(text) for number, text in texts.items()},
        "choice": {number: _answers(row)["water"] for number, row in rows.items()},
        "other choice": {number: _answers(row).get("road", "") for number, row in rows.items()},
        "way": {number: len(_answers(row)) for number, row in rows.items()},
        "day": {number: str(row["day"]) for number, row in rows.items()},
        "byte in the files": {number: _found_at(booty.after, text) for number, text in texts.items()},
    }


def _answers(row: Row) -> dict[str, str]:
    answers: dict[str, str] = (
        row["answers"] if isinstance(row["answers"], dict) else json.loads(row["answers"])
    )
    return answers


def _found_at(loot: Loot, text: str) -> list[tuple[str, int]]:
    looks = (text.encode(), json.dumps(text).strip('"').encode())
    places = [(name, data.find(look)) for look in looks for name, data in loot.files.items()]
    return [(name, at) for name, at in places if at >= 0]


@dataclass(frozen=True)
class Result:
    """What came of an attack: how many people it matched rightly, and how closely the two orders agree."""

    attack: str
    right: int
    agreement: float
    """Spearman's rank correlation times √(n-1): without any link about normal, with deviation 1."""


def compare(
    people: Mapping[str, Trace], answers: Mapping[str, Trace], truth: Mapping[int, int]
) -> list[Result]:
    """Every trace of people against every trace of answers, forwards and backwards. truth: answer by person."""
    results = []
    for one, of_people in people.items():
        who = [person for person in sorted(of_people, key=lambda p: (of_people[p], p)) if person in truth]
        if len(who) < len(truth) // 2:
            continue  # too few have left it
        wanted = {truth[person] for person in who}
        for other, of_answers in answers.items():
            which = [
                number for number in sorted(of_answers, key=lambda n: (of_answers[n], n)) if number in wanted
            ]
            right = [_right(who, order, truth) for order in (which, which[::-1])]
            results.append(
                Result(
                    f"{one} against {other}", max(right), _agreement(who, which, of_people, of_answers, truth)
                )
            )
    return results


def _right(who: list[int], which: list[int], truth: Mapping[int, int]) -> int:
    return sum(truth[person] == number for person, number in zip(who, which, strict=True))


def _agreement(
    who: list[int], which: list[int], of_people: Trace, of_answers: Trace, truth: Mapping[int, int]
) -> float:
    a = _ranks(who, of_people)
    b = _ranks(which, of_answers)
    xs, ys = [a[person] for person in who], [b[truth[person]] for person in who]
    mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
    spread = math.sqrt(sum((x - mean_x) ** 2 for x in xs) * sum((y - mean_y) ** 2 for y in ys))
    if not spread:
        return 0.0  # all alike: it tells nothing
    both = sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True))
    return abs(both / spread) * math.sqrt(len(xs) - 1)


def _ranks(order: list[int], trace: Trace) -> dict[int, float]:
    """Those that are alike share the mean of their ranks."""
    places: dict[Any, list[int]] = {}
    for rank, one in enumerate(order):
        places.setdefault(repr(trace[one]), []).append(rank)
    return {one: sum(places[repr(trace[one])]) / len(places[repr(trace[one])]) for one in order}
