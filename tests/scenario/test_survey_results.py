"""Staff ask for the results of a survey in the chat."""

import io
import re
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from openpyxl import load_workbook

from services.desk import Desk
from tests.contract.services.surveys import keep_answers, keep_survey, keep_towns
from tests.databases import new_sqlite
from tests.scenario.asking import comes
from tests.scenario.world import JPEG, World, world


def kept(desk: Desk, *, anonymous: bool = True, state: str = "released") -> int:
    keep_towns(desk.tx)
    survey = keep_survey(desk.tx, anonymous=anonymous, state=state)
    keep_answers(desk.tx, survey, anonymous=anonymous)
    return survey


async def test_figures_at_once_then_the_chart_and_the_workbook(county: World) -> None:
    survey = await county.service.run(kept)
    staff = await county.worker("staff")
    await staff.says("结果")
    await staff.sees("看哪份问卷的结果")
    await staff.says("1")
    await staff.sees("《四季度开门纳谏》收到77份，邀请182人，答复率42%。")
    await staff.sees("水够不够用？ 不够49%")
    await staff.sees("打几分？ 平均")
    files = await comes(county, staff, "结果图")
    assert files.media >= 1
    await staff.taps("往下看")
    await staff.sees("还想说什么？ 66人说了")
    assert not any("美原镇" in text for text in await staff.texts())
    await staff.says(f"结果{survey}")
    await staff.sees("收到77份")


@pytest.mark.told_on_two
async def test_what_was_made_is_not_kept_for_ever(county: World) -> None:
    survey = await county.service.run(kept)
    staff, her = await county.worker("staff"), await county.villager()
    await her.sends_photo(JPEG)
    await staff.says(f"结果 {survey}")
    await comes(county, staff, "结果图")
    files = county.service.store.root
    assert len([one for one in files.rglob("*") if one.is_file()]) == 3
    await county.later(days=29)
    assert await county.service.clearing.clear() == 0
    await county.later(days=2)
    assert await county.service.clearing.clear() == 2
    assert len([one for one in files.rglob("*") if one.is_file()]) == 1
    assert await county.service.clearing.clear() == 0
    await staff.says(f"结果 {survey}")
    await comes(county, staff, "结果图")


@pytest.mark.told_on_two
async def test_nobody_else_gets_them(county: World) -> None:
    survey = await county.service.run(kept)
    villager = await county.villager()
    await villager.says(f"结果 {survey}")
    await villager.sees(f"没有{survey}号问卷，或不归您看。")
    cadre = await county.worker("cadre")
    await cadre.says(f"结果 {survey}")
    await cadre.sees("不归您看")
    await cadre.says("结果")
    await cadre.sees("没有您能看结果的问卷")


@pytest.mark.told_on_two
async def test_not_before_they_are_mixed(county: World) -> None:
    survey = await county.service.run(lambda desk: kept(desk, state="open"))
    staff = await county.worker("staff")
    await staff.says(f"结果 {survey}")
    await staff.sees("要等截止、打乱以后才能看结果")


@pytest.fixture
async def on_wechat(tmp_path: Path, sqlite_template: str) -> AsyncIterator[World]:
    server: dict[str, object] = {"port": 0, "public_url": "https://county.example"}
    url = new_sqlite(tmp_path, sqlite_template)
    async with world("wechat-safe", url, tmp_path, server=server) as made:
        yield made


async def test_on_wechat_the_workbook_is_a_link_for_a_day(on_wechat: World) -> None:
    survey = await on_wechat.service.run(kept)
    staff = await on_wechat.worker("staff")
    await staff.says(f"结果 {survey}")
    shown = await comes(on_wechat, staff, "下载（一天内有效）")
    [path] = re.findall(r"https://county\.example(\S+)", shown.text)
    async with aiohttp.ClientSession(on_wechat.base) as http:
        async with http.get(path) as response:
            assert response.status == 200
            book = load_workbook(io.BytesIO(await response.read()))
        async with http.get(path.replace("s=", "s=0")) as response:
            assert response.status == 403
        async with http.get(re.sub(r"until=\d+&", "", path)) as response:
            assert response.status == 403
        on_wechat.time.now = on_wechat.time.now.replace(year=2027)
        async with http.get(path) as response:
            assert response.status == 410
    assert book["答案"].max_row == 78
