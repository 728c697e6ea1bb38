"""The bank in a database: loaded whole, asked, and what it could not answer; nobody who asked is anywhere."""

from datetime import timedelta

from services.knowledge import answering, loading
from tests.contract.village import Village
from tests.knowledge import BANK, load


async def _answer(village: Village, question: str) -> str | None:
    looked = await village.do(answering.look, question)
    return looked.entry.answer if looked and looked.entry else None


async def test_without_a_bank_nothing_is_looked_for(village: Village):
    assert await village.do(answering.look, "低保怎么申请") is None
    assert await village.do(loading.loaded) is None


async def test_another_bank_is_answered_from_at_once(village: Village):
    await village.do(load)
    assert await _answer(village, "低保怎么申请") == BANK[0].answer
    assert await village.do(loading.entries) == list(BANK)
    await village.do(loading.load_bank, BANK[1:])
    assert await _answer(village, "低保怎么申请") is None
    assert await _answer(village, "身份证丢了咋补办") == BANK[1].answer
    await village.do(loading.load_bank, ())
    assert await village.do(answering.look, "低保怎么申请") is None


async def test_what_is_out_of_date_is_not_told(village: Village):
    await village.do(load)
    assert await _answer(village, "合疗一年交多少钱") is None
    village.passes(days=-400)
    assert await _answer(village, "合疗一年交多少钱") == "400元。"


async def test_unanswered_questions_are_counted_without_who_asked(village: Village, look):
    await village.do(load)
    for question in ("高龄补贴多少钱", "我的电话00000000101怎么改", "高龄补贴多少钱"):
        await village.do(answering.note_unanswered, question)
    found = await village.do(answering.listed)
    assert [(one.text, one.times) for one in found] == [("高龄补贴多少钱", 2), ("我的电话…怎么改", 1)]
    stored = look("SELECT * FROM unanswered_question")
    assert all(len(row) == 4 for row in stored)  # text, times, two days: no room for anybody


async def test_what_the_bank_has_learned_is_not_listed_any_more(village: Village):
    await village.do(loading.load_bank, BANK[1:])
    await village.do(answering.note_unanswered, "低保怎么申请")
    assert len(await village.do(answering.listed)) == 1
    await village.do(load)
    assert await village.do(answering.listed) == []


async def test_unanswered_questions_are_forgotten_when_nobody_asks_again(village: Village):
    await village.do(answering.note_unanswered, "高龄补贴多少钱")
    village.now += answering.KEPT
    await village.do(answering.forget_the_old)
    assert len(await village.do(answering.listed)) == 1
    village.now += timedelta(days=1)
    await village.do(answering.forget_the_old)
    assert await village.do(answering.listed) == []
