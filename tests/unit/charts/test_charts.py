"""Pictures of results: what is on them, what they cost, and what happens without a font."""

import os
import sys
from pathlib import Path

import pytest

from bot.charts import Block, ChartError, Line, blocks_of, chinese_font, draw, pages
from bot.charts.blocks import MOST_LINES
from bot.charts.drawing import wrapped
from domain.surveys.form import Kind
from domain.surveys.reading import Bar
from domain.surveys.results import Results, Summary, Turnout
from domain.surveys.voices import Group, Voices

FEW = Block("水够不够用？", "61人作答", (Line("够", "13人  21%", 0.21), Line("不够", "48人  79%", 0.79)))
PNG = b"\x89PNG\r\n\x1a\n"


def needs_font() -> None:
    if chinese_font() is None:
        if os.environ.get("LIANXIN_SKIP_NOTHING"):
            pytest.fail("no font with Chinese characters")
        pytest.skip("!! Charts are NOT TESTED: no font with Chinese characters; install fonts-noto-cjk")


async def test_a_picture_as_wide_as_a_phone_drawn_aside() -> None:
    needs_font()
    few, many = await draw("四季度${x}$开门纳谏", [[FEW], [FEW, FEW]])
    assert few.startswith(PNG)
    assert size(few)[0] == size(many)[0] == 1080
    assert size(few)[1] < size(many)[1]
    assert "matplotlib" not in sys.modules


async def test_the_same_results_make_the_same_picture() -> None:
    needs_font()
    assert await draw("问卷", [[FEW]]) == await draw("问卷", [[FEW]])


async def test_without_a_font_it_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.charts.charts.chinese_font", lambda: None)
    with pytest.raises(ChartError, match="fonts-noto-cjk"):
        await draw("问卷", [[FEW]])


async def test_drawing_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    needs_font()
    monkeypatch.setattr("bot.charts.charts.PATIENCE", 0.01)
    with pytest.raises(ChartError, match="too much"):
        await draw("问卷", [[FEW]])


def test_the_best_font_is_taken(tmp_path: Path) -> None:
    assert chinese_font((str(tmp_path),)) is None
    for name in ("wqy-zenhei.ttc", "noto/NotoSansCJK-Regular.ttc"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert chinese_font((str(tmp_path / "none"), str(tmp_path))) == tmp_path / "noto/NotoSansCJK-Regular.ttc"


def test_lines_are_as_long_as_the_picture_is_wide() -> None:
    assert [len(line) for line in wrapped("水" * 100, 40, 960)] == [24, 24, 24, 24, 4]
    assert wrapped("", 40) == [""]


LONG = Block("哪天？" * 30, "", tuple(Line(str(number), "", 0) for number in range(12)))


def test_pictures_are_as_few_as_messengers_take() -> None:
    assert [len(page) for page in pages([LONG] * 5 + [FEW])] == [4, 2]
    assert pages([]) == []


async def test_no_picture_is_too_long() -> None:
    """Telegram's limit: width and height together, 10 000 pixels."""
    needs_font()
    one = Block("水", "", (Line("", "", 0),))
    for blocks in ([LONG] * 4, [one] * 15):
        assert pages(blocks) == [blocks]
        [picture] = await draw("问卷", [blocks])
        assert sum(size(picture)) <= 10_000


def summary(kind: Kind, *counts: int, voices: Voices | None = None) -> Summary:
    people = sum(counts)
    bars = tuple(Bar(f"第{number}项", count, count / people) for number, count in enumerate(counts))
    return Summary("q", kind, "问题？", people, 2, bars, (), voices=voices)


def results(*summaries: Summary, townships: tuple[Turnout, ...] = ()) -> Results:
    return Results("问卷", True, Turnout("合计", 20, 10), townships, (), (), summaries)


def test_bars_of_choices_are_parts_of_everybody() -> None:
    [block] = blocks_of(results(summary(Kind.ONE, 1, 3)))
    assert block.lines == (Line("第0项", "1人  25%", 0.25), Line("第1项", "3人  75%", 0.75))
    assert block.below == "4人作答，2人跳过"


def test_bars_of_numbers_fill_the_picture() -> None:
    [block] = blocks_of(results(summary(Kind.INTEGER, 1, 3)))
    assert [line.length for line in block.lines] == pytest.approx([1 / 3, 1])


def test_of_many_options_those_that_most_people_chose() -> None:
    [block] = blocks_of(results(summary(Kind.ONE, *range(1, 21))))
    assert block.lines[0].label == "第19项"
    assert len(block.lines) == MOST_LINES
    assert block.below.endswith("另有8项没有画出")


def test_of_what_was_written_the_words() -> None:
    voices = Voices((("路灯", 4), ("渠", 2)), (Group(4, ("路灯坏了",)),), (), 0)
    [block] = blocks_of(results(summary(Kind.TEXT, voices=voices)))
    assert block.lines == (Line("路灯", "4人", 1), Line("渠", "2人", 0.5))


def test_turnout_with_and_without_invitations() -> None:
    [counted] = blocks_of(results(townships=(Turnout("甲镇", 10, 5), Turnout("乙镇", 2, 5))))
    assert counted.lines == (Line("甲镇", "5/10  50%", 0.5), Line("乙镇", "5/2  250%", 1))
    [plain] = blocks_of(results(townships=(Turnout("甲镇", 0, 5), Turnout("乙镇", 0, 2))))
    assert plain.lines == (Line("甲镇", "5份", 1), Line("乙镇", "2份", 0.4))


def size(png: bytes) -> tuple[int, int]:
    return int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")
