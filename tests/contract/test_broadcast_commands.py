"""`lianxin survey preview`, `send`, `watch` and the others, as an operator types them."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import Result
from typer.testing import CliRunner

from bot.cli import app
from storage import schema
from tests.contract.village import VILLAGE, settle
from tests.databases import migrated, new_sqlite, on_connection, second_look

Run = Callable[..., Result]
SETTINGS = '[server]\nport = 0\n[database]\nurl = "{}"\n[webchat]\nenabled = true\n'


@pytest.fixture
def url(tmp_path: Path) -> str:
    return migrated(new_sqlite(tmp_path))


@pytest.fixture
def run(tmp_path: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`run("send", "12")` in the village, whose people are on the web, with a survey that is open."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("bot.broadcast_commands.console._width", 100)
    now = datetime.now(UTC)

    def prepare(tx: sa.Connection) -> None:
        settle(tx, now)
        tx.execute(sa.update(schema.account).values(channel="web"))
        facts = {"name": "q4", "title": "四季度开门纳谏", "form": {}, "sheet": b"", "anonymous": False}
        values = {"id": 12, "state": "open", "area": VILLAGE, "created_at": now}
        tx.execute(sa.insert(schema.survey), facts | values)

    on_connection(url, prepare)
    (tmp_path / "config.toml").write_text(SETTINGS.format(url), "utf-8")

    def run_one(*words: str, code: int = 0) -> str:
        result = CliRunner().invoke(app, ["survey", *words])
        assert result.exit_code == code, result.output
        return result.output

    return run_one


def test_a_preview_says_who_how_and_until_when(run: Run):
    told = run("preview", "--role", "cadre", "--role", "villager", "--at", "2026-11-02 21:00")
    assert "能送到 5 人" in told
    assert "预计 11-03 08:00 发完" in told
    assert "没有账号 0 人" in told
    assert "网页" in told


def test_from_sending_to_cancelling(run: Run, url: str):
    assert "1号群发：2 人" in run("send", "12", "--area", VILLAGE, "--at", "2099-01-01 09:00")
    told = run("watch", "12", "--once")
    assert "01-01 09:00 起发" in told
    assert "还有 2 人没发" in told
    assert "暂停" in run("pause", "12")
    assert "在发" in run("resume", "12")
    assert "已取消" in run("cancel", "12")
    assert "已经取消" in run("resume", "12", code=1)
    assert "已取消" in run("watch", "12")
    assert second_look(url, "SELECT state, count(*) FROM broadcast_recipient GROUP BY state") == [
        ("waiting", 2)
    ]


def test_a_list_is_a_tag(run: Run, tmp_path: Path):
    (tmp_path / "list.txt").write_text("\ufeff00000000106\n\n00000000999\n", "utf-8")
    assert "现有 1 人（名单里 2 个号码）" in run("tag", "代表", "list.txt")
    assert "1号群发：1 人" in run("send", "12", "--tag", "代表")


def test_a_rehearsal_goes_to_oneself_only(run: Run, url: str):
    run("rehearse", "12", "--phone", "00000000104")
    assert second_look(url, "SELECT person, text FROM outbox") == [
        (4, "【试发】请您答一份问卷：四季度开门纳谏。\n不想收这类消息，回“退订”。")
    ]
    assert "没有这个电话" in run("rehearse", "12", "--phone", "00000000999", code=1)


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("send", "13"), 1, "没有13号问卷"),
        (("watch", "12"), 1, "还没有发过"),
        (("remind", "12"), 1, "还没有发过"),
        (("send", "12", "--at", "tomorrow"), 1, "时间要写成"),
        (("send", "12", "--text", "长" * 600), 1, "话太长了"),
        (("send", "12", "--area", "12345"), 2, "区划代码"),
        (("send", "12", "--role", "mayor"), 2, "mayor"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_line(run: Run, words: tuple[str, ...], code: int, told: str):
    assert told in run(*words, code=code)
