"""Each story is told on every messenger."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.databases import new_postgres, new_sqlite
from tests.scenario.messengers import CHANNELS
from tests.scenario.world import World, world

TAPPED = [channel for channel in CHANNELS if channel not in ("wechat-plain", "wecom")]
"""Where every choice can be tapped: elsewhere an old one can only be typed as a number."""


@pytest.fixture(autouse=True)
def _measured(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stories are told as people talk."""
    monkeypatch.setattr("tests.scenario.world.MEASURED", True)


@pytest.fixture(params=[*CHANNELS, "web-postgresql", "wechat-safe-postgresql"])
async def county(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[World]:
    async with _county(request, tmp_path) as made:
        yield made


@pytest.fixture(params=[*TAPPED, "web-postgresql"])
async def county_with_buttons(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[World]:
    async with _county(request, tmp_path) as made:
        yield made


@asynccontextmanager
async def _county(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[World]:
    channel = request.param.removesuffix("-postgresql")
    if channel == request.param:
        url = new_sqlite(tmp_path, request.getfixturevalue("sqlite_template"))
        async with world(channel, url, tmp_path) as made:
            yield made
        return
    server, template = request.getfixturevalue("postgres_url"), request.getfixturevalue("postgres_template")
    with new_postgres(server, template) as url:
        async with world(channel, url, tmp_path) as made:
            yield made


@pytest.fixture
async def on_wechat(tmp_path: Path, sqlite_template: str) -> AsyncIterator[World]:
    async with world("wechat-safe", new_sqlite(tmp_path, sqlite_template), tmp_path) as made:
        yield made


@pytest.fixture
async def on_wecom(tmp_path: Path, sqlite_template: str) -> AsyncIterator[World]:
    async with world("wecom", new_sqlite(tmp_path, sqlite_template), tmp_path) as made:
        yield made


_TOLD_ON_FOUR = (
    "test_suggestions",
    "test_broadcasts",
    "test_survey",
    "test_knowledge",
    "test_quizzes",
    "test_duties",
    "test_rectification",
    "test_pairs",
    "test_appointments",
    "test_reports",
    "test_digest",
    "test_workers",
    "test_clock",
    "test_linking",
    "test_menu",
    "test_plain_words",
    "test_coming_in",
    "test_misunderstandings",
)
"""Stories of what is said alike everywhere: one variant of each messenger."""
_FOUR = ("telegram-webhook", "web", "wechat-safe", "wecom")
_FOUR_AND_POSTGRES = ("telegram-webhook", "web", "wechat-safe-postgresql", "wecom")
_ON_POSTGRES = ("test_suggestions", "test_survey")
"""Of those, stories that are told on PostgreSQL too; the deeds of the others `tests/contract/` does on both databases."""
_TWO = ("web", "wechat-safe")
"""Where a rule is told as a story that no messenger has a part in."""


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "told_on_two: a rule, told as a story that no messenger has a part in")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """All variants of all stories with LIANXIN_EVERYWHERE=1: twice the time."""
    if os.environ.get("LIANXIN_EVERYWHERE"):
        return
    left = {one for one in items if _is_variant_too_many(one)}
    config.hook.pytest_deselected(items=list(left))
    items[:] = [one for one in items if one not in left]


def _is_variant_too_many(item: pytest.Item) -> bool:
    call = getattr(item, "callspec", None)
    variant = None if call is None else call.params.get("county")
    if variant is None:
        return False
    if item.get_closest_marker("told_on_two"):
        return variant not in _TWO
    if item.path.stem.startswith(_TOLD_ON_FOUR):
        return variant not in (_FOUR_AND_POSTGRES if item.path.stem.startswith(_ON_POSTGRES) else _FOUR)
    return False
