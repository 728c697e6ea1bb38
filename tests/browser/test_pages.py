"""The chat page as people use it, in Chromium, on a narrow phone and on a desk."""

import asyncio
import re

import pytest
import pytest_asyncio
from playwright.async_api import BrowserContext, Page, Route, expect

from tests.contract.letterbox import until
from tests.standins.webchat import StandInChat

OPEN_CHOICES = ".choices:not(.old) .choice"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c636060f80f"
    "0001050101a0a3c8d80000000049454e44ae426082"
)


@pytest_asyncio.fixture(loop_scope="session")
async def page(device: BrowserContext, service: StandInChat) -> Page:
    return await open_chat(device, service)


async def open_chat(device: BrowserContext, service: StandInChat, query: str = "") -> Page:
    page = await device.new_page()
    page.complaints = []
    page.on("console", lambda line: line.type in ("error", "warning") and page.complaints.append(line.text))
    await page.goto(f"{service.url}/chat{query}")
    await expect(page.locator(".turn.bot")).to_have_count(1)
    return page


async def type_and_send(page: Page, words: str) -> None:
    await page.locator("#text").fill(words)
    await page.locator("#send").click()


async def bubbles(page: Page) -> list[str]:
    return await page.locator(".words").all_text_contents()


async def is_wider_than_screen(page: Page) -> bool:
    return await page.evaluate(
        "[document.documentElement, document.getElementById('log')].some(e => e && e.scrollWidth > e.clientWidth)"
    )


async def test_a_talk_by_typing(page: Page, service: StandInChat) -> None:
    await expect(page.locator("#place")).to_have_text("柳沟村 · 群众 王秀兰")
    await type_and_send(page, "渠堵了，浇不成地")
    await expect(page.locator(".turn.bot .words").last).to_have_text("您说：渠堵了，浇不成地。对吗？")
    assert service.said() == ["渠堵了，浇不成地"]
    assert len(await bubbles(page)) == 3
    assert page.complaints == []


async def test_a_talk_by_tapping(page: Page, service: StandInChat) -> None:
    await expect(page.locator(OPEN_CHOICES).first).to_have_text("1 我要报事")
    await page.locator(OPEN_CHOICES).first.dblclick()
    await page.locator(OPEN_CHOICES, has_text="不对").wait_for()
    await page.locator(OPEN_CHOICES, has_text=re.compile("^1 对")).click()
    await expect(page.locator('a[href="tel:00010001234"]')).to_be_visible()
    await expect(page.locator('a[href="tel:12345"]')).to_be_visible()
    assert service.said() == ["我要报事", "对"], "a double tap counts once"
    await page.locator(".old .choice", has_text="查我的事").click()
    await expect(page.locator(".turn.bot .words").last).to_contain_text("查我的事")
    assert page.complaints == []


async def test_a_talk_by_keyboard_alone(page: Page, service: StandInChat) -> None:
    await page.locator("body").press("Tab")
    for _ in range(12):
        if await page.evaluate("document.activeElement.id") == "text":
            break
        outline = await page.evaluate(
            "getComputedStyle(document.activeElement.closest('.tool') || document.activeElement).outlineStyle"
        )
        assert outline != "none", "the focus must be seen"
        await page.keyboard.press("Tab")
    await page.keyboard.type("路灯不亮")
    await page.keyboard.press("Enter")
    await expect(page.locator(OPEN_CHOICES)).to_have_count(2)
    await page.locator("#text").focus()
    for _ in range(3):
        await page.keyboard.press("Shift+Tab")
    assert await page.evaluate("document.activeElement.textContent") == "1 对"
    await page.keyboard.press("Enter")
    await expect(page.locator(".turn.bot .words").last).to_contain_text("记下了")
    assert service.said() == ["路灯不亮", "对"]


async def test_enter_that_picks_a_chinese_word_does_not_send(page: Page, service: StandInChat) -> None:
    await page.locator("#text").fill("qu")
    await page.locator("#text").dispatch_event("keydown", {"key": "Enter", "isComposing": True})
    await expect(page.locator("#text")).to_have_value("qu")
    assert service.said() == []


async def test_a_photo_is_seen_at_once_and_after_reload(page: Page, service: StandInChat) -> None:
    await page.locator("#file").set_input_files({"name": "渠.png", "mimeType": "image/png", "buffer": PNG})
    await expect(page.locator(".me img")).to_be_visible()
    await expect(page.locator(".turn.bot .words").last).to_have_text("收到了。这是哪里的事？")
    assert next(iter(service.media.values()))[0] == PNG
    await page.reload()
    await expect(page.locator(".me img")).to_be_visible()
    await page.locator(".me .picture").click()
    await expect(page.locator("dialog img")).to_be_visible()
    await page.keyboard.press("Escape")
    assert page.complaints == []


