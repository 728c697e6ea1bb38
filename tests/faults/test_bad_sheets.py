"""A spreadsheet that makes its reader crash or work for ever stops that reader alone."""

import asyncio
import os
import time
from datetime import date

import pytest

from bot import survey_errands
from bot.survey_errands import read_aside
from tests.unit.surveys.sheets import workbook

TODAY = date(2026, 11, 2)
GOOD = workbook((("type", "name", "label"), ("text", "say", "想说什么？")))


def _crash(_data: bytes, _name: str, _today: date) -> None:
    os._exit(1)


def _sleep(_data: bytes, _name: str, _today: date) -> None:
    time.sleep(600)


@pytest.mark.parametrize("bad", [_crash, _sleep])
async def test_the_next_one_is_read(bad, monkeypatch) -> None:
    monkeypatch.setattr(survey_errands, "_read", bad)
    monkeypatch.setattr(survey_errands, "PATIENCE", 5.0)
    read = await read_aside(b"", "bad.xlsx", TODAY)
    assert read.form is None
    assert read.problems == ("表格太复杂，读不下来，请分成几份",)
    monkeypatch.undo()
    read = await read_aside(GOOD, "good.xlsx", TODAY)
    assert read.form is not None


async def test_others_have_their_turn_meanwhile() -> None:
    longest = 0.0

    async def look() -> None:
        nonlocal longest
        while True:
            before = time.monotonic()
            await asyncio.sleep(0.01)
            longest = max(longest, time.monotonic() - before)

    watching = asyncio.create_task(look())
    rows = [("type", "name", "label"), *(("text", f"q{number}", "想说什么？") for number in range(290))]
    read = await read_aside(workbook(rows), "long.xlsx", TODAY)
    watching.cancel()
    assert read.form is not None
    assert len(read.form.questions) == 290
    assert longest < 1.0
