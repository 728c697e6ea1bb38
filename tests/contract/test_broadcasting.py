"""A broadcast leaves: everybody gets it once, no faster than allowed, and stops when it is told to."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot.broadcasting import Broadcasting
from domain.broadcasts import Audience, State
from domain.delivery import Lane, Outcome, in_doubt, sent, slow_down, try_later
from domain.directory import RoleName
from domain.talk import Traits
from services import broadcasts
from tests.contract.letterbox import HANGS, Letterbox, Post, Script, until
from tests.contract.services.test_broadcasts import counted, survey
from tests.contract.village import CHANNEL, ID, Village

pytestmark = pytest.mark.usefixtures("quick_looks")

EVERYBODY = Audience(roles=tuple(RoleName))
INVITED = "请您答一份问卷：四季度开门纳谏。\n不想收这类消息，回“退订”。"


class Masses(Letterbox):
    """A messenger with mass messages, that knows a batch again."""

    def __init__(self, script: Script | None = None, mass: list[Outcome] | None = None) -> None:
        super().__init__(script)
        self.traits = Traits(buttons=False, mass=4)
        self.batches: dict[str, list[str]] = {}
        self.calls: list[str] = []
        self.mass = mass or []

    async def send_to_all(self, text: str, choices: Any, addresses: Any, known_as: str) -> Outcome:
        self.calls.append(known_as)
        outcome = self.mass.pop(0) if self.mass else sent("77")
        if outcome.state.value in ("sent", "uncertain"):
            self.batches.setdefault(known_as, list(addresses))
        return outcome


@asynccontextmanager
async def feeding(village: Village, box: Letterbox) -> AsyncIterator[Post]:
    post = Post(village, box)
    masses = {CHANNEL: (box, box.traits.mass)} if isinstance(box, Masses) else {}
    feeder = Broadcasting(village.database, village.county, village.clock, post.delivery, masses)  # type: ignore[arg-type]
    await post.delivery.start()
    feeder.start()
    yield post
    await feeder.close()
    await post.delivery.close()


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.broadcasting.LOOK", 0.02)
    monkeypatch.setattr("bot.broadcasting.SOON", 0.002)


@pytest.fixture
def _singly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.broadcasting.AT_ONCE", 1)


async def start(village: Village, audience: Audience = EVERYBODY, **more: Any) -> int:
    return await village.do(lambda desk: broadcasts.send_survey(desk, 12, audience, **more))


async def state(village: Village, number: int) -> State:
    return (await village.do(broadcasts.progress, number)).broadcast.state


async def done(village: Village, number: int, seconds: float = 0) -> None:
    """So many seconds pass between two looks."""

    async def is_done() -> bool:
        village.passes(seconds=seconds)
        return await state(village, number) is State.DONE

    await until(is_done)


async def test_everybody_gets_it_once(village: Village):
    await survey(village)
    async with feeding(village, Letterbox()) as post:
        number = await start(village)
        await done(village, number)
        assert sorted(one.address for one in post.box.got) == sorted(ID)
        assert {one.text for one in post.box.got} == {INVITED}
        assert [choice.id for choice in post.box.got[0].choices] == ["s:12"]
    assert await counted(village, number) == {"sent": len(ID)}


async def test_answers_go_before_it(village: Village):
    await survey(village)
    async with feeding(village, Letterbox({INVITED: [HANGS]})) as post:
        await start(village)
        await until(lambda: len(post.box.got) == 1)
        await post.put("答", to="villager", lane=Lane.NOTICE)
        post.delivery.wake()
        await until(lambda: "答" in post.box.texts)
        assert len(post.box.got) == 2, "one broadcast message at a time"


@pytest.mark.usefixtures("_singly")
async def test_paused_and_resumed(village: Village):
    await survey(village)
    box = Letterbox({INVITED: [sent("1"), sent("2"), HANGS]})
    async with feeding(village, box):
        number = await start(village)
        await until(lambda: len(box.got) == 3)
        await village.do(broadcasts.pause, number)
    assert len(box.got) == 3
    async with feeding(village, box):
        await until(lambda: len(box.got) == 4)  # that which was in doubt
        await asyncio.sleep(0.1)
        assert len(box.got) == 4
        await village.do(broadcasts.resume, number)
        await done(village, number)
    assert len(box.got) == len(ID) + 1
    assert (await village.do(broadcasts.progress, number)).doubts == 1


@pytest.mark.usefixtures("_singly")
async def test_cancelled(village: Village, look):
    await survey(village)
    box = Letterbox({INVITED: [sent("1"), try_later("502"), HANGS]})
    async with feeding(village, box):
        number = await start(village)
        await until(lambda: len(box.got) == 3)
        await village.do(broadcasts.cancel, number)
        await until(lambda: not look("SELECT 1 FROM outbox WHERE state = 'queued'"))
    assert len(box.got) == 3
    assert look("SELECT count(*) FROM broadcast_recipient WHERE state = 'waiting'") == [(len(ID) - 3,)]


async def test_not_in_the_quiet_hours(village: Village):
    await survey(village)
    village.passes(hours=11)
    async with feeding(village, Letterbox()) as post:
        number = await start(village)
        await asyncio.sleep(0.1)
        assert post.box.got == []
        village.passes(hours=11)
        await done(village, number)


@pytest.mark.usefixtures("_singly")
async def test_a_messenger_in_trouble_is_not_fed(village: Village, monkeypatch: pytest.MonkeyPatch, look):
    monkeypatch.setattr("bot.broadcasting.BACKLOG", 2)
    await survey(village)
    box = Letterbox({INVITED: [try_later("502")] * 2})
    async with feeding(village, box):
        number = await start(village)
        await until(lambda: look("SELECT 1 FROM outbox WHERE state = 'queued' AND tries = 1"))
        await asyncio.sleep(0.1)
        assert look("SELECT count(*) FROM outbox") == [(2,)]
        village.passes(seconds=5)
        await done(village, number)
    assert await counted(village, number) == {"sent": len(ID)}


async def test_told_to_slow_down(village: Village):
    await survey(village)
    async with feeding(village, Letterbox({INVITED: [slow_down(0.01)] * 3})):
        number = await start(village)
        await done(village, number, seconds=1)
    assert await counted(village, number) == {"sent": len(ID)}


async def test_a_messenger_that_is_switched_off(village: Village, look):
    await survey(village)
    await village.do(
        lambda desk: desk.tx.exec_driver_sql(f"UPDATE account SET channel = 'gone' WHERE id = {ID['staff']}")
    )
    async with feeding(village, Letterbox()):
        number = await start(village)
        await done(village, number)
    assert await counted(village, number) == {"sent": len(ID) - 1, "failed": 1}


@pytest.mark.parametrize("anonymous", [False, True])
async def test_mass_messages_in_batches(village: Village, look, anonymous: bool):
    await survey(village, anonymous=anonymous)
    box = Masses()
    async with feeding(village, box):
        number = await start(village)
        await done(village, number)
    assert sorted(map(len, box.batches.values())) == [3, 4]
    assert sorted(one for batch in box.batches.values() for one in batch) == sorted(ID)
    assert box.got == []
    assert await counted(village, number) == {"sent": len(ID)}
    assert look("SELECT DISTINCT state, via FROM outbox") == [("sent", "mass")]
    assert look("SELECT month, count, count(*) FROM mass_sent GROUP BY month, count") == [("2026-11", 1, 7)]


async def test_a_batch_in_doubt_is_sent_again_under_the_same_name(village: Village):
    await survey(village)
    box = Masses(mass=[in_doubt("?"), try_later("502"), sent("")])
    async with feeding(village, box):
        number = await start(village)
        for calls in (1, 2):
            await until(lambda calls=calls: len(box.calls) == calls)
            village.passes(seconds=5)
        await done(village, number)
    assert len(set(box.calls[:3])) == 1
    assert sorted(one for batch in box.batches.values() for one in batch) == sorted(ID)


async def test_a_batch_that_was_cut_off_is_finished_by_the_next(village: Village, look):
    await survey(village)
    box = Masses()
    hangs = asyncio.Event()
    send_to_all = box.send_to_all

    async def cut_off(*what: Any) -> Outcome:
        await send_to_all(*what)
        hangs.set()
        await asyncio.Event().wait()
        raise AssertionError

    box.send_to_all = cut_off  # type: ignore[method-assign]
    async with feeding(village, box):
        number = await start(village)
        await hangs.wait()
    box.send_to_all = send_to_all  # type: ignore[method-assign]
    async with feeding(village, box):
        await done(village, number)
    assert box.calls[0] == box.calls[1]
    assert sorted(one for batch in box.batches.values() for one in batch) == sorted(ID)


async def test_four_a_month_and_then_by_themselves(village: Village):
    await survey(village)
    box = Masses()
    async with feeding(village, box):
        for _ in range(4):
            await done(village, await start(village))
        assert box.got == []
        number = await start(village)
        await done(village, number)
        assert len(box.got) == len(ID)
        village.passes(days=30)
        calls = len(box.calls)
        await done(village, await start(village))
        assert len(box.calls) > calls


async def test_an_account_that_may_not_send_masses(village: Village):
    from bot.channels.tencent.codes import outcome  # noqa: PLC0415

    await survey(village)
    box = Masses(mass=[outcome(48001)])
    async with feeding(village, box):
        number = await start(village)
        await done(village, number)
    assert len(box.got) == len(ID)
    assert len(box.calls) == 1