@pytest.mark.parametrize(
    ("mime", "size", "sentence"),
    [
        ("application/x-msdownload", 5, "收不了"),
        ("image/jpeg", 10 * 1024**2 + 1, "太大了"),
        ("image/png", 0, "空的"),
    ],
)
async def test_what_may_not_be_sent_is_refused_kindly(page: Page, service, mime, size, sentence) -> None:
    await page.locator("#file").set_input_files({"name": "a", "mimeType": mime, "buffer": bytes(size)})
    await expect(page.locator("#hint")).to_contain_text(sentence)
    assert service.said() == []


async def test_speaking(page: Page, service: StandInChat) -> None:
    await page.locator("#speak").click()
    await expect(page.locator("#recording")).to_contain_text("正在录音")
    await page.locator("#drop-voice").click()
    await page.locator("#speak").click()
    await expect(page.locator("#seconds")).to_have_text("1秒")
    await page.locator("#send-voice").click()
    await expect(page.locator(".me audio")).to_be_visible()
    await expect(page.locator(".turn.bot .words").last).to_have_text("收到了。这是哪里的事？")
    assert [mime for _, mime in service.media.values()] == ["audio/webm"]


async def test_a_sound_that_cannot_be_played_can_be_saved(page: Page) -> None:
    sound = {"name": "语音.amr", "mimeType": "audio/amr", "buffer": b"#!AMR\n" + bytes(50)}
    await page.locator("#file").set_input_files(sound)
    await expect(page.locator(".me a[download]")).to_have_text("存下文件")


async def test_a_page_that_is_still_waking_takes_no_words_it_would_lose(
    device: BrowserContext, service: StandInChat
) -> None:
    page = await device.new_page()
    awake = asyncio.Event()

    async def hold(route: Route) -> None:
        await awake.wait()
        await route.continue_()

    await page.route("**/chat/assets/chat.js", hold)
    await page.goto(f"{service.url}/chat", wait_until="commit")
    await expect(page.locator("#text")).to_be_disabled()
    await expect(page.locator("#send")).to_be_disabled()
    awake.set()
    await type_and_send(page, "渠堵了")
    await expect(page.locator(".turn.bot .words").last).to_contain_text("渠堵了")


async def test_said_without_network_is_sent_once_when_it_is_back(page: Page, device, service) -> None:
    await device.set_offline(True)
    await type_and_send(page, "停水三天了")
    await page.locator("#file").set_input_files({"name": "水.png", "mimeType": "image/png", "buffer": PNG})
    await expect(page.locator("#lost")).to_have_text("网络断了，正在重连…")
    await expect(page.locator(".state").first).to_have_text("还没发出去，网好了自动再发")
    await device.set_offline(False)
    await expect(page.locator(".turn.bot")).to_have_count(3, timeout=20000)
    await expect(page.locator("#lost")).to_be_hidden()
    await expect(page.locator(".state")).to_have_count(0)
    assert service.said() == ["停水三天了", ""]
    assert len(await page.locator(".me").all()) == 2


async def test_unsent_words_and_photos_survive_a_reload(page: Page, service: StandInChat) -> None:
    await page.route("**/chat/api/messages", lambda route: route.abort())
    await type_and_send(page, "停水三天了")
    await page.locator("#file").set_input_files({"name": "水.png", "mimeType": "image/png", "buffer": PNG})
    await expect(page.locator(".state").first).to_contain_text("还没发出去")
    kept = "Object.keys(localStorage).filter((key) => key.includes('.unsent.')).length === 2"
    await until(lambda: page.evaluate(kept))  # the photo takes a moment longer than the words
    await page.reload()
    await expect(page.locator(".me img")).to_be_visible()
    await page.unroute("**/chat/api/messages")
    await expect(page.locator(".turn.bot")).to_have_count(3, timeout=20000)
    assert service.said() == ["停水三天了", ""]


async def test_an_answer_lost_on_the_way_doubles_nothing(page: Page, service: StandInChat) -> None:
    service.answers_to_lose = 1
    await type_and_send(page, "路灯不亮")
    await expect(page.locator(".state")).to_have_count(0, timeout=10000)
    await page.wait_for_timeout(1500)
    assert service.talk.posts[0] == service.talk.posts[1], "sent again under the same id"
    assert service.said() == ["路灯不亮"]
    assert len(await bubbles(page)) == 3


async def test_a_refusal_is_told_in_words(page: Page, service: StandInChat) -> None:
    service.refusal = (413, "这句话太长了。")
    await type_and_send(page, "路灯不亮")
    await expect(page.locator(".state")).to_have_text("没发出去。这句话太长了。")
    service.refusal = None
    await type_and_send(page, "停水了")
    await expect(page.locator(".turn.bot .words").last).to_contain_text("停水了")


