"""`lianxin report`, from the command line to the files."""

import asyncio
import stat
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import Result
from openpyxl import load_workbook
from typer.testing import CliRunner

from bot.charts import chinese_font
from bot.cli import app
from bot.settings import load_settings
from bot.tools import Tools, with_tools
from services.desk import Desk
from services.tickets import filing, handling
from tests.contract.village import CHANNEL, COUNTY, TOWNSHIP, VILLAGE, settle, who
from tests.databases import in_thread

NOVEMBER = datetime(2026, 11, 3, 2, tzinfo=UTC)
HOSTILE = "=cmd|' /C calc'!A0"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.toml").write_text("", "utf-8")

    async def lives(at: Tools) -> int:
        def deed(tx: object) -> None:
            settle(tx, NOVEMBER - timedelta(days=1))
            for _ in range(6):
                request = filing.Request(HOSTILE, "饮水灌溉", None, VILLAGE, CHANNEL)
                filed = filing.file_ticket(Desk(tx, at.county, NOVEMBER), who(tx, "villager"), request)
            handling.accept(Desk(tx, at.county, NOVEMBER), filed.ticket.id, who(tx, "primary"))

        await at.database.run(deed)
        return 0

    in_thread(lambda: asyncio.run(with_tools(load_settings(tmp_path / "config.toml"), lives)))
    return lambda *words: CliRunner().invoke(app, ["report", *words])


@pytest.mark.parametrize(("area", "name"), [(TOWNSHIP, "城关街道"), (f"{COUNTY}000000", "富平县")])
def test_workbook_page_and_picture(run: Callable[..., Result], tmp_path: Path, area: str, name: str):
    out = tmp_path / "reports"
    done = run("--month", "2026-11", "--area", area, "--out", str(out))
    assert done.exit_code == 0, done.output
    stem = f"report-{area.removesuffix('000000')}-2026-11"
    expected = {f"{stem}.xlsx", f"{stem}.html"} | ({f"{stem}-1.png"} if chinese_font() else set())
    assert {path.name for path in out.iterdir()} == expected
    assert {stat.S_IMODE(path.stat().st_mode) for path in out.iterdir()} == {0o600}
    page = (out / f"{stem}.html").read_text("utf-8")
    assert f"{name}2026年11月月报" in page
    assert "饮水灌溉多6件" in page
    assert "<script" not in page
    assert "http" not in page
    book = load_workbook(out / f"{stem}.xlsx")
    assert ("群众报事", 6, 0) in list(book["数字"].iter_rows(values_only=True))
    words = [str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]
    assert not any(person in word for person in ("张建国", "王秀兰", "赵督办", "calc") for word in words)


@pytest.mark.parametrize(
    ("month", "area", "why"),
    [
        ("2026-13", TOWNSHIP, "月份应写成"),
        ("十月", TOWNSHIP, "月份应写成"),
        ("2026-11", VILLAGE, "只到镇和县"),
        ("2026-11", "1", "区划代码"),
        ("2026-11", "610528999", "没有区划代码"),
    ],
)
def test_what_has_no_report(run: Callable[..., Result], tmp_path: Path, month: str, area: str, why: str):
    out = tmp_path / "reports"
    done = run("--month", month, "--area", area, "--out", str(out))
    assert done.exit_code == 1
    assert why in done.output
    assert list(out.iterdir()) == []
