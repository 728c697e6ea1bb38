"""How much two suggestions say the same: the share of words that both have. It proposes; a person decides."""

from collections.abc import Iterable, Mapping

ENOUGH = 0.2
"""Found by trying: see tests/unit/suggestions."""
_SAYS_NOTHING = """
建议 希望 我们 你们 他们 大家 咱们 可以 应该 能不能 可不可以 什么 怎么 一个 几个 没有 不要 现在 村里 县上 镇上 领导 干部
的 了 在 把 到 里 我 你 他 们 没 不 一 也 太 有 个 去 上 才 都 就 很 多 少 是 给 要 能 好 和 跟 人 想 请 被 让 还 又 再 从 往
下 来 着 过 得 地 这 那 些 吗 呢 吧 啊 村 说 会 只 最 更 点 几 两 天
"""
_EVERYWHERE = frozenset(_SAYS_NOTHING.split())
"""Words that say nothing of the matter."""


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Between 0 and 1 (Dice): twice the shared characters of words over all of them. Long words weigh more."""
    one, other = one - _EVERYWHERE, other - _EVERYWHERE
    total = _weight(one) + _weight(other)
    return 2 * _weight(one & other) / total if total else 0.0


def alike(
    words: frozenset[str], others: Mapping[int, frozenset[str]], count: int, enough: float = ENOUGH
) -> list[int]:
    """The keys of the others that are like enough, the most alike first."""
    scores = {key: likeness(words, other) for key, other in others.items()}
    close = [key for key, score in scores.items() if score >= enough]
    return sorted(close, key=lambda key: (-scores[key], key))[:count]


def _weight(words: Iterable[str]) -> int:
    return sum(len(word) for word in words)