async def test_what_the_service_failed_to_take_can_be_tried_again(page: Page, service: StandInChat) -> None:
    service.refusal = (503, "请过一会儿再试。")
    await type_and_send(page, "路灯不亮")
    while not await page.locator(".again").count():
        await page.evaluate("dispatchEvent(new Event('online'))")
    service.refusal = None
    await page.locator(".again").click()
    await expect(page.locator(".turn.bot")).to_have_count(2)
    await expect(page.locator(".state")).to_have_count(0)


async def test_reload_keeps_the_talk(page: Page, service: StandInChat) -> None:
    await type_and_send(page, "渠堵了")
    await expect(page.locator(OPEN_CHOICES)).to_have_count(2)
    before = await bubbles(page)
    await page.reload()
    await expect(page.locator(".words")).to_have_count(3)
    assert await bubbles(page) == before
    assert service.sessions() == [{}]


async def test_a_forgotten_session_is_replaced_silently(page: Page, service: StandInChat) -> None:
    service.talks.clear()
    await type_and_send(page, "渠堵了")
    await expect(page.locator(".turn.bot")).to_have_count(2, timeout=10000)
    assert service.said() == ["渠堵了"]
    assert await bubbles(page) == [message["text"] for message in service.talk.messages]


async def test_a_card_is_handed_over(device, service: StandInChat) -> None:
    await open_chat(device, service, "?card=abc123")
    assert service.sessions() == [{"card": "abc123"}]


async def test_messages_arrive_at_once(page: Page, service: StandInChat) -> None:
    await page.wait_for_timeout(300)
    await service.talk.add("bot", "网格员回话了")
    await expect(page.locator(".words").last).to_have_text("网格员回话了", timeout=1000)


async def test_messages_arrive_where_streams_do_not_get_through(device, service: StandInChat) -> None:
    service.streams = False
    page = await open_chat(device, service)
    await service.talk.add("bot", "网格员回话了")
    await expect(page.locator(".words").last).to_have_text("网格员回话了")
    assert await page.locator(OPEN_CHOICES).count() == 3, "a notice leaves the open question open"


DIALLED = {
    "打119/120，再打00010001234。": ["119", "120", "00010001234"],
    "急事打110报警，办事打12345": ["110", "12345"],
    "停电打95598. 镇上0000-8201234": ["95598", "0000-8201234"],
    "渠长110米，补贴12345元，还差120%": [],
    "编号20260119，卡号139000012345，共1120户": [],
}


async def test_telephone_numbers_dial(page: Page, service: StandInChat) -> None:
    for text, numbers in DIALLED.items():
        await service.talk.add("bot", text)
        last = page.locator(".words").last
        await expect(last).to_have_text(text)
        assert await last.locator("a").all_text_contents() == numbers


async def test_hostile_text_stays_text_and_breaks_nothing(page: Page, service: StandInChat) -> None:
    hostile = [
        "<img src=x onerror=alert(1)>",
        "水" * 300,
        "w" * 400,
        "😀" * 80,
        "שלום 123 مرحبا",
        "\u202eabc",
        "a\nb",
    ]
    for text in hostile:
        await service.talk.add("bot", text, (text,))
        await service.talk.add("me", text)
    await expect(page.locator(".words")).to_have_count(1 + 2 * len(hostile))
    assert (await bubbles(page))[2::2] == hostile
    assert await page.locator(".turn img, .turn script").count() == 0
    assert not await is_wider_than_screen(page)
    assert page.complaints == []


@pytest.mark.parametrize("big", [False, True])
async def test_large_enough_to_read_and_to_touch(page: Page, service: StandInChat, big: bool) -> None:
    if big:
        await page.locator("#big-type").click()
    await page.locator(OPEN_CHOICES).first.click()
    await page.locator(OPEN_CHOICES, has_text=re.compile("^1 对")).click()
    await page.locator('a[href="tel:12345"]').wait_for()
    heights = await page.evaluate(
        "[...document.querySelectorAll('button, a, textarea, label')].filter(e => e.getClientRects().length)"
        ".map(e => [e.textContent.trim(), e.getBoundingClientRect().height])"
    )
    assert [found for found in heights if found[1] < 60] == []
    small = await page.evaluate(
        "[...document.querySelectorAll('body :not(#file)')]"
        ".filter(e => parseFloat(getComputedStyle(e).fontSize) < 18).map(e => e.outerHTML)"
    )
    assert small == []
    assert not await is_wider_than_screen(page)
    assert not re.search("[A-Za-z]{2,}", await page.locator("body").inner_text()), (
        "no English in the interface"
    )
