"""`lianxin rectification` and `lianxin pairs`: in and out as spreadsheets, one item as a page, one step for a hand-over."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from openpyxl import load_workbook
from typer.testing import CliRunner

from bot.cli import app

Run = Callable[..., Result]

AREAS = "区划代码,名称\n610528,富平县\n610528001,城关街道\n610528001200,窦村村委会\n"
ROSTER = """姓名,电话,角色,负责区域
张建国,00000000101,网格员,610528001200
冯书记,00000000102,领导,610528001
周农艺,00000000103,专家,610528
孙园艺,00000000104,农技专家,610528001
王秀兰,00000000105,群众,610528001200
"""
LIST = """问题,整改措施,责任人,责任领导,整改时限,本月进展,困难,下月打算,销号
=1+1,<b>每月</b>开一次,张建国,冯书记,2026-12-31,开了一次,人不齐,接着开,
"""
PAIRS = """结对,联系人电话,对象电话,季节
种植户,00000000103,00000000105,3-5月
困难户,00000000102,00000000105,
人才,00000000102,00000000103,
"""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A county with areas and a roster; `run("pairs", "export", …)` there."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("bot.cli.console.width", 160)
    (tmp_path / "config.toml").write_text('[server]\nport = 0\n[county]\ncode = "610528"\n', "utf-8")

    def run_one(*words: str) -> Result:
        return CliRunner().invoke(app, words)

    for name, content in (("areas", AREAS), ("roster", ROSTER), ("rectification", LIST), ("pairs", PAIRS)):
        (tmp_path / f"{name}.csv").write_text(content, "utf-8")
        assert run_one("import", name, f"{name}.csv").exit_code == 0
    return run_one


def _rows(path: Path) -> list[tuple[object, ...]]:
    return list(load_workbook(path).worksheets[0].iter_rows(values_only=True))


def test_the_list_goes_out_in_the_columns_of_the_monthly_report_and_comes_in_again(run: Run, tmp_path: Path):
    told = run("rectification", "export", "list.xlsx")
    assert "1 件整改已写到 list.xlsx" in told.stdout, told.output
    assert (tmp_path / "list.xlsx").stat().st_mode & 0o077 == 0
    head, row = _rows(tmp_path / "list.xlsx")
    assert head[3:] == tuple(LIST.splitlines()[0].split(","))
    assert row[3:8] == ("=1+1", "<b>每月</b>开一次", "张建国", "冯书记", "2026年12月31日")
    assert row[8:] == ("开了一次", "人不齐", "接着开", "整改中")
    cell = load_workbook(tmp_path / "list.xlsx").worksheets[0]["D2"]
    assert (cell.data_type, cell.quotePrefix) == ("s", True)
    assert "新增 0，改动 0，不变 1" in run("import", "rectification", "list.xlsx").stdout
    assert run("rectification", "export", "bad.xlsx", "--month", "11月").exit_code == 1
    assert not (tmp_path / "bad.xlsx").exists()
    run("rectification", "export", "before.xlsx", "--month", "2026-01")
    assert _rows(tmp_path / "before.xlsx")[1][8] is None


def test_one_items_history_is_a_page_to_print(run: Run, tmp_path: Path):
    assert "1号的经过已写到" in run("rectification", "page", "1", "one.html").stdout
    page = (tmp_path / "one.html").read_text("utf-8")
    for told in (
        "=1+1",
        "&lt;b&gt;每月&lt;/b&gt;开一次",
        "张建国",
        "冯书记",
        "人不齐",
        "登记：",
        "说了进展：",
    ):
        assert told in page
    assert "<script" not in page
    missing = run("rectification", "page", "9", "nine.html")
    assert (missing.exit_code, (tmp_path / "nine.html").exists()) == (1, False)


def test_an_office_gets_its_own_pairs_and_no_others(run: Run, tmp_path: Path):
    assert "3 对结对已写到" in run("pairs", "export", "county.xlsx").stdout
    assert "0 对结对已写到" in run("pairs", "export", "town.xlsx", "--office", "610528001").stdout
    assert _rows(tmp_path / "county.xlsx")[1][:6] == (
        "种植户", "周农艺", "00000000103", "王秀兰", "00000000105", "3–5月",
    )  # fmt: skip
    assert "新增 0，改动 0，不变 3" in run("import", "pairs", "county.xlsx").stdout


def test_all_pairs_of_one_go_to_another(run: Run, tmp_path: Path):
    told = run("pairs", "handover", "--from", "00000000103", "--to", "00000000104")
    assert "1 对结对现在由 孙园艺 负责" in told.stdout, told.output
    unknown = run("pairs", "handover", "--from", "00000000103", "--to", "00000000199")
    assert unknown.exit_code == 1
    run("pairs", "export", "after.xlsx")
    assert {row[1] for row in _rows(tmp_path / "after.xlsx")[1:]} == {"孙园艺", "冯书记"}
