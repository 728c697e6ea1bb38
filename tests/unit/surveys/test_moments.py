"""A day and a time in one breath."""

from datetime import date, datetime

import pytest

from domain.delivery import CHINA
from domain.surveys.said import moment_in

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("明天9点", (2026, 11, 25, 9, 0)),
        ("明天上午9点半", (2026, 11, 25, 9, 30)),
        ("12月1号 上午10点", (2026, 12, 1, 10, 0)),
        ("2026-12-01 09:00", (2026, 12, 1, 9, 0)),
        ("下周一下午3点", (2026, 11, 30, 15, 0)),
        ("下午3点", (2026, 11, 24, 15, 0)),
        ("明天", None),
        ("过几天", None),
        ("", None),
        ("2月30号9点", None),
    ],
)
def test_what_is_meant(words: str, meant: tuple[int, ...] | None) -> None:
    expected = datetime(*meant, tzinfo=CHINA) if meant else None  # type: ignore[misc, arg-type]
    assert moment_in(words, TODAY, CHINA) == expected
