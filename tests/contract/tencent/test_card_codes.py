"""The WeChat codes of cards: asked for once, kept, and never more than the account can give."""

import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from bot import card_codes
from bot.card_codes import CardCodes, CodesError
from bot.directory_cli import cards_command
from bot.qr import qr_code
from bot.settings import parse_settings
from domain.county import County
from services.desk import Desk
from services.directory import issue_card
from storage.database import Database
from storage.directory import cards, scenes
from tests.contract.village import MONDAY, VILLAGE, Village
from tests.standins.wechat import WeChatServer

PATH = "/cgi-bin/qrcode/create"
HOUSES = ("1", "2", "3", "4", "5")


@pytest.fixture
async def wechat() -> AsyncIterator[WeChatServer]:
    async with WeChatServer() as server:
        yield server


@pytest.fixture
def screen() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
async def codes(
    wechat: WeChatServer, database: Database, screen: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[CardCodes]:
    monkeypatch.setattr(card_codes, "GAP", 0)
    async with card_codes.card_codes(_settings(wechat), database, Console(file=screen, width=200)) as made:
        assert made is not None
        yield made


@pytest.fixture
async def tokens(village: Village, database: Database, county: County) -> list[str]:
    """Cards of five houses."""
    return await database.run(
        lambda tx: [issue_card(Desk(tx, county, MONDAY), VILLAGE, house) for house in HOUSES]
    )


async def test_each_card_gets_a_code_of_its_own_and_only_once(
    codes: CardCodes, tokens: list[str], wechat: WeChatServer
) -> None:
    first = await codes.of(tokens)
    assert {code.scene: code.url for code in wechat.qrcodes.permanent} == first
    assert list(first) == tokens
    assert await codes.of(tokens) == first
    assert wechat.calls[PATH] == len(tokens)


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ({"errcode": 45009}, "今天向微信要码的次数用完了，请明天再运行一次。取到 2 个，还差 2 个"),
        ({"errcode": 45011}, "请过一分钟再运行一次。取到 2 个，还差 2 个"),
        ({"errcode": 45029}, "100000 个永久码都用完了"),
        ({"errcode": 48001}, "服务号认证以后才能要码"),
        ({"errcode": 61234}, "微信没有给码（refused with 61234）"),
        ({"drop": "after"}, "微信没有回答"),
        ({"garbage": True}, "微信没有回答"),
        ({"status": 502}, "微信没有给码（-1: the platform is busy）"),
    ],
)
async def test_what_was_fetched_is_kept_and_the_next_run_goes_on(
    codes: CardCodes, tokens: list[str], wechat: WeChatServer, fault: dict[str, Any], told: str
) -> None:
    await codes.of(tokens[:1])
    _let_the_third_go_wrong(wechat, fault)
    with pytest.raises(CodesError) as raised:
        await codes.of(tokens)
    assert told in str(raised.value)
    tries = wechat.calls[PATH]
    assert tries == 4
    assert list(await codes.of(tokens)) == tokens
    assert wechat.calls[PATH] == tries + 2
    assert len(wechat.qrcodes.permanent) == len(tokens)


async def test_codes_are_counted_those_of_revoked_cards_too(
    codes: CardCodes,
    tokens: list[str],
    database: Database,
    screen: io.StringIO,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(card_codes, "MOST", 4)
    monkeypatch.setattr(card_codes, "WARN_FROM", 3)
    await codes.of(tokens[:2])
    assert "永久码" not in screen.getvalue()
    await database.run(lambda tx: cards.revoke(tx, tokens[0][:8], MONDAY))
    await codes.of(tokens[2:3])
    assert "微信的永久码用到第 3 个了，一共只有 4 个" in screen.getvalue()
    with pytest.raises(CodesError, match="已经用了 3 个，这次还要 2 个，不够了"):
        await codes.of(tokens[3:])
    assert len(await codes.of(tokens[:3])) == 3


async def test_another_account_has_codes_of_its_own(
    codes: CardCodes, tokens: list[str], database: Database
) -> None:
    await codes.of(tokens)
    counts = await database.read(lambda tx: [scenes.count(tx, name) for name in (codes.appid, "wx-other")])
    assert counts == [len(tokens), 0]


async def test_the_card_shows_the_code_of_wechat_and_not_the_web_chat_beside_it(
    codes: CardCodes,
    village: Village,
    wechat: WeChatServer,
    county: County,
    database: Database,
    tmp_path: Path,
) -> None:
    for _ in range(2):
        done = await cards_command(
            VILLAGE,
            tmp_path,
            database,
            county,
            MONDAY,
            Console(file=io.StringIO()),
            public_url="https://lianxin.example",
            wechat=codes,
        )
        assert done == 0
    [code] = wechat.qrcodes.permanent
    [html] = _sheets(tmp_path)
    assert str(qr_code(code.url)) in html
    assert html.count("<figure>") == html.count("微信扫一扫") == 1
    assert wechat.calls[PATH] == 1


async def test_no_sheet_with_half_of_the_codes(
    codes: CardCodes,
    village: Village,
    wechat: WeChatServer,
    county: County,
    database: Database,
    tmp_path: Path,
) -> None:
    wechat.fail_next(PATH, errcode=45009)
    screen = io.StringIO()
    done = await cards_command(
        VILLAGE, tmp_path, database, county, MONDAY, Console(file=screen, width=200), wechat=codes
    )
    assert done == 1
    assert "✗ 今天向微信要码的次数用完了" in screen.getvalue()
    assert _sheets(tmp_path) == []


async def test_without_an_account_there_are_no_codes(database: Database) -> None:
    async with card_codes.card_codes(parse_settings({}), database, Console(file=io.StringIO())) as made:
        assert made is None


def _sheets(folder: Path) -> list[str]:
    return [sheet.read_text("utf-8") for sheet in folder.glob("*.html")]


def _let_the_third_go_wrong(server: WeChatServer, fault: dict[str, Any]) -> None:
    for _ in range(2):
        server.fail_next(PATH, delay=0.001)
    server.fail_next(PATH, **fault)


def _settings(server: WeChatServer) -> Any:
    known = {"mode": "plain", "appid": server.appid, "secret": server.secret, "token": server.token}
    return parse_settings({"wechat": known | {"api_base": server.address}})
