"""Times for talks and who takes them, on both databases: the rules, the races, and what is left of a topic."""

import asyncio
import contextlib
import random
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from domain.appointments.times import TalkRules
from domain.delivery import CHINA
from domain.directory import RoleName
from domain.errors import Refusal
from domain.tickets.steps import Kind, State
from services import digest
from services.appointments import access, answering, booking, slots
from services.appointments import clock as talks_clock
from services.appointments.booking import TakenError
from services.appointments.slots import Opening
from services.directory import forget
from services.tickets import clock, deciding, handling, villager
from storage import appointments, schema, turns
from storage import slots as rows
from storage.directory import people
from tests.contract.village import CHANNEL, COUNTY, ID, OTHER, TOWNSHIP, VILLAGE, Village

LEVELS = {
    RoleName.VILLAGER: ["副部长"],
    RoleName.CADRE: ["副部长", "部长"],
    RoleName.STAFF: ["部长"],
    RoleName.SUPERVISOR: ["部长"],
}
WEDNESDAY = date(2026, 11, 4)


@pytest.fixture
def town(village: Village) -> Village:
    village.county = replace(village.county, talks=TalkRules(30, LEVELS))
    return village


async def opens(
    town: Village, count: int = 2, leader: str = "supervisor", day: date = WEDNESDAY, **other: str
) -> list[int]:
    """Times from nine o'clock on; their ids."""
    end = (datetime.combine(day, time(9)) + timedelta(minutes=30 * count)).time()
    level, area = other.get("level", "副部长"), other.get("area", COUNTY)
    opening = Opening(ID[leader], level, day, time(9), end, "县委305", area)
    opened = await town.do(slots.open_times, opening)
    assert opened.new == count
    found = await town.do(lambda desk: rows.free_of(desk.tx, ID[leader], desk.now, 50))
    return [one.id for one in found if one.day == day]


async def books(town: Village, slot: int, by: str = "villager", topic: str = "庄基的事") -> int:
    ticket, _ = await town.do(lambda desk, who: booking.book(desk, who, slot, topic, CHANNEL), by)
    return int(ticket.id)


async def refused(town: Village, deed: Any, *facts: Any) -> str:
    with pytest.raises(Refusal) as no:
        await town.do(deed, *facts)
    assert len(no.value.say) <= 60
    return no.value.say


def at(text: str) -> datetime:
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=CHINA)


async def test_hours_are_opened_once(town: Village):
    await opens(town, 4)
    opening = Opening(ID["supervisor"], "副部长", WEDNESDAY, time(10, 15), time(11, 45), "县委305", COUNTY)
    opened = await town.do(slots.open_times, opening)
    assert (opened.new, opened.known) == (1, 2)  # 10:15 and 10:45 cross what ends at 11
    assert "没有“科长”这一级" in await refused(town, slots.open_times, replace(opening, level="科长"))
    assert "地点" in await refused(town, slots.open_times, replace(opening, place=" "))


@pytest.mark.parametrize(
    ("who", "level", "area", "sees"),
    [
        ("villager", "副部长", COUNTY, True),
        ("villager", "副部长", TOWNSHIP, True),
        ("villager", "部长", COUNTY, False),
        ("villager", "副部长", OTHER, False),
        ("primary", "部长", COUNTY, True),
        ("staff", "部长", COUNTY, True),
        ("staff", "副部长", COUNTY, False),
    ],
)
async def test_whom_a_time_is_for(town: Village, who: str, level: str, area: str, sees: bool):
    [slot] = await opens(town, 1, level=level, area=area)
    found = await town.do(lambda desk, person: slots.free_for(desk, person, 5), who)
    assert [one.id for one in found] == ([slot] if sees else [])
    if level == "部长" and who == "villager":
        assert "不归您约" in await refused(
            town, lambda desk, person: booking.book(desk, person, slot, "", CHANNEL), who
        )


