"""Linking codes: what is one, however it is typed."""

import pytest

from domain.linking import code_in, new_code


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("483920", "483920"),
        (" 483 920 ", "483920"),
        ("４８３９２０", "483920"),
        ("000000", "000000"),
        ("483920。", "483920"),
        ("48392", None),
        ("4839201", None),
        ("48392O", None),
        ("查483920", None),
        ("٤٨٣٩٢٠", None),
        ("", None),
    ],
)
def test_what_is_a_code(typed, code):
    assert code_in(typed) == code


def test_codes_are_six_digits_and_differ():
    codes = {new_code() for _ in range(200)}
    assert len(codes) > 190
    assert all(code_in(code) == code for code in codes)
