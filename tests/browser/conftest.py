"""One Chromium for all browser tests. They share one event loop, because a browser cannot change loops."""

import os
import shutil
import warnings
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, async_playwright

from tests.standins.webchat import StandInChat

CHROMIUM = "/usr/bin/chromium"
NARROW = {"width": 360, "height": 720}
WIDE = {"width": 1280, "height": 800}
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]


_ALIKE_AT_ANY_WIDTH = (
    "test_what_may_not_be_sent_is_refused_kindly",
    "test_messages_arrive_where_streams_do_not_get_through",
    "test_telephone_numbers_dial",
    "test_unsent_words_and_photos_survive_a_reload",
    "test_an_answer_lost_on_the_way_doubles_nothing",
    "test_a_forgotten_session_is_replaced_silently",
    "test_speaking",
    "test_enter_that_picks_a_chinese_word_does_not_send",
    "test_a_page_that_is_still_waking_takes_no_words_it_would_lose",
    "test_said_without_network_is_sent_once_when_it_is_back",
    "test_a_refusal_is_told_in_words",
    "test_what_the_service_failed_to_take_can_be_tried_again",
    "test_messages_arrive_at_once",
)
"""What the page's script does and its layout has no part in: tried on a phone, and elsewhere with LIANXIN_EVERYWHERE=1."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
    if os.environ.get("LIANXIN_EVERYWHERE"):
        return
    left = {one for one in items if one.name.startswith(_ALIKE_AT_ANY_WIDTH) and "1280px" in one.name}
    config.hook.pytest_deselected(items=list(left))
    items[:] = [one for one in items if one not in left]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    if not shutil.which(CHROMIUM):
        missing = f"BROWSER TESTS NOT RUN: {CHROMIUM} is missing (apt install chromium fonts-noto-cjk)"
        if os.environ.get("LIANXIN_SKIP_NOTHING"):
            pytest.fail(missing)
        warnings.warn(missing, stacklevel=1)
        pytest.skip(missing)
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGS)
        yield chromium
        await chromium.close()


@pytest_asyncio.fixture(loop_scope="session")
async def service() -> AsyncIterator[StandInChat]:
    chat = StandInChat()
    runner = await chat.start()
    yield chat
    await runner.cleanup()


@pytest_asyncio.fixture(loop_scope="session", params=[NARROW, WIDE], ids=["360px", "1280px"])
async def device(browser: Browser, service: StandInChat, request) -> AsyncIterator[BrowserContext]:
    context = await browser.new_context(viewport=request.param, locale="zh-CN", permissions=["microphone"])
    context.set_default_timeout(8000)
    hosts: set[str] = set()
    context.on("request", lambda sent: hosts.add(urlsplit(sent.url).netloc))
    crashes: list[str] = []
    context.on("weberror", lambda crash: crashes.append(str(crash.error)))
    yield context
    await context.close()
    assert not crashes
    assert hosts - {""} <= {urlsplit(service.url).netloc}
