"""Answering surveys: whose they are, one answer each, what closing, leaving and joining make of it."""

import asyncio
from datetime import timedelta

import pytest
import sqlalchemy as sa

from domain.broadcasts import Audience
from domain.directory import Person, RoleName
from domain.errors import Refusal
from domain.surveys.form import Answers
from services import broadcasts, directory
from services.desk import Desk
from services.surveys import answering, ballots, belonging, opening
from storage import schema
from tests.contract.village import CHANNEL, COUNTY, ID, OTHER, TOWNSHIP, VILLAGE, Village
from tests.surveys import WATER, open_survey

_answer, _draft = schema.survey_answer, schema.survey_draft

DONE: Answers = {"enough": "o1", "people": "3", "since": "", "say": "渠要修"}


def hands_in(desk: Desk, person: Person, survey: int, answers: Answers = DONE) -> int | None:
    sitting = answering.sit_down(desk, survey, person)
    sitting.answers.update(answers)
    return answering.hand_in(desk, sitting, person, CHANNEL)


def has_begun(desk: Desk, person: Person, survey: int) -> None:
    sitting = answering.sit_down(desk, survey, person)
    sitting.answers["enough"] = "o2"
    answering.keep(desk, sitting, person)


async def opens(village: Village, area: str = COUNTY, **more) -> int:
    return await village.do(lambda desk: open_survey(desk, WATER, area, **more))


async def waiting(village: Village, who: str) -> list[int]:
    return [one.id for one in await village.do(answering.waiting_for, who)]


async def test_a_survey_is_for_its_area_and_all_within_it(village: Village) -> None:
    county, township, other = [await opens(village, area) for area in (COUNTY, TOWNSHIP, OTHER)]
    assert await waiting(village, "villager") == [township, county]
    assert await waiting(village, "stranger") == [other, township, county]
    assert await waiting(village, "staff") == [county]
    with pytest.raises(Refusal, match="不是问您那里的"):
        await village.do(answering.sit_down, other, "villager")


TAGGED, EVERYBODY = {"villager", "staff"}, set(ID)
SENT_TO = {
    "nobody yet": (COUNTY, [], EVERYBODY),
    "an area": (COUNTY, [Audience((VILLAGE,))], EVERYBODY),
    "cadres": (COUNTY, [Audience((COUNTY,), (RoleName.CADRE,))], {"primary", "deputy", "stranger"}),
    "a list": (COUNTY, [Audience(tag="代表")], TAGGED),
    "a list, and cadres": (
        COUNTY,
        [Audience(tag="代表"), Audience(roles=(RoleName.CADRE,))],
        {"primary", "deputy", "stranger", *TAGGED},
    ),
    "a list, and an area": (COUNTY, [Audience(tag="代表"), Audience((VILLAGE,))], EVERYBODY),
    "a list, from elsewhere too": (OTHER, [Audience(tag="代表")], TAGGED),
    "one of each village": (COUNTY, [Audience((COUNTY,), of_each_village=1)], set()),
}


@pytest.mark.parametrize("case", SENT_TO)
async def test_what_was_sent_to_some_is_theirs_to_answer(village: Village, look, case: str) -> None:
    area, sent_to, expected = SENT_TO[case]
    survey = await opens(village, area, anonymous=len(sent_to) == 1)
    await village.do(broadcasts.tag_people, "代表", [f"0000000010{ID[key]}" for key in ("villager", "staff")])
    for audience in sent_to:
        number = await village.do(lambda desk, to=audience: broadcasts.send_survey(desk, survey, to))
        drawn = await village.do(broadcasts.draw, number) if audience.of_each_village else []
        await village.do(broadcasts.queue_drawn, number, drawn)
        expected = expected | {key for key, one in ID.items() for who in drawn if who.person == one}
    for key in ID:
        if key in expected:
            await village.do(answering.sit_down, survey, key)
            assert await waiting(village, key) == ([survey] if area == COUNTY else [])
            continue
        with pytest.raises(Refusal, match=r"只请收到的人答|不是问您那里的") as no:
            await village.do(answering.sit_down, survey, key)
        assert len(no.value.say) <= 60
        assert await waiting(village, key) == []


async def test_a_named_answer_has_its_township_day_and_number(village: Village, look) -> None:
    survey = await opens(village)
    assert await village.do(hands_in, "villager", survey) == 1
    assert await village.do(hands_in, "neighbour", survey) == 2
    kept = sa.select(
        _answer.c.person, _answer.c.township, _answer.c.channel, _answer.c.answers, _answer.c.day
    )
    assert [(*row[:4], f"{row[4]}") for row in look(kept.order_by(_answer.c.number))] == [
        (ID["villager"], TOWNSHIP, CHANNEL, DONE, "2026-11-02"),
        (ID["neighbour"], TOWNSHIP, CHANNEL, DONE, "2026-11-02"),
    ]
    assert await waiting(village, "villager") == []


async def test_of_an_anonymous_answer_no_row_is_hers(village: Village, look) -> None:
    survey = await opens(village, anonymous=True)
    await village.do(has_begun, "villager", survey)
    [(draft,)] = look(sa.select(_draft.c.answers))
    assert b"enough" not in draft
    assert await village.do(hands_in, "villager", survey) is None
    assert look(_answer.select()) == look(_draft.select()) == []
    assert await waiting(village, "villager") == []
    with pytest.raises(Refusal, match="一人一份"):
        await village.do(answering.sit_down, survey, "villager")


