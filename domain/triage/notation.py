"""The notation in which the lexicon writes phrases, and the phrases it stands for.

渠堵          these characters, side by side
渠…堵         the first, then the second at most 6 characters later, no comma between
渠……堵        the same, at most 16 characters later; commas may stand between
(堵|淤)了     any one of these
{水里}        any word of the group 水里
渠堵:8        weighs 8; without a number a phrase weighs as many points as it has characters
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SENTENCE_ENDS = "。!?;"
CLAUSE_ENDS = SENTENCE_ENDS + ",、:"
_GAPS = {"…": f"[^{CLAUSE_ENDS}]{{0,6}}?", "……": f"[^{SENTENCE_ENDS}]{{0,16}}?"}
_WEIGHT = re.compile(r"^(?P<body>.+?)[:：](?P<weight>\d{1,2})$")
_TOKEN = re.compile(r"……|…|\{(?P<group>[^{}]*)\}|\((?P<options>[^()]*)\)|(?P<plain>[^…{}()|]+)")
_MOST_FORMS = 2000


class LexiconError(ValueError):
    """The lexicon cannot be used. The message says where and how to mend it, for the staff who edit it."""


@dataclass(frozen=True, eq=False)
class Phrase:
    """One phrase of the lexicon, ready to be found.

    `anchors` are literal strings one of which every match contains; a phrase without `expression` is its
    anchors. Without a `weight` of its own it weighs as many points as the characters it finds.
    """

    source: str
    weight: int | None
    anchors: tuple[str, ...]
    expression: str | None

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Compiled when an anchor is first met: most of a lexicon's thousands are not, for a long while."""
        return re.compile(self.expression or "")


def parse_phrase(source: str, groups: Mapping[str, tuple[str, ...]]) -> Phrase:
    """The phrase that `source` writes down. Raises LexiconError saying what is wrong with the notation."""
    weighted = _WEIGHT.match(source)
    body = weighted["body"] if weighted else source
    parts = list(_parts(body, groups))
    words = [part for part in parts if isinstance(part, tuple)]
    if not words or parts[0] not in words or parts[-1] not in words:
        raise LexiconError(f"“{source}”要以字词开头和结尾")
    weight = int(weighted["weight"]) if weighted else None
    if len(words) == 1:
        return Phrase(source, weight, words[0], None)
    # The part with the fewest forms is the rarest in people's sentences: looking for it first saves time.
    return Phrase(source, weight, min(words, key=len), "".join(map(_regex, parts)))


def expand_form(source: str, groups: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Every literal string that a gapless `source`, such as (水|旱)井里 or {井}口, stands for."""
    parts = list(_parts(source, groups))
    words = [part for part in parts if isinstance(part, tuple)]
    if not words or len(words) != len(parts):
        raise LexiconError(f"“{source}”里不能用省略号")
    return tuple("".join(choice) for choice in itertools.product(*words))


def _parts(body: str, groups: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, ...] | str]:
    """The words (tuples of alternatives) and gaps (strings of dots) of a phrase, in order."""
    position = 0
    while position < len(body):
        token = _TOKEN.match(body, position)
        if token is None:
            raise LexiconError(f"“{body}”里的“{body[position]}”没有配对，或用错了地方")
        position = token.end()
        if token[0] in _GAPS:
            yield token[0]
        elif token["plain"]:
            yield (token["plain"],)
        elif token["options"] is not None:
            yield _options(token["options"], body, groups)
        elif token["group"] in groups:
            yield groups[token["group"]]
        else:
            raise LexiconError(f"“{body}”用了没有定义的词组 {{{token['group']}}}，请先写进 [groups]")


def _options(inside: str, body: str, groups: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    options = inside.split("|")
    if not all(options):
        raise LexiconError(f"“{body}”的括号里有空的一项")
    forms = tuple(form for option in options for form in expand_form(option, groups))
    if len(forms) > _MOST_FORMS:
        raise LexiconError(f"“{body}”一共有 {len(forms)} 种写法，太多了，请拆开")
    return forms


def _regex(part: tuple[str, ...] | str) -> str:
    if isinstance(part, str):
        return _GAPS[part]
    # Longest first: 麦子地 before 麦.
    return "(" + "|".join(re.escape(word) for word in sorted(part, key=len, reverse=True)) + ")"
