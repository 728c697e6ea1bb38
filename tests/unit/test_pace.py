"""How a messenger's limits are kept. Time jumps to the next moment that anybody waits for."""

import asyncio
import functools

import pytest

from bot.pace import Pace
from domain.talk import Traits


class Jumping(asyncio.SelectorEventLoop):
    """A loop in which nothing takes time but waiting, and waiting only by its clock."""

    now = 0.0

    def time(self) -> float:
        return self.now

    def _run_once(self) -> None:
        if not self._ready and self._scheduled:
            self.now = max(self.now, self._scheduled[0].when())
        super()._run_once()


def in_jumping_time(test):
    """Run an asynchronous test in such a loop."""

    @functools.wraps(test)
    def run(*args, **named):
        with asyncio.Runner(loop_factory=Jumping) as runner:
            runner.run(test(*args, **named))

    return run


HAIR = 1e-9
"""What sums of binary fractions may be short of."""


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
@in_jumping_time
async def test_no_more_than_the_limits_allow(limits, chats, last):
    left = await departures(Pace(limits), chats)
    assert max(moment for _, moment in left) >= last - HAIR
    assert "".join(sorted(chat for chat, _ in left)) == chats
    for chat in set(chats):
        moments = [moment for one, moment in left if one == chat]
        for count, seconds in limits.per_chat:
            apart = zip(moments, moments[count:], strict=False)
            assert all(later - earlier >= seconds - HAIR for earlier, later in apart)


@in_jumping_time
async def test_one_slow_chat_holds_up_no_other():
    left = await departures(Pace(traits(0, (1, 0.1))), "aab")
    assert [chat for chat, _ in left] == ["a", "b", "a"]


@pytest.mark.parametrize("limits", [traits(), traits(per_second=200), traits(0, (1, 0.005))])
@in_jumping_time
async def test_a_rest_that_was_asked_for_is_kept_by_all(limits):
    pace = Pace(limits)
    pace.hold(0.05)
    pace.hold(0.01)  # a shorter one asked for later does not end the longer
    left = await departures(pace, "abc")
    assert min(moment for _, moment in left) >= 0.05


@in_jumping_time
async def test_a_rest_holds_back_those_who_wait_already():
    pace = Pace(traits(per_second=50))
    asked = asyncio.create_task(departures(pace, "abc"))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    pace.hold(0.1)
    left = await asked
    assert left[0][1] < 0.1
    assert [chat for chat, _ in left] == ["a", "b", "c"]
    assert all(moment >= 0.1 for _, moment in left[1:])
    assert left[2][1] >= 0.12, "after the rest they leave one by one again"


@in_jumping_time
async def test_whoever_came_late_makes_up_for_it_within_the_limit():
    pace, loop = Pace(traits(per_second=20)), asyncio.get_running_loop()
    start, left = loop.time(), []
    for number in range(12):
        await pace.wait("a")
        left.append(loop.time() - start)
        await asyncio.sleep(0.12 if number == 3 else 0)  # something held the sender up for two gaps
    assert left[-1] <= 11 * 0.05 + HAIR, "on time again"
    assert left[-1] >= 11 * 0.05 - HAIR


@in_jumping_time
async def test_after_a_pause_nobody_is_late():
    pace = Pace(traits(per_second=50))
    await pace.wait("a")
    pace._next -= 5  # as if the last one had left five seconds ago
    left = await departures(pace, "bcd")
    assert max(moment for _, moment in left) >= 0.04
