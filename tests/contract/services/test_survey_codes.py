"""Invitation codes: each lets whoever holds it answer once, and nothing stored says who that was."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from domain.errors import Refusal
from domain.surveys.codes import code_in, kept, link, new_code, printed
from services.surveys import ballots, codes
from storage import schema
from tests.contract.services.surveys import keep_survey
from tests.contract.village import Village

Look = Callable[[Any], list[tuple[Any, ...]]]


@pytest.mark.parametrize(
    "typed",
    [
        "ABC-DEF-GHJ",
        "abcdefghj",
        "abc def ghj",
        "ＡＢＣ－ＤＥＦ－ＧＨＪ",
        "ABC—DEF—GHJ。",
        "code-ABCDEFGHJ",
        " Code-abcdefghj ",
    ],
)
def test_however_it_is_typed(typed: str) -> None:
    assert code_in(typed) == "ABCDEFGHJ"


@pytest.mark.parametrize(
    "typed", ["", "ABCDEFGH", "ABCDEFGHJK", "ABC-DEF-GH0", "ABC-DEF-GHI", "我要报事", "123456", "code-"]
)
def test_what_is_no_code(typed: str) -> None:
    assert code_in(typed) is None


def test_a_code_is_read_back_from_paper_and_link() -> None:
    code = new_code()
    assert code_in(printed(code)) == code_in(link(code)) == code
    assert len(link(code)) <= 64
    assert code.encode() not in kept(code, b"key")


async def opened(village: Village, **facts: Any) -> int:
    def deed(desk: Any) -> int:
        survey = keep_survey(desk.tx, anonymous=True, state="open", **facts)
        ballots.open_box(desk, survey)
        return survey

    return await village.do(deed)


async def test_one_code_one_answer(village: Village, look: Look) -> None:
    survey = await opened(village)
    assert not await village.do(codes.are_needed, survey)
    first, second = await village.do(codes.make, survey, 2)
    assert await village.do(codes.are_needed, survey)
    assert await village.do(codes.take, first) == (survey, first)
    await village.do(codes.cast, printed(first).lower(), {"enough": "yes"}, "villager", "wechat")
    for deed, facts in ((codes.take, (first,)), (codes.cast, (first, {"enough": "no"}))):
        with pytest.raises(Refusal, match="用过了"):
            await village.do(deed, *facts)
    await village.do(codes.cast, second, {"enough": "no"})
    assert look("SELECT count(*) FROM ballot") == [(2,)]
    stored = (
        str(look("SELECT * FROM ballot"))
        + str(look("SELECT * FROM ballot_mark"))
        + str(look("SELECT * FROM survey_code"))
    )
    assert first not in stored
    assert "enough" not in stored  # long enough never to come by chance


async def test_nothing_stored_says_which_codes_were_used(village: Village, look: Look) -> None:
    survey = await opened(village)
    made = await village.do(codes.make, survey, 20)
    before = look("SELECT code, survey FROM survey_code ORDER BY code")
    for code in made[:7]:
        await village.do(codes.cast, code, {"enough": "yes"})
    assert look("SELECT code, survey FROM survey_code ORDER BY code") == before
    marks = {bytes(mark) for (mark,) in look("SELECT mark FROM ballot_mark")}
    assert not marks & {kept(code, village.county.card_key) for code in made}


async def test_no_place_goes_along(village: Village, look: Look) -> None:
    survey = await opened(village)
    [code, *_] = await village.do(codes.make, survey, 1)
    await village.do(codes.cast, code, {"enough": "yes"}, "villager")
    await close(village, survey)
    await village.do(ballots.release, survey)
    assert look("SELECT person, township FROM survey_answer") == [(None, None)]


async def close(village: Village, survey: int, state: str = "closed") -> None:
    table = schema.survey
    change = sa.update(table).where(table.c.id == survey).values(state=state)
    await village.do(lambda desk: desk.tx.execute(change).rowcount)


@pytest.mark.parametrize("state", ["draft", "closed", "released"])
async def test_not_before_and_not_after(village: Village, state: str) -> None:
    survey = await opened(village)
    [code] = await village.do(codes.make, survey, 1)
    await close(village, survey, state)
    assert await village.do(codes.is_code, code)
    for deed, facts in ((codes.take, (code,)), (codes.cast, (code, {}))):
        with pytest.raises(Refusal):
            await village.do(deed, *facts)


async def test_a_code_that_nobody_made(village: Village) -> None:
    await opened(village)
    assert not await village.do(codes.is_code, new_code())
    assert not await village.do(codes.is_code, "渠堵了")
    with pytest.raises(Refusal, match="不对"):
        await village.do(codes.take, new_code())


async def test_what_codes_are_not_made_for(village: Village) -> None:
    named = await village.do(lambda desk: keep_survey(desk.tx, anonymous=False, state="open"))
    over = await village.do(lambda desk: keep_survey(desk.tx, anonymous=True, state="closed"))
    open_one = await opened(village)
    for survey, count in ((named, 1), (over, 1), (99, 1), (open_one, 0), (open_one, 20_001)):
        with pytest.raises(Refusal):
            await village.do(codes.make, survey, count)


async def test_many_codes_are_all_different(village: Village, look: Look) -> None:
    survey = await opened(village)
    made = await village.do(codes.make, survey, 3000)
    assert len(set(made)) == 3000
    await village.do(codes.make, survey, 10)
    assert look("SELECT count(*) FROM survey_code") == [(3010,)]
