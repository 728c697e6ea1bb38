"""The months of a pair, as people write and read them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.pairs import ALL_YEAR, bit_of, read_season, season_words


def months(*numbers: int) -> int:
    return sum(bit_of(number) for number in numbers)


@pytest.mark.parametrize(
    ("text", "season"),
    [
        ("", ALL_YEAR),
        ("全年", ALL_YEAR),
        ("1-12月", ALL_YEAR),
        ("3-5月", months(3, 4, 5)),
        ("３－５月", months(3, 4, 5)),
        ("3月至5月", months(3, 4, 5)),
        ("11-2", months(11, 12, 1, 2)),
        ("3、6、9", months(3, 6, 9)),
        ("3,6-7", months(3, 6, 7)),
        ("5-5", months(5)),
        ("0-3", None),
        ("13", None),
        ("春天", None),
        ("3--5", None),
        ("3-5-7", None),
        ("、", None),
    ],
)
def test_a_season_is_read_or_refused(text: str, season: int | None):
    assert read_season(text) == season


@pytest.mark.parametrize(
    ("season", "words"),
    [
        (ALL_YEAR, "全年"),
        (months(3, 4, 5), "3–5月"),
        (months(7), "7月"),
        (months(1, 2, 11, 12), "1–2、11–12月"),
    ],
)
def test_a_season_is_put_into_words(season: int, words: str):
    assert season_words(season) == words


@given(st.integers(1, ALL_YEAR))
def test_what_is_written_is_read_again(season: int):
    assert read_season(season_words(season)) == season
