"""Practising: what was right is not asked again, and no row of the database tells whose it is."""

import sqlalchemy as sa

from domain.quizzes import Practised
from services.directory import leaving
from services.quizzes import practice
from storage import quizzes, schema
from storage.keys import keys_of
from tests.contract.village import ID, Village
from tests.knowledge import QUESTIONS, load


async def _answers(village: Village, who: str, topic: str, *, right: bool = True) -> int:
    """How many questions were drawn."""
    drawn = await village.do(practice.draw, who, topic)
    for number in drawn:
        question = await village.do(practice.question, number)
        chosen = question.correct if right else ()
        await village.do(practice.answer, who, question, chosen)
    return len(drawn)


async def test_what_was_right_is_not_asked_again(village: Village):
    await village.do(load)
    assert await _answers(village, "villager", "安全", right=False) == 2
    assert await _answers(village, "villager", "安全") == 2
    assert await village.do(practice.draw, "villager", "安全") == []
    assert await village.do(practice.practised, "villager") == [
        Practised("安全", 2, 0),
        Practised("防骗", 0, 1),
    ]
    assert await village.do(practice.practised, "neighbour") == [
        Practised("安全", 0, 2),
        Practised("防骗", 0, 1),
    ]
    assert await _answers(village, "villager", "") == 1


async def test_no_row_tells_whose_it_is_and_without_the_key_nothing_is_known(village: Village, look):
    await village.do(load)
    await _answers(village, "villager", "安全")
    rows = look(sa.select(schema.quiz_right))
    assert len(rows) == 2
    assert all(len(row) == 1 and len(bytes(row[0])) == 32 for row in rows)
    await village.do(lambda desk: keys_of(desk.tx).destroy(quizzes.KEY))
    assert (await village.do(practice.practised, "villager"))[0] == Practised("安全", 0, 2)


async def test_who_leaves_has_never_practised(village: Village, look):
    await village.do(load)
    await _answers(village, "villager", "安全")
    await _answers(village, "neighbour", "防骗")
    await village.do(leaving.forget, "villager")
    assert len(look("SELECT mark FROM quiz_right")) == 1
    assert (await village.do(practice.practised, "neighbour"))[1] == Practised("防骗", 1, 0)


async def test_two_who_are_one_have_practised_what_either_has(village: Village, look):
    await village.do(load)
    await _answers(village, "villager", "安全")
    await _answers(village, "neighbour", "")
    await village.do(lambda desk: quizzes.hand_over(desk.tx, ID["neighbour"], ID["villager"]))
    assert await village.do(practice.draw, "villager", "") == []
    assert len(look("SELECT mark FROM quiz_right")) == 3


async def test_a_question_that_stays_stays_known_and_one_that_goes_is_not_drawn(village: Village):
    await village.do(load)
    await _answers(village, "villager", "安全")
    await village.do(practice.load, QUESTIONS[:1])
    assert await village.do(practice.practised, "villager") == [Practised("安全", 1, 0)]
    await village.do(load)
    assert (await village.do(practice.practised, "villager"))[0] == Practised("安全", 2, 0)
