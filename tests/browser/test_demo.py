"""The demo page: two people of one village on one desk."""

from playwright.async_api import BrowserContext, expect

from tests.standins.webchat import StandInChat


async def test_the_demo_shows_a_villager_and_her_cadre(device: BrowserContext, service: StandInChat) -> None:
    page = await device.new_page()
    await page.goto(service.url)
    left = page.frame_locator("iframe").first
    await expect(left.locator("#place")).to_have_text("柳沟村 · 群众 王秀兰")
    await left.locator("#text").fill("渠堵了")
    await left.locator("#text").press("Enter")
    await expect(left.locator(".words")).to_have_count(3)
    await page.locator("#village").select_option("0102")
    await expect(left.locator("#place")).to_have_text("东塬村 · 群众 王秀兰")
    await expect(left.locator(".words")).to_have_count(1)
    await page.locator("#village").select_option("0101")
    await expect(left.locator(".words")).to_have_count(3)
    await page.locator("#afresh").click()
    await expect(left.locator(".words")).to_have_count(1)
    await page.locator("#township").select_option("02")
    await expect(left.locator("#place")).to_have_text("北坡村 · 群众 王秀兰")
    if page.viewport_size["width"] < 760:
        await page.locator("#tabs button", has_text="右边").click()
        villager = next(
            talk for talk in service.talks.values() if talk.asked == {"persona": "villager", "area": "0201"}
        )
        await villager.add("bot", "网格员回话了")
        await expect(page.locator("#tabs button").first).to_have_text("左边 群众（有新话）")
    await page.locator(".role").nth(1).select_option("supervisor")
    await expect(page.frame_locator("iframe").nth(1).locator("#place")).to_have_text("北坡村 · 镇督办 周明")
    assert {"persona": "cadre", "area": "0101"} in service.sessions()
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await expect(page.locator("body")).to_contain_text("样例数据，人名电话均为虚构")
    short = await page.evaluate(
        "[...document.querySelectorAll('button, select, summary')].filter(e => e.getClientRects().length)"
        ".filter(e => e.getBoundingClientRect().height < 60).map(e => e.outerHTML)"
    )
    assert short == []
