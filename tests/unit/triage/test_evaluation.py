"""How well triage does on sentences that nobody has seen.

bot/data/examples.csv holds sentences in batches. `a` to `k` were written while the words of the lexicon were
tuned; `l` and later ones by imagining other people (an old woman who dictates, a child, a driver, an agent, a
petitioner) from the list of categories, emergencies and traps alone. Each was measured once, before anything
was learned from it or mended. What the words alone made of it, and what words and examples did:

    batch               l       m       n       o       p       q       r       s
    written             plain   sly     sly     terse   plain   plain   rare    plain
    category   words    87.7 %  77.6    73.5    86.7    93.1
               both     92.6    84.1    79.0    86.0    96.2    89.4    93.1    95.2
    missed     words    12/82   29/95   48/109  47/293  4/85
               both      2/82   11/95   18/109  32/293  1/85    8/85    42/195  0/81
    false      words    10/288  15/310  26/340  23/830  4/296
    alarm      both      7/288  17/310   9/340  18/830  2/296   16/270  11/571  8/250

Examples are learned, so to score them plainly would only be praise. Each batch is judged by what the others
teach instead: an honest figure that every change of the lexicon or of the method can be held against.
"""

from dataclasses import dataclass, replace

import pytest

from domain.triage import Triage

BATCHES = "lmnopqrs"


@dataclass(frozen=True)
class Score:
    """Of one batch, or of several together: what was wrong, and out of how many."""

    misplaced: list
    placed: int
    missed: list
    dangers: int
    alarmed: list
    calm: int


@pytest.fixture(scope="module")
def scores(lexicon, tmp_path_factory):
    cache = str(tmp_path_factory.mktemp("jieba"))
    return {batch: _unseen(lexicon, batch, cache) for batch in BATCHES}


def _unseen(lexicon, batch, cache) -> Score:
    """How the sentences of `batch` are judged by what the others teach."""
    others = tuple(one for one in lexicon.examples if one.batch != batch)
    triage = Triage(replace(lexicon, examples=others), cache)
    judged = [(one, triage.judge(one.text)) for one in lexicon.examples if one.batch == batch]
    dangers = [(one, verdict) for one, verdict in judged if one.danger]
    calm = [(one, verdict) for one, verdict in judged if not one.danger]
    placed = [(one, verdict) for one, verdict in judged if one.category]
    return Score(
        misplaced=[
            (one.text, verdict.category) for one, verdict in placed if verdict.category != one.category
        ],
        placed=len(placed),
        missed=[(one.text, verdict.words) for one, verdict in dangers if not verdict.emergency],
        dangers=len(dangers),
        alarmed=[(one.text, verdict.words) for one, verdict in calm if verdict.emergency],
        calm=len(calm),
    )


def test_batches_are_large_enough_to_mean_something(lexicon):
    texts = [one.text for one in lexicon.examples]
    assert len(set(texts)) == len(texts) >= 4000


@pytest.mark.parametrize(
    ("batch", "floor"), [("l", 0.91), ("m", 0.83), ("n", 0.80), ("o", 0.85), ("p", 0.94)]
)
def test_categories_of_unseen_sentences(scores, capsys, batch, floor):
    score = scores[batch]
    share = 1 - len(score.misplaced) / score.placed
    with capsys.disabled():
        print(f"\n  batch {batch}: categories {share:.1%} of {score.placed}")
    assert share >= floor, score.misplaced


@pytest.mark.parametrize(("batch", "most"), [("l", 3), ("m", 10), ("n", 20), ("o", 28), ("p", 2)])
def test_emergencies_in_unseen_sentences(scores, capsys, batch, most):
    score = scores[batch]
    with capsys.disabled():
        print(f"\n  batch {batch}: emergencies missed {len(score.missed)} of {score.dangers}")
    assert len(score.missed) <= most, score.missed


def test_false_alarms_in_unseen_sentences(scores, capsys):
    false = [one for score in scores.values() for one in score.alarmed]
    calm = sum(score.calm for score in scores.values())
    with capsys.disabled():
        print(f"\n  false alarms: {len(false)} of {calm}")
    assert len(false) / calm <= 0.035, false


def test_what_was_learned_is_known(triage, lexicon):
    """An emergency that stands among the examples is never missed, and a category seldom."""
    judged = [(one, triage.judge(one.text)) for one in lexicon.examples]
    numbers = {rule.name: rule.numbers[0] for rule in lexicon.emergencies}
    missed = [
        one.text for one, verdict in judged if one.danger and numbers[one.danger] not in verdict.emergency
    ]
    placed = [(one.category, verdict.category) for one, verdict in judged if one.category]
    false = [one.text for one, verdict in judged if not one.danger and verdict.emergency]
    assert len(missed) <= 0.01 * len(judged), missed
    assert sum(right == guess for right, guess in placed) >= 0.96 * len(placed)
    assert len(false) <= 0.01 * len(judged), false