async def test_booked_answered_and_held(town: Village, look):
    first, second = await opens(town)
    number = await books(town, first)
    ticket = await town.ticket(number)
    assert (ticket.kind, ticket.state, ticket.owner) == (Kind.APPOINTMENT, State.ASSIGNED, ID["supervisor"])
    assert ticket.limit_at == at("11-03 18:00")  # three working days would end after the talk
    assert "想谈：庄基的事" in (await town.told("supervisor"))[-1]
    assert "您已经约了一次" in await refused(
        town, lambda desk, who: booking.book(desk, who, second, "", CHANNEL), "villager"
    )
    await town.do(answering.fix, number, "supervisor")
    assert (await town.ticket(number)).limit_at == at("11-04 09:30")
    assert "定了：11月4日周三9点 副部长赵督办，在县委305。" in (await town.told("villager"))[-1]
    town.now = at("11-04 09:31")
    await town.do(clock.look_at_due)
    assert "谈得怎么样" in (await town.told("villager"))[-1]
    await town.do(booking.rate, number, "villager", 3)
    assert "评过了" in await refused(town, booking.rate, number, "villager", 1)
    assert await town.steps(number) == [
        "file by villager", "assign", "accept by supervisor", "over", "confirm by villager", "rate by villager",
    ]  # fmt: skip
    assert look("SELECT state, closing, rating FROM ticket") == [("closed", "solved", 3)]


async def test_nothing_of_the_topic_is_left(town: Village, look):
    """Neither in any table nor under any name: the same look over all of them, before and after."""

    def stands() -> set[str]:
        found = set()
        for table in schema.metadata.sorted_tables:
            for row in look(sa.select(table)):
                if any("庄基的事" in str(cell) for cell in row):
                    found.add(table.name)
        return found

    [slot] = await opens(town, 1)
    number = await books(town, slot)
    card = await town.do(lambda desk, who: handling.card(desk, number, who), "staff")
    assert "庄基" not in card.text, "staff who act for the leader need not know"
    assert stands() == {"appointment", "outbox"}
    await town.do(answering.fix, number, "supervisor")
    town.now = at("11-04 10:00")
    await town.do(clock.look_at_due)
    assert stands() == set()
    assert any("想谈：（已删）" in text for text in await town.told("supervisor"))


@pytest.mark.parametrize(
    ("now", "day", "answer_by"),
    [
        ("11-02 10:00", "11-20", "11-05 18:00"),  # three working days
        ("11-06 10:00", "11-20", "11-11 18:00"),  # over a weekend
        ("11-05 10:00", "11-09", "11-06 18:00"),  # a Monday's talk: on Friday
        ("11-02 17:59", "11-03", "11-02 18:00"),
        ("11-02 18:00", "11-03", "11-03 09:00"),  # nothing but the night is left
        ("11-07 10:00", "11-09", "11-09 09:00"),  # booked on Saturday
    ],
)
async def test_by_when_a_word_is_owed(town: Village, now: str, day: str, answer_by: str):
    town.now = at("11-01 10:00")
    [slot] = await opens(town, 1, day=at(f"{day} 00:00").date())
    town.now = at(now)
    assert (await town.ticket(await books(town, slot))).limit_at == at(answer_by)


@pytest.mark.parametrize("how", ["she", "leader", "leaves", "other leader"])
async def test_the_topic_goes_too_when_there_is_no_talk(town: Village, look, how: str):
    [slot] = await opens(town, 1)
    [other] = await opens(town, 1, leader="primary")
    number = await books(town, slot)
    if how == "she":
        await town.do(booking.withdraw, number, "villager", "来不了")
    elif how == "leader":
        await town.do(answering.cancel, number, "supervisor", "下乡了")
    elif how == "leaves":
        await town.do(forget, "villager")
    else:
        await town.do(booking.rebook, number, "villager", other, "来不了")
        assert not any("庄基" in text for text in await town.told("supervisor"))
        return
    assert look("SELECT topic FROM appointment") == [("",)]
    assert not any("庄基" in text for text in await town.told("supervisor"))


