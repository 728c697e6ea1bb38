"""Import of areas."""

import pytest

from services.desk import Desk
from services.roster import import_areas, read_table
from tests.unit.roster.sheets import AREAS, DATA, faults, table


def test_parent_and_level_follow_from_the_code(county: Desk, rows):
    assert rows("select code, parent, level, name from area order by code") == [
        ("610528", None, "county", "富平县"),
        ("610528101", "610528", "township", "庄里镇"),
        ("610528101200", "610528101", "village", "三合村委会"),
        ("610528101201", "610528101", "village", "窦村村委会"),
        ("61052810120101", "610528101201", "group", "窦村一组"),
    ]


def test_the_sample_county(desk: Desk, rows):
    report = import_areas(desk, read_table((DATA / "areas_fuping.csv").read_bytes()))
    assert (report.added, report.problems) == (303, [])
    assert rows("select level, count(*) from area group by level order by level") == [
        ("county", 1), ("township", 15), ("village", 287),
    ]  # fmt: skip


def test_twelve_digit_codes_children_first_and_a_second_county(desk: Desk, rows):
    report = import_areas(
        desk,
        table(
            "名称,统计用区划代码,上级代码,级别",
            "三合村委会,610528101200,610528101000,村",
            "庄里镇,610528101000,610528000000,镇",
            "富平县,610528000000,,县",
            "蒲城县,610526,,county",
        ),
    )
    assert report.written
    assert rows("select code from area order by code") == [
        ("610526",), ("610528",), ("610528101",), ("610528101200",),
    ]  # fmt: skip


def test_import_again_adds_and_renames_and_deletes_nothing(county: Desk, rows):
    again = import_areas(county, table(AREAS))
    assert (again.added, again.changed, again.unchanged, again.written) == (0, 0, 5, True)
    changed = import_areas(county, table("code,name", "610528101,庄里街道", "610528101202,新村村委会"))
    assert (changed.added, changed.changed, changed.unchanged) == (1, 1, 0)
    assert rows("select count(*) from area") == [(6,)]
    assert rows("select name from area where code = '610528101'") == [("庄里街道",)]


def test_dry_run_writes_nothing(county: Desk, rows):
    report = import_areas(county, table("code,name", "610528102,张桥镇"), dry_run=True)
    assert (report.added, report.written) == (1, False)
    assert rows("select count(*) from area") == [(5,)]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (",,,某村", "区划代码"),
        ("61052,,,某村", "区划代码"),
        ("6.10528E+11,,,某村", "区划代码"),
        ("610528101300,,,", "名称"),
        (f"610528101300,,,{'长' * 61}", "名称"),
        ('610528101300,,,"某\n村"', "名称"),
        ("610528101300,,,某\u202e村", "名称"),
        ("610528101300,610528102,,某村", "上级代码"),
        ("610528,610500,,富平县", "上级代码"),
        ("610528199300,,,某村", "上级代码"),
        ("610528101300,,镇,某村", "级别"),
        ("610528101300,,市,某村", "级别"),
        ("610528103,,,某镇", "区划代码"),
    ],
)
def test_one_bad_row_keeps_the_whole_file_out(county: Desk, rows, row: str, column: str):
    report = import_areas(county, table("code,parent,level,name", "610528103,,,留古镇", row))
    assert faults(report) == [(3, column)]
    assert not report.written
    assert rows("select count(*) from area") == [(5,)]
