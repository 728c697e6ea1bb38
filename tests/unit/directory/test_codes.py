"""Codes, names and card tokens."""

import string

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from domain.directory import (
    Area,
    Level,
    card_serial,
    card_token,
    chain,
    level_of,
    new_serial,
    normal_code,
    within,
)
from domain.errors import Refusal

KEY = b"a key of the county"
SAFE = string.ascii_letters + string.digits + "-_"


@pytest.mark.parametrize(
    ("given", "code", "level"),
    [
        ("610528", "610528", Level.COUNTY),
        ("610528000000", "610528", Level.COUNTY),
        ("610528101", "610528101", Level.TOWNSHIP),
        ("610528101000", "610528101", Level.TOWNSHIP),
        (" 610528101200 ", "610528101200", Level.VILLAGE),
        ("61052810120001", "61052810120001", Level.GROUP),
    ],
)
def test_code(given: str, code: str, level: Level):
    assert normal_code(given) == code
    assert level_of(code) is level


@pytest.mark.parametrize(
    "given", ["", "6105", "61052810", "6105281012000", "61052a", "６１０５２８", "610528-101", "1e5"]
)
def test_bad_code(given: str):
    with pytest.raises(ValueError, match="区划代码"):
        normal_code(given)


def test_chain_goes_outwards():
    assert chain("61052810120001") == ("61052810120001", "610528101200", "610528101", "610528")
    assert chain("610528101") == ("610528101", "610528")
    assert within("610528101200", "610528101")
    assert not within("610528101", "610528101200")
    assert not within("610528101200", "610528102")


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("窦村村委会", "窦村"),
        ("盘龙村委会", "盘龙村"),
        ("念田村村民委员会", "念田村"),
        ("车站社区居委会", "车站社区"),
        ("某居委会", "某村"),
        ("温泉社区", "温泉社区"),
        ("庄里镇", "庄里镇"),
        ("村委会", "村委会"),
    ],
)
def test_short_name(name: str, short: str):
    assert Area("610528101200", "610528101", Level.VILLAGE, name).short_name == short


def test_token_fits_every_messenger():
    token = card_token(new_serial(), KEY)
    assert len(token) == 22
    assert set(token) <= set(SAFE)


@given(st.binary(min_size=1, max_size=64))
def test_genuine_token_opens_under_its_own_key_only(key: bytes):
    serial = new_serial()
    token = card_token(serial, key)
    assert card_serial(token, key) == serial
    with pytest.raises(Refusal):
        card_serial(token, key + b"!")


@given(st.text(max_size=80))
def test_forged_token_is_refused(text: str):
    with pytest.raises(Refusal, match="认不出来"):
        card_serial(text, KEY)


@given(st.integers(0, 21))
def test_truncated_token_is_refused(length: int):
    with pytest.raises(Refusal):
        card_serial(card_token("AbCd-_19", KEY)[:length], KEY)


@given(st.integers(0, 20), st.sampled_from(SAFE))
def test_token_with_another_letter_is_refused(place: int, other: str):
    token = card_token("AbCd-_19", KEY)
    assume(token[place] != other)
    with pytest.raises(Refusal):
        card_serial(token[:place] + other + token[place + 1 :], KEY)


@example("a")
@given(st.sampled_from(SAFE))
def test_token_with_another_last_letter_is_refused(other: str):
    token = card_token("AbCd-_19", KEY)
    assume(token[-1] != other)
    with pytest.raises(Refusal):
        card_serial(token[:-1] + other, KEY)


@example("=")
@given(st.text(st.sampled_from(SAFE + "=+/ \n中"), min_size=1, max_size=8))
def test_token_with_more_behind_is_refused(more: str):
    with pytest.raises(Refusal):
        card_serial(card_token("AbCd-_19", KEY) + more, KEY)
