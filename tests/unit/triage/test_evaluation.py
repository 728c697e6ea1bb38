"""How well the shipped lexicon does on sentences people might write.

evaluation.tsv holds eleven sets. The words were tuned on `a`; `b` to `k`, written by imagining other people,
were each measured once before tuning (`d` avoids the obvious words on purpose, `g` to `k` were written
from the list of categories, emergencies and traps alone):

    set            b      c      d      e      f      g      h      i      j      k
    category    98.8 %  91.1   69.2   84.3   87.5   96.7   95.9   88.1   94.9   96.0
    missed       3/39  20/51   5/33   1/16   2/24   4/94   7/90   3/73   3/48   3/25
    false alarm                              2/23  3/229  2/208  1/129  4/174   1/64

Since then all are tuned on: a floor that edits must not sink below, not a promise.
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
    assert len(ROWS) >= 1800
    assert len({row["text"] for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize("name", list("abcdefghijk"))
def test_categories(judged, name, capsys):
    counted = [(row, verdict) for row, verdict in judged if row["set"] == name and row["category"] != "-"]
    wrong = [
        (row["text"], verdict.category) for row, verdict in counted if verdict.category != row["category"]
    ]
    score = 1 - len(wrong) / len(counted)
    with capsys.disabled():
        print(f"\n  set {name}: categories {score:.1%} of {len(counted)}")
    assert score >= 0.95, wrong


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
