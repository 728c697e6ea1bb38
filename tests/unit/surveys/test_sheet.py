"""Rows of a spreadsheet, and what hostile words become in it."""

import pytest

from domain.surveys.form import Kind, Question
from domain.surveys.sheet import OPEN, clean, columns, harmless
from tests.unit.surveys.forms import FORM, form_of, question


def test_columns_have_the_forms_own_names() -> None:
    assert [column.name for column in columns(FORM)] == [
        "enough",
        "wants",
        "wants/road",
        "wants/lamp",
        "wants/water",
        "order",
        "happy",
        "people",
        "area",
        "since",
        "hour",
        "said",
        "where-Latitude",
        "where-Longitude",
        "where-Altitude",
        "where-Accuracy",
        "photo",
        "score",
        "secret",
    ]


def test_one_name_in_two_groups_is_told_apart() -> None:
    form = form_of(
        Question("age", "/data/her/age", Kind.INTEGER), Question("age", "/data/his/age", Kind.INTEGER)
    )
    assert [column.name for column in columns(form)] == ["her-age", "his-age"]


def test_what_repeats_free_words_is_left_out_with_them() -> None:
    form = form_of(
        question("said", Kind.TEXT),
        question("happy", Kind.RANGE),
        question("double", Kind.CALCULATE, calculation="/data/happy * 2"),
        question("again", Kind.CALCULATE, calculation="concat( /data/said , '!')"),
        question("once_more", Kind.CALCULATE, calculation=" /data/again "),
        question("around", Kind.CALCULATE, calculation="../said"),
        question("whole", Kind.CALCULATE, calculation="string(/data)"),
        question("first", Kind.INTEGER, default_calculation="/data/said"),
    )
    assert [column.name for column in columns(form, without=OPEN)] == ["happy", "double"]


ANSWERS = {
    "enough": "no",
    "wants": "road water",
    "order": "lamp road water",
    "happy": "4",
    "area": "1.5",
    "said": "=1+1",
    "where": "34.75 109.18 0 5.5",
    "photo": "",
}


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("enough", "no", "不够"),
        ("wants", "road water", "修路、通水"),
        ("wants/road", 1, 1),
        ("wants/lamp", 0, 0),
        ("order", "lamp road water", "路灯、修路、通水"),
        ("happy", 4, 4),
        ("area", 1.5, 1.5),
        ("people", "", ""),
        ("said", "=1+1", "=1+1"),
        ("where-Latitude", 34.75, 34.75),
        ("where-Accuracy", 5.5, 5.5),
    ],
)
def test_cells(name: str, value: object, said: object) -> None:
    [column] = [column for column in columns(FORM) if column.name == name]
    assert column.value(ANSWERS) == value
    assert column.said(ANSWERS) == said


def test_who_was_not_asked_chose_nothing_and_refused_nothing() -> None:
    [column] = [column for column in columns(FORM) if column.name == "wants/road"]
    assert column.value({}) == ""
    assert column.value({"wants": ""}) == ""


def test_an_anonymous_row_has_nothing_written() -> None:
    kept = {column.name for column in columns(FORM, without=OPEN)}
    assert not kept & {"said", "photo", "where-Latitude"}


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+86", "'+86"),
        ("-1+cmd|' /C calc'!A0", "'-1+cmd|' /C calc'!A0"),
        ("@SUM(A1)", "'@SUM(A1)"),
        (" =1", "' =1"),
        ("\t=1", "'\t=1"),
        ("\n=1", "'\n=1"),
        ("＝1", "'＝1"),
        ("%0", "'%0"),
        ("-3", "-3"),
        ("-3.5", "-3.5"),
        (-3, -3),
        ("渠堵了", "渠堵了"),
        ("3=3", "3=3"),
        ("", ""),
    ],
)
def test_nothing_is_a_formula(cell: str | int, written: str | int) -> None:
    assert harmless(cell) == written


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a\x00b\x1bc", "abc"),
        ("\ud800x", "x"),
        ("\ufffe\uffff", ""),
        ("一\n二", "一\n二"),
        ("\u202e反", "反"),
        ("x" * 40_000, "x" * 32_000),
    ],
)
def test_nothing_that_a_file_cannot_hold(text: str, kept: str) -> None:
    assert clean(text) == kept
