"""The menu of the account and of the app: checked before it is pushed, pushed as written, shown beside what is."""

import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from bot.channels.http import CallError
from bot.channels.tencent.menu import Button, problems
from bot.channels.wechat.menu import DEFAULT, PLACE
from bot.channels.wecom.menu import DEFAULT as FOR_WORKERS
from bot.channels.wecom.menu import place
from bot.faults import in_plain_words
from bot.menu_cli import wechat_menu, wecom_menu
from bot.settings import SettingsError, parse_settings
from bot.tools import Tools
from domain.county import County
from handlers.commands import COMMANDS
from storage.database import Database, open_database
from tests.databases import new_sqlite
from tests.standins.wechat import WeChatServer
from tests.standins.wecom import WeComServer

FILE = Button("报事", "m:file")
PAGE = Button("网站", url="https://www.example.cn/")


@pytest.fixture
async def database(tmp_path: Path, sqlite_template: str) -> AsyncIterator[Database]:
    opened = open_database(new_sqlite(tmp_path, sqlite_template))
    yield opened
    await opened.close()


@pytest.fixture
async def wechat() -> AsyncIterator[WeChatServer]:
    async with WeChatServer() as server:
        yield server


@pytest.fixture
async def wecom() -> AsyncIterator[WeComServer]:
    async with WeComServer() as server:
        yield server


class Operator:
    """Types the two commands."""

    def __init__(self, database: Database, county: County) -> None:
        self._database, self._county = database, county
        self.told = ""

    async def on_wechat(self, server: WeChatServer, *, push: bool, **settings: Any) -> int:
        known = {"mode": "plain", "appid": server.appid, "secret": server.secret, "token": server.token}
        at = self._tools(wechat=known | {"api_base": server.address} | settings)
        return await self._types(wechat_menu, at, push=push)

    async def on_wecom(self, server: WeComServer, *, push: bool, **settings: Any) -> int:
        known = {"corpid": server.corpid, "agentid": server.agentid, "secret": server.secret}
        known |= {"enabled": True, "token": server.token, "aes_key": server.aes_key}
        at = self._tools(wecom=known | {"api_base": server.address} | settings)
        return await self._types(wecom_menu, at, push=push)

    async def _types(self, command: Any, at: Tools, *, push: bool) -> int:
        screen = io.StringIO()
        code = await command(at, Console(file=screen, width=200), pushes=push)
        self.told = screen.getvalue()
        return code

    def _tools(self, **sections: Any) -> Tools:
        return Tools(parse_settings(sections), self._county, self._database)


@pytest.fixture
def operator(database: Database, county: County) -> Operator:
    return Operator(database, county)


@pytest.mark.parametrize(
    ("buttons", "told"),
    [
        ((), "the menu has 0 buttons"),
        ((FILE,) * 4, "the menu has 4 buttons"),
        ((Button("更多", below=(FILE,) * 6),), "更多: 6 buttons are below it"),
        ((Button("更多", below=(Button("还有", below=(FILE,)),)),), "还有: nothing can be below"),
        ((Button("我要报一件事", "m:file"),), "我要报一件事: its name has 18 bytes"),
        (
            (Button("更多", below=(Button("字" * 21, "m:file"),)),),
            "its name has 63 bytes; it can have 1 to 60",
        ),
        ((Button("", "m:file"),), "a button: its name has 0 bytes"),
        ((Button("报事"),), "报事: give it a key, or a url, or buttons below it"),
        ((Button("报事", "m:file", "https://a.example/"),), "报事: give it a key, or a url, or buttons"),
        ((Button("报事", "m:fly"),), "报事: nobody knows the key m:fly; known are m:menu, m:mine"),
        ((Button("报事", "m:" + "x" * 127),), "报事: its key has more than 128 bytes"),
        ((Button("网站", url="www.example.cn"),), "网站: its url does not begin with https://"),
        ((Button("网站", url="https://a.example/" + "x" * 1024),), "网站: its url has more than 1024 bytes"),
    ],
)
def test_a_menu_that_cannot_be_is_told_why(buttons: tuple[Button, ...], told: str) -> None:
    [problem] = problems(buttons, PLACE, COMMANDS)
    assert told in problem


