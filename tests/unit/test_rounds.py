"""Rounds: at start, when woken, soon again where there is more to do, and on after a fault."""

import asyncio

import pytest

from bot import rounds
from bot.rounds import Rounds

NEVER = 3600.0


async def _turns_of(found: list[object], **waking: bool) -> int:
    """How often it went round, if these were what it found; anything left over stays unfound."""
    done = 0

    async def work() -> object:
        nonlocal done
        one = found.pop(0)
        done += 1
        if isinstance(one, Exception):
            raise one
        return one

    made = Rounds(work, NEVER, "it failed")
    made.start()
    for _ in range(20):
        if waking.get("woken"):
            made.wake()
        await asyncio.sleep(0.005)
    await made.close()
    return done


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "_SOON", 0.0)


async def test_once_at_start_and_no_more_where_there_was_nothing():
    assert await _turns_of([0, 0]) == 1


async def test_again_while_there_is_more():
    assert await _turns_of([2, True, 0, 0]) == 3


async def test_again_when_it_is_woken():
    assert await _turns_of([None, None, None, None] * 10, woken=True) > 2


async def test_on_after_a_fault(caplog: pytest.LogCaptureFixture):
    assert await _turns_of([ValueError("of one round"), 0, 0]) == 2
    assert "it failed; trying again" in caplog.text
