"""When nobody is written to, how long is waited, and how a messenger's limits are kept."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.pace import Pace
from domain.delivery import CHINA, QuietHours, back_off
from domain.talk import Traits


def at(text: str) -> datetime:
    """ "11-02 20:00" of 2026 in China, as UTC."""
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=CHINA).astimezone(UTC)


NIGHT, NOON, OFF, FROM_MIDNIGHT = QuietHours(), QuietHours(12, 14), QuietHours(8, 8), QuietHours(0, 6)


@pytest.mark.parametrize(
    ("quiet", "now", "allowed"),
    [
        (NIGHT, "11-02 08:00", "11-02 08:00"),
        (NIGHT, "11-02 12:34", "11-02 12:34"),
        (NIGHT, "11-02 19:59", "11-02 19:59"),
        (NIGHT, "11-02 20:00", "11-03 08:00"),
        (NIGHT, "11-02 23:59", "11-03 08:00"),
        (NIGHT, "11-03 00:00", "11-03 08:00"),
        (NIGHT, "11-03 07:59", "11-03 08:00"),
        (NIGHT, "12-31 22:00", "01-01 08:00 next year"),
        (NOON, "11-02 11:59", "11-02 11:59"),
        (NOON, "11-02 12:00", "11-02 14:00"),
        (NOON, "11-02 13:59", "11-02 14:00"),
        (NOON, "11-02 14:00", "11-02 14:00"),
        (NOON, "11-02 23:00", "11-02 23:00"),
        (FROM_MIDNIGHT, "11-02 23:59", "11-02 23:59"),
        (FROM_MIDNIGHT, "11-03 00:00", "11-03 06:00"),
        (OFF, "11-02 03:00", "11-02 03:00"),
        (OFF, "11-02 08:00", "11-02 08:00"),
        (OFF, "11-02 23:00", "11-02 23:00"),
    ],
)
def test_quiet_hours(quiet, now, allowed):
    day, _, later = allowed.partition(" next")
    expected = at(day).replace(year=2027) if later else at(day)
    moment = quiet.next_allowed(at(now))
    assert moment == expected
    assert moment.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("tries", "seconds"), [(0, 2), (1, 2), (2, 4), (3, 8), (7, 128), (9, 512), (10, 600), (500, 600)]
)
def test_each_try_waits_twice_as_long_and_ten_minutes_at_most(tries, seconds):
    assert back_off(tries) == timedelta(seconds=seconds)


def traits(per_second: float = 0, *per_chat: tuple[int, float]) -> Traits:
    return Traits(buttons=True, per_second=per_second, per_chat=per_chat)


async def departures(pace: Pace, chats: str) -> list[tuple[str, float]]:
    """(chat, seconds from now) of one message to each of `chats`, all asked for at once."""
    loop = asyncio.get_running_loop()
    start, left = loop.time(), []

    async def leave(chat: str) -> None:
        await pace.wait(chat)
        left.append((chat, loop.time() - start))

    await asyncio.gather(*(leave(chat) for chat in chats))
    return left


# The clock of the loop ticks coarsely; a message may leave that much early.
TICK = 0.003


@pytest.mark.parametrize(
    ("limits", "chats", "last"),
    [
        (traits(), "aaaaaaaa", 0),
        (traits(per_second=50), "abcdef", 0.1),  # five gaps of 20 ms
        (traits(0, (1, 0.02)), "aaaa", 0.06),
        (traits(0, (3, 0.05)), "aaaaaaab", 0.1),  # three at once, then three more
        (traits(0, (2, 0.01), (3, 0.1)), "aaaa", 0.1),
        (traits(100, (1, 0.05)), "aabb", 0.05),
    ],
)
async def test_no_more_than_the_limits_allow(limits, chats, last):
    left = await departures(Pace(limits), chats)
    assert max(moment for _, moment in left) >= last - TICK
    assert "".join(sorted(chat for chat, _ in left)) == chats
    for chat in set(chats):
        moments = [moment for one, moment in left if one == chat]
        for count, seconds in limits.per_chat:
            apart = zip(moments, moments[count:], strict=False)
            assert all(later - earlier >= seconds - 2 * TICK for earlier, later in apart)


async def test_one_slow_chat_holds_up_no_other():
    left = await departures(Pace(traits(0, (1, 0.1))), "aab")
    assert [chat for chat, _ in left] == ["a", "b", "a"]


@pytest.mark.parametrize("limits", [traits(), traits(per_second=200), traits(0, (1, 0.005))])
async def test_a_rest_that_was_asked_for_is_kept_by_all(limits):
    pace = Pace(limits)
    pace.hold(0.05)
    pace.hold(0.01)  # a shorter one asked for later does not end the longer
    left = await departures(pace, "abc")
    assert min(moment for _, moment in left) >= 0.05 - TICK


async def test_a_rest_holds_back_those_who_wait_already():
    pace = Pace(traits(per_second=50))
    asked = asyncio.create_task(departures(pace, "abc"))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    pace.hold(0.1)
    left = await asked
    assert left[0][1] < 0.1
    assert [chat for chat, _ in left] == ["a", "b", "c"]
    assert all(moment >= 0.1 - TICK for _, moment in left[1:])
    assert left[2][1] >= 0.12 - TICK, "after the rest they leave one by one again"


async def test_whoever_came_late_makes_up_for_it_within_the_limit():
    pace, loop = Pace(traits(per_second=20)), asyncio.get_running_loop()
    start, left = loop.time(), []
    for number in range(12):
        await pace.wait("a")
        left.append(loop.time() - start)
        await asyncio.sleep(0.12 if number == 3 else 0)  # something held the sender up for two gaps
    assert left[-1] <= 11 * 0.05 + 0.04, "on time again"
    assert left[-1] >= 11 * 0.05 - TICK


async def test_after_a_pause_nobody_is_late():
    pace = Pace(traits(per_second=50))
    await pace.wait("a")
    pace._next -= 5  # as if the last one had left five seconds ago
    left = await departures(pace, "bcd")
    assert max(moment for _, moment in left) >= 0.04 - TICK
