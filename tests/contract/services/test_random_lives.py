"""Tickets that live as chance has it: whoever does whatever whenever, some things always hold."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, ClassVar

import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from domain.county import County
from domain.errors import Refusal
from domain.tickets.clock import next_look
from domain.tickets.steps import FINAL, Closing, Event, Kind, State, Step, Ticket
from services.desk import Desk
from services.tickets import clock, filing, handling, villager
from storage import tickets
from storage.sqlite import sqlite_engine
from tests.contract.village import CHANNEL, ID, MONDAY, VILLAGE, settle, who

OWNER = "whoever owns it"
WORKERS = st.sampled_from([OWNER] * 12 + ["primary", "deputy", "supervisor", "staff", "stranger"])
COLLEAGUES = st.sampled_from(["primary", "deputy", "supervisor", "staff", "stranger"])
VILLAGERS = st.sampled_from(["villager"] * 9 + ["neighbour"])
KEY = {number: key for key, number in ID.items()}


class Life(RuleBasedStateMachine):
    """One ticket, in a transaction that is rolled back at the end."""

    engine: sa.Engine
    county: County
    seen: ClassVar[set[State]] = set()

    def __init__(self) -> None:
        super().__init__()
        self.connection = self.engine.connect()
        self.connection.begin()
        self.now = MONDAY - timedelta(days=1)
        settle(self.connection, self.now)

    def teardown(self) -> None:
        self.connection.close()

    @initialize(
        kind=st.sampled_from([Kind.REQUEST, Kind.IMMEDIATE, Kind.COMPLAINT]), later=st.integers(0, 200)
    )
    def is_filed(self, kind: Kind, later: int) -> None:
        self.now = MONDAY + timedelta(hours=later)
        request = filing.Request("渠堵了", "饮水灌溉", None, VILLAGE, CHANNEL, kind=kind)
        self.first = filing.file_ticket(self.desk, who(self.connection, "villager"), request).ticket
        self.story: list[Event] = []
        self.promised = self.first.limit_at

    @property
    def desk(self) -> Desk:
        return Desk(self.connection, self.county, self.now)

    @property
    def ticket(self) -> Ticket:
        found = tickets.find(self.connection, self.first.id)
        assert found is not None
        return found

    def tries(self, deed: Callable[..., Any], person: str, *facts: Any) -> None:
        before = self.ticket
        person = KEY[before.owner or 0] if person == OWNER else person
        said = ""
        try:
            deed(self.desk, before.id, who(self.connection, person), *facts)
        except Refusal as refusal:
            said = refusal.say
        assert len(said) <= 60
        assert not said or self.ticket == before, "a refusal changes nothing"

    @rule(hours=st.sampled_from([1, 5, 20, 60, 170]))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        while clock.look_at_due(self.desk):
            pass

    @rule()
    def goes_well(self) -> None:
        self.tries(handling.accept, OWNER)
        self.tries(handling.answer, OWNER, "通了", ())

    @rule()
    def is_solved(self) -> None:
        self.tries(villager.confirm, "villager")

    @rule(who=WORKERS)
    def accepts(self, who: str) -> None:
        self.tries(handling.accept, who)

    @rule(who=WORKERS, deed=st.sampled_from([handling.answer, handling.message]))
    def says(self, who: str, deed: Callable[..., Any]) -> None:
        self.tries(deed, who, "通了", ())

    @rule(who=WORKERS)
    def extends(self, who: str) -> None:
        self.tries(handling.extend, who, "等料")

    @rule()
    def needs_longer(self) -> None:
        self.tries(handling.accept, OWNER)
        self.tries(handling.extend, OWNER, "等料")

    @rule(who=WORKERS)
    def sends_back(self, who: str) -> None:
        self.tries(handling.send_back, who, "不归我")

    @rule()
    def is_not_his(self) -> None:
        self.tries(handling.send_back, OWNER, "不归我")

    @rule(who=WORKERS, to=COLLEAGUES)
    def passes_on(self, who: str, to: str) -> None:
        self.tries(handling.pass_on, who, ID[to], "他熟")

    @rule(who=VILLAGERS, deed=st.sampled_from([villager.confirm, villager.urge]))
    def villager_acts(self, who: str, deed: Callable[..., Any]) -> None:
        self.tries(deed, who)

    @rule(who=VILLAGERS, deed=st.sampled_from([villager.reopen, villager.add, villager.reply]))
    def villager_says(self, who: str, deed: Callable[..., Any]) -> None:
        self.tries(deed, who, "还堵着", ())

    @rule(who=VILLAGERS, rating=st.integers(1, 3))
    def villager_rates(self, who: str, rating: int) -> None:
        self.tries(villager.rate, who, rating)

    @rule(chance=st.sampled_from(["", "", "", "", "withdrawn", "declined"]))
    def it_is_over_early(self, chance: str) -> None:
        """Seldom, or most lives would be short."""
        if chance == "withdrawn":
            self.tries(villager.withdraw, "villager")
        if chance == "declined":
            self.tries(handling.decline, OWNER, "去镇上")

    @invariant()
    def what_is_told_of_it_agrees(self) -> None:
        ticket = self.ticket
        story = tickets.events(self.connection, ticket.id)
        self.the_story_only_grows(ticket, story)
        self.closed_is_closed(ticket, story)
        self.limits_hold(ticket, story)
        self.it_is_in_hands_that_may_hold_it(ticket)
        self.seen.add(ticket.state)

    def the_story_only_grows(self, ticket: Ticket, story: list[Event]) -> None:
        assert [event.number for event in story] == list(range(1, ticket.events + 1))
        assert story[: len(self.story)] == self.story
        assert story[-1].state is ticket.state
        assert [event.at for event in story] == sorted(event.at for event in story)
        self.story = story

    def closed_is_closed(self, ticket: Ticket, story: list[Event]) -> None:
        assert (ticket.state is State.CLOSED) == (ticket.closing is not None)
        assert (ticket.state in FINAL) == (ticket.closed_at is not None)
        assert ticket.rating is None or ticket.state is State.CLOSED
        if ticket.closing is Closing.SOLVED:
            last = [event for event in story if event.step is not Step.RATE][-1]
            assert (last.step, last.actor) == (Step.CONFIRM, ticket.villager)

    def limits_hold(self, ticket: Ticket, story: list[Event]) -> None:
        assert ticket.limit_at >= self.promised, "never earlier than promised"
        moved = {Step.EXTEND, Step.REOPEN} & {event.step for event in story}
        assert moved or ticket.limit_at == self.promised, "nothing else moves it"
        assert ticket.returns == sum(event.step is Step.RETURN for event in story) <= 2
        assert ticket.extensions == sum(event.step is Step.EXTEND for event in story) <= 1
        look = self.connection.execute(sa.text("SELECT look_at FROM ticket")).scalar()
        assert (
            (look is None)
            == (next_look(ticket, self.county.limits, self.county.days) is None)
            == (ticket.state in FINAL)
        )

    def it_is_in_hands_that_may_hold_it(self, ticket: Ticket) -> None:
        assert ticket.owner in [ID[key] for key in ("primary", "deputy", "supervisor", "staff")]
        if ticket.kind is Kind.COMPLAINT:
            assert ticket.owner == ID["staff"]


def test_lives_of_tickets(sqlite_template: str, county: County):
    Life.engine = sqlite_engine(sqlite_template)
    Life.county = county
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=80,
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    Life.engine.dispose()
    assert len(Life.seen) >= 7, f"chance led nowhere but to {Life.seen}"
    assert State.CLOSED in Life.seen
