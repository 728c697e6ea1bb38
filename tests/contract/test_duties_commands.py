"""`lianxin duties`: a file is checked as a whole, and loaded as what it changes."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.cli import app
from bot.county import data_file

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("bot.commands.console.width", 160)
    (tmp_path / "config.toml").write_text("[server]\nport = 0\n", "utf-8")
    return lambda *words: CliRunner().invoke(app, words)


def test_what_comes_with_lianxin_is_loaded_and_then_changed(run: Run, tmp_path: Path):
    assert "先运行 lianxin duties load" in run("duties", "list").stdout
    assert "帮一户困难群众" in run("duties", "check").stdout
    assert "先运行 lianxin duties load" in run("duties", "list").stdout  # checking changes nothing
    assert "新加：meeting、study" in run("duties", "load").stdout.replace("\n", "")
    assert "没有改动" in run("duties", "load").stdout
    changed = data_file("duties.toml").decode().replace("参加一次学习", "学习两次")
    cut = changed.partition('[[duty]]\nkey = "quiz"')[0]
    (tmp_path / "ours.toml").write_text(cut, "utf-8-sig")  # as Windows saves it
    said = run("duties", "load", "ours.toml").stdout
    assert "改了：study" in said
    assert "不再开：quiz" in said
    listed = run("duties", "list").stdout
    assert "学习两次" in listed
    assert "季考" not in listed


def test_the_file_of_the_settings_comes_first_and_comes_back(run: Run, tmp_path: Path):
    ours = data_file("duties.toml").decode().partition('[[duty]]\nkey = "household"')[0]
    (tmp_path / "ours.toml").write_text(ours, "utf-8")
    (tmp_path / "other.toml").write_text(ours.replace("参加一次学习", "学习两次"), "utf-8")
    (tmp_path / "config.toml").write_text('[duties]\nfile = "ours.toml"\n', "utf-8")
    said = run("duties", "load").stdout
    assert "新加：meeting、study\n" in said
    assert "下次启动" not in said
    said = run("duties", "load", "other.toml").stdout
    assert "改了：study" in said
    assert "下次启动会换回 ours.toml" in said


def test_what_is_wrong_is_told_and_nothing_is_loaded(run: Run, tmp_path: Path):
    (tmp_path / "bad.toml").write_text(
        '[[duty]]\nkey = "study"\nsystem = "三个一"\nname = "学习"\nrule = "每月"\nscore = 5\n', "utf-8"
    )
    for command in ("check", "load"):
        said = run("duties", command, "bad.toml")
        assert said.exit_code == 1
        for problem in (
            "第1项 study：没有 score 这个设置",
            "第1项 study：roles 要写",
            "第1项 study：rule 要像",
        ):
            assert problem in said.output
    (tmp_path / "gbk.toml").write_bytes("# 每月".encode("gb18030"))
    assert "UTF-8" in run("duties", "load", "gbk.toml").output
    with sqlite3.connect(tmp_path / "var" / "lianxin.db") as stored:
        assert stored.execute("SELECT count(*) FROM duty_template").fetchall() == [(0,)]
