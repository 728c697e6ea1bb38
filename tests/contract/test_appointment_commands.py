"""`lianxin appointments`, as an operator types it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from tests.contract.village import settle
from tests.databases import migrated, new_sqlite, on_connection, second_look

Run = Callable[..., str]
SUPERVISOR = "00000000103"
DAY = (datetime.now(UTC) + timedelta(days=10)).date().isoformat()


@pytest.fixture
def url(tmp_path: Path) -> str:
    return migrated(new_sqlite(tmp_path))


@pytest.fixture
def run(tmp_path: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("bot.appointment_commands.console._width", 100)
    on_connection(url, lambda tx: settle(tx, datetime.now(UTC)))
    (tmp_path / "config.toml").write_text(f'[server]\nport = 0\n[database]\nurl = "{url}"\n', "utf-8")

    def run_one(*words: str, code: int = 0) -> str:
        result = CliRunner().invoke(app, ["appointments", *words])
        assert result.exit_code == code, result.output
        return result.output

    return run_one


def opening(**changes: str) -> list[str]:
    said = {
        "leader": SUPERVISOR,
        "level": "副部长",
        "day": DAY,
        "hours": "9:00-11:00",
        "place": "县委305",
    } | changes
    return ["open", *(word for name, value in said.items() for word in (f"--{name}", value))]


def test_times_are_opened_and_listed(run: Run, url: str):
    assert "放了 4 个时间。" in run(*opening())
    assert "放了 0 个时间，4 个与他别的约谈重了" in run(*opening())
    assert second_look(url, "SELECT count(*), min(place) FROM slot") == [(4, "县委305")]
    told = run("list")
    assert "副部长赵督办" in told
    assert told.count("空着") == 4


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"leader": "00000000199"}, "花名册里没有"),
        ({"level": "科长"}, "没有“科长”这一级"),
        ({"day": "明天"}, "日子要写成"),
        ({"day": "2026-01-01"}, "明天以后"),
        ({"hours": "上午"}, "时间要写成"),
        ({"hours": "9:00-9:10"}, "不够谈一次"),
        ({"area": "610528999"}, "没有这个区划代码"),
    ],
)
def test_what_does_not_fit_is_said(run: Run, url: str, wrong: dict[str, str], said: str):
    assert said in run(*opening(**wrong), code=1)
    assert second_look(url, "SELECT count(*) FROM slot") == [(0,)]
