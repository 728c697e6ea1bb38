"""Choices that can be tapped, where the account may: in a menu, or as links within any text.

A tap sends the words of the item, with its id beside them, as if she had typed them. Source: 微信公众平台, 客服消息,
发送菜单消息. The links are of the same kind, and may stand in a response too.
"""

from typing import Any

from domain.delivery import Outgoing
from domain.talk import Choice

MAX_MENU = 6
"""Items of a menu; with more choices than that they are written as lines."""
LINK_BYTES = 160
"""What a link takes beside its label: the mark-up, the id, and the label once more, which is short."""


_IN_ADDRESS = str.maketrans('"&+%#', "”＆＋％＃")
"""What would end the words of a link, or be read as something else there."""


def link(number: int, choice: Choice) -> str:
    """A choice as a line that can be tapped."""
    words = f"{number} {choice.label}".translate(_IN_ADDRESS)
    return f'<a href="weixin://bizmsgmenu?msgmenucontent={words}&msgmenuid={choice.id}">{words}</a>'


def menu(message: Outgoing) -> dict[str, Any]:
    """A message whose choices can be tapped."""
    items = [
        {"id": choice.id, "content": f"{number} {choice.label}"}
        for number, choice in enumerate(message.choices, 1)
    ]
    return {
        "msgtype": "msgmenu",
        "msgmenu": {"head_content": message.text, "list": items, "tail_content": ""},
    }
