import os
from pathlib import Path
from typing import Any

import pytest

from bot.channels.wechat.menu import DEFAULT
from tests import learned
from tests.contract.doctor.looking import CONTENT, NOWHERE, SECRETS, an_account, clicks, look, settings
from tests.standins.wechat import WeChatServer


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A platform answers alike whatever the database: on PostgreSQL only what the test itself looks up there.

    All on both with LIANXIN_EVERYWHERE=1.
    """
    if os.environ.get("LIANXIN_EVERYWHERE"):
        return
    left = {one for one in items if _has_no_part_in_postgresql(one)}
    config.hook.pytest_deselected(items=list(left))
    items[:] = [one for one in items if one not in left]


def _has_no_part_in_postgresql(item: pytest.Item) -> bool:
    call = getattr(item, "callspec", None)
    if Path(__file__).parent not in item.path.parents or call is None:
        return False
    looks = {"database", "look", "empty_url"}.intersection(item._fixtureinfo.argnames)
    return call.params.get("database_url") == "postgresql" and not looks


@pytest.fixture(autouse=True)
def read_the_lexicon_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.doctor.files.parse_lexicon", learned.parse_once)


@pytest.fixture
async def account():
    async with WeChatServer() as server:
        server.questions.menu = clicks(DEFAULT)
        server.templates.contents["T1"] = CONTENT
        server.token = "standInToken"  # of letters and digits only, as the platform asks for
        yield server


@pytest.fixture
def examined(account, database_url, tmp_path):
    """`examined(msgmenu=True)`: what the doctor finds with these settings of [wechat]."""

    async def examine_it(*, public_url: str = NOWHERE, url: str = database_url, **changed: Any):
        given = settings(tmp_path, url, public_url=public_url, wechat=an_account(account, **changed))
        return await look(given, *SECRETS)

    return examine_it
