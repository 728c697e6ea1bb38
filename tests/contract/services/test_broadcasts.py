"""Broadcasts: who is meant, who gets it, what is counted, and that nothing says more of an anonymous one."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.broadcasting import queue_part
from domain.broadcasts import Audience, Broadcast, Reach, State
from domain.delivery import blocked, failed, held, in_doubt, sent, settle
from domain.directory import RoleName
from domain.errors import Refusal
from services import broadcasts
from services.desk import Desk
from services.surveys import opening
from storage import schema
from storage.broadcasts import recipients, rows
from storage.delivery import outbox
from storage.directory import people
from tests.contract.village import CHANNEL, COUNTY, ID, MONDAY, OTHER, TOWNSHIP, VILLAGE, Village

SURVEY = 12


async def survey(village: Village, *, anonymous: bool = False, state: str = "open") -> None:
    values = {
        "id": SURVEY,
        "name": "q4",
        "title": "四季度开门纳谏",
        "form": {},
        "sheet": b"",
        "anonymous": anonymous,
        "state": state,
        "area": COUNTY,
        "created_at": MONDAY,
    }
    await village.database.run(lambda tx: tx.execute(sa.insert(schema.survey), values))


async def send(village: Village, audience: Audience | None = None, **more: Any) -> int:
    """Begun, and everybody found."""
    number = await village.do(
        lambda desk: broadcasts.send_survey(desk, SURVEY, audience or Audience(), **more)
    )
    await queue(village, number)
    return number


async def queue(village: Village, number: int, people: int = 3) -> None:
    def find(desk: Desk) -> Broadcast:
        found = rows.find(desk.tx, number)
        assert found
        return found

    while await queue_part(village.database, village.county, village.clock, await village.do(find), people):
        pass


async def meant(village: Village, number: int) -> set[str]:
    names = {number: key for key, number in ID.items()}
    query = f"SELECT person FROM broadcast_recipient WHERE broadcast = {number}"
    found = await village.database.read(lambda tx: [row[0] for row in tx.exec_driver_sql(query)])
    return {names[one] for one in found}


async def feed(village: Village, number: int, count: int = 10) -> list[Any]:
    def deed(desk: Desk) -> list[Any]:
        broadcast = rows.find(desk.tx, number)
        assert broadcast
        return recipients.feed(desk.tx, broadcast, CHANNEL, count, desk.now, "one")[1]

    return await village.do(deed)


async def ends(village: Village, messages: list[Any], outcomes: list[Any]) -> None:
    """What the messenger made of each."""
    listed = [settle(*one, village.now) for one in zip(messages, outcomes, strict=True)]
    await village.database.run(lambda tx: outbox.settle(tx, "one", listed))


async def counted(village: Village, number: int) -> dict[str, int]:
    """The counts, which agree with the rows where there are any."""
    progress = await village.do(broadcasts.progress, number)
    query = f"SELECT state, count(*) FROM broadcast_recipient WHERE broadcast = {number} GROUP BY state"
    states = dict(await village.database.read(lambda tx: [tuple(row) for row in tx.exec_driver_sql(query)]))
    assert progress.left == states.get("waiting", 0) + states.get("queued", 0)
    if not progress.broadcast.anonymous:
        assert {k: v for k, v in states.items() if k not in ("waiting", "queued")} == progress.counts
    return {str(reach): count for reach, count in progress.counts.items()}


AUDIENCES = {
    "residents": (Audience(), {"villager", "neighbour"}),
    "of a village": (Audience(areas=(VILLAGE,)), {"villager", "neighbour"}),
    "of the other village": (Audience(areas=(OTHER,)), set()),
    "of a township": (Audience(areas=(TOWNSHIP,)), {"villager", "neighbour"}),
    "cadres": (Audience(roles=(RoleName.CADRE,)), {"primary", "deputy", "stranger"}),
    "cadres of a village": (Audience(areas=(OTHER,), roles=(RoleName.CADRE,)), {"stranger"}),
    "two roles": (Audience(roles=(RoleName.SUPERVISOR, RoleName.STAFF)), {"supervisor", "staff"}),
    "a list": (Audience(tag="代表"), {"villager", "staff"}),
    "a list, of a village": (Audience(areas=(VILLAGE,), tag="代表"), {"villager"}),
    "a list without anybody": (Audience(tag="没有"), set()),
}


@pytest.mark.parametrize("case", AUDIENCES)
async def test_who_is_meant(village: Village, case: str):
    audience, expected = AUDIENCES[case]
    phones = [f"0000000010{ID[key]}" for key in ("villager", "staff")]
    await survey(village)
    assert await village.do(broadcasts.tag_people, "代表", phones) == 2
    number = await send(village, audience)
    assert await meant(village, number) == expected
    preview = await village.do(broadcasts.preview, audience)
    assert preview.reached == len(expected)


async def test_who_is_not_reached_and_why(village: Village, look):
    await survey(village)
    await village.do(lambda desk: people.mark_blocked(desk.tx, ID["villager"], blocked=True))
    await village.do(lambda desk: broadcasts.refuse_broadcasts(desk, ID["neighbour"]))
    third = await village.do(lambda desk: people.add(desk.tx, desk.now, name="孙大爷"))
    await village.do(lambda desk: people.bind(desk.tx, third, VILLAGE, "", desk.now))
    preview = await village.do(broadcasts.preview, Audience())
    assert (preview.reached, preview.blocked, preview.refused, preview.no_account) == (0, 1, 1, 1)
    assert await meant(village, await send(village)) == set()
    await village.do(broadcasts.accept_broadcasts, ID["neighbour"])
    assert await meant(village, await send(village)) == {"neighbour"}


async def test_so_many_of_each_village_are_drawn(village: Village):
    await survey(village)

    def settle_more(desk: Desk) -> None:
        for number in range(40):
            one = people.add(desk.tx, desk.now, name="村民")
            people.bind(desk.tx, one, VILLAGE if number % 2 else OTHER, "", desk.now)
            account = people.add_account(desk.tx, CHANNEL, f"more{number}", one, desk.now)
            talk = {"account": account, "state": {}, "seen_at": desk.now}
            desk.tx.execute(sa.insert(schema.conversation), talk)

    await village.do(settle_more)
    drawn = []
    for _ in range(2):
        number = await send(village, Audience(of_each_village=5))
        query = (
            "SELECT p.area, p.id FROM broadcast_recipient r JOIN person p ON p.id = r.person"
            f" WHERE r.broadcast = {number}"
        )
        found = await village.database.read(lambda tx, q=query: [tuple(row) for row in tx.exec_driver_sql(q)])
        assert Counter(area for area, _ in found) == {VILLAGE: 5, OTHER: 5}
        drawn.append(set(found))
    assert drawn[0] != drawn[1], "by lot"


async def test_what_became_of_each(village: Village):
    await survey(village)
    number = await send(village, Audience(roles=tuple(RoleName)))
    messages = await feed(village, number)
    assert len(messages) == 7
    ways = [sent("1"), held("window"), blocked("403"), failed("400"), in_doubt("?"), sent("2"), sent("3")]
    await ends(village, messages, ways)
    assert await counted(village, number) == {"sent": 3, "held": 1, "blocked": 1, "failed": 1}
    again = [one for one, way in zip(messages, ways, strict=True) if way.state.value == "uncertain"]
    await village.database.run(
        lambda tx: tx.execute(
            sa.update(schema.outbox)
            .where(schema.outbox.c.id == again[0].id)
            .values(state="sending", sender="one")
        )
    )
    await ends(village, [replace(again[0], doubts=1, tries=1)], [sent("4")])
    progress = await village.do(broadcasts.progress, number)
    assert progress.counts[Reach.SENT] == 4
    assert progress.doubts == 1
    assert progress.left == 0
    await counted(village, number)


@pytest.mark.parametrize("anonymous", [False, True])
async def test_held_for_her_and_then_sent(village: Village, anonymous: bool):
    await survey(village, anonymous=anonymous)
    number = await send(village, Audience(areas=(VILLAGE,)))
    first, second = await feed(village, number)
    await ends(village, [first, second], [held("window"), sent("1")])
    assert await counted(village, number) == {"held": 1, "sent": 1}
    await village.database.run(
        lambda tx: tx.execute(
            sa.update(schema.outbox)
            .where(schema.outbox.c.id == first.id)
            .values(state="sending", sender="one")
        )
    )
    await ends(village, [first], [sent("2")])
    assert await counted(village, number) == {"sent": 2}


async def test_of_an_anonymous_one_no_row_tells_how_it_ended(village: Village, look):
    await survey(village, anonymous=True)
    number = await send(village, Audience(roles=tuple(RoleName)))
    messages = await feed(village, number)
    await ends(village, messages, [sent("1"), blocked("403"), failed("400"), *[sent("2")] * 4])
    assert look("SELECT DISTINCT state, outbox, batch FROM broadcast_recipient") == [("over", None, None)]
    assert await counted(village, number) == {"sent": 5, "blocked": 1, "failed": 1}
    await village.do(broadcasts.survey_is_answered, SURVEY, ID["villager"])
    assert look("SELECT DISTINCT state FROM broadcast_recipient") == [("over",)]


async def test_who_answered_is_not_asked_again(village: Village):
    await survey(village)
    number = await send(village)
    messages = await feed(village, number)
    await ends(village, messages, [sent("1"), sent("2")])
    await village.do(broadcasts.survey_is_answered, SURVEY, ID["villager"])
    await village.do(broadcasts.survey_is_answered, SURVEY, ID["villager"])
    assert await counted(village, number) == {"answered": 1, "sent": 1}
    with pytest.raises(Refusal, match="还没发完"):
        await village.do(broadcasts.remind, number)
    await village.do(lambda desk: rows.change_state(desk.tx, number, State.DONE, desk.now))
    reminder = await village.do(broadcasts.remind, number)
    await queue(village, reminder)
    assert await meant(village, reminder) == {"neighbour"}
    await village.do(broadcasts.survey_is_answered, SURVEY, ID["neighbour"])
    assert await feed(village, reminder) == [], "she answered before it left"
    with pytest.raises(Refusal, match="只能提醒一次"):
        await village.do(broadcasts.remind, number)


async def test_who_answered_by_its_link_is_not_asked_at_all(village: Village):
    await survey(village)
    answer = {"survey": SURVEY, "number": 1, "person": ID["villager"], "channel": CHANNEL, "answers": {}}
    await village.do(lambda desk: desk.tx.execute(sa.insert(schema.survey_answer), answer))
    number = await send(village)
    assert [one.person for one in await feed(village, number)] == [ID["neighbour"]]
    assert await counted(village, number) == {"answered": 1}


async def test_who_was_asked_by_a_list_is_reminded_wherever_she_lives(village: Village):
    phones = [f"0000000010{ID[key]}" for key in ("villager", "staff")]
    await survey(village)
    await village.do(broadcasts.tag_people, "代表", phones)
    number = await send(village, Audience(tag="代表"))
    await ends(village, await feed(village, number), [sent("1"), sent("2")])
    await village.do(lambda desk: rows.change_state(desk.tx, number, State.DONE, desk.now))
    assert await village.do(broadcasts.would_be_reminded, number) == 2
    reminder = await village.do(broadcasts.remind, number)
    await queue(village, reminder)
    assert await meant(village, reminder) == {"villager", "staff"}


async def test_nobody_is_asked_to_answer_what_has_closed(village: Village, look):
    """Neither who had not her turn yet, nor who would have got it with her next word."""
    await survey(village)
    first, _second = [await send(village) for _ in range(2)]
    await ends(village, await feed(village, first), [held("window"), sent("1")])
    await village.do(lambda desk: rows.change_state(desk.tx, first, State.DONE, desk.now))
    await village.do(opening.close_survey, SURVEY)
    assert look("SELECT state FROM broadcast ORDER BY id") == [("done",), ("cancelled",)]
    assert await village.do(lambda desk: rows.going(desk.tx, desk.now)) == []
    assert await village.do(lambda desk: recipients.to_withdraw(desk.tx)) == [first]
    await village.do(lambda desk: recipients.withdraw(desk.tx, first, 9, desk.now))
    assert look("SELECT DISTINCT state FROM outbox ORDER BY state") == [("failed",), ("sent",)]


async def test_the_reminder_of_an_anonymous_one_goes_to_everybody(village: Village):
    await survey(village, anonymous=True)
    number = await send(village)
    messages = await feed(village, number)
    await ends(village, messages, [sent("1"), sent("2")])
    await village.do(lambda desk: rows.change_state(desk.tx, number, State.DONE, desk.now))
    reminder = await village.do(broadcasts.remind, number)
    await queue(village, reminder)
    assert await meant(village, reminder) == {"villager", "neighbour"}
    [text, *_] = [one.text for one in await feed(village, reminder)]
    assert text.startswith("提醒一下：答过的不用再答")
    assert text.count("退订") == 1


async def test_who_wants_no_more_gets_no_more(village: Village, look):
    await survey(village)
    number = await send(village)
    [first] = await feed(village, number, 1)
    await ends(village, [first], [held("window")])
    for key in ("villager", "neighbour"):
        await village.do(broadcasts.refuse_broadcasts, ID[key])
        await village.do(broadcasts.refuse_broadcasts, ID[key])
    assert await counted(village, number) == {"refused": 2}
    assert await feed(village, number) == []
    assert look("SELECT state FROM outbox") == [("failed",)]


async def test_who_left_meanwhile_is_passed_over(village: Village):
    await survey(village)
    number = await send(village)
    await village.do(lambda desk: people.drop_account(desk.tx, ID["villager"]))
    assert [one.address for one in await feed(village, number)] == ["neighbour"]
    assert await counted(village, number) == {"failed": 1}


async def test_paused_resumed_cancelled(village: Village):
    await survey(village)
    number = await send(village)
    going = lambda desk: [one.id for one in rows.going(desk.tx, desk.now)]  # noqa: E731
    assert await village.do(going) == [number]
    await village.do(broadcasts.pause, number)
    assert await village.do(going) == []
    await village.do(broadcasts.resume, number)
    assert await village.do(going) == [number]
    [first] = await feed(village, number, 1)
    await ends(village, [first], [held("window")])
    await village.do(broadcasts.cancel, number)
    assert await village.do(lambda desk: recipients.to_withdraw(desk.tx)) == [number]
    assert await village.do(lambda desk: recipients.withdraw(desk.tx, number, 10, desk.now)) == 1
    assert await village.do(lambda desk: recipients.to_withdraw(desk.tx)) == []
    assert await counted(village, number) == {"failed": 1}
    with pytest.raises(Refusal, match="已经取消"):
        await village.do(broadcasts.resume, number)


async def test_it_begins_at_its_time(village: Village):
    await survey(village)
    number = await send(village, starts_at=MONDAY + timedelta(hours=5))
    going = lambda desk: [one.id for one in rows.going(desk.tx, desk.now)]  # noqa: E731
    assert await village.do(going) == []
    village.passes(hours=5)
    assert await village.do(going) == [number]


@pytest.mark.parametrize("state", ["draft", "closed"])
async def test_a_survey_that_nobody_can_answer_is_not_sent(village: Village, state: str):
    await survey(village, state=state)
    with pytest.raises(Refusal, match="问卷"):
        await send(village)


async def test_how_many_of_each_township_are_asked(village: Village, look):
    await survey(village)
    await send(village)
    assert look("SELECT what, value, count FROM survey_count") == [("invited", TOWNSHIP, 2)]
