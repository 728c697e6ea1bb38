"""“您说的……，我们做了……”: to whom it goes."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from domain.broadcasts import Audience, Reach, State
from domain.errors import Refusal
from services.broadcasts import queue_some, remind, send_survey, tag_people
from services.broadcasts import tell_results as send_results
from services.surveys.telling import tell_results
from storage import schema
from storage.broadcasts import counts, rows
from storage.database import Tx
from tests.contract.services.surveys import keep_survey
from tests.contract.village import CHANNEL, ID, Village

Look = Callable[[Any], list[tuple[Any, ...]]]
SAID, DID = "路灯坏了三个多月", "换了十二盏，坏了打这个电话"
WORDS = f"《四季度开门纳谏》谢谢您。{{}}说的：{SAID}\n我们做了：{DID}"


def answers(tx: Tx, survey: int, *who: str, named: bool) -> None:
    rows = [
        {
            "survey": survey,
            "number": number,
            "person": ID[one] if named else None,
            "channel": "",
            "answers": {},
        }
        for number, one in enumerate(who, 1)
    ]
    tx.execute(sa.insert(schema.survey_answer), rows)


async def test_of_a_named_survey_those_who_answered_once(village: Village, look: Look) -> None:
    def deed(desk: Any) -> int:
        survey = keep_survey(desk.tx, anonymous=False, state="closed")
        answers(desk.tx, survey, "villager", "primary", named=True)
        return survey

    survey = await village.do(deed)
    told = await village.do(tell_results, survey, SAID, DID)
    assert told.in_words == "答过的2人"
    [(telling, text)] = look("SELECT id, text FROM broadcast")
    assert text.startswith(WORDS.format("您和大家"))
    await village.do(queue_some, telling, 1000)
    assert look("SELECT person FROM broadcast_recipient ORDER BY person") == [
        (ID["primary"],),
        (ID["villager"],),
    ]
    with pytest.raises(Refusal, match="已经告诉过"):
        await village.do(tell_results, survey, SAID, DID)
    with pytest.raises(IntegrityError):  # nor does the database take a second one
        await village.do(lambda desk: send_results(desk, survey, DID, Audience()))


async def test_of_an_anonymous_survey_all_who_were_asked(village: Village, look: Look) -> None:
    """The same row is written whoever has answered, and nobody's answer is looked at."""
    survey = await village.do(lambda desk: keep_survey(desk.tx, anonymous=True, state="open"))
    asked = await village.do(lambda desk: send_survey(desk, survey, Audience()))
    await village.do(queue_some, asked, 1000)
    await village.do(lambda desk: settle_all(desk.tx, asked))
    await village.do(lambda desk: rows.change_state(desk.tx, asked, State.DONE, desk.now))
    await village.do(remind, asked)
    await village.do(lambda desk: finish(desk.tx, survey))
    assert (await village.do(tell_results, survey, SAID, DID)).in_words == "请过的2人"
    [(telling, text)] = look("SELECT id, text FROM broadcast WHERE survey IS NULL")
    assert WORDS.format("大家") in text
    await village.do(queue_some, telling, 1000)
    recipients = "SELECT person FROM broadcast_recipient WHERE broadcast = {} ORDER BY person"
    assert look(recipients.format(telling)) == look(recipients.format(asked))
    assert len(look(recipients.format(telling))) == 2


async def test_whoever_was_asked_twice_is_told_once(village: Village, look: Look) -> None:
    """A survey that was sent again, to others too."""

    def asks(desk: Any) -> int:
        survey = keep_survey(desk.tx, anonymous=True, state="open")
        for audience in (Audience(tag="代表"), Audience()):
            asked = send_survey(desk, survey, audience)
            queue_some(desk, asked, 1000)
            settle_all(desk.tx, asked)
        finish(desk.tx, survey)
        return survey

    await village.do(tag_people, "代表", [f"0000000010{ID[key]}" for key in ("villager", "staff")])
    survey = await village.do(asks)
    assert (await village.do(tell_results, survey, SAID, DID)).in_words == "请过的最多4人"
    [(telling,)] = look("SELECT id FROM broadcast WHERE survey IS NULL")
    await village.do(queue_some, telling, 1000)
    told = look(f"SELECT person FROM broadcast_recipient WHERE broadcast = {telling} ORDER BY person")
    assert told == sorted((ID[key],) for key in ("villager", "staff", "neighbour"))


async def test_of_one_that_was_sent_to_nobody_all_for_whom_it_was(village: Village, look: Look) -> None:
    survey = await village.do(lambda desk: keep_survey(desk.tx, anonymous=True, state="released"))
    assert (await village.do(tell_results, survey, SAID, DID)).in_words == "富平县所有人"


def settle_all(tx: Tx, broadcast: int) -> None:
    """As when it has been sent."""
    tx.execute(sa.update(schema.broadcast_recipient).values(state="over"))
    counts.change(tx, Counter({(broadcast, CHANNEL, Reach.SENT): 2}))


def finish(tx: Tx, survey: int) -> None:
    answers(tx, survey, "villager", named=False)
    tx.execute(sa.update(schema.survey).where(schema.survey.c.id == survey).values(state="released"))


@pytest.mark.parametrize(
    ("anonymous", "state", "said", "did", "why"),
    [
        (True, "closed", SAID, DID, "密钥没了"),
        (False, "open", SAID, DID, "还没截止"),
        (False, "closed", "  ", DID, "请写两句"),
        (False, "closed", SAID, "", "请写两句"),
        (False, "closed", SAID, "长" * 121, "太长"),
    ],
)
async def test_what_is_not_told(
    village: Village, look: Look, anonymous: bool, state: str, said: str, did: str, why: str
) -> None:
    survey = await village.do(lambda desk: keep_survey(desk.tx, anonymous=anonymous, state=state))
    with pytest.raises(Refusal, match=why):
        await village.do(tell_results, survey, said, did)
    assert look("SELECT count(*) FROM broadcast") == [(0,)]
