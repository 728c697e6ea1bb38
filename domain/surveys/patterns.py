"""Regular expressions that come with a form: Python's are tried without end when a repetition repeats itself."""

import re

_UNBOUNDED = re.compile(r"[*+]|\{\d+,\}|\{\d*,?\d{3,}\}")
_SKIPPED = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)
_MOST_UNBOUNDED = 4
"""Repetitions without bound in one pattern: time grows with a power of what is matched."""


def endless(pattern: str) -> bool:
    """Is it no regular expression, or one that may take for ever: (a+)+, (a|aa)*, a*a*a*a*a*, or a back-reference?"""
    try:
        re.compile(pattern)
    except (re.error, RecursionError, OverflowError):
        return True
    if re.search(r"\\[1-9]|\(\?P=", pattern):
        return True
    bare = _SKIPPED.sub("x", pattern)
    if len(_UNBOUNDED.findall(bare)) > _MOST_UNBOUNDED:
        return True
    return any(
        _UNBOUNDED.match(bare, end) and re.search(r"[*+|]|\{\d*,", inner) for inner, end in _groups(bare)
    )


def _groups(pattern: str) -> list[tuple[str, int]]:
    """The inside of every bracket, and where the pattern goes on behind it."""
    opened: list[int] = []
    groups = []
    for place, character in enumerate(pattern):
        if character == "(":
            opened.append(place)
        elif character == ")" and opened:
            groups.append((pattern[opened.pop() + 1 : place], place + 1))
    return groups
