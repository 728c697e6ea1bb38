"""Each story is told on every messenger."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.databases import new_postgres, new_sqlite
from tests.scenario.messengers import CHANNELS
from tests.scenario.world import World, world


@pytest.fixture(params=[*CHANNELS, "web-postgresql", "wechat-safe-postgresql"])
async def county(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[World]:
    channel = request.param.removesuffix("-postgresql")
    if channel != request.param:
        server, template = (
            request.getfixturevalue("postgres_url"),
            request.getfixturevalue("postgres_template"),
        )
        with new_postgres(server, template) as url:
            async with world(channel, url, tmp_path) as made:
                yield made
        return
    url = new_sqlite(tmp_path, request.getfixturevalue("sqlite_template"))
    async with world(channel, url, tmp_path) as made:
        yield made
