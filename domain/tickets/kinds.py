"""What kind of matter a villager's words are: one look at a few plain words, in a fixed order."""

from domain.tickets.steps import Kind

RESTRICTED = "干部作风村务"
"""The category that only county staff may see (信访工作条例 30: accusations never reach the accused)."""

_WORDS = (
    (Kind.PRAISE, ("表扬", "点赞", "锦旗", "夸夸", "感谢", "谢谢")),
    (Kind.IMMEDIATE, ("马上", "赶紧", "今天就", "立刻", "急用", "急着用", "急办", "等着用")),
    (
        Kind.CONSULT,
        (
            "咨询",
            "请问",
            "怎么办理",
            "咋办理",
            "咋办手续",
            "要带啥",
            "要带什么",
            "在哪办",
            "啥政策",
            "什么政策",
        ),
    ),
)
_TROUBLE = ("没", "不", "坏", "堵", "漏", "断", "欠", "停")
"""Thanks in the same breath as a trouble is politeness, not praise."""


def kind_of(text: str, category: str) -> Kind:
    """The kind of a request with these words in this category. Praise of a cadre is no accusation."""
    kinds = [kind for kind, words in _WORDS if any(word in text for word in words)]
    if Kind.PRAISE in kinds and not any(word in text for word in _TROUBLE):
        return Kind.PRAISE
    if category == RESTRICTED:
        return Kind.COMPLAINT
    return next((kind for kind in kinds if kind is not Kind.PRAISE), Kind.REQUEST)
