"""Options as people choose them: by numbers, with or without anything in between, or by their words.

Whoever says more than the options ("除了周一都行", "周一到周三", "1不要") may mean the others: that is asked again.
"""

import re
import unicodedata
from collections.abc import Sequence

from domain.flow import number_in

_BETWEEN = re.compile(r"(?:还有|以及|再加|[\s、,;。.和跟与及加+/])+")
_ALL = frozenset({"都选", "全选", "全部", "都要", "都有"})
_TENS = 10
_SHORT = 2
_NOT = frozenset("不没无未非别莫除外只")
"""What turns the words around it into their opposite; a question that has it lends no words to its answer."""
_BEFORE = re.compile(r"^(?:我|选|要|是|有|在|就|只有|只|那就|我家)+")
_BEHIND = frozenset("都也了的吧呢啊啦呀嘛要选有")
_FIGURES = frozenset("0123456789一二两三四五六七八九十几")
_A_COUNT = re.compile(r"(?:选|选择)?(?:\d+|[一二两三四五六七八九十])[个项条种样]")
"""“两个” is how many, and not the second."""
_MASK = 0xE000
"""First of the characters (private use, which nobody means) that stand for options found in a text."""
_PRIVATE_USE = re.compile("[\ue000-\uf8ff]")


def chosen(text: str, labels: Sequence[str]) -> int | None:
    """Which one of the options, from 0: by its number, its words, or both."""
    number = number_in(text)
    if number is not None:
        return number - 1 if 1 <= number <= len(labels) else None
    said = _plain(text)
    plain = [_plain(label) for label in labels]
    fits = [place for place, label in enumerate(plain) if said and said in (label, f"{place + 1}{label}")]
    if not fits:
        fits = [
            place for place, label in enumerate(plain) if said and _unfinished(said) == _unfinished(label)
        ]
    return fits[0] if len(fits) == 1 else None


def _unfinished(words: str) -> str:
    """Without a last 了, which need not be said: 渠堵 is 渠堵了. Of two characters it is no such 了 (好了)."""
    return words[:-1] if words.endswith("了") and len(words) > _SHORT else words


def several(text: str, labels: Sequence[str], question: str = "") -> list[int] | None:
    """Which options, from 0, in the order they were said: "1 3 5", "1和3", "周一和周三都停", and "135" of fewer than ten.

    Words of the question may stand behind them. Of ten options and more "12" is the twelfth. None if a part of it fits
    none of them, or could be meant in two ways.
    """
    words = _PRIVATE_USE.sub("", unicodedata.normalize("NFKC", text)).strip()
    if words in _ALL:
        return list(range(len(labels)))
    if _A_COUNT.fullmatch(words):
        return None
    whole = chosen(words, labels)
    if whole is not None:
        return [whole]
    spare = _spare(question)
    found: list[int] = []
    for part in filter(None, _BETWEEN.split(_masked(words, labels))):
        places = _part(part, labels, spare)
        if places is None:
            return None
        found += places
    return list(dict.fromkeys(found)) or None


def are_words_of(text: str, labels: Sequence[str]) -> bool:
    """Is she speaking of the options and nothing else, however it is said? Then it is no other matter of hers."""
    said = set(_plain(_BETWEEN.sub("", unicodedata.normalize("NFKC", text)))) - _BEHIND
    return bool(said) and said <= set("".join(map(_plain, labels)))


def _spare(question: str) -> frozenset[str]:
    """Characters that may stand behind an option and say nothing new."""
    of_question = frozenset(unicodedata.normalize("NFKC", question))
    return _BEHIND if of_question & _NOT else _BEHIND | (of_question - _FIGURES)


def _masked(words: str, labels: Sequence[str]) -> str:
    """The text with each option's own words as one character, so that “路和桥” may be an option. The longest first."""
    plain = [(place, _plain(label)) for place, label in enumerate(labels)]
    plain += [(place, _unfinished(label)) for place, label in plain if label != _unfinished(label)]
    names = [label for _, label in plain]
    for place, label in sorted(plain, key=lambda one: -len(one[1])):
        twice = names.count(label) > 1
        if label and not twice and not number_in(label):
            words = words.replace(label, chr(_MASK + place))
    return words


def _part(part: str, labels: Sequence[str], spare: frozenset[str]) -> list[int] | None:
    """The options of what stands between two commas, if it says nothing else."""
    places = _options(part, labels)
    if places is not None:
        return places
    said = _BEFORE.sub("", part)
    while said and said[-1] in spare and not _PRIVATE_USE.match(said[-1]):
        said = said[:-1]
    return None if _A_COUNT.fullmatch(said) else _options(said, labels)


def _options(said: str, labels: Sequence[str]) -> list[int] | None:
    masks = [place for place, one in enumerate(said) if _PRIVATE_USE.match(one)]
    if not masks:
        return _numbers(said, labels)
    places = [ord(said[place]) - _MASK for place in masks]
    if said[: masks[0]] not in ("", str(places[0] + 1)) or len(said) - masks[0] > len(masks):
        return None
    alone = len(places) == 1 or all(len(labels[one]) > 1 and not _NOT & set(labels[one]) for one in places)
    return places if alone else None  # 路灯 is neither 路 nor 灯, and 周三都不停 is not 周三


def _numbers(said: str, labels: Sequence[str]) -> list[int] | None:
    number = None if _A_COUNT.fullmatch(said) else number_in(said)
    if number is not None and 1 <= number <= len(labels):
        return [number - 1]
    run_together = said.isascii() and said.isdigit() and len(labels) < _TENS
    if not run_together or len(set(said)) < len(said) or said in map(_plain, labels):
        return None
    places = [int(digit) - 1 for digit in said]
    return places if all(0 <= place < len(labels) for place in places) else None


def _plain(text: str) -> str:
    return re.sub(r"[\s。.、,，!！]", "", unicodedata.normalize("NFKC", text))
