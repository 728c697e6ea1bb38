"""Import of people: checks, and what is written."""

import re
import time

import pytest

from services.desk import Desk
from services.directory import route
from services.roster import import_areas, import_roster, read_table
from tests.unit.roster.sheets import DATA, faults, table

SAN, DOU, GROUP = "610528101200", "610528101201", "61052810120101"
WANG = f"王五,13800000001,网格员,{SAN}"
NOTHING = [(0,)]


def test_every_role_in_chinese_and_english(bring, rows):
    report = bring(
        f"甲,13800000001,群众,{SAN}",
        f"乙,13800000002,agent,{SAN}",
        f"丙,13800000003,网格员/包联干部,{SAN};{DOU}、{GROUP}",
        f"丁,13800000004,Cadre,{SAN} {DOU},副",
        "戊,0913-8201234,督办,610528101000",
        "己,+86 138 0000 0006,工作人员,610528",
        "庚,１３８００００００７７,管理员,610528",
    )
    assert report.problems == []
    assert (report.rows, report.added, report.written) == (7, 7, True)
    assert rows("select p.name, p.phone, r.role, count(*) from role r join person p on p.id = r.person group by 1, 2, 3 order by p.id") == [
        ("甲", "13800000001", "villager", 1),
        ("乙", "13800000002", "agent", 1),
        ("丙", "13800000003", "cadre", 3),
        ("丁", "13800000004", "cadre", 2),
        ("戊", "09138201234", "supervisor", 1),
        ("己", "13800000006", "staff", 1),
        ("庚", "13800000077", "owner", 1),
    ]  # fmt: skip
    assert rows("select duty, count(*) from assignment group by duty order by duty") == [
        ("deputy", 2), ("primary", 3),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (f",13800000002,网格员,{DOU}", "姓名"),
        (f"{'长' * 41},13800000002,网格员,{DOU}", "姓名"),
        (f"李\t四,13800000002,网格员,{DOU}", "姓名"),
        (f"李四,,网格员,{DOU}", "电话"),
        (f"李四,12345,网格员,{DOU}", "电话"),
        (f"李四,1380000000,网格员,{DOU}", "电话"),
        (f"李四,12800000002,网格员,{DOU}", "电话"),
        (f"李四,9138201234,网格员,{DOU}", "电话"),
        (f"李四,13800000002,村长,{DOU}", "角色"),
        (f"李四,13800000002,,{DOU}", "角色"),
        ("李四,13800000002,网格员,", "负责区域"),
        ("李四,13800000002,网格员,窦村", "负责区域"),
        ("李四,13800000002,网格员,610528101299", "负责区域"),
        ("李四,13800000002,网格员,610528101", "负责区域"),
        ("李四,13800000002,代办员,610528", "负责区域"),
        (f"李四,13800000002,督办,{DOU}", "负责区域"),
        ("李四,13800000002,工作人员,610528101", "负责区域"),
        ("李四,13800000002,管理员,610528101", "负责区域"),
        (f"李四,13800000002,网格员,{SAN}", "负责区域"),
        (f"李四,13800000002,网格员,{DOU},主副", "主副"),
        (f"王五,13800000001,网格员,{SAN},副", "主副"),
        (f"李四,13800000001,网格员,{DOU}", "姓名"),
        (f"李四,13800000002,网格员,{DOU},,qq:1", "账号"),
        (f"李四,13800000002,网格员,{DOU},,telegram", "账号"),
        (f"李四,13800000002,网格员,{DOU},,telegram:a b", "账号"),
        (f"李四,13800000002,网格员,{DOU},,telegram:1", "账号"),
        (f"李四,13800000002,网格员,{DOU},,,1234", "邀请码"),
        (f"李四,13800000002,网格员,{DOU},,,ABCD2345", "邀请码"),
    ],
)
def test_one_bad_row_keeps_the_whole_file_out(bring, rows, row: str, column: str):
    report = bring(f"{WANG},,telegram:1,ABCD2345", row)
    assert faults(report) == [(3, column)]
    assert not report.written
    assert report.invited == []
    assert [rows(f"select count(*) from {name}") for name in ("person", "role", "account", "invitation")] == [
        NOTHING
    ] * 4


def test_every_fault_of_every_row_is_told(bring):
    assert faults(bring(",1,x,y", WANG, ",2,x,")) == [
        (row, column) for row in (2, 4) for column in ("姓名", "电话", "角色", "负责区域")
    ]


def test_a_table_without_phones_is_refused_as_a_whole(county: Desk):
    assert faults(import_roster(county, table("姓名,角色,负责区域", "王五,网格员,1"))) == [(1, "电话")]


def test_a_duty_of_a_supervisor_is_only_warned_of(bring):
    report = bring("戊,13800000005,督办,610528101,主")
    assert report.written
    assert [(warning.row, warning.column) for warning in report.warnings] == [(2, "主副")]


def test_dry_run_counts_and_writes_nothing(bring, rows):
    report = bring(WANG, dry_run=True)
    assert (report.added, report.written, report.invited) == (1, False, [])
    assert rows("select count(*) from person") == NOTHING


def test_import_again_changes_nothing_and_gives_the_same_codes(bring, rows):
    people = (WANG, f"李四,13800000002,代办员,{DOU},,web:li", f"赵六,13800000003,网格员,{DOU},副,,QRST2345")
    first = bring(*people)
    before = [
        rows(f"select * from {name}") for name in ("person", "role", "assignment", "invitation", "account")
    ]
    again = bring(*reversed(people))
    assert (again.added, again.changed, again.unchanged) == (0, 0, 3)
    assert [
        rows(f"select * from {name}") for name in ("person", "role", "assignment", "invitation", "account")
    ] == before
    assert sorted(again.invited, key=str) == sorted(first.invited, key=str)


def test_invitations_go_to_those_without_an_account(bring):
    invited = bring(
        WANG, f"李四,13800000002,代办员,{DOU},,web:li", f"赵六,13800000003,代办员,{DOU},,,qrst2345"
    ).invited
    assert [one.name for one in invited] == ["王五", "赵六"]
    assert re.fullmatch("[2-9A-HJKMNP-Z]{8}", invited[0].code)
    assert invited[1].code == "QRST2345"


@pytest.fixture(scope="module")
def sample() -> tuple[bytes, bytes]:
    return (DATA / "areas_fuping.csv").read_bytes(), (DATA / "roster_sample.csv").read_bytes()


def test_sample_county_has_a_cadre_and_a_deputy_for_every_village(
    desk: Desk, rows, sample: tuple[bytes, bytes]
):
    start = time.perf_counter()
    import_areas(desk, read_table(sample[0]))
    report = import_roster(desk, read_table(sample[1]))
    assert time.perf_counter() - start < 3
    assert (report.problems, report.warnings) == ([], [])
    villages = [code for (code,) in rows("select code from area where level = 'village'")]
    assert len(villages) == 287
    for village in villages:
        steps = route(desk, village)
        assert [step.rung for step in steps] == ["primary", "deputy", "supervisor", "staff", "staff", "staff"]
        assert len({step.person.id for step in steps}) == 6
    assert rows("select count(*) from role where role = 'owner'") == [(1,)]
    assert all(phone.startswith("000") for (phone,) in rows("select phone from person"))
    again = import_roster(desk, read_table(sample[1]))
    assert (again.added, again.changed) == (0, 0)
