"""Messages in plain words, for messengers without buttons and with a limit on bytes."""

import re
from collections.abc import Callable, Iterator, Sequence

from domain.delivery import Outgoing

_SENTENCE_END = re.compile(r"[。！？!?…；;\n]+[”’」』）)]*")


def in_words(messages: Sequence[Outgoing]) -> str:
    """One text of several messages, their choices as numbered lines, numbered through."""
    number = 0
    texts = []
    for message in messages:
        lines = [message.text]
        for choice in message.choices:
            number += 1
            lines.append(f"{number} {choice.label}")
        texts.append("\n".join(lines))
    return "\n\n".join(texts)


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
