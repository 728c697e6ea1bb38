"""What the service learns at its start, learned once in a process: it takes a second, and most tests judge no sentence."""

from functools import cache

import pytest

from bot.county import cache_dir, examples_text, lexicon_text
from domain.triage import Lexicon, Triage, parse_lexicon

parse_once = cache(parse_lexicon)
_learned: dict[int, tuple[Lexicon, Triage]] = {}


def lexicon() -> Lexicon:
    """The lexicon that comes with the service."""
    return parse_once(lexicon_text(""), examples_text(""))


def triage() -> Triage:
    """What it teaches."""
    return _learn_once(lexicon())


def learn_once(patch: pytest.MonkeyPatch) -> None:
    """From now on all counties of this process that have one lexicon share a triage."""
    patch.setattr("bot.county.parse_lexicon", parse_once)
    patch.setattr("bot.county.Triage", _learn_once)


def _learn_once(lexicon: Lexicon, _cache_dir: str | None = None) -> Triage:
    if id(lexicon) not in _learned:
        made = Triage(lexicon, cache_dir())
        made.warm()
        _learned[id(lexicon)] = lexicon, made
    return _learned[id(lexicon)][1]