async def test_the_database_keeps_no_topic_of_a_talk_that_is_over(town: Village):
    [slot] = await opens(town, 1)
    number = await books(town, slot)
    for column in ("over_at", "cancelled_at"):
        update = sa.update(schema.appointment).where(schema.appointment.c.ticket == number)
        with pytest.raises(sa.exc.IntegrityError):
            await town.database.run(
                lambda tx, column=column, update=update: tx.execute(update.values({column: town.now}))
            )


async def test_many_at_once_and_one_gets_it(town: Village, look):
    """Twelve people take the same two times at the same moment."""
    both = await opens(town)

    def comes(desk: Any) -> int:
        number = people.add(desk.tx, desk.now, name="", phone="")
        people.bind(desk.tx, number, VILLAGE, "", desk.now)
        turns.open_account(desk.tx, CHANNEL, f"one{number}", number, desk.now)
        return number

    crowd = [await town.do(comes) for _ in range(12)]

    def takes(number: int, slot: int) -> Any:
        def deed(desk: Any) -> int:
            person = people.find(desk.tx, number)
            assert person is not None
            return booking.book(desk, person, slot, "", CHANNEL)[0].id

        return town.do(deed)

    got = await asyncio.gather(
        *(takes(number, both[place % 2]) for place, number in enumerate(crowd)), return_exceptions=True
    )
    assert sum(isinstance(one, int) for one in got) == 2
    assert all(isinstance(one, int | TakenError) for one in got)
    assert look("SELECT count(*) FROM ticket") == [(2,)], "who was too late leaves nothing behind"
    assert look("SELECT count(DISTINCT slot) FROM appointment") == [(2,)]


async def test_the_database_gives_a_time_to_one_alone(town: Village):
    """Also where the rule is not asked."""
    slot, other = await opens(town)
    await books(town, slot)
    number = await books(town, other, by="neighbour")
    assert not await town.do(lambda desk: appointments.add(desk.tx, number + 1, slot, "", desk.now))
    with pytest.raises(sa.exc.IntegrityError):
        await town.do(lambda desk: appointments.rebook(desk.tx, number, slot, desk.now))


async def test_she_moves_and_the_first_time_is_free_again(town: Village):
    first, second = await opens(town)
    number = await books(town, first)
    await town.do(answering.fix, number, "supervisor")
    await town.do(booking.rebook, number, "villager", second, "那天来不了")
    ticket = await town.ticket(number)
    assert ticket.state is State.ASSIGNED
    assert (await town.told("supervisor"))[-1].endswith("原因：那天来不了")
    assert await books(town, first, by="neighbour") == number + 1
    assert isinstance(
        (await asyncio.gather(town.do(booking.rebook, number, "villager", first, "又来得了"), return_exceptions=True))[0],
        TakenError,
    )  # fmt: skip


async def test_the_leader_moves_to_a_moment_that_nobody_had_opened(town: Village, look):
    first, second = await opens(town)
    number = await books(town, first)
    await books(town, second, by="neighbour")
    said = await refused(town, answering.move, number, "supervisor", at("11-04 09:40"), "下乡了")
    assert "还有别的约谈" in said
    assert "过了" in await refused(town, answering.move, number, "supervisor", at("11-01 09:00"), "下乡了")
    assert "刚被约走" in await refused(town, answering.move, number, "supervisor", second, "下乡了")
    await town.do(answering.move, number, "supervisor", at("11-05 15:00"), "下乡了")
    assert (await town.ticket(number)).state is State.ACCEPTED
    assert (
        "定了：11月5日周四15点 副部长赵督办，在县委305。\n原因：下乡了" in (await town.told("villager"))[-1]
    )
    assert look(f"SELECT count(*) FROM slot WHERE id = {first} AND withdrawn_at IS NULL") == [(0,)]


async def test_what_nobody_answers_climbs_to_the_staff_alone(town: Village):
    [slot] = await opens(town, 1, day=date(2026, 11, 12))
    number = await books(town, slot)
    while town.now < at("11-05 18:05"):
        town.passes(hours=1)
        await town.do(clock.look_at_due)
    ticket = await town.ticket(number)
    assert ticket.owner == ID["staff"]
    assert "庄基" not in (await town.told("staff"))[-1]
    assert "超时了" in (await town.told("villager"))[-1]
    assert not await town.told("primary"), "her grid's cadre learns nothing of it"
    await town.do(answering.fix, number, "staff")
    assert "定了" in (await town.told("supervisor"))[-1], "the leader is told what staff fixed for him"


