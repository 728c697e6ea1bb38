"""A cadre's phone shows his talks: by a secret address that he can change and stop."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.calendars import Part, events_of, read_calendar
from tests.databases import new_sqlite
from tests.scenario.people import Someone
from tests.scenario.test_appointments import books, opens_two
from tests.scenario.test_duties import month_begins
from tests.scenario.world import World, world


@pytest.fixture(params=["web", "wechat-safe"])
async def reached(
    request: pytest.FixtureRequest, tmp_path: Path, sqlite_template: str
) -> AsyncIterator[World]:
    """The county has an address."""
    server: dict[str, object] = {"port": 0, "public_url": "https://county.example/"}
    async with world(request.param, new_sqlite(tmp_path, sqlite_template), tmp_path, server=server) as made:
        yield made


async def subscribes(him: Someone) -> str:
    """The path of his calendar."""
    shown = await him.sees("https://county.example/calendar/")
    [path] = re.findall(r"https://county\.example(/calendar/[\w-]{43}\.ics)", shown.text)
    return str(path)


async def events(county: World, path: str) -> list[Part]:
    async with county.http.get(county.base + path) as response:
        assert response.status == 200
        assert response.content_type == "text/calendar"
        return events_of(read_calendar(await response.read()))


async def status(county: World, path: str, tag: str = "") -> int:
    async with county.http.get(county.base + path, headers={"If-None-Match": tag}) as response:
        return response.status


async def test_from_subscribing_to_a_talk_that_is_called_off(
    reached: World, caplog: pytest.LogCaptureFixture
) -> None:
    staff, leader = await reached.worker("staff"), await reached.worker("supervisor")
    await opens_two(staff)
    await leader.says("订阅日历")
    await leader.sees("别发给别人")
    path = await subscribes(leader)
    assert await events(reached, path) == []
    villager = await reached.villager()
    await books(villager, "我和隔壁薛老四家的地界")
    [asked] = await events(reached, path)
    assert (asked.value("STATUS"), asked.value("SEQUENCE")) == ("TENTATIVE", "0")
    await leader.sees("新 约谈1号")
    await leader.taps("就这么定")
    await leader.sees("约谈1号定了")
    [fixed] = await events(reached, path)
    assert fixed.value("UID") == asked.value("UID") == "appointment-1@610528.lianxin"
    assert (fixed.value("STATUS"), fixed.value("SEQUENCE")) == ("CONFIRMED", "1")
    assert fixed.local("DTSTART") == ("20261104T150000", "Asia/Shanghai")
    assert fixed.local("DTEND") == ("20261104T153000", "Asia/Shanghai")
    assert fixed.text("LOCATION") == "县委305"
    assert fixed.text("SUMMARY") == "约谈1号 副部长赵督办"
    assert "薛" not in str(fixed)
    await villager.says("约谈")
    await villager.sees("约谈1号 约好了")
    await villager.says("2")
    await villager.sees("为什么")
    await villager.says("1")
    await villager.sees("取消了")
    [off] = await events(reached, path)
    assert (off.value("STATUS"), off.value("SEQUENCE")) == ("CANCELLED", "2")
    assert off.value("UID") == fixed.value("UID")
    await reached.later(days=40)
    assert await events(reached, path) == []
    assert path.split("/")[-1][:43] not in caplog.text


async def test_the_address_is_changed_and_stopped(reached: World) -> None:
    cadre = await reached.worker("cadre")
    await cadre.says("订阅日历")
    first = await subscribes(cadre)
    async with reached.http.get(reached.base + first) as response:
        assert await status(reached, first, response.headers["ETag"]) == 304
        assert response.headers["Cache-Control"] == "private, no-cache"
    await cadre.says("订阅日历")
    await cadre.sees("您订过日历了")
    await cadre.says("1")
    second = await subscribes(cadre)
    assert (await status(reached, first), await status(reached, second)) == (404, 200)
    await cadre.says("停用日历")
    await cadre.sees("停了")
    assert await status(reached, second) == 404
    assert await status(reached, "/calendar/" + "a" * 43 + ".ics") == 404


async def test_a_villager_needs_none(reached: World) -> None:
    villager = await reached.villager()
    await villager.says("订阅日历")
    await villager.sees("日历是给干部用的")


async def test_the_file_of_a_talk_comes_to_both(reached: World) -> None:
    staff, leader = await reached.worker("staff"), await reached.worker("supervisor")
    await opens_two(staff)
    villager = await reached.villager()
    await books(villager)
    await leader.sees("新 约谈1号")
    await leader.taps("就这么定")
    for her in (leader, villager):
        shown = await her.sees("约谈1号定了")
        if "web" in reached.messengers:
            assert shown.media == 1
        else:
            assert "下载（一天内有效）：https://county.example/chat/media/" in shown.text
            [path] = re.findall(r"https://county\.example(\S+)", shown.text)
            [event] = await events(reached, path)
            assert event.local("DTSTART") == ("20261104T150000", "Asia/Shanghai")


async def test_his_duties_stand_on_their_last_days_until_they_are_noted(reached: World) -> None:
    cadre = await reached.worker("cadre")
    await month_begins(reached, cadre)
    await cadre.says("订阅日历")
    path = await subscribes(cadre)
    duties = {event.text("SUMMARY"): event for event in await events(reached, path)}
    assert duties["帮一户困难群众（三个一）"].local("DTSTART") == ("20261130", "")
    assert duties["集中学习（周学）"].local("DTSTART") == ("20261108", "")
    await cadre.says("本月")
    await cadre.sees("11月")
    await cadre.taps("都办了")
    await cadre.sees("都记下了")
    left = {event.text("SUMMARY") for event in await events(reached, path)}
    assert "帮一户困难群众（三个一）" not in left
