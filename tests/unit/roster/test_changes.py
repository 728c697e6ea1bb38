"""Import of a roster over one that is there: who comes, who goes, and what goes along."""

from datetime import timedelta

import pytest

from domain.directory import Account, RoleName
from services.desk import Desk
from services.directory import accept_invitation, keep_phone, route
from services.roster import Report, import_roster
from services.tickets.filing import Request, file_ticket
from storage.directory import people
from tests.desks import NOW
from tests.unit.roster.sheets import faults, roster

SAN, DOU, GROUP = "610528101200", "610528101201", "61052810120101"
WANG = f"王五,13800000001,网格员,{SAN};{DOU}"
ZHAO = f"赵六,13800000003,网格员,{SAN};{DOU},副"


@pytest.fixture
def bring(county: Desk):
    """`bring(days, rows…)`: import a roster so many days later."""

    def bring(days: int, *rows: str) -> Report:
        desk = Desk(county.tx, county.county, NOW + timedelta(days=days))
        return import_roster(desk, roster(*rows))

    return bring


@pytest.fixture
def in_force(rows):
    """Who looks after what now, as (name, area, duty)."""
    return lambda: rows(
        "select p.name, a.area, a.duty from assignment a join person p on p.id = a.person "
        "where a.valid_to is null order by p.id, a.area"
    )


@pytest.fixture
def roles(rows):
    """Who has which role now, as (name, role, area)."""
    return lambda: rows(
        "select p.name, r.role, r.area from role r join person p on p.id = r.person "
        "where r.valid_to is null order by p.id, r.role, r.area"
    )


def file(desk: Desk, area: str) -> int:
    villager = people.find(desk.tx, people.add(desk.tx, NOW, name="群众"))
    return file_ticket(desk, villager, Request("渠堵了", "饮水灌溉", "渠", area, "web")).ticket.id


def test_replaced_cadre_leaves_the_grid_and_its_open_tickets(bring, county: Desk, in_force, roles, rows):
    bring(0, WANG, ZHAO)
    stays, moves, in_group = file(county, SAN), file(county, DOU), file(county, GROUP)
    report = bring(1, f"李四,13800000002,网格员,{DOU}")
    assert (report.added, report.changed, report.written) == (1, 0, True)
    assert ("王五", SAN, "primary") in in_force()
    assert ("李四", DOU, "primary") in in_force()
    assert ("王五", DOU, "primary") not in in_force()
    assert ("王五", "cadre", DOU) not in roles()
    assert rows("select t.id, p.name from ticket t join person p on p.id = t.owner order by t.id") == [
        (stays, "王五"), (moves, "李四"), (in_group, "李四"),
    ]  # fmt: skip
    assert rows("select count(*) from assignment where valid_to is not null") == [(1,)]


def test_tickets_of_a_grid_left_without_first_cadre_go_to_the_deputy(bring, county: Desk, rows):
    bring(0, WANG, ZHAO)
    file(county, DOU)
    bring(1, f"王五,13800000001,网格员,{SAN}")
    assert rows("select p.name from ticket t join person p on p.id = t.owner") == [("赵六",)]


def test_nobody_left_is_warned_of(bring):
    bring(0, WANG)
    assert [warning.reason[:12] for warning in bring(1, f"王五,13800000001,网格员,{SAN}").warnings] == [DOU]


def test_two_cadres_change_places_in_one_file(bring, in_force):
    bring(0, f"王五,13800000001,网格员,{SAN}", f"李四,13800000002,网格员,{DOU}")
    report = bring(1, f"王五,13800000001,网格员,{DOU}", f"李四,13800000002,网格员,{SAN}")
    assert (report.added, report.changed) == (0, 2)
    assert in_force() == [("王五", DOU, "primary"), ("李四", SAN, "primary")]


def test_first_cadre_and_deputy_change_places(bring, in_force):
    bring(0, WANG, ZHAO)
    bring(1, f"{WANG},副", ZHAO.removesuffix(",副"))
    assert in_force() == [
        ("王五", SAN, "deputy"), ("王五", DOU, "deputy"), ("赵六", SAN, "primary"), ("赵六", DOU, "primary"),
    ]  # fmt: skip


def test_two_imports_in_one_moment(bring, in_force):
    bring(0, WANG)
    bring(0, f"李四,13800000002,网格员,{SAN};{DOU}")
    assert in_force() == [("李四", SAN, "primary"), ("李四", DOU, "primary")]


def test_the_file_is_the_truth_for_the_people_in_it_and_for_nobody_else(bring, roles, rows):
    bring(0, f"王五,13800000001,代办员,{SAN}", f"赵六,13800000003,代办员,{DOU}")
    report = bring(1, "王小五,13800000001,督办,610528101")
    assert (report.added, report.changed) == (0, 1)
    assert roles() == [("王小五", "supervisor", "610528101"), ("赵六", "agent", DOU)]
    assert rows("select count(*) from role") == [(3,)]


def test_supervisor_who_goes_hands_over_too(bring, county: Desk, rows):
    bring(0, "戊,13800000005,督办,610528101", "己,13800000006,工作人员,610528")
    file(county, DOU)
    bring(1, f"戊,13800000005,代办员,{SAN}")
    assert rows("select p.name from ticket t join person p on p.id = t.owner") == [("己",)]


def test_a_villager_who_typed_a_cadres_phone_does_not_become_that_cadre(bring, county: Desk, rows):
    liar = people.add(county.tx, NOW, name="冒名")
    people.add_role(county.tx, liar, RoleName.VILLAGER, SAN, NOW)
    keep_phone(county, people.find(county.tx, liar), "13800000001")
    report = bring(1, WANG)
    assert report.added == 1
    assert [
        step.person.name for step in route(Desk(county.tx, county.county, NOW + timedelta(days=2)), SAN)
    ] == ["王五"]
    assert rows(f"select name from person where id = {liar}") == [("冒名",)]


def test_an_account_is_linked_and_one_of_somebody_else_is_not_taken(bring, county: Desk, rows):
    bring(0, f"{WANG},,telegram:1", f"赵六,13800000003,代办员,{SAN}")
    blank, known = people.add(county.tx, NOW), people.add(county.tx, NOW, phone="13900000000")
    people.add_account(county.tx, "web", "blank", blank, NOW)
    people.add_account(county.tx, "web", "known", known, NOW)
    zhao = f"赵六,13800000003,代办员,{SAN},"
    assert faults(bring(1, f"{zhao},telegram:1")) == [(2, "账号")]
    assert faults(bring(1, f"{zhao},web:known")) == [(2, "账号")]
    assert bring(1, f"{zhao},web:blank").written
    assert rows("select p.name from account a join person p on p.id = a.person where address = 'blank'") == [
        ("赵六",)
    ]


def test_a_code_of_somebody_else_is_refused_and_an_expired_one_is_made_anew(bring, county: Desk):
    first = bring(0, WANG).invited[0]
    assert faults(bring(1, f"赵六,13800000003,代办员,{SAN},,,{first.code}")) == [(2, "邀请码")]
    assert bring(20, WANG).invited == [first]
    assert bring(40, WANG).invited[0].code != first.code


def test_who_has_joined_gets_no_code_any_more(bring, county: Desk):
    code = bring(0, WANG).invited[0].code
    stranger = people.add(county.tx, NOW)
    account = people.add_account(county.tx, "web", "wang", stranger, NOW)

    accept_invitation(county, Account(account, "web", "wang", stranger), code)
    assert bring(1, f"{WANG},,,{code}").invited == []
