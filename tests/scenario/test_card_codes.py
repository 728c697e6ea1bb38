"""The WeChat code that is printed on a card brings whoever scans it to the card's village."""

import io
from pathlib import Path

from rich.console import Console

from bot.accounts import wechat_account
from bot.card_codes import CardCodes
from bot.directory_cli import cards_command
from tests.scenario.asking import opens
from tests.scenario.people import OnWeChat, Someone
from tests.scenario.world import OTHER, VILLAGE, World

CODED_WITHIN = 30.0
"""Seconds: what draws codes is loaded first."""


async def test_a_follower_and_a_newcomer_scan_the_printed_code(on_wechat: World, tmp_path: Path) -> None:
    newcomer, follower = on_wechat.someone("newcomer"), await on_wechat.villager("follower", OTHER)
    await prints(on_wechat, VILLAGE, tmp_path)
    [code] = on_wechat.wechat.qrcodes.permanent
    for her in (newcomer, follower):
        assert isinstance(her, OnWeChat)
        await her.follower.scans(code.url)
        await her.sees("不要身份证号")
        await her.says("1")
        await her.sees("网格员是张建国")


async def test_wechats_own_code_of_a_survey(on_wechat: World) -> None:
    """One that ends in thirty days: those for ever are few, and kept for cards."""
    await opens(on_wechat)
    staff, her = await on_wechat.worker("staff"), await on_wechat.villager()
    await asks_for_the_link(staff)
    shown = await staff.sees("微信码：扫了就能在微信里答，30天有效", CODED_WITHIN)
    assert shown.media == 1
    assert on_wechat.wechat.qrcodes.permanent == []
    [code] = on_wechat.wechat.qrcodes.made
    assert isinstance(her, OnWeChat)
    await her.follower.scans(code.url)
    await her.sees("用水问卷")
    await her.says("1")
    await her.sees("第1题")


async def test_an_account_that_may_give_no_codes(on_wechat: World) -> None:
    await opens(on_wechat)
    staff = await on_wechat.worker("staff")
    on_wechat.wechat.faults.add("/cgi-bin/qrcode/create", errcode=48001)
    await asks_for_the_link(staff)
    shown = await staff.sees("图没来，就用链接", CODED_WITHIN)
    assert shown.media == 0


async def asks_for_the_link(staff: Someone) -> None:
    await staff.says("问卷")
    await staff.sees("您管的问卷")
    await staff.says("1")
    await staff.sees("开着")
    await staff.taps("链接和二维码")


async def prints(county: World, area: str, folder: Path) -> None:
    service, now, console = county.service, county.time(), Console(file=io.StringIO())
    async with wechat_account(service.settings, service.database, county.time) as account:
        codes = CardCodes(service.settings.wechat.appid, account.api, service.database, now, console)
        done = await cards_command(area, folder, service.database, service.county, now, console, wechat=codes)
    assert done == 0
