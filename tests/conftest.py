"""What every test may ask for: databases, and a second look at what is stored in them."""

import gc
import os
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadFileScheduling

from storage.database import Database, open_database
from storage.keys import Keys
from tests.databases import (
    UnavailableError,
    migrated,
    new_postgres,
    new_sqlite,
    postgres_server,
    second_look,
)
from tests.engines import compile_once
from tests.learned import learn_once

SecondLook = Callable[[Any], list[tuple[Any, ...]]]


@pytest.hookimpl(optionalhook=True, wrapper=True)
def pytest_xdist_auto_num_workers() -> Generator[None, int, int]:
    """Two more than cores: tests wait for flushes, leases and other processes, and somebody can work meanwhile."""
    return (yield) + 2


class _ByFile(LoadFileScheduling):
    """A file's tests run in one worker; the files that kill processes share the one from which these are forked."""

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        return "those that kill" if Path(file).stem.startswith("test_kill") else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadFileScheduling:
    return _ByFile(config, log)


_LONGEST = (
    "test_kill_broadcast",
    "test_anonymity",
    "test_spreadsheets",
    "test_letters",
    "test_evaluation",
)
"""Files that take longest, those that wait beside those that reckon."""
_FOLDERS = ("scenario", "contract", "browser", "faults", "unit")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first, short ones last: then all workers end at about the same time."""
    items.sort(key=lambda item: _turn_of(item.path))


def pytest_collection_finish() -> None:
    """What is loaded now stays to the end: a collector that looks through it again and again finds nothing."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _turn_of(path: Path) -> tuple[int, int]:
    if path.stem in _LONGEST:
        return 0, _LONGEST.index(path.stem)
    return 1, next(place for place, folder in enumerate(_FOLDERS) if folder in path.parts)


@pytest.fixture(scope="session", autouse=True)
def _once_for_all() -> Iterator[None]:
    """What is alike in every test is done once: learning the sentences, compiling the statements."""
    with pytest.MonkeyPatch.context() as patch:
        learn_once(patch)
        compile_once(patch)
        yield


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server: that of PG_TEST_URL, else one of our own."""
    if given := os.environ.get("PG_TEST_URL"):
        yield given
        return
    try:
        with postgres_server() as url:
            yield url
    except UnavailableError as reason:
        if os.environ.get("LIANXIN_SKIP_NOTHING"):
            pytest.fail(f"no PostgreSQL: {reason}")
        pytest.skip(f"!! PostgreSQL is NOT TESTED: {reason}")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> str:
    return migrated(new_sqlite(tmp_path_factory.mktemp("template")))


@pytest.fixture(scope="session")
def postgres_template(postgres_url: str) -> Iterator[str]:
    with new_postgres(postgres_url) as url:
        yield migrated(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of the test's own with all tables in it, once of each kind."""
    if request.param == "sqlite":
        yield new_sqlite(tmp_path, request.getfixturevalue("sqlite_template"))
    else:
        template = request.getfixturevalue("postgres_template")
        with new_postgres(request.getfixturevalue("postgres_url"), template) as url:
            yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of the test's own with nothing in it, once of each kind."""
    if request.param == "sqlite":
        yield new_sqlite(tmp_path)
    else:
        with new_postgres(request.getfixturevalue("postgres_url")) as url:
            yield url


@pytest.fixture
async def database(database_url: str, tmp_path: Path) -> AsyncIterator[Database]:
    opened = open_database(database_url, Keys(tmp_path / "keys"))
    yield opened
    await opened.close()


@pytest.fixture
def look(database_url: str) -> SecondLook:
    """`look("SELECT …")` or `look(sa.select(…))`: rows of the test's database over another connection."""
    return partial(second_look, database_url)
