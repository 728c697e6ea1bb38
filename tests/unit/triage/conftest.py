from pathlib import Path

import pytest

from domain.triage import Lexicon, Triage, parse_lexicon

DATA = Path(__file__).parents[3] / "bot" / "data"


@pytest.fixture(scope="session")
def lexicon_text() -> str:
    return (DATA / "lexicon.toml").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def lexicon(lexicon_text) -> Lexicon:
    return parse_lexicon(lexicon_text, (DATA / "examples.csv").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def triage(lexicon, tmp_path_factory) -> Triage:
    triage = Triage(lexicon, str(tmp_path_factory.mktemp("jieba")))
    triage.warm()
    return triage
