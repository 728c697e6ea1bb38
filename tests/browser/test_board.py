"""The public board on a phone of 360 px whose browser runs no scripts."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from domain.suggestions.steps import Outcome
from services.desk import Desk
from services.suggestions import filing, handling
from storage.directory import people
from storage.suggestions import staff
from tests.browser.conftest import NARROW
from tests.databases import new_sqlite
from tests.scenario.world import World, world

ANSWERS = (
    ("村口太黑，多装几盏路灯", Outcome.ADOPTED, "路灯已经招标，窦村先装十盏。"),
    ("早班车提前到六点半", Outcome.PARTLY, "冬天天亮得晚，先提前到六点五十，开春再提前。"),
    ("把三组的渠改成水泥渠", Outcome.PASSED_ON, "水利局正在做明年的渠道改造计划，已转去。"),
    ("村部晚上也要有人值班", Outcome.NOT, "晚上有急事打值班电话，人手不够，暂时不能坐班。"),
)


def answered(desk: Desk, gist: str, outcome: Outcome, answer: str, *, about_person: bool = False) -> None:
    """王秀兰 signs it, and the staff answer it in public."""
    number, *_ = next(one for one in staff.readers(desk.tx, desk.now))
    officer = people.find(desk.tx, number)
    her = people.find(desk.tx, people.add(desk.tx, desk.now, name="王秀兰", phone="00000000201"))
    filed = filing.file(desk, filing.Said(gist, (), about_person), os.urandom(32), her)
    office = "县水利局" if outcome is Outcome.PASSED_ON else ""
    given = handling.Answer(outcome, answer, "原因", "措施", None, office, gist)
    handling.answer(desk, filed.id, officer, given)


@pytest_asyncio.fixture(loop_scope="session")
async def county(tmp_path: Path, sqlite_template: str) -> AsyncIterator[World]:
    async with world("web", new_sqlite(tmp_path, sqlite_template), tmp_path) as made:
        yield made


@pytest_asyncio.fixture(loop_scope="session")
async def phone(browser: Browser) -> AsyncIterator[Page]:
    context = await browser.new_context(viewport=NARROW, locale="zh-CN", java_script_enabled=False)
    yield await context.new_page()
    await context.close()


async def test_a_villager_reads_what_became_of_it(county: World, phone: Page) -> None:
    await county.service.run(lambda desk: [answered(desk, *one) for one in ANSWERS])
    await county.service.run(
        lambda desk: answered(desk, "张建国态度差", Outcome.NOT, "已核实。", about_person=True)
    )
    await phone.goto(f"{county.base}/board")
    await expect(phone.locator("article")).to_have_count(4)
    newest = phone.locator("article").first
    await expect(newest.locator("h2")).to_have_text("村部晚上也要有人值班")
    await expect(newest.locator(".outcome")).to_contain_text("没采纳")
    shown = await phone.locator("body").inner_text()
    assert "王秀兰" not in shown
    assert "张建国" not in shown
    assert "转交给县水利局" in shown
    await expect(phone.locator("nav")).to_have_count(0)
    box = await phone.locator(".write").bounding_box()
    assert box
    assert box["height"] >= 60
    widest = await phone.locator("article").first.bounding_box()
    assert widest
    assert widest["x"] >= 0
    assert widest["x"] + widest["width"] <= NARROW["width"]
    if picture := os.environ.get("LIANXIN_BOARD_SCREENSHOT"):
        await phone.screenshot(path=picture, full_page=True)


async def test_hostile_words_are_only_words(county: World, phone: Page) -> None:
    await county.service.run(
        lambda desk: answered(desk, "<script>alert(1)</script>" + "长" * 300, Outcome.NOT, "<b>不行</b>")
    )
    await phone.goto(f"{county.base}/board")
    await expect(phone.locator("h2")).to_contain_text("<script>alert(1)</script>")
    await expect(phone.locator(".answer")).to_have_text("<b>不行</b>")
    box = await phone.locator("h2").bounding_box()
    assert box
    assert box["x"] + box["width"] <= NARROW["width"]


async def test_pages_follow_each_other(county: World, phone: Page) -> None:
    await county.service.run(
        lambda desk: [answered(desk, f"第{n}条建议", Outcome.NOT, "不行") for n in range(1, 13)]
    )
    await phone.goto(f"{county.base}/board")
    await expect(phone.locator("article")).to_have_count(10)
    await phone.get_by_text("下一页").click()
    await expect(phone.locator("h2")).to_have_text(["第2条建议", "第1条建议"])
    await expect(phone.get_by_text("下一页")).to_have_count(0)
    await phone.goto(f"{county.base}/board?page=99999999")
    await expect(phone.locator("h2").first).to_have_text("第12条建议")


async def test_nothing_yet_and_nothing_new(county: World, phone: Page) -> None:
    await phone.goto(f"{county.base}/board")
    await expect(phone.locator(".none")).to_have_text("还没有公开的答复。")
    async with county.http.get(f"{county.base}/board") as first:
        assert first.headers["Cache-Control"] == "public, max-age=60"
        assert "Set-Cookie" not in first.headers
        tag = first.headers["ETag"]
    async with county.http.get(f"{county.base}/board", headers={"If-None-Match": tag}) as again:
        assert again.status == 304
