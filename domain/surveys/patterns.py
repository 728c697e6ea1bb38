"""Regular expressions that come with a form: Python's are tried without end when a repetition repeats itself."""

import re

_UNBOUNDED = re.compile(r"[*+]|\{\d*,(\d{2,})?\}|\{\d{3,}\}")
"""A repetition that may be long."""
_MOST_UNBOUNDED = 3
"""Of them in one pattern: time grows with a power of what is matched."""
_VARIES = re.compile(r"[*+?|]|\{\d*,")
_SKIPPED = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)
_REFERS_BACK = re.compile(r"\\[1-9]|\(\?P=")


def endless(pattern: str) -> bool:
    """Is it no regular expression, or one that may take for ever, like (a+)+, (a|aa)*, (a+){9}, a*a*a*a*?

    Back-references are refused, too: they are tried in the same way.
    """
    try:
        re.compile(pattern)
    except (re.error, RecursionError, OverflowError):
        return True
    bare = _SKIPPED.sub("x", pattern).replace("(?:", "(")
    return (
        _REFERS_BACK.search(pattern) is not None
        or len(_UNBOUNDED.findall(bare)) > _MOST_UNBOUNDED
        or any(_grows(inner, behind) for inner, behind in _groups(bare))
    )


def _grows(inner: str, behind: str) -> bool:
    """A group that varies and is itself repeated can be split in ever more ways."""
    if _UNBOUNDED.match(behind):
        return _VARIES.search(inner) is not None
    return behind.startswith("{") and (_UNBOUNDED.search(inner) is not None or "|" in inner)


def _groups(pattern: str) -> list[tuple[str, str]]:
    """The inside of every bracket, and what stands behind it."""
    opened: list[int] = []
    groups = []
    for place, character in enumerate(pattern):
        if character == "(":
            opened.append(place)
        elif character == ")" and opened:
            groups.append((pattern[opened.pop() + 1 : place], pattern[place + 1 :]))
    return groups
