"""`lianxin survey`: from a ready template to a survey in the database, and a readable report of what is wrong."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.cli import app
from bot.survey_templates import TEMPLATES
from tests.unit.surveys.sheets import workbook

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("bot.cli.console.width", 160)
    (tmp_path / "config.toml").write_text("[server]\nport = 0\n", "utf-8")
    return lambda *words: CliRunner().invoke(app, words)


def test_from_a_template_to_a_draft(run: Run, tmp_path: Path):
    assert run("survey", "template", "quiz", "quiz.xlsx").exit_code == 0
    checked = run("survey", "check", "quiz.xlsx")
    assert checked.exit_code == 0
    for told in ("《练一练》", "家里着火了，打哪个电话？", "单选", "多选", "可以问：共 5 题"):
        assert told in checked.stdout
    (tmp_path / "areas.csv").write_text("区划代码,名称\n610528,富平县\n610528001,城关街道\n", "utf-8")
    assert run("import", "areas", "areas.csv").exit_code == 0
    loaded = run("survey", "load", "quiz.xlsx", "--anonymous", "--area", "610528001")
    assert "问卷 1《练一练》已存好，匿名，还没有开始。" in loaded.stdout, loaded.output
    with sqlite3.connect(tmp_path / "var" / "lianxin.db") as stored:
        assert stored.execute("SELECT name, state, area, anonymous FROM survey").fetchall() == [
            ("quiz", "draft", "610528001", 1)
        ]
    assert "没有这个地方" in run("survey", "load", "quiz.xlsx", "--area", "999999").stdout


def test_what_is_wrong_is_told_by_sheet_and_row(run: Run, tmp_path: Path):
    rows = (
        ("type", "name", "label"),
        ("barcode", "a", "码？"),
        ("text", "q", "好？"),
        ("file", "b", "文件？"),
    )
    (tmp_path / "bad.xlsx").write_bytes(workbook(rows))
    for command in ("check", "load"):
        told = run("survey", command, "bad.xlsx")
        assert told.exit_code == 1
        assert "对话里不能扫码" in told.stdout
        assert "不收视频和文件" in told.stdout
        assert "✗ 共 2 处要改。" in told.stdout


def test_what_is_not_collected_is_told(run: Run, tmp_path: Path):
    rows = (("type", "name", "label"), ("deviceid", "device", ""), ("text", "q", "好？"))
    (tmp_path / "form.xlsx").write_bytes(workbook(rows))
    assert "不收集：device" in run("survey", "check", "form.xlsx").stdout


def test_a_template_never_overwrites(run: Run, tmp_path: Path):
    (tmp_path / "mine.xlsx").write_bytes(b"mine")
    told = run("survey", "template", "quiz", "mine.xlsx")
    assert told.exit_code == 1
    assert (tmp_path / "mine.xlsx").read_bytes() == b"mine"
    unknown = run("survey", "template", "horoscope", "x.xlsx")
    assert unknown.exit_code == 1
    assert all(name in unknown.stdout for name in TEMPLATES)


def test_a_survey_is_opened_moved_and_closed(run: Run, tmp_path: Path):
    assert run("survey", "template", "quiz", "quiz.xlsx").exit_code == 0
    (tmp_path / "areas.csv").write_text("区划代码,名称\n610528,富平县\n", "utf-8")
    assert run("import", "areas", "areas.csv").exit_code == 0
    assert run("survey", "load", "quiz.xlsx", "--anonymous", "--area", "610528").exit_code == 0
    assert "回“问卷1”就能答" in run("survey", "open", "1").stdout
    assert "2099-12-01 18:00 截止" in run("survey", "open", "1", "--until", "2099-12-01 18:00").stdout
    assert "截止时间要在以后" in run("survey", "open", "1", "--until", "2020-12-01 18:00").output
    assert "1号问卷结束了" in run("survey", "close", "1").stdout
    again = run("survey", "close", "1")
    assert again.exit_code == 1
    assert "没有开着" in again.output
    with sqlite3.connect(tmp_path / "var" / "lianxin.db") as stored:
        assert stored.execute("SELECT state FROM survey").fetchall() == [("released",)]