@pytest.mark.parametrize("who", ["primary", "deputy", "stranger", "neighbour"])
async def test_for_all_others_it_does_not_exist(town: Village, who: str):
    [slot] = await opens(town, 1)
    number = await books(town, slot)
    for deed in (answering.fix, access.is_hers, villager.look, handling.card):
        assert f"没有{number}号" in await refused(town, deed, number, who)


async def test_the_deeds_of_other_tickets_do_nothing_to_it(town: Village):
    [slot] = await opens(town, 1)
    number = await books(town, slot)
    assert "是约谈" in await refused(town, handling.accept, number, "supervisor")
    assert "是约谈" in await refused(town, handling.note_call, number, "supervisor")
    assert "是约谈" in await refused(town, villager.withdraw, number, "villager")
    request = await town.files()
    assert f"没有{request}号约谈" in await refused(town, answering.fix, request, "primary")


async def test_both_are_reminded_once_on_the_last_working_day_before(town: Village):
    [slot] = await opens(town, 1, day=date(2026, 11, 9))  # a Monday
    number = await books(town, slot)
    await town.do(answering.fix, number, "supervisor")
    reminded = []
    town.now = at("11-03 10:00")
    while town.now < at("11-09 08:00"):
        before = len(await town.told("villager"))
        await asyncio.gather(town.do(talks_clock.remind_due), town.do(talks_clock.remind_due))
        if len(await town.told("villager")) > before:
            reminded.append(town.now.astimezone(CHINA))
        town.passes(hours=1)
    assert [f"{one:%m-%d %H}" for one in reminded] == ["11-06 08"]
    assert len([one for one in await town.told("supervisor") if one.startswith("提醒：")]) == 1


async def test_what_is_fixed_on_the_day_before_is_said_again_in_the_morning_only(town: Village):
    [slot] = await opens(town, 1, day=date(2026, 11, 3))
    await books(town, slot)
    await town.do(answering.fix, 1, "supervisor")
    assert await town.do(talks_clock.remind_due) == 0
    town.now = at("11-03 08:15")
    assert await town.do(talks_clock.remind_due) == 1
    assert await town.do(talks_clock.remind_due) == 0


async def test_no_word_before_its_time_and_another_time_afterwards(town: Village):
    [slot] = await opens(town, 1)
    number = await books(town, slot)
    town.now = at("11-04 10:00")
    assert "已经过了" in await refused(town, answering.fix, number, "supervisor")
    await town.do(answering.move, number, "supervisor", at("11-05 10:00"), "临时有会")
    assert (await town.ticket(number)).state is State.ACCEPTED


async def test_after_it_began_nobody_moves_it_and_she_can_say_that_there_was_none(town: Village):
    slot, other = await opens(town)
    number = await books(town, slot)
    await town.do(answering.fix, number, "supervisor")
    town.now = at("11-04 09:10")
    for deed, *facts in (
        (answering.cancel, "supervisor", "下乡了"),
        (answering.move, "supervisor", other, "下乡了"),
        (booking.withdraw, "villager", "来不了"),
    ):
        assert "已经到了" in await refused(town, deed, number, *facts)
    town.now = at("11-04 09:35")
    await town.do(clock.look_at_due)
    await town.do(booking.say_missed, number, "villager")
    assert (await town.told("supervisor"))[-1].startswith("没谈成 约谈1号")
    await town.do(answering.move, number, "supervisor", at("11-06 10:00"), "临时有会")
    town.now = at("11-06 10:31")
    await town.do(clock.look_at_due)
    assert (await town.ticket(number)).state is State.ANSWERED
    town.passes(days=8)
    told = len(await town.told("villager"))
    await town.do(clock.look_at_due)
    assert (await town.ticket(number)).state is State.CLOSED
    assert len(await town.told("villager")) == told, "she was asked once; that is enough"


