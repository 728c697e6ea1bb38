"""What people wrote: the words that recur, and answers that are alike, with their own words as quotes."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

Cut = Callable[[str], Sequence[str]]
"""Cuts a sentence into words."""

ALIKE = 0.5
"""Two answers are alike when more than half of what both are made of, counted in characters, are words of both.

Only words that recur count, in this answer and in another: what one alone says makes him neither like nor unlike.
"""
_LEAST_SHARED = 2
"""Characters: one alone (坏) is shared by a road and a lamp."""
MOST_SORTED = 4000
"""Different answers that are compared with each other; of more, those most typical."""
_QUOTES = 3
_KEYWORDS = 20
_EMPTY_WORDS = (
    "的 了 呢 吧 吗 啊 呀 嘛 是 在 有 和 与 及 或 就 都 也 还 又 很 太 更 最 不 没 没有 别 要 想 能 会 可以 应该 希望"
    " 建议 请 我 我们 你 你们 您 他 她 它 他们 咱 咱们 自己 大家 这 那 这个 那个 这里 那里 这样 那样 什么 怎么 一个 一下"
    " 一些 一点 一直 现在 已经 比较 非常 特别 因为 所以 但是 而且 如果 以后 以前 时候 问题 情况 方面 觉得 感觉 认为 进行"
    " 把 被 给 让 对 向 到 从 为 以 等 个 着 过 去 来 上 下 里 中 多 少 再 才 只 得 地 之 其 而 并 则 于 无 有点 还是 不是"
    " 就是 就是说 多些 不要 不能 出来 起来"
)
_EMPTY = frozenset(_EMPTY_WORDS.split())


@dataclass(frozen=True, slots=True)
class Group:
    """Answers that are alike: how many people, and some of their own sentences, the most typical first."""

    people: int
    quotes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Voices:
    """`keywords`: how many people used a word. `alone`: answers that resemble no other.

    `unsorted`: people whose answers were not compared, because there were too many.
    """

    keywords: tuple[tuple[str, int], ...]
    groups: tuple[Group, ...]
    alone: tuple[str, ...]
    unsorted: int


def listen(texts: Mapping[str, int], cut: Cut) -> Voices:
    """Sort what was written. `texts`: how many people wrote a text."""
    said = Counter[str]()
    for text, people in texts.items():
        said[" ".join(text.split())] += people
    words = {text: frozenset(telling_words(text, cut)) for text in said}
    used = Counter[str]()
    for text, people in said.items():
        for word in words[text]:
            used[word] += people
    telling = _recurring(words)
    order = sorted(said, key=lambda text: (-_typical(words[text], used), text))
    taken = order[:MOST_SORTED]
    groups, alone = _sorted(taken, said, telling)
    return Voices(
        keywords=_keywords(used),
        groups=groups,
        alone=alone,
        unsorted=sum(said[text] for text in order[MOST_SORTED:]),
    )


def telling_words(text: str, cut: Cut) -> list[str]:
    """The words of a text that say what it is about."""
    return [word for word in cut(text) if word not in _EMPTY and any(map(str.isalpha, word))]


def _recurring(words: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """The words of each text that another text has too."""
    texts = Counter(word for of_text in words.values() for word in of_text)
    return {text: frozenset(word for word in of_text if texts[word] > 1) for text, of_text in words.items()}


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """0 to 1: which part of the characters of two answers stands in words that both have."""
    shared = _length(one & other)
    return 2 * shared / (_length(one) + _length(other)) if shared >= _LEAST_SHARED else 0.0


def _length(words: frozenset[str]) -> int:
    return sum(map(len, words))


def _typical(words: frozenset[str], used: Counter[str]) -> float:
    """How common the words of a text are, on the average."""
    return sum(used[word] for word in words) / len(words) if words else 0.0


def _keywords(used: Counter[str]) -> tuple[tuple[str, int], ...]:
    """Words of two characters and more that more than one person used."""
    told = [(word, people) for word, people in used.items() if len(word) > 1 and people > 1]
    return tuple(sorted(told, key=lambda one: (-one[1], one[0]))[:_KEYWORDS])


def _sorted(
    order: Sequence[str], said: Mapping[str, int], words: Mapping[str, frozenset[str]]
) -> tuple[tuple[Group, ...], tuple[str, ...]]:
    """Each text joins the group whose first text it resembles most, or begins a group of its own."""
    members: dict[str, list[str]] = {}
    with_word: defaultdict[str, list[str]] = defaultdict(list)
    for text in order:
        near = {first for word in words[text] for first in with_word[word]}
        likest = max(near, key=lambda first: (likeness(words[first], words[text]), first), default=None)
        if likest is not None and likeness(words[likest], words[text]) > ALIKE:
            members[likest].append(text)
            continue
        members[text] = [text]
        for word in words[text]:
            with_word[word].append(text)
    groups = [
        Group(sum(said[text] for text in alike), tuple(alike[:_QUOTES]))
        for alike in members.values()
        if len(alike) > 1 or said[alike[0]] > 1
    ]
    alone = tuple(text for text, alike in members.items() if len(alike) == 1 and said[text] == 1)
    return tuple(sorted(groups, key=lambda group: (-group.people, group.quotes))), alone
