"""What an operator can mend is told in a line, not as a traceback."""

import fcntl
import socket
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import Result
from openpyxl import load_workbook
from typer.testing import CliRunner

from bot.cli import app
from domain.delivery import Lane
from domain.talk import Reply
from storage import schema
from storage.delivery import outbox as delivery
from storage.directory import people
from storage.sqlite import sqlite_engine

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`run("serve", settings="…")` in a folder of its own."""
    monkeypatch.chdir(tmp_path)

    def run_one(*words: str, settings: str = "") -> Result:
        (tmp_path / "config.toml").write_text("[server]\nport = 0\n" + settings, "utf-8")
        return CliRunner().invoke(app, words)

    return run_one


NO_DATABASE = '[database]\nurl = "postgresql+asyncpg://lianxin:hunter2@127.0.0.1:1/lianxin"'


@pytest.mark.parametrize(
    "words", [("serve",), ("migrate",), ("outbox",), ("cards", "--area", "610528", "--out", "cards")]
)
def test_a_database_that_cannot_be_reached(run: Run, words: tuple[str, ...]) -> None:
    _told(run(*words, settings=NO_DATABASE), "PostgreSQL at 127.0.0.1:1 cannot be reached")


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ('[triage]\nlexicon = "none.toml"', "none.toml: No such file or directory"),
        ('[hours]\nholidays = "config.toml"', "hours.holidays, line 1"),
        ('[telegram]\nmode = "webhook"\nwebhook_secret = "é"', "webhook_secret needs"),
        ('[database]\nurl = "mysql://lianxin:hunter2@localhost/x"', "database.url must begin with"),
        ('host = "300.1.2.3"', "is its name right (server.host, database.url)?"),
        ("[servre]\nport = 1", "servre: there is no such setting"),
    ],
)
def test_settings_that_cannot_be_served(run: Run, settings: str, told: str) -> None:
    _told(run("serve", settings=settings), told)


@pytest.mark.parametrize("left", ["rust", "", "abcd"])
def test_a_damaged_key(run: Run, tmp_path: Path, left: str) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "card.key").write_text(left)
    _told(run("serve"), "card.key is damaged")


def test_a_port_that_is_taken(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        _told(run("demo", "--port", port, "--data-dir", "demo"), "another program has this port")


def test_a_second_demo_leaves_the_first_one_alone(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    folder.mkdir()
    (folder / "lianxin.db").write_text("the first one's")
    with (folder / "serving.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _told(run("demo", "--port", "0", "--data-dir", "demo"), "another lianxin serves demo")
    assert (folder / "lianxin.db").read_text() == "the first one's"


def test_no_outbox_before_there_are_tables(run: Run, tmp_path: Path) -> None:
    _told(run("outbox"), "run lianxin migrate")
    assert not (tmp_path / "var" / "lianxin.db").exists()
    assert run("migrate").exit_code == 0
    shown = run("outbox")
    assert shown.exit_code == 0
    assert "Everything has arrived" in shown.stdout


def test_the_outbox_says_what_is_stuck_and_what_comes_of_it(run: Run, tmp_path: Path) -> None:
    run("migrate")
    now = datetime.now(UTC) - timedelta(hours=1)
    with sqlite_engine(f"sqlite:///{tmp_path / 'var' / 'lianxin.db'}").begin() as tx:
        her = people.add(tx, now, name="王秀兰", phone="00000000001")
        states = ("held", "blocked", "failed", "uncertain", "queued")
        for row, state in zip(
            delivery.add(
                tx, [Reply(state) for state in states], person=her, account=None, channel="", lane=Lane.NOTICE,
                now=now, due_at=now,
            ),
            states,
            strict=True,
        ):  # fmt: skip
            tx.execute(
                sa.update(schema.outbox).where(schema.outbox.c.id == row).values(state=state, reason="")
            )
    shown = " ".join(run("outbox", "--limit", "9").stdout.split())
    for told in ("has linked an account", "has blocked", "ring the person", "may have arrived", "on its way"):
        assert told in shown
    assert "王秀兰" not in shown
    assert "4 older ones" in run("outbox", "--limit", "1").stdout


def test_the_doctor_ends_with_1_only_for_what_is_bad(run: Run) -> None:
    assert run("doctor").exit_code == 0
    told = run("doctor", settings='[telegram]\nmode = "polling"\ntoken = "[bold]hunter2"')
    assert told.exit_code == 1
    assert "✗ telegram.token does not look like a token" in told.stdout
    assert "hunter2" not in told.output


def test_no_menu_of_a_messenger_that_is_off(run: Run) -> None:
    _told(run("wechat", "menu", "--push"), "wechat.mode is off")
    _told(run("wecom", "menu"), "wecom.enabled is false")


def _told(result: Result, words: str) -> None:
    assert result.exit_code == 1, result.output
    assert words in result.stderr
    assert "Traceback" not in result.output
    assert "hunter2" not in result.output


def test_the_register_of_suggestions_is_a_file_of_ones_own(run: Run, tmp_path: Path) -> None:
    result = run("suggestions", "export", "register.xlsx")
    assert result.exit_code == 0, result.output
    assert "0 条意见" in result.output
    assert (tmp_path / "register.xlsx").stat().st_mode & 0o777 == 0o600
    assert load_workbook(tmp_path / "register.xlsx").sheetnames == ["意见台账"]
