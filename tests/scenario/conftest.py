"""Each story is told on every messenger."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.databases import new_sqlite
from tests.scenario.world import World, world


@pytest.fixture(params=["web", "telegram-webhook", "telegram-polling"])
async def county(
    request: pytest.FixtureRequest, tmp_path: Path, sqlite_template: str
) -> AsyncIterator[World]:
    async with world(request.param, new_sqlite(tmp_path, sqlite_template), tmp_path) as made:
        yield made
