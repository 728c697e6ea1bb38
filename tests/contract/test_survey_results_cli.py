"""`lianxin survey list|results|codes|tell`, from the command line to the files."""

import asyncio
import stat
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import TypeVar

import pytest
from click.testing import Result
from openpyxl import load_workbook
from typer.testing import CliRunner

from bot.charts import chinese_font
from bot.cli import app
from bot.settings import load_settings
from bot.tools import Tools, with_tools
from domain.surveys.codes import NOT_A_VOTE, code_in
from storage.database import Tx
from storage.directory import areas
from tests.contract.services.surveys import keep_answers, keep_survey, keep_towns
from tests.contract.village import AREAS
from tests.databases import in_thread

Run = Callable[..., Result]
T = TypeVar("T")
HOSTILE = "<script>alert(1)</script>&\x07问卷"
SETTINGS = '[server]\npublic_url = "https://county.example"\n'


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`run("survey", "list")` in a folder of its own, in a county with an anonymous and a named survey."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.toml").write_text(SETTINGS, "utf-8")
    deed(tmp_path, settle)
    return lambda *words: CliRunner().invoke(app, ["survey", *words])


def deed(folder: Path, work: Callable[[Tx], T]) -> None:
    async def at(tools: Tools) -> int:
        await tools.database.run(work)
        return 0

    in_thread(lambda: asyncio.run(with_tools(load_settings(folder / "config.toml"), at)))


def settle(tx: Tx) -> None:
    areas.add(tx, AREAS[:1])
    keep_towns(tx)
    for anonymous in (True, False):
        survey = keep_survey(tx, anonymous=anonymous, state="released", title=HOSTILE)
        keep_answers(tx, survey, anonymous=anonymous)
    keep_survey(tx, anonymous=True, state="open", title="推荐意见")


class Page(HTMLParser):
    """What a browser would run or fetch of a page, and its words."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.words = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.fetched += [value or "" for name, value in attrs if name in ("src", "href", "onload", "onerror")]
        self.fetched += [tag] if tag in ("script", "link", "iframe", "object", "img") else []

    def handle_data(self, data: str) -> None:
        self.words += data


def test_everything_of_an_anonymous_survey(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "results"
    done = run("results", "1", "--out", str(out))
    assert done.exit_code == 0, done.output
    written = {path.name for path in out.iterdir()}
    assert written >= {"survey-1.html", "survey-1.xlsx", "survey-1.csv", "survey-1-open.csv"}
    if chinese_font():
        assert {f"survey-1-{number:02}.png" for number in range(1, 10)} <= written
    assert {stat.S_IMODE(path.stat().st_mode) for path in out.iterdir()} == {0o600}


def test_the_report_is_one_page_that_fetches_and_runs_nothing(run: Run, tmp_path: Path) -> None:
    run("results", "1", "--out", str(tmp_path))
    page = Page((tmp_path / "survey-1.html").read_text("utf-8"))
    assert page.fetched == []
    assert "<script>alert(1)</script>" in page.words
    for told in (
        "77",
        "182",
        "42%",
        "未单列的合计",
        "张桥镇：按总的答复率应有约38份",
        "人说得相近",
        "路灯坏了",
    ):
        assert told in page.words
    for hidden in ("美原镇", "流曲镇", NOT_A_VOTE):
        assert hidden not in page.words


def test_without_a_font_all_but_the_charts(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.charts.charts.chinese_font", lambda: None)
    done = run("results", "2", "--out", str(tmp_path / "results"))
    assert done.exit_code == 0
    assert "fonts-noto-cjk" in done.output
    assert {path.name for path in (tmp_path / "results").iterdir()} == {
        "survey-2.html",
        "survey-2.xlsx",
        "survey-2.csv",
    }


@pytest.mark.parametrize(("survey", "why"), [("3", "要等截止、打乱以后"), ("99", "没有99号问卷")])
def test_what_may_not_be_read(run: Run, tmp_path: Path, survey: str, why: str) -> None:
    done = run("results", survey, "--out", str(tmp_path / "results"))
    assert done.exit_code == 1
    assert why in done.output
    assert list((tmp_path / "results").iterdir()) == []


def test_the_list(run: Run) -> None:
    done = run("list")
    assert done.exit_code == 0
    for told in ("推荐意见", "不记名", "进行中", "可看结果"):
        assert told in done.output


def test_codes_as_a_workbook(run: Run, tmp_path: Path) -> None:
    done = run("codes", "3", "--count", "7", "--out", str(tmp_path / "codes.xlsx"))
    assert done.exit_code == 0, done.output
    rows = list(load_workbook(tmp_path / "codes.xlsx").active.values)[1:]
    codes = [code_in(row[0]) for row in rows]
    assert len(set(codes)) == 7
    assert all(code_in(row[1].rpartition("=")[2]) == code for row, code in zip(rows, codes, strict=True))
    assert all(NOT_A_VOTE in row[2] for row in rows)
    assert stat.S_IMODE((tmp_path / "codes.xlsx").stat().st_mode) == 0o600


def test_codes_as_slips(run: Run, tmp_path: Path) -> None:
    done = run("codes", "3", "--count", "23", "--sheet", "--out", str(tmp_path / "codes.html"))
    assert done.exit_code == 0, done.output
    page = Page((tmp_path / "codes.html").read_text("utf-8"))
    assert page.words.count(NOT_A_VOTE) == 23
    assert (tmp_path / "codes.html").read_text("utf-8").count("<svg") == 23
    run("codes", "3", "--count", "1", "--out", str(tmp_path / "more.xlsx"))


def test_no_codes_that_could_not_be_written_down(run: Run, tmp_path: Path) -> None:
    assert run("codes", "3", "--count", "5", "--out", str(tmp_path / "none" / "codes.xlsx")).exit_code == 1
    assert "一共2个" in run("codes", "3", "--count", "2", "--out", str(tmp_path / "codes.xlsx")).output


def test_telling_those_who_answered(run: Run) -> None:
    done = run("tell", "2", "--said", "路灯坏了", "--did", "换好了")
    assert done.exit_code == 0, done.output
    assert "答过的77人" in done.output
    assert "已经告诉过" in run("tell", "2", "--said", "路灯坏了", "--did", "换好了").output
