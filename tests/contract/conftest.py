"""A county to act in: real triage, small directory, a clock that only moves when told to."""

import pytest

from domain.county import County
from domain.triage import Triage
from storage.database import Database
from tests import learned
from tests.contract.village import COUNTY, Village


@pytest.fixture(scope="session")
def triage() -> Triage:
    return learned.triage()


@pytest.fixture
def county(triage: Triage) -> County:
    return County(triage, card_key=b"a key for tests", code=COUNTY, name="富平县")


@pytest.fixture
def village(database: Database, county: County) -> Village:
    """People settled a day before MONDAY: they are in the database from the start (`database_url`)."""
    return Village(database, county)


@pytest.fixture
def quick_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The queue is looked at often, so that no test waits for it."""
    monkeypatch.setattr("bot.delivery.POLL", 0.02)
