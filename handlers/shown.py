"""What was last shown to a person, and what a number or a few words mean by it. Never a guess between two."""

import re
from datetime import timedelta

from domain.flow import number_in, pick
from domain.talk import Choice, Reply
from handlers.scene import Scene
from services import delivery

TICKET_DEED = re.compile(r"^t:(\d{1,9}):(\w+)$")
LINK_DEED = re.compile(r"^l:([0-9]{6}):(\w+)$")
SUGGESTION_DEED = re.compile(r"^o:(\d{1,9}):(\w+)$")
RECTIFICATION_DEED = re.compile(r"^x:(\d{1,9}):(\w+)$")
PAIR_DEED = re.compile(r"^p:(\d{1,9}):(\w+)$")
DIGEST_DEED = re.compile(r"^g:(\d{1,9}):(\w+)$")
APPOINTMENT_DEED = re.compile(r"^a:(\d{1,9}):(\w+)$")
DUTY_DEED = re.compile(r"^d:(\d{1,9}):(\w+)(?::(\d{1,18}))?$")
"""On one duty: of his own, or of somebody on leave, for whom he stands in."""
DUTY_LIST = re.compile(r"^d:list(?::(\d{1,4}))?$")
DUTIES_OF_ANOTHER = re.compile(r"^d:for:(\d{1,18})(?::(\d{1,4}))?$")
DUTIES_ALL = re.compile(r"^d:all:(\d{1,9}):(\d{8})(?::(\d{1,18}))?$")
DUTIES_BACK = re.compile(r"^d:back:(\d{1,9})(?::(\d{1,18}))?$")
OF_SURVEY = re.compile(r"^[sq]:(\d{1,9})\b")
BOARD_PLACE = re.compile(r"^b:(\d{1,6})$")

Menu = tuple[Choice, ...]


def pushed(scene: Scene) -> list[Menu]:
    """The choices of messages that came unasked since this account's last turn, the newest first."""
    return delivery.choices_since(scene.desk, scene.account.id, scene.since) if scene.pushed else []


def meant(scene: Scene) -> list[str]:
    """Wire ids that her words may mean: of what came since, else of what the last answer offered.

    A number means what was said last of a matter; the words of a choice are still meant when more was said since.
    """
    if not scene.text:
        return []
    came = pushed(scene)
    offered = [_offered(scene)]
    by_number = number_in(scene.text) is not None
    menus = (_newest_of_each_matter(came) or offered) if by_number else [*came, *offered]
    return list(dict.fromkeys(wire for wire in (pick(scene.text, menu) for menu in menus) if wire))


def named_since(scene: Scene) -> str | None:
    """The one choice of what came unasked that she says in its very words, while a question is open."""
    if number_in(scene.text) is not None:
        return None
    wires = {wire for menu in pushed(scene) if (wire := pick(scene.text, menu))}
    return wires.pop() if len(wires) == 1 else None


def _offered(scene: Scene) -> Menu:
    return tuple(Choice(choice, label) for choice, label in scene.talk.offered)


_MATTERS = {
    "t": ("t:{number}:{looked}", "{number}号"),
    "a": ("a:{number}:{shown}", "约谈{number}号"),
    "l": ("l:{number}:ask", "合账号的事"),
    "g": ("{wire}", "清单里的{number}号"),
    "e": ("e:{number}:show", "月报"),
    "s": ("{wire}", "问卷"),
    "q": ("{wire}", "{number}号问卷"),
    "o": ("o:{number}:{hers}", "意见{number}"),
    "x": ("x:{number}:show", "整改{number}号"),
    "p": ("{wire}", "结对的人说的话"),
    "d": ("d:list", "本月的事"),
}
"""By how wire ids begin: the choice that stands for such a matter, and what it is called."""


def which(scene: Scene, wires: list[str]) -> Reply:
    """Asks which of several matters she means: then what she said is done, or a number's matter is shown."""
    look = None if number_in(scene.text) is None else "show" if scene.works else "look"
    hers = "show" if scene.works else "mine"
    choices = {}
    labels = {choice.id: choice.label for menu in [*pushed(scene), _offered(scene)] for choice in menu}
    for wire in wires:
        kind, number, *deed = wire.split(":")
        if kind not in _MATTERS:
            choices[wire] = labels[wire]
        else:
            looked, shown = look or "".join(deed[:1]), "show" if look else "".join(deed[:1])
            names = {"wire": wire, "number": number, "looked": looked, "shown": shown, "hers": hers}
            choice, label = (words.format(**names) for words in _MATTERS[kind])
            choices[choice] = label
    return Reply("您指哪一件？", tuple(Choice(wire, label) for wire, label in choices.items()))


def ticket_at_hand(scene: Scene) -> int | None:
    """The one ticket that all was about that was last shown, if it was one."""
    wires = [choice.id for menu in pushed(scene) for choice in menu] or [one[0] for one in scene.talk.offered]
    numbers = {found[1] for wire in wires if (found := TICKET_DEED.match(wire))}
    return int(numbers.pop()) if len(numbers) == 1 else None


def ticket_she_was_asked_about(scene: Scene) -> int | None:
    """The ticket whose cadre has written to her since she last spoke, if it was one."""
    wires = [choice.id for menu in pushed(scene) for choice in menu]
    deeds = [found for wire in wires if (found := TICKET_DEED.match(wire))]
    numbers = {found[1] for found in deeds if found[2] == "reply"}
    return int(numbers.pop()) if len(numbers) == 1 else None


def pair_that_spoke(scene: Scene) -> int | None:
    """The pair in which the other one has written since she last spoke, or of which she just spoke herself, if it was one."""
    menus = pushed(scene)
    if not menus and scene.desk.now - scene.since < _STILL_AT_IT:
        menus = [_offered(scene)]
    deeds = [found for menu in menus for choice in menu if (found := PAIR_DEED.match(choice.id))]
    numbers = {found[1] for found in deeds if found[2] == "say"}
    return int(numbers.pop()) if len(numbers) == 1 else None


_STILL_AT_IT = timedelta(minutes=30)
"""A picture and the words to it come one after the other on most messengers."""


def _newest_of_each_matter(menus: list[Menu]) -> list[Menu]:
    """Without what a newer menu has taken the place of: one of the same matter, or a list that it is in."""
    newest: dict[frozenset[str], Menu] = {}
    for menu in menus:
        first = menu[0].id
        of_survey = OF_SURVEY.match(first)  # what is rehearsed and then sent is one
        # Each reminder of duties replaces those before.
        other = "duties" if first.startswith("d:") else f"s:{of_survey[1]}" if of_survey else first
        matters = frozenset(_matters(menu) or {other})
        if not any(matters <= newer for newer in newest):
            newest[matters] = menu
    return list(newest.values())


def _matters(menu: Menu) -> set[str]:
    """Numbers of the tickets that a menu is about; appointments and rectifications are numbered in the same row.

    Whatever is newer of any rectification stands for the word that the list of them has grown, too.
    """
    found = [one.match(choice.id) for choice in menu for one in _NUMBERED]
    listed = {
        _RECTIFICATION for choice in menu if choice.id == "m:rectification" or choice.id.startswith("x:")
    }
    return {one[1] for one in found if one} | listed


_NUMBERED = (TICKET_DEED, DIGEST_DEED, APPOINTMENT_DEED, RECTIFICATION_DEED)
_RECTIFICATION = "rectification"
