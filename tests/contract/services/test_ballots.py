"""Ballots: one each, sealed until the survey closes, all there afterwards and nobody's."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.burying import Burying
from bot.releasing import Releasing
from domain.errors import Refusal
from domain.surveys.form import Answers
from domain.talk import Media
from services.surveys import ballots
from storage import ballots as boxes
from storage import media, private_media, schema
from storage.directory import people
from storage.keys import Keys
from tests.contract.village import COUNTY, ID, OTHER, Village, who

SURVEY = 1
FORM = {"questions": [{"kind": "select_one"}, {"kind": "text"}]}
ANSWERS: Answers = {"water": "none", "why": "渠堵了"}


@pytest.fixture
async def poll(village: Village) -> Village:
    """An open anonymous survey."""

    def opens(desk: Any) -> None:
        values = {"id": SURVEY, "name": "q", "title": "用水", "form": FORM, "sheet": b"", "anonymous": True}
        values |= {"state": "open", "area": COUNTY, "created_at": desk.now}
        desk.tx.execute(sa.insert(schema.survey), values)
        ballots.open_box(desk, SURVEY)

    await village.do(opens)
    return village


def casts(desk: Any, key: str, answers: Answers = ANSWERS, channel: str = "web") -> None:
    ballots.cast(desk, SURVEY, who(desk.tx, key), answers, channel)


async def closes(poll: Village) -> None:
    await poll.do(
        lambda desk: desk.tx.execute(sa.update(schema.survey).values(state="closed", closed_at=desk.now))
    )


async def releases(poll: Village) -> int:
    return await poll.do(lambda desk: ballots.release(desk, SURVEY))


async def test_one_person_one_ballot(poll: Village, look):
    await poll.do(lambda desk: casts(desk, "villager"))
    with pytest.raises(Refusal, match="每人一份"):
        await poll.do(lambda desk: casts(desk, "villager"))
    assert look("SELECT count(*) FROM ballot") == [(1,)]
    assert await poll.do(lambda desk: ballots.has_cast(desk, SURVEY, ID["villager"]))
    assert not await poll.do(lambda desk: ballots.has_cast(desk, SURVEY, ID["neighbour"]))


async def test_two_at_once_from_one_person_are_one(poll: Village, look):
    both = [poll.do(lambda desk: casts(desk, "villager")) for _ in range(4)]
    results = await asyncio.gather(*both, return_exceptions=True)
    assert sum(isinstance(result, Refusal) for result in results) == 3
    assert look("SELECT count(*) FROM ballot") == [(1,)]


async def test_nothing_is_released_before_closing_nor_cast_after_it(poll: Village, look):
    await poll.do(lambda desk: casts(desk, "villager"))
    with pytest.raises(Refusal, match="还没结束"):
        await releases(poll)
    await closes(poll)
    with pytest.raises(Refusal, match="已经结束"):
        await poll.do(lambda desk: casts(desk, "neighbour"))
    assert await releases(poll) == 1
    with pytest.raises(Refusal, match="已经结束"):
        await poll.do(lambda desk: casts(desk, "neighbour"))
    assert look("SELECT person, township, channel FROM survey_answer") == [(None, None, "")]


async def test_everybody_is_there_once_and_is_nobody(poll: Village, look):
    for number, key in enumerate(ID):
        said = {"water": "none", "why": f"第{number}条"}
        await poll.do(
            lambda desk, key=key, said=said: casts(desk, key, said, "web" if key < "s" else "wecom")
        )
    await closes(poll)
    assert await releases(poll) == len(ID)
    assert await releases(poll) == 0
    answers = look(sa.select(schema.survey_answer.c.answers).order_by(schema.survey_answer.c.number))
    assert sorted(one["why"] for (one,) in answers) == [f"第{number}条" for number in range(len(ID))]
    assert look("SELECT state FROM survey") == [("released",)]
    for table in ("ballot", "ballot_mark", "survey_draft"):
        assert look(f"SELECT count(*) FROM {table}") == [(0,)]


async def test_a_township_is_named_where_five_answered(poll: Village, look):
    for number in range(5):

        def joins_and_casts(desk: Any, number: int = number) -> None:
            person = people.add(desk.tx, desk.now)
            people.bind(desk.tx, person, OTHER, "", desk.now)
            found = people.find(desk.tx, person)
            ballots.cast(desk, SURVEY, found, {"why": str(number)}, "web")

        await poll.do(joins_and_casts)
    await closes(poll)
    await releases(poll)
    assert look("SELECT DISTINCT township FROM survey_answer") == [("610528001",)]
    assert look("SELECT what, value, count FROM survey_count") == [("channel", "web", 5)]


async def test_ballots_are_all_of_one_length(poll: Village, look):
    await poll.do(lambda desk: casts(desk, "villager", {"water": "none", "why": ""}))
    await poll.do(lambda desk: casts(desk, "neighbour", {"water": "none", "why": "渠" * 2000}))
    assert len(set(look("SELECT length(sealed) FROM ballot"))) == 1


async def test_a_draft_is_read_again_while_the_survey_is_open(poll: Village):
    sealed = await poll.do(lambda desk: ballots.seal_draft(desk, SURVEY, FORM, ANSWERS))
    assert "渠堵了".encode() not in sealed
    assert await poll.do(lambda desk: ballots.open_draft(desk, SURVEY, sealed)) == ANSWERS


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return Keys(tmp_path / "keys")


class CrashError(Exception):
    pass


async def test_a_crash_in_mid_release_changes_nothing_and_the_key_lives(poll: Village, keys: Keys, look):
    await poll.do(lambda desk: casts(desk, "villager"))
    await closes(poll)

    def crashes(desk: Any) -> None:
        ballots.release(desk, SURVEY)
        raise CrashError

    with pytest.raises(CrashError):
        await poll.do(crashes)
    assert await Burying(poll.database, keys).bury() == 0
    assert look("SELECT count(*) FROM ballot") == [(1,)]
    assert await releases(poll) == 1


async def test_the_key_dies_after_the_commit_whenever_the_next_look_comes(poll: Village, keys: Keys, look):
    await poll.do(lambda desk: casts(desk, "villager"))
    await closes(poll)
    burying = Burying(poll.database, keys)
    assert await burying.bury() == 0
    await releases(poll)
    assert keys.names() == ["survey-1"]
    assert await burying.bury() == 1
    assert (keys.names(), await burying.bury()) == ([], 0)
    assert look("SELECT count(*) FROM survey_answer") == [(1,)]


async def test_a_lost_key_is_said_and_nothing_is_dropped(poll: Village, keys: Keys, look):
    await poll.do(lambda desk: casts(desk, "villager"))
    await closes(poll)
    assert not await poll.do(ballots.are_lost, SURVEY)
    keys.destroy("survey-1")
    assert await poll.do(ballots.are_lost, SURVEY)
    with pytest.raises(Refusal, match="密钥没了"):
        await releases(poll)
    assert look("SELECT count(*) FROM ballot") == [(1,)]
    assert look("SELECT state FROM survey") == [("closed",)]


async def test_a_ballot_that_was_tampered_with_is_void_and_the_others_count(poll: Village, look):
    await poll.do(lambda desk: casts(desk, "villager"))
    await poll.do(lambda desk: casts(desk, "neighbour"))

    def tampers(desk: Any) -> None:
        first = sa.select(sa.func.min(schema.ballot.c.serial)).scalar_subquery()
        desk.tx.execute(
            sa.update(schema.ballot).where(schema.ballot.c.serial == first).values(sealed=b"\x00" * 99)
        )

    await poll.do(tampers)
    await closes(poll)
    assert await releases(poll) == 1


async def test_a_release_waits_for_a_picture_that_is_on_its_way_but_not_for_ever(poll: Village):
    def sends_a_picture(desk: Any) -> int:
        [number] = media.add(desk.tx, "web", [Media("image", "r")], desk.now)
        private_media.hide(desk.tx, [number], ballots.box_of(SURVEY))
        return number

    number = await poll.do(sends_a_picture)
    await closes(poll)
    assert await poll.do(ballots.closed) == []
    found = private_media.Found("image", "image/jpeg", b"a picture")
    await poll.do(lambda desk: private_media.keep(desk.tx, number, ballots.box_of(SURVEY), found))
    assert await poll.do(ballots.closed) == [SURVEY]
    await poll.do(sends_a_picture)
    assert await poll.do(ballots.closed) == []
    poll.passes(minutes=15)
    assert await poll.do(ballots.closed) == [SURVEY]


async def test_one_that_cannot_be_released_holds_up_no_other(poll: Village, look):
    other = SURVEY + 1
    values = {"id": other, "name": "q", "title": "用水", "form": FORM, "sheet": b"", "anonymous": True}

    def begins(desk: Any) -> None:
        more = {"state": "open", "area": COUNTY, "created_at": desk.now}
        desk.tx.execute(sa.insert(schema.survey), values | more)
        ballots.open_box(desk, other)
        boxes.put(desk.tx, ballots.box_of(SURVEY), {"of": "another version"}, 64)
        ballots.cast(desk, other, who(desk.tx, "villager"), ANSWERS)

    await poll.do(begins)
    await closes(poll)
    await Releasing(poll.do, poll.do).release()
    assert look("SELECT id, state FROM survey ORDER BY id") == [(SURVEY, "closed"), (other, "released")]
    assert look("SELECT name FROM dead_key") == [(ballots.box_of(other),)]
