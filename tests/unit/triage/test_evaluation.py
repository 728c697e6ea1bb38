"""How well the shipped lexicon does on sentences people might write.

evaluation.tsv holds six sets. The words were tuned on `a`; `b` to `f`, written by imagining other
people, were each measured once before tuning: categories 98.8, 91.1, 69.2, 84.3 and 87.5 %,
emergencies missed 3 of 39, 20 of 51, 5 of 33, 1 of 16 and 2 of 24 (`d` avoids the obvious words on
purpose). Since then all are tuned on: a floor that edits must not sink below, not a promise.
A category of "-" means that reasonable people would disagree; "-" as emergency means that there is none.
"""

import csv
from pathlib import Path

import pytest

ROWS = list(
    csv.DictReader(
        (Path(__file__).parent / "evaluation.tsv").read_text(encoding="utf-8").splitlines(),
        delimiter="\t",
        quoting=csv.QUOTE_NONE,
    )
)


@pytest.fixture(scope="module")
def judged(triage):
    return [(row, triage.judge(row["text"])) for row in ROWS]


def test_sets_are_large_enough_to_mean_something():
    assert len(ROWS) >= 650
    assert len({row["text"] for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize("name", ["a", "b", "c", "d", "e", "f"])
def test_categories(judged, name, capsys):
    counted = [(row, verdict) for row, verdict in judged if row["set"] == name and row["category"] != "-"]
    wrong = [
        (row["text"], verdict.category) for row, verdict in counted if verdict.category != row["category"]
    ]
    score = 1 - len(wrong) / len(counted)
    with capsys.disabled():
        print(f"\n  set {name}: categories {score:.1%} of {len(counted)}")
    assert score >= 0.9, wrong


def test_no_emergency_is_missed(judged):
    missed = [
        (row["text"], row["emergency"], verdict.emergency)
        for row, verdict in judged
        if row["emergency"] != "-" and not set(row["emergency"].split(",")) <= set(verdict.emergency)
    ]
    assert missed == []


def test_false_alarms_are_rare(judged, capsys):
    harmless = [(row, verdict) for row, verdict in judged if row["emergency"] == "-"]
    false = [(row["text"], verdict.words) for row, verdict in harmless if verdict.emergency]
    with capsys.disabled():
        print(f"\n  false alarms: {len(false)} of {len(harmless)}")
    assert len(false) / len(harmless) <= 0.02, false