def test_what_comes_without_being_set_up_can_be() -> None:
    assert problems(DEFAULT, PLACE, COMMANDS) == []
    assert problems(FOR_WORKERS, place(1), COMMANDS) == []
    assert problems((FILE, PAGE, Button("更多", below=(FILE, PAGE))), PLACE, COMMANDS) == []


async def test_without_a_menu_in_the_settings_there_is_one(wechat: WeChatServer, operator: Operator) -> None:
    assert await operator.on_wechat(wechat, push=False) == 0
    assert "in force: none" in operator.told
    assert "报事 → m:file" in operator.told
    assert wechat.questions.menu == []
    assert await operator.on_wechat(wechat, push=True) == 0
    assert "wanted, and the same" in operator.told
    assert [(one["type"], one["key"]) for one in wechat.questions.menu] == [
        ("click", "m:file"),
        ("click", "m:mine"),
        ("click", "m:person"),
    ]


async def test_a_menu_of_ones_own_with_buttons_below(wechat: WeChatServer, operator: Operator) -> None:
    below = [{"name": "我的事", "key": "m:mine"}, {"name": "网站", "url": "https://www.example.cn/"}]
    menu = [{"name": "报事", "key": "m:file"}, {"name": "更多", "below": below}]
    assert await operator.on_wechat(wechat, push=True, menu=menu) == 0
    assert "wanted, and the same" in operator.told
    [_, more] = wechat.questions.menu
    assert [one["type"] for one in more["sub_button"]] == ["click", "view"]
    assert await operator.on_wechat(wechat, push=False) == 0
    assert "wanted, after --push" in operator.told


async def test_a_menu_with_a_fault_is_not_pushed(wechat: WeChatServer, operator: Operator) -> None:
    assert await operator.on_wechat(wechat, push=True, menu=[{"name": "报事", "key": "m:fly"}]) == 1
    assert "nobody knows the key m:fly" in operator.told
    assert not wechat.calls["/cgi-bin/menu/create"]


async def test_a_menu_made_by_hand_is_shown_as_it_is(wechat: WeChatServer, operator: Operator) -> None:
    wechat.questions.menu = [{"name": "老菜单", "type": "text", "value": "你好"}]
    assert await operator.on_wechat(wechat, push=False) == 0
    assert "老菜单 → (text)" in operator.told


async def test_the_app_has_a_menu_for_those_who_work(wecom: WeComServer, operator: Operator) -> None:
    assert await operator.on_wecom(wecom, push=False) == 0
    assert "in force: none" in operator.told
    assert await operator.on_wecom(wecom, push=True) == 0
    assert "wanted, and the same" in operator.told
    assert [one["key"] for one in wecom.menu] == ["m:tasks", "m:behalf", "m:leave-of-absence"]


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ({"errcode": 48001}, "48001: the account has no permission for this"),
        ({"errcode": 45009}, "45009: the day's calls of this kind are used up"),
        ({"errcode": 61234}, "refused with 61234"),
        ({"drop": "before", "times": 3}, "the messenger gave no answer"),
    ],
)
async def test_a_refusal_is_told_in_plain_words(
    wechat: WeChatServer, operator: Operator, fault: dict[str, Any], told: str
) -> None:
    wechat.fail_next("menu/create", **fault)
    with pytest.raises(CallError) as raised:
        await operator.on_wechat(wechat, push=True)
    assert told in (in_plain_words(raised.value) or "")


async def test_an_account_that_is_off_has_no_menu(wechat: WeChatServer, operator: Operator) -> None:
    with pytest.raises(SettingsError, match=r"wechat\.mode is off"):
        await operator.on_wechat(wechat, push=True, mode="off")
    with pytest.raises(SettingsError, match="appid is empty"):
        await operator.on_wechat(wechat, push=True, appid="")
