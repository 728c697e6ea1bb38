"""When a rectification's limit is spoken of, and in which words."""

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.delivery import CHINA
from domain.directory import Rung
from domain.tickets.rectification import Item, Stage, reminder, stage_of
from domain.tickets.steps import Kind, State, Ticket

LIMIT = datetime(2026, 12, 31, 18, 0, tzinfo=CHINA)
TODAY = date(2026, 12, 24)


@pytest.mark.parametrize(
    ("day", "stage"),
    [
        ("2026-11-30", None),
        ("2026-12-23", None),
        ("2026-12-24", Stage.BEFORE),
        ("2026-12-30", Stage.BEFORE),
        ("2026-12-31", None),  # his last day
        ("2027-01-01", Stage.AFTER),
        ("2027-03-01", Stage.AFTER),  # the service was away
    ],
)
def test_what_is_due(day: str, stage: Stage | None):
    assert stage_of(LIMIT, date.fromisoformat(day)) is stage
    assert stage_of(LIMIT.astimezone(UTC), date.fromisoformat(day)) is stage


def item(number: int, limit: datetime = LIMIT) -> Item:
    ticket = Ticket(
        id=number, kind=Kind.RECTIFICATION, state=State.ASSIGNED, category="整改", subcategory=None,
        text="三个月没开党员大会，会议记录也没有，党员都有意见，说了几次也没有改", area="610528001200", villager=1,
        filed_by=1, on_behalf_of="", filed_at=limit, accept_by=limit, contact_by=limit, limit_at=limit, owner=1,
        rung=Rung.PRIMARY, events=1,
    )  # fmt: skip
    return Item(ticket, "每月开一次", 2)


def test_of_one_it_says_what_and_offers_what_helps():
    reply = reminder([item(7)], TODAY)
    assert reply.text.startswith("7号整改12月31日到时限，还有7天：三个月没开党员大会")
    assert [choice.label for choice in reply.choices][:2] == ["说本月进展", "报销号"]
    late = reminder([item(7, LIMIT - timedelta(days=8))], TODAY)
    assert late.text.startswith("7号整改12月23日的时限过了：")


def test_many_are_one_message_and_all_can_be_reached():
    some = reminder([item(number) for number in range(6)], TODAY)
    assert [choice.id for choice in some.choices] == [f"x:{number}:show" for number in range(6)]
    many = reminder([item(number) for number in range(7)], TODAY)
    assert [choice.id for choice in many.choices][-2:] == ["x:4:show", "m:rectification"]


@pytest.mark.parametrize("count", [1, 2, 6, 200])
def test_it_fits(count: int):
    reply = reminder([item(999_999_000 + number) for number in range(count)], TODAY)
    assert len(reply.text) <= 60
    assert len(reply.choices) <= 6
