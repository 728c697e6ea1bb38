"""The WeChat code that is printed on a card brings whoever scans it to the card's village."""

import io
from pathlib import Path

from rich.console import Console

from bot.accounts import wechat_account
from bot.card_codes import CardCodes
from bot.directory_cli import cards_command
from tests.scenario.people import OnWeChat
from tests.scenario.world import OTHER, VILLAGE, World


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


async def prints(county: World, area: str, folder: Path) -> None:
    service, now, console = county.service, county.time(), Console(file=io.StringIO())
    async with wechat_account(service.settings, service.database, county.time) as account:
        codes = CardCodes(service.settings.wechat.appid, account.api, service.database, now, console)
        done = await cards_command(area, folder, service.database, service.county, now, console, wechat=codes)
    assert done == 0