async def test_a_time_that_is_booked_is_not_withdrawn(town: Village):
    first, second = await opens(town)
    await books(town, first)
    assert "有人约了" in await refused(town, slots.withdraw, first, "staff")
    assert "有人约了" in await refused(town, slots.withdraw, second, "primary")
    await town.do(slots.withdraw, second, "staff")
    found = await town.do(lambda desk, who: slots.arranged(desk, who, 9), "staff")
    assert [(slot.id, ticket) for slot, ticket, _ in found] == [(first, 1)]
    mine = await town.do(lambda desk, who: slots.arranged(desk, who, 9), "supervisor")
    assert [slot.id for slot, _, _ in mine] == [first]
    assert await town.do(lambda desk, who: slots.arranged(desk, who, 9), "primary") == []


@pytest.mark.parametrize("seed", range(3))
async def test_random_lives(town: Village, look, seed: int):
    """Whatever people do in whatever order, refused or not: what must hold holds."""
    lot = random.Random(seed)
    await opens(town, 6)
    await opens(town, 4, day=date(2026, 11, 6))
    who = ["villager", "neighbour", "primary", "supervisor", "staff"]
    for _ in range(250):
        number, person, slot = lot.randint(1, 3), lot.choice(who), lot.randint(1, 10)
        deed, *facts = lot.choice(
            [
                (booking.book, person, slot, "庄基的事", CHANNEL),
                (booking.book, "villager", slot, "庄基的事", CHANNEL),
                (booking.book, "neighbour", slot, "", CHANNEL),
                (booking.rebook, number, person, slot, "来不了"),
                (booking.withdraw, number, person, "来不了"),
                (booking.rate, number, person, lot.randint(1, 3)),
                (booking.say_missed, number, person),
                (answering.fix, number, person),
                (answering.move, number, person, slot, "下乡了"),
                (answering.move, number, person, town.now + timedelta(days=1), "下乡了"),
                (answering.put_place, number, person, "镇政府", "停电"),
                (answering.cancel, number, person, "下乡了"),
                (slots.withdraw, slot, person),
                (clock.look_at_due,),
                (talks_clock.remind_due,),
            ]
        )
        with contextlib.suppress(Refusal):
            await town.do(deed, *facts)
        town.passes(minutes=lot.randint(0, 30))
    standing = look("SELECT slot FROM appointment WHERE cancelled_at IS NULL")
    assert len(standing) == len(set(standing))
    assert (
        look(
            "SELECT 1 FROM appointment WHERE topic <> '' AND (over_at IS NOT NULL OR cancelled_at IS NOT NULL)"
        )
        == []
    )
    pairs = look(
        "SELECT t.state, a.fixed_at, a.cancelled_at, t.id FROM ticket t JOIN appointment a ON a.ticket = t.id"
    )
    assert len(pairs) == look("SELECT count(*) FROM ticket")[0][0] > 2
    for state, fixed_at, cancelled_at, number in pairs:
        assert (state in ("declined", "withdrawn")) == (cancelled_at is not None)
        assert state not in ("accepted", "answered", "closed") or fixed_at is not None
        assert await town.steps(number)  # numbered without a gap
    told = "".join(text for (text,) in look("SELECT text FROM outbox"))
    open_topics = look("SELECT 1 FROM appointment WHERE topic <> ''")
    assert ("庄基的事" in told) == bool(open_topics)


async def test_no_digest_and_no_tap_of_one_decides_about_a_talk(town: Village):
    [slot] = await opens(town, 1, day=date(2026, 11, 12))
    number = await books(town, slot)
    town.now = at("11-10 09:00")
    await town.do(clock.look_at_due)
    assert (await town.ticket(number)).owner == ID["staff"]
    assert await town.do(digest.to_decide, "staff") == []
    assert f"没有{number}号" in await refused(town, deciding.take_over, number, "supervisor")
    assert "是约谈" in await refused(town, deciding.take_over, number, "staff")
    assert "是约谈" in await refused(town, deciding.allow_extension, number, "staff")
