"""Small counties on WeChat and WeCom, one for each test, with what has to be looked at from outside."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.contract.messengers.looking import Outbox
from tests.databases import new_sqlite
from tests.faults.conftest import discreet
from tests.scenario.world import World, world

__all__ = ["discreet"]


@pytest.fixture
def url(tmp_path: Path, sqlite_template: str) -> str:
    return new_sqlite(tmp_path, sqlite_template)


@pytest.fixture(params=["wechat-plain", "wechat-safe", "wecom"])
async def anywhere(request: pytest.FixtureRequest, url: str, tmp_path: Path) -> AsyncIterator[World]:
    """Each messenger that is answered by the response."""
    async with world(request.param, url, tmp_path) as county:
        yield county


@pytest.fixture(params=["wechat-plain", "wechat-safe"])
async def on_wechat(request: pytest.FixtureRequest, url: str, tmp_path: Path) -> AsyncIterator[World]:
    """Choices as numbered lines, and as something to tap."""
    async with world(request.param, url, tmp_path) as county:
        yield county


@pytest.fixture
async def plain(url: str, tmp_path: Path) -> AsyncIterator[World]:
    async with world("wechat-plain", url, tmp_path) as county:
        yield county


@pytest.fixture
async def safe(url: str, tmp_path: Path) -> AsyncIterator[World]:
    async with world("wechat-safe", url, tmp_path) as county:
        yield county


@pytest.fixture
async def wecom(url: str, tmp_path: Path) -> AsyncIterator[World]:
    async with world("wecom", url, tmp_path) as county:
        yield county


@pytest.fixture
def outbox(url: str) -> Outbox:
    return Outbox(url)


@pytest.fixture(autouse=True)
def _quick_looks(quick_looks: None) -> None:
    """No test waits for the next look at the queue."""
