"""关联: two accounts of one person become one, by a code and a yes on both sides.

Buttons are `l:<code>:<deed>`: they do what they say whenever they are tapped, or say why they cannot.
"""

from collections.abc import Callable

from domain.linking import code_in
from domain.talk import Choice, Reply
from handlers.scene import Replies, Scene
from services.delivery import tell_here
from services.directory import linking

_MESSENGERS = {"web": "网页", "wechat": "微信", "wecom": "企业微信", "telegram": "Telegram"}
_JOINED = "合好了，两个账号是一个人了。您的事两边都看得到。"


def person_wants_to_link(scene: Scene) -> Replies:
    """A code for the other account."""
    code = linking.code_for(scene.desk, scene.account)
    return [Reply(f"在另一个账号上回这个码：{code}。十分钟内有效。")]


def person_types_a_code(scene: Scene) -> Replies | None:
    """The digits of a code in force: is that account hers too? None if the words are no such code."""
    code = code_in(scene.text)
    asker = linking.asker(scene.desk, code) if code else None
    if code is None or asker is None:
        return None
    linking.check_joinable(scene.desk, scene.account, scene.person, asker)
    question = f"这码是您自己的{_messenger(asker.channel)}账号给的吗？合起来后，两边都能看到您的事。"
    return [Reply(question, _yes_or_no(code, "mine"))]


def link_deed(scene: Scene, code: str, deed: str) -> Replies:
    """Do the deed of a button."""
    handler = _DEEDS.get(deed)
    return handler(scene, code) if handler else [Reply("这个按钮用不了了，回“帮助”看看能办什么。")]


def _typed_by_herself(scene: Scene, code: str) -> Replies:
    """Yes on the account where the code was typed: now the other one is asked."""
    asker = linking.claim(scene.desk, code, scene.account, scene.person)
    tell_here(scene.desk, asker, _question(scene.inbound.channel, code))
    return [Reply("好。再到那个账号上回一声“是”，就合好了。")]


def _is_asked_again(scene: Scene, code: str) -> Replies:
    other = linking.claimant(scene.desk, code, scene.person)
    return [_question(other.channel, code)]


def _says_yes(scene: Scene, code: str) -> Replies:
    """Yes on the account that asked for the code: they are one."""
    joined = linking.join(scene.desk, code, scene.person)
    scene.becomes(joined.person)
    tell_here(scene.desk, joined.other, Reply(_JOINED))
    return [Reply(_JOINED)]


def _says_no(scene: Scene, code: str) -> Replies:
    other = linking.refuse(scene.desk, code, scene.account, scene.person)
    if other is not None:
        tell_here(scene.desk, other, Reply("另一个账号回了“不是”，没有合，码作废了。"))
    return [Reply("好，没有合，码作废了。")]


_DEEDS: dict[str, Callable[[Scene, str], Replies]] = {
    "mine": _typed_by_herself,
    "ask": _is_asked_again,
    "yes": _says_yes,
    "no": _says_no,
}


def _question(channel: str, code: str) -> Reply:
    """What the account that asked for the code is asked."""
    return Reply(f"有个{_messenger(channel)}账号要和您合成一个人，是您本人吗？", _yes_or_no(code, "yes"))


def _yes_or_no(code: str, yes: str) -> tuple[Choice, ...]:
    return (Choice(f"l:{code}:{yes}", "是"), Choice(f"l:{code}:no", "不是"))


def _messenger(channel: str) -> str:
    return _MESSENGERS.get(channel, "别的")
