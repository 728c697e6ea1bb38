"""`lianxin wechat menu` and `lianxin wecom menu`: the menu of the settings, put in force or laid beside what is."""

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text
from rich.tree import Tree

from bot.accounts import wechat_account, wecom_account
from bot.channels.tencent.api import Api
from bot.channels.tencent.menu import Button, Place, in_force, problems, push
from bot.channels.wechat import menu as for_wechat
from bot.channels.wecom import menu as for_wecom
from bot.clock import system_clock
from bot.menus import wanted_on_wechat, wanted_on_wecom
from bot.tools import Tools
from handlers.commands import COMMANDS


async def wechat_menu(at: Tools, console: Console, *, pushes: bool) -> int:
    """The service account's menu; the exit code. Raises SettingsError or CallError."""
    wanted = wanted_on_wechat(at.settings)
    async with wechat_account(at.settings, at.database, system_clock) as account:
        return await _menu(account.api, for_wechat.PLACE, wanted, console, pushes=pushes)


async def wecom_menu(at: Tools, console: Console, *, pushes: bool) -> int:
    """The app's menu; the exit code. Raises SettingsError or CallError."""
    wanted = wanted_on_wecom(at.settings)
    async with wecom_account(at.settings, at.database, system_clock) as account:
        place = for_wecom.place(at.settings.wecom.agentid)
        return await _menu(account.api, place, wanted, console, pushes=pushes)


async def _menu(api: Api, place: Place, wanted: Sequence[Button], console: Console, *, pushes: bool) -> int:
    found = problems(wanted, place, COMMANDS)
    for problem in found:
        console.print(f"✗ {problem}", style="red", markup=False, highlight=False, soft_wrap=True)
    if pushes and found:
        return 1
    if pushes:
        await push(api, place, wanted)
        console.print("✓ The menu is in force; phones show it within minutes.", style="green")
    shown = await in_force(api, place)
    both = Tree("menu")
    _grow(both.add("in force" if shown else "in force: none"), shown)
    _grow(both.add("wanted, and the same" if tuple(wanted) == shown else "wanted, after --push"), wanted)
    console.print(both)
    return 1 if found else 0


def _grow(tree: Tree, buttons: Sequence[Button]) -> None:
    for button in buttons:
        does = button.key or button.url
        _grow(tree.add(Text(f"{button.name} → {does}" if does else button.name)), button.below)
