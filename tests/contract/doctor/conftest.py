from functools import lru_cache

import pytest

from domain.triage import parse_lexicon

_parse_once = lru_cache(parse_lexicon)


@pytest.fixture(autouse=True)
def read_the_lexicon_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.doctor.files.parse_lexicon", _parse_once)
