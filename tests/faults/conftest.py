"""Small counties whose days go wrong."""

import asyncio
import logging
import os
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from tests.databases import new_postgres, new_sqlite
from tests.faults.asking import SECRETS
from tests.scenario.world import World, world


@asynccontextmanager
async def ticking(county: World) -> AsyncIterator[None]:
    """Time passes by itself, at its usual pace."""
    start, begun = county.time.now, asyncio.get_running_loop().time()

    async def tick() -> None:
        while True:
            await asyncio.sleep(0.02)
            county.time.now = start + timedelta(seconds=asyncio.get_running_loop().time() - begun)

    task = asyncio.create_task(tick())
    yield
    task.cancel()


@pytest.fixture
def sqlite_url(tmp_path: Path, sqlite_template: str) -> str:
    return new_sqlite(tmp_path, sqlite_template)


@pytest.fixture
async def on_web(tmp_path: Path, sqlite_url: str) -> AsyncIterator[World]:
    async with world("web", sqlite_url, tmp_path) as made:
        yield made


@pytest.fixture
async def on_telegram(tmp_path: Path, sqlite_url: str) -> AsyncIterator[World]:
    async with world("telegram-webhook", sqlite_url, tmp_path) as made, ticking(made):
        yield made


@pytest.fixture
def fresh_postgres(postgres_url: str, postgres_template: str):
    with new_postgres(postgres_url, postgres_template) as url:
        yield url


@pytest.fixture
def moments() -> random.Random:
    """Random moments. FAULT_SEED=… brings the same ones again."""
    seed = int(os.environ.get("FAULT_SEED") or random.SystemRandom().randrange(10**6))
    print(f"\nFAULT_SEED={seed}")
    return random.Random(seed)


@pytest.fixture
def discreet(caplog: pytest.LogCaptureFixture):
    """No name, phone, words or tokens of the test in any log, at DEBUG level."""
    caplog.set_level(logging.DEBUG)
    secrets = list(SECRETS)
    yield secrets
    logged = "\n".join(caplog.handler.format(record) for record in caplog.get_records("call"))
    assert [secret for secret in secrets if secret in logged] == []
    assert "Traceback" not in logged
