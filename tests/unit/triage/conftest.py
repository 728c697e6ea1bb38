import pytest

from domain.triage import Lexicon, Triage
from tests import learned


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    return learned.lexicon()


@pytest.fixture(scope="session")
def triage() -> Triage:
    return learned.triage()
