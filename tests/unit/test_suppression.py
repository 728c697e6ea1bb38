"""Which groups are shown apart."""

import pytest

from domain.surveys.suppression import shown


@pytest.mark.parametrize(
    ("counts", "apart"),
    [
        ({}, ""),
        ({"a": 5, "b": 9}, "ab"),
        ({"a": 4, "b": 9}, ""),  # nine less all would give the four
        ({"a": 4, "b": 9, "c": 5}, "b"),  # and so may no two be told apart by subtraction
        ({"a": 4, "b": 1, "c": 5}, "c"),
        ({"": 3, "b": 9, "c": 8}, "b"),
        ({"": 7, "b": 9}, "b"),
        ({"a": 4}, ""),
    ],
)
def test_small_groups_are_shown_neither_by_themselves_nor_by_subtraction(counts: dict[str, int], apart: str):
    assert shown(counts) == set(apart)
