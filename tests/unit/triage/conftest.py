from pathlib import Path

import pytest

from domain.triage import Lexicon, Triage
from tests import learned

DATA = Path(__file__).parents[3] / "bot" / "data"


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    return learned.lexicon()


@pytest.fixture(scope="session")
def triage() -> Triage:
    return learned.triage()