@pytest.mark.parametrize("anonymous", [False, True])
async def test_two_at_once_from_one_person_are_one_answer(village: Village, look, anonymous: bool) -> None:
    survey = await opens(village, anonymous=anonymous)
    ends = await asyncio.gather(
        *(village.do(hands_in, "villager", survey) for _ in range(4)), return_exceptions=True
    )
    refused = [one for one in ends if isinstance(one, Refusal)]
    assert len(refused) == 3, ends
    rows = schema.ballot if anonymous else _answer
    assert len(look(rows.select())) == 1


async def test_many_at_once_get_numbers_one_after_the_other(village: Village, look) -> None:
    survey = await opens(village)
    everybody = [name for name in ID if name != "staff"]
    numbers = await asyncio.gather(*(village.do(hands_in, name, survey) for name in everybody))
    assert sorted(numbers) == list(range(1, len(everybody) + 1))


@pytest.mark.parametrize("anonymous", [False, True])
async def test_whoever_hands_in_while_it_closes_is_in_or_is_told(
    village: Village, look, anonymous: bool
) -> None:
    """Each is either among the answers or was told that it is over; nothing lies in between."""
    survey = await opens(village, anonymous=anonymous)
    sat = {name: await village.do(answering.sit_down, survey, name) for name in ID if name != "staff"}

    def sends(desk: Desk, person: Person, sitting: answering.Sitting) -> None:
        sitting.answers.update(DONE)
        answering.hand_in(desk, sitting, person, CHANNEL)

    ends = await asyncio.gather(
        *(village.do(sends, name, sitting) for name, sitting in sat.items()),
        village.do(opening.close_survey, survey),
        return_exceptions=True,
    )
    told = [one for one in ends if isinstance(one, Refusal)]
    assert all(one is None or isinstance(one, Refusal) for one in ends), ends
    if anonymous:
        await village.do(opening.release_closed)
    assert len(look(_answer.select())) == len(sat) - len(told)


async def test_it_closes_by_itself_when_its_time_is_over(village: Village, look) -> None:
    named = await opens(village, closes_at=village.now + timedelta(hours=1))
    sealed = await opens(village, anonymous=True, closes_at=village.now + timedelta(hours=1))
    for survey in (named, sealed):
        await village.do(hands_in, "villager", survey)
        await village.do(has_begun, "neighbour", survey)
    assert not await village.do(opening.close_due)
    village.passes(hours=1)
    assert await waiting(village, "neighbour") == []
    with pytest.raises(Refusal, match="已经截止"):
        await village.do(answering.sit_down, named, "neighbour")
    assert await village.do(opening.close_due)
    await village.do(opening.release_closed)
    assert dict(look(sa.select(schema.survey.c.id, schema.survey.c.state))) == {
        named: "closed",
        sealed: "released",
    }
    assert look(_draft.select()) == []
    assert len(look(_answer.select())) == 2
    with pytest.raises(Refusal, match="不能再开"):
        await village.do(opening.open_survey, sealed)


async def test_a_time_to_close_may_be_moved_but_not_into_the_past(village: Village) -> None:
    survey = await opens(village)
    await village.do(opening.open_survey, survey, village.now + timedelta(hours=1))
    with pytest.raises(Refusal, match="截止时间要在以后"):
        await village.do(opening.open_survey, survey, village.now)
    with pytest.raises(Refusal, match="没有99号问卷"):
        await village.do(opening.open_survey, 99)
    with pytest.raises(Refusal, match="没有这份问卷"):
        await village.do(answering.sit_down, 99, "villager")


async def test_who_is_forgotten_leaves_her_answer_and_not_her_name(village: Village, look) -> None:
    sent, begun = await opens(village), await opens(village)
    await village.do(hands_in, "villager", sent)
    await village.do(has_begun, "villager", begun)
    await village.do(directory.forget, "villager")
    assert look(sa.select(_answer.c.person)) == [(None,)]
    assert look(_draft.select()) == []


async def test_two_who_become_one_have_one_answer(village: Village, look) -> None:
    both, one, begun, sealed = [
        await opens(village, anonymous=anonymous) for anonymous in (False, False, False, True)
    ]
    for who in ("villager", "neighbour"):
        await village.do(hands_in, who, both, DONE | {"say": who})
    await village.do(hands_in, "neighbour", one)
    await village.do(has_begun, "villager", one)
    await village.do(has_begun, "neighbour", begun)
    await village.do(hands_in, "neighbour", sealed)
    await village.do(belonging.join, ID["neighbour"], ID["villager"])
    kept = sa.select(_answer.c.survey, _answer.c.person, _answer.c.answers).order_by(_answer.c.survey)
    assert [(survey, person, answers["say"]) for survey, person, answers in look(kept)] == [
        (both, ID["villager"], "villager"),
        (one, ID["villager"], "渠要修"),
    ]
    assert look(sa.select(_draft.c.survey, _draft.c.person)) == [(begun, ID["villager"])]
    assert await village.do(ballots.has_cast, sealed, ID["villager"])
    assert await waiting(village, "villager") == [begun]


async def test_the_database_itself_takes_one_answer_each(village: Village) -> None:
    survey = await opens(village)
    await village.do(hands_in, "villager", survey)
    row = {"survey": survey, "number": 2, "person": ID["villager"], "answers": {}}
    with pytest.raises(Exception, match=r"(?i)unique"):
        await village.database.run(lambda tx: tx.execute(_answer.insert(), row))
