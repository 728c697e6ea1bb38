"""The real demo in a real browser: a visitor watches a request travel, as the README promises."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Frame, Page, expect

ROOT = Path(__file__).parents[2]
VIEW = {"width": 1280, "height": 860}
pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`lianxin demo`, as anybody starts it; its address."""
    folder = tmp_path_factory.mktemp("demo")
    log = (folder / "out").open("w+")
    command = [
        sys.executable,
        "-c",
        "from bot.cli import app; app()",
        "demo",
        "--port",
        "0",
        "--data-dir",
        str(folder),
    ]
    process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)
    try:
        yield _address(process, folder / "out")
    finally:
        process.terminate()
        process.wait(10)


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    until = time.monotonic() + 90
    while time.monotonic() < until and process.poll() is None:
        for word in log.read_text().split():
            if word.startswith("http://127.0.0.1:"):
                return word
        time.sleep(0.05)
    raise AssertionError(f"the demo did not start: {log.read_text()}")


async def test_a_visitor_sees_a_request_travel_in_under_a_minute(demo: str, browser: Browser) -> None:
    page = await browser.new_page(viewport=VIEW)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    started = time.monotonic()
    await page.goto(demo)
    villager, cadre = await _phone(page, "villager"), await _phone(page, "cadre")

    await _says(villager, "渠堵了，浇不成地")
    await _taps(villager, "对")
    await _shows(villager, "记下了")
    await _shows(cadre, "渠堵了，浇不成地")
    await _taps(cadre, "签收")
    await _shows(villager, "接了")
    await _taps(cadre, "答复")
    await _says(cadre, "渠疏通了，今晚就能浇")
    await _shows(villager, "渠疏通了，今晚就能浇")
    if picture := os.environ.get("LIANXIN_SCREENSHOT"):
        await page.screenshot(path=picture)
    await _taps(villager, "解决了")
    await _taps(villager, "满意")
    await _shows(villager, "谢谢")
    await _shows(cadre, "群众确认解决")
    assert time.monotonic() - started < 60
    assert not faults
    await page.close()


async def test_the_visitor_may_become_anybody_anywhere(demo: str, browser: Browser) -> None:
    page = await browser.new_page(viewport=VIEW)
    await page.goto(demo)
    await _phone(page, "villager")
    for role in ("agent", "supervisor", "staff", "cadre"):
        await page.locator("select").nth(3).select_option(role)
        phone = await _phone(page, role)
        await _shows(phone, "您好")
    await page.close()


async def test_the_cadre_finds_his_month_open(demo: str, browser: Browser) -> None:
    page = await browser.new_page(viewport=VIEW)
    await page.goto(demo)
    cadre = await _phone(page, "cadre")
    await _says(cadre, "本月")
    await _shows(cadre, "月的事，选一件记：")
    await _taps(cadre, "参加一次两委会")
    await _taps(cadre, "办了")
    await _shows(cadre, "记下了：参加一次两委会")
    await page.close()


async def _phone(page: Page, role: str) -> Frame:
    for _ in range(100):
        for frame in page.frames:
            if f"persona={role}" in frame.url:
                await frame.wait_for_selector("textarea")
                return frame
        await page.wait_for_timeout(50)
    raise AssertionError(f"no phone of {role}: {[frame.url for frame in page.frames]}")


async def _says(phone: Frame, text: str) -> None:
    await phone.fill("textarea", text)
    await phone.press("textarea", "Enter")


async def _taps(phone: Frame, label: str) -> None:
    button = phone.get_by_role("button", name=re.compile(rf"^\d {label}$")).last
    await expect(button).to_be_visible()
    await button.click()


async def _shows(phone: Frame, text: str) -> None:
    await expect(phone.get_by_text(text).last).to_be_visible()
