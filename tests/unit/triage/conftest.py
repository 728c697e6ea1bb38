from pathlib import Path

import pytest

from domain.triage import Triage, parse_lexicon

LEXICON = Path(__file__).parents[3] / "bot" / "data" / "lexicon.toml"


@pytest.fixture(scope="session")
def lexicon_text() -> str:
    return LEXICON.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def triage(lexicon_text, tmp_path_factory) -> Triage:
    triage = Triage(parse_lexicon(lexicon_text), str(tmp_path_factory.mktemp("jieba")))
    triage.warm()
    return triage
