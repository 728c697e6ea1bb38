"""Which entry of the bank somebody asks for: ranked by BM25 (bm25s), and answered only where it is sure.

Loaded only where there is a bank: numpy and bm25s take twenty megabytes.
"""

import logging
import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import bm25s

from domain.knowledge.asking import wants
from domain.knowledge.entry import Entry

logging.getLogger("bm25s").setLevel(logging.WARNING)  # or it would tell of every index that it builds

_SAYS_NOTHING = frozenset(
    re.findall(
        r"\w+",
        "我 你 您 他 她 它 咱 俺 我们 咱们 俺们 你们 他们 自己 本人 的 了 呢 吗 么 吧 啊 呀 咧 哩 嘛 哦 哈 呗 呐 "
        "是 要 得 在 到 去 来 有 和 跟 与 把 被 给 就 都 也 还 再 又 很 从 由 向 让 为 之 对 才 上 里 里头 后 以后 年 个 些 一些 "
        "这 那 这个 那个 一个 请问 想问 问 问问 问一下 一下 想 知道 想知道 告诉 听 听说 麻烦 您好 你好 现在 今年 "
        "需要 应该 该 可以 能 会 可 不 用 没 没有 好 啥 什么 不能 开始 下来 上去 够 符合 "
        "找 吃 妈 爸 爹 娘 爷 奶 爷爷 奶奶 媳妇 老婆 老公 对象 老人 老 年轻人 满 满足 想要 打算 哪个 部门 单位 "
        "村 村里 我村 家 家里 我家 老百姓 农民 农村 农村人 农户 人 东西 事 事情 说 电话 手续 俩",
    )
)
_LIGHT = frozenset(re.findall(r"\w+", "办 打 领 交 补 补办 收 报 报销 拿 弄 开 写 查 看 做"))
"""Deeds: everybody does them, with everything."""
_WEIGHT_OF_DEEDS = 0.4
_ENOUGH_OF_HERS, _ENOUGH_OF_OURS = 0.7, 0.55
"""Shares of weight: how much of what she says an entry must know, and how much of one way to ask it she must say."""
_ALIKE = (frozenset({"how", "where"}), frozenset({"what", "phone"}))
"""What is wanted in one word or another."""
_AHEAD = 1.15
"""So many times as well as by any other entry it must be met."""

Cut = Callable[[str], Iterable[str]]
"""Cuts text into its words."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question is made of: what it wants to know, and about what."""

    wants: frozenset[str]
    about: frozenset[str]


class Reader:
    """Takes questions to pieces. `same`: words that people use for one thing, by the one that stands for all."""

    def __init__(self, cut: Cut, same: Mapping[str, Sequence[str]]) -> None:
        self._cut = cut
        self._same = {word: name for name, words in same.items() for word in (name, *words)}
        long = sorted((word for word in self._same if len(word) > 1), key=len, reverse=True)
        self._named = re.compile("|".join(map(re.escape, long)) or r"(?!)")

    def read(self, text: str) -> Asked:
        what, left = wants("".join(self._cut(text)))  # usual typos mended
        named = [self._same[word] for word in self._named.findall(left)]  # whole, however it would be cut
        rest = (
            self._same.get(word, word) for word in self._cut(self._named.sub(",", left)) if word.isalnum()
        )
        return Asked(what, frozenset(word for word in (*named, *rest) if word not in _SAYS_NOTHING))


class Ranking:
    """The entries of one bank, ready to be asked."""

    def __init__(self, entries: Sequence[Entry], reader: Reader) -> None:
        self._entries = entries
        self._reader = reader
        ways = [
            (place, reader.read(way))
            for place, one in enumerate(entries)
            for way in (one.question, *one.asks)
        ]
        self._ways = [(place, way) for place, way in ways if way.about]
        often = Counter(word for _, way in self._ways for word in way.about)
        self._by_entry: defaultdict[int, list[Asked]] = defaultdict(list)
        for place, way in self._ways:
            self._by_entry[place].append(way)
        self._weights = {word: _rarity(len(self._ways), count) for word, count in often.items()}
        self._unknown = _rarity(len(self._ways), 0)
        self._scores = bm25s.BM25()
        if self._ways:  # a bank may consist of words that say nothing
            self._scores.index([_tokens(way) for _, way in self._ways], show_progress=False)

    def look(self, text: str) -> Entry | None:
        """The entry that is asked for; None if it is not sure which, or there is none."""
        if not self._ways:
            return None
        question = self._reader.read(text)
        tokens = [token for token in _tokens(question) if token in self._scores.vocab_dict]
        if not question.about or not tokens:
            return None
        scores = self._scores.get_scores(tokens)
        best: dict[int, float] = {}
        for number in scores.argsort()[::-1]:
            place, way = self._ways[number]
            if _fits(question.wants, way.wants):
                best.setdefault(place, float(scores[number]))
            if len(best) > 1:
                break
        if not best:
            return None
        first, *others = best.items()
        ahead = all(first[1] >= _AHEAD * score for _, score in others)
        return self._entries[first[0]] if ahead and self._is_sure(question, first[0]) else None

    def _is_sure(self, question: Asked, place: int) -> bool:
        """Does she ask the entry's question in one of its ways, and speak of nothing that only another one knows?"""
        ways = self._by_entry[place]
        known = frozenset().union(*(way.about for way in ways))
        if any(word in self._weights and word not in _LIGHT for word in question.about - known):
            return False
        hers = self._weight(question.about & known) / self._weight(question.about)
        return hers >= _ENOUGH_OF_HERS and any(
            _fits(question.wants, way.wants)
            and self._weight(question.about & way.about) >= _ENOUGH_OF_OURS * self._weight(way.about)
            for way in ways
        )

    def _weight(self, words: Iterable[str]) -> float:
        return sum(
            self._weights.get(word, self._unknown) * (_WEIGHT_OF_DEEDS if word in _LIGHT else 1)
            for word in words
        )


def _fits(hers: frozenset[str], ours: frozenset[str]) -> bool:
    """Does a way to ask want what she wants? Where to go is a part of how; yes or no is answered by whatever is said."""
    return bool(hers & ours) or "whether" in hers or any(hers & alike and ours & alike for alike in _ALIKE)


def _tokens(question: Asked) -> list[str]:
    return [*question.about, *(f"<{one}>" for one in question.wants)]


def _rarity(ways: int, often: int) -> float:
    return math.log(1 + (ways - often + 0.5) / (often + 0.5))
