"""Numbers as people write them: 3, ３.５, 三口人, 两亩半, 一百二十, 1万2."""

import re
import unicodedata
from decimal import Decimal

_DIGITS = {
    word: value
    for value, words in enumerate(("零〇", "一", "二两", "三", "四", "五", "六", "七", "八", "九"))
    for word in words
}
_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_LARGE = 10_000
_HALF = Decimal("0.5")
_FIGURE = re.compile(r"[+-]?\d{1,15}(\.\d{1,10})?")
_UNIT = re.compile(
    r"(口人|个人|口|人|户|个|亩地|亩|块钱|块|元钱|元|斤|公斤|吨|棵|头|只|米|公里|里|天|年|岁|次|分钟|分|小时|月|套|间|辆|遍|回|家)$"
)
"""What is counted may be said behind the number, for the question has said it already."""
_AROUND = re.compile(r"^(大概|大约|差不多|约|有|一共|共)|(左右|吧|了|呢)$")


def figure(text: str) -> str | None:
    """The number that a short answer means, in digits: "三口人" is 3, "两亩半" is 2.5. None if it is no number."""
    words = unicodedata.normalize("NFKC", text).strip().replace(",", "").rstrip("。.!、 ")
    words = _AROUND.sub("", _AROUND.sub("", words)).strip()
    half = words.endswith("半") and len(words) > 1
    words = _UNIT.sub("", words.removesuffix("半") if half else words).strip()
    value = _value(words)
    if value is None:
        return None
    return _plain(value + _HALF if half else value)


def _value(words: str) -> Decimal | None:
    if words == "半":
        return _HALF
    if _FIGURE.fullmatch(words):
        return Decimal(words)
    tail = words[-1:]
    if tail in _SCALES and _FIGURE.fullmatch(words[:-1]):
        return Decimal(words[:-1]) * _SCALES[tail]
    counted = in_chinese(words)
    return None if counted is None else Decimal(counted)


def in_chinese(words: str) -> int | None:
    """A whole number in Chinese figures, as it is said: 十二, 一百零五, 一百二 (120), 两千."""
    if not words or words[0] in "万亿" or any(one not in _DIGITS and one not in _SCALES for one in words):
        return None
    whole = part = digit = 0
    scale, seen = 1, False
    for place, one in enumerate(words):
        if one in _DIGITS:
            if seen:
                return None  # 三五 may be 3 or 5
            digit, seen = _DIGITS[one], _DIGITS[one] != 0
            continue
        size = _SCALES[one]
        if size >= _LARGE:
            whole, part = (whole + part + digit) * size, 0
        else:
            part += (digit if seen or place else 1) * size
        digit, seen, scale = 0, False, size
    said_short = seen and len(words) > 1 and words[-2] in _SCALES and words[-2] != "十"
    return whole + part + (digit * scale // 10 if said_short else digit)


def _plain(value: Decimal) -> str:
    """Without an exponent or needless zeros."""
    whole = f"{value:f}"
    return (whole.rstrip("0").rstrip(".") or "0") if "." in whole else whole
