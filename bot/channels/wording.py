"""Messages in plain words, for messengers without buttons and with a limit on bytes."""

import itertools
import re
from collections.abc import Callable, Iterator, Sequence

from domain.delivery import Outgoing
from domain.talk import Choice

_SENTENCE_END = re.compile(r"[。！？!?…；;\n]+[”’」』）)]*")


Line = Callable[[int, Choice], str]
"""How a choice is written under its number."""


def numbered(number: int, choice: Choice) -> str:
    return f"{number} {choice.label}"


def in_words(messages: Sequence[Outgoing], line: Line = numbered) -> str:
    """One text of several messages, their choices as lines, numbered through."""
    numbers = itertools.count(1)
    return "\n\n".join(
        "\n".join([message.text, *(line(next(numbers), choice) for choice in message.choices)])
        for message in messages
    )


def pieces(text: str, limit: int, size: Callable[[str], int] = len) -> Iterator[str]:
    """`text` in pieces of at most `limit` by `size`, cut after a sentence where one ends in the second half."""
    while size(text) > limit:
        most = _fitting(text, limit, size)
        ends = [end.end() for end in _SENTENCE_END.finditer(text, most // 2, most)]
        cut = ends[-1] if ends else most
        yield text[:cut].rstrip()
        text = text[cut:].lstrip()
    yield text


def utf8(text: str) -> int:
    """Bytes that the text takes."""
    return len(text.encode())


def _fitting(text: str, limit: int, size: Callable[[str], int]) -> int:
    """The most characters of the text that fit into the limit; at least one."""
    low, high = 1, min(len(text), limit)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if size(text[:middle]) <= limit else (low, middle - 1)
    return low
