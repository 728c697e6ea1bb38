"""A county to act in: real triage, small directory, a clock that only moves when told to."""

import os
from pathlib import Path

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


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Of a table of rules PostgreSQL is asked the first row, SQLite all: the rows differ in no statement.

    All of all with LIANXIN_EVERYWHERE=1.
    """
    if os.environ.get("LIANXIN_EVERYWHERE"):
        return
    asked: set[str] = set()
    left = {one for one in items if _is_another_row(one, asked)}
    config.hook.pytest_deselected(items=list(left))
    items[:] = [one for one in items if one not in left]


def _is_another_row(item: pytest.Item, asked: set[str]) -> bool:
    call = getattr(item, "callspec", None)
    services = Path(__file__).parent / "services"
    if call is None or services not in item.path.parents or call.params.get("database_url") != "postgresql":
        return False
    rule = item.nodeid.partition("[")[0]
    if rule in asked:
        return True
    asked.add(rule)
    return False
