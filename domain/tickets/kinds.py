"""What kind of matter a villager's words are: one look at a few plain words, in a fixed order."""

import re

from domain.knowledge.asking import is_question
from domain.tickets.steps import Kind

RESTRICTED = "干部作风村务"
"""The category that only county staff may see (信访工作条例 30: accusations never reach the accused)."""

_PRAISE = ("表扬", "点赞", "锦旗", "好干部", "夸一夸", "夸夸")
_TROUBLE = re.compile(
    "没|不|坏|堵|漏|断|欠|停|请|求|要|查|投诉|举报|反映|贪|占|红包|收了|打人|骂|凭啥|凭什么|假|为啥|为什么"
)
"""With any of these there is something left to do, or an accusation in polite words: that is no praise."""
_WORDS = (
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


def kind_of(text: str, category: str) -> Kind:
    """The kind of a request with these words in this category. In doubt it is no praise: praise asks for nothing."""
    if any(word in text for word in _PRAISE) and not _TROUBLE.search(text):
        return Kind.PRAISE
    if category == RESTRICTED:
        return Kind.COMPLAINT
    named = next((kind for kind, words in _WORDS if any(word in text for word in words)), None)
    return named or (Kind.CONSULT if is_question(text) else Kind.REQUEST)
