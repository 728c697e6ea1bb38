"""What is proposed for a matter in the morning, in which order, and how it is said."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.digest import LISTED, Item, Way, digest, label, most_urgent_first, way_of, wire
from domain.directory import Person
from domain.tickets.steps import Kind, State, Ticket
from tests.unit.tickets.sample import MONDAY as NOW
from tests.unit.tickets.sample import a_ticket

HIS, LOST = True, False
FUTURE, PAST = NOW + timedelta(days=3), NOW - timedelta(hours=30)
HEIR = Person(7, "李小军", "00000000102", None, consented=False)


def made(state: State, **more: object) -> Ticket:
    calm = {"limit_at": FUTURE, "contact_by": FUTURE, "accept_by": FUTURE}
    return a_ticket(state, **(calm | more))


@pytest.mark.parametrize(
    ("his", "ticket", "heir", "proposed"),
    [
        (HIS, made(State.ASSIGNED), True, (Way.TAKE, "等您接")),
        (HIS, made(State.RETURNED, limit_at=PAST), True, (Way.TAKE, "超时2天")),
        (HIS, made(State.REOPENED), False, (Way.TAKE, "没解决")),
        (HIS, made(State.ACCEPTED), True, None),
        (HIS, made(State.ACCEPTED, contact_by=PAST), True, (Way.CALL, "还没联系")),
        (HIS, made(State.ACCEPTED, contacted_at=PAST, limit_at=PAST), True, (Way.EXTEND, "超时2天")),
        (
            HIS,
            made(State.ACCEPTED, contacted_at=PAST, limit_at=NOW + timedelta(hours=9)),
            True,
            (Way.EXTEND, "今天到时"),
        ),
        (
            HIS,
            made(State.EXTENDED, contacted_at=PAST, limit_at=PAST, extensions=1),
            True,
            (Way.GIVE, "超时2天"),
        ),
        (HIS, made(State.EXTENDED, contacted_at=PAST, limit_at=PAST, extensions=1), False, None),
        (LOST, made(State.ACCEPTED), True, (Way.GIVE, "负责人不在")),
        (LOST, made(State.ACCEPTED), False, (Way.TAKE, "负责人不在")),
        (LOST, made(State.ASSIGNED, limit_at=PAST), True, (Way.GIVE, "超时2天")),
    ],
)
def test_what_is_proposed(his: bool, ticket: Ticket, heir: bool, proposed: tuple[Way, str] | None) -> None:
    assert way_of(ticket, his=his, heir=heir, now=NOW) == proposed


def item(number: int, **more: object) -> Item:
    return Item(
        replace(made(State.ASSIGNED), id=number, text="渠堵了三天一直没人管", **more), Way.TAKE, "等您接"
    )  # type: ignore[arg-type]


def test_what_is_immediate_comes_first_then_what_is_due_for_longest() -> None:
    items = [item(1), item(2, limit_at=PAST), item(3, kind=Kind.IMMEDIATE), item(4, limit_at=PAST)]
    assert [one.ticket.id for one in most_urgent_first(items)] == [3, 2, 4, 1]


def test_six_at_the_most_and_how_many_more() -> None:
    told = digest([item(number) for number in range(1, 9)], "早上好，有")
    assert len(told.choices) == LISTED
    assert told.text.startswith("早上好，有8件要您定")
    assert "还有2件。" in told.text
    assert "还有" not in digest([item(1)], "早上好，有").text


def test_a_button_says_what_it_does_and_its_wire_to_whom() -> None:
    given = replace(item(12), way=Way.GIVE, to=HEIR, why="负责人不在")
    assert (label(given), wire(given)) == ("12号渠堵了三天一直… 负责人不在→交李小军", "g:12:give7")
    assert (label(item(12)), wire(item(12))) == ("12号渠堵了三天一直… 等您接→我来办", "g:12:take")


def test_a_complaint_is_not_quoted() -> None:
    assert label(item(3, kind=Kind.COMPLAINT)) == "3号投诉 等您接→我来办"
