"""What the operator sees of an import and of printing."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from bot.directory_cli import cards_command, import_command
from storage.database import open_database
from tests.databases import new_sqlite
from tests.desks import COUNTY, NOW
from tests.unit.roster.sheets import AREAS

HEADER = "姓名,电话,角色,负责区域,主副\n"
WANG = "王五,13800000001,网格员,610528101200;610528101201,\n"


@pytest.fixture
async def run(tmp_path: Path, sqlite_template: str):
    database = open_database(new_sqlite(tmp_path, sqlite_template))
    said = io.StringIO()
    console = Console(file=said, width=200)

    async def importing(kind: str, text: str, **options) -> tuple[int, str]:
        said.truncate(said.seek(0))
        code = await import_command(
            kind, text.encode(), "名册.csv", database, COUNTY, NOW, console, **options
        )
        return code, said.getvalue()

    async def printing(area: str, out: Path, **options) -> tuple[int, str]:
        said.truncate(said.seek(0))
        return await cards_command(area, out, database, COUNTY, NOW, console, **options), said.getvalue()

    importing.cards = printing
    assert (await importing("areas", AREAS))[0] == 0
    yield importing
    await database.close()


async def test_import_tells_counts_and_codes(run):
    code, said = await run("roster", HEADER + WANG)
    assert code == 0
    for words in ("1 行，已写入：新增 1，改动 0，不变 0", "邀请码", "王五"):
        assert words in said


async def test_codes_can_go_to_a_file_of_ones_own(run, tmp_path: Path):
    codes = tmp_path / "codes.csv"
    _, said = await run("roster", HEADER + WANG, codes_to=codes)
    assert "王五" not in said
    assert codes.read_text("utf-8-sig").splitlines()[1].startswith("王五,13800000001,")
    assert codes.stat().st_mode & 0o777 == 0o600


async def test_no_name_is_a_formula_where_the_codes_are_opened(run, tmp_path: Path):
    codes = tmp_path / "codes.csv"
    await run("roster", HEADER + WANG.replace("王五", "=1+1"), codes_to=codes)
    assert codes.read_text("utf-8-sig").splitlines()[1].startswith("'=1+1,")


async def test_dry_run_says_so(run):
    code, said = await run("roster", HEADER + WANG, dry_run=True)
    assert (code, "什么都没有写入" in said) == (0, True)
    assert "新增 1" in (await run("roster", HEADER + WANG))[1]


async def test_problems_are_listed_and_the_exit_code_is_1(run):
    code, said = await run("roster", HEADER + WANG + "[b]李四[/b],1,村长,2,\n" * 60)
    assert code == 1
    for words in ("名册.csv 里要改的地方", "还有 80 处没有列出", "共 180 处要改，什么都没有写入"):
        assert words in said


async def test_a_file_that_cannot_be_read_is_said_plainly(run):
    assert await run("roster", "") == (1, "✗ 名册.csv: 文件是空的。\n")


async def test_cards_of_a_township_and_of_one_village(run, tmp_path: Path):
    await run("roster", HEADER + WANG)
    code, said = await run.cards("610528101", tmp_path / "a", public_url="https://lianxin.example/")
    assert (code, "共 2 种卡" in said) == (0, True)
    sheet = (tmp_path / "a" / "610528101-庄里镇.html").read_text("utf-8")
    assert sheet.count("王五") == 2
    assert "三合村、窦村" in sheet
    await run.cards("610528101200", tmp_path / "b", telegram_bot="@some_bot", copies=8)
    assert (tmp_path / "b" / "610528101200-三合村.html").exists()


async def test_cards_lead_somewhere_and_are_of_some_area(run, tmp_path: Path):
    code, said = await run.cards("610528101", tmp_path)
    assert (code, "没有可扫的地址" in said) == (1, True)
    code, said = await run.cards("999999", tmp_path, public_url="https://lianxin.example")
    assert (code, "没有这个地方" in said) == (1, True)
