"""Receipt codes: made of characters that nobody mistakes, read however they are written."""

import pytest

from domain.suggestions import codes
from domain.suggestions.codes import ALPHABET, Said


def test_codes_are_made_of_the_alphabet_and_are_neither_numbers_nor_words() -> None:
    made = {codes.new_code() for _ in range(2000)}
    assert len(made) == 2000
    assert {letter for code in made for letter in code} == set(ALPHABET)
    assert all(len(code) == 8 and not code.isdigit() and not code.isalpha() for code in made)
    assert not set("0O1ILSBZU") & set(ALPHABET)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("查 K7MX2Q9P", Said("look", "K7MX2Q9P")),
        ("查K7MX2Q9P", Said("look", "K7MX2Q9P")),
        ("查：k7mx2q9p", Said("look", "K7MX2Q9P")),
        ("查询 k7mx 2q9p", Said("look", "K7MX2Q9P")),
        ("Ｋ７ＭＸ２Ｑ９Ｐ", Said("look", "K7MX2Q9P")),
        ("K7MX-2Q9P", Said("look", "K7MX2Q9P")),
        ("查 K7MX2Q9P。", Said("look", "K7MX2Q9P")),
        ("查 K7MXZQ9P", Said("look", "K7MX2Q9P")),
        ("补 K7MX2Q9P 还有三组", Said("add", "K7MX2Q9P", "还有三组")),
        ("补充K7MX2Q9P：去富平的Bus", Said("add", "K7MX2Q9P", "去富平的Bus")),
        ("补 K7MX2Q9P", Said("add", "K7MX2Q9P")),
        ("查 12", None),
        ("查 12345678", None),
        ("12345678", None),
        ("00000000101", None),
        ("thankful", None),
        ("查 K7MX2Q9", None),
        ("查 K7MX2Q9PA", None),
        ("查 K7MX2Q9O", None),
        ("查 K7MX2Q9P 谢谢", None),
        ("K7MX2Q9P是车牌", None),
        ("渠堵了", None),
        ("", None),
    ],
)
def test_what_was_typed(text: str, meant: Said | None) -> None:
    assert codes.said(text) == meant


def test_the_mark_of_a_code_needs_the_key() -> None:
    assert codes.mark("K7MX2Q9P", b"k") == codes.mark("K7MX2Q9P", b"k")
    assert codes.mark("K7MX2Q9P", b"k") != codes.mark("K7MX2Q9P", b"l")
    assert len(codes.mark("K7MX2Q9P", b"k")) == 32
