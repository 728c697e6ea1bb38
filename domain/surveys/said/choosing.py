"""Options as people choose them: by numbers, with or without anything in between, or by their words."""

import re
import unicodedata
from collections.abc import Sequence

from domain.flow import number_in

_BETWEEN = re.compile(r"[\s、,，;；。.和与及/]+")
_ALL = frozenset({"都选", "全选", "全部", "都要", "都有"})
_TENS = 10


def chosen(text: str, labels: Sequence[str]) -> int | None:
    """Which one of the options, from 0: by its number, its words, or both."""
    number = number_in(text)
    if number is not None:
        return number - 1 if 1 <= number <= len(labels) else None
    said = _plain(text)
    fits = [
        place
        for place, label in enumerate(labels)
        if said and said in (_plain(label), f"{place + 1}{_plain(label)}")
    ]
    return fits[0] if len(fits) == 1 else None


def several(text: str, labels: Sequence[str]) -> list[int] | None:
    """Which options, from 0, in the order they were said: "1 3 5", "1、3", "水费和路灯", and "135" of fewer than ten.

    Of ten options and more "12" is the twelfth. None if a part of it fits none of them, or could be meant in two ways.
    """
    words = unicodedata.normalize("NFKC", text).strip()
    if words in _ALL:
        return list(range(len(labels)))
    whole = chosen(words, labels)
    if whole is not None:
        return [whole]
    found: list[int] = []
    for part in filter(None, _BETWEEN.split(words)):
        places = _part(part, labels)
        if places is None:
            return None
        found += places
    return list(dict.fromkeys(found)) or None


def _part(part: str, labels: Sequence[str]) -> list[int] | None:
    one = chosen(part, labels)
    if one is not None:
        return [one]
    run_together = part.isascii() and part.isdigit() and len(labels) < _TENS
    if not run_together or len(set(part)) < len(part):
        return None
    places = [int(digit) - 1 for digit in part]
    return places if all(0 <= place < len(labels) for place in places) else None


def _plain(text: str) -> str:
    return re.sub(r"[\s。.、,，!！]", "", unicodedata.normalize("NFKC", text))
