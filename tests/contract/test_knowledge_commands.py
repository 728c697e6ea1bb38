"""`lianxin knowledge` and `lianxin quiz`: from a template to what is answered, and a readable report of faults."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.cli import app

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("bot.cli.console.width", 160)
    (tmp_path / "config.toml").write_text("[server]\nport = 0\n", "utf-8")
    return lambda *words: CliRunner().invoke(app, words)


def _stored(folder: Path, query: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(folder / "var" / "lianxin.db") as stored:
        return stored.execute(query).fetchall()


@pytest.mark.parametrize("file", ["bank.md", "bank.xlsx"])
def test_from_a_template_to_a_bank_and_back(run: Run, tmp_path: Path, file: str):
    assert run("knowledge", "template", file).exit_code == 0
    assert run("knowledge", "template", file).exit_code == 1  # what is there is left alone
    checked = run("knowledge", "check", file)
    assert "21 条，都可以用" in checked.stdout, checked.output
    assert "题库换好了，21 条" in run("knowledge", "load", file).stdout
    listed = run("knowledge", "list").stdout
    assert "政策问答：21 条" in listed
    assert "低保怎么申请？" in listed
    assert run("knowledge", "export", "out.xlsx").exit_code == 0
    assert "21 条，都可以用" in run("knowledge", "check", "out.xlsx").stdout
    assert "不记是谁问的" in run("knowledge", "unanswered").stdout


def test_a_bank_with_a_fault_changes_nothing(run: Run, tmp_path: Path):
    run("knowledge", "template", "bank.md")
    run("knowledge", "load", "bank.md")
    (tmp_path / "bad.md").write_text("## 低保怎么申请？\n- 日期：昨天\n\n向镇政府申请。\n", "utf-8")
    told = run("knowledge", "load", "bad.md")
    assert told.exit_code == 1
    assert "共 2 处要改，什么都没有写入" in told.stdout
    assert _stored(tmp_path, "SELECT count(*) FROM knowledge_entry") == [(21,)]


def test_quiz_questions(run: Run, tmp_path: Path):
    assert run("quiz", "template", "quiz.xlsx").exit_code == 0
    assert "14 题，都可以用" in run("quiz", "check", "quiz.xlsx").stdout
    assert "练习题换好了，14 题" in run("quiz", "load", "quiz.xlsx").stdout
    assert "家里着火了，先打哪个电话？" in run("quiz", "list").stdout
    (tmp_path / "bad.csv").write_text("主题,题目,A,B,正确答案\n安全,着火打哪个？,119,119,C\n", "utf-8")
    told = run("quiz", "load", "bad.csv")
    assert told.exit_code == 1
    assert "共 2 处要改" in told.stdout
    assert _stored(tmp_path, "SELECT count(*) FROM quiz_question WHERE asked") == [(14,)]
