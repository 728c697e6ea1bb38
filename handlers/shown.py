"""What was last shown to a person, and what a number or a few words mean by it. Never a guess between two."""

import re

from domain.flow import number_in, pick
from domain.talk import Choice, Reply
from handlers.scene import Scene
from services import delivery

TICKET_DEED = re.compile(r"^t:(\d{1,9}):(\w+)$")
LINK_DEED = re.compile(r"^l:([0-9]{6}):(\w+)$")
SUGGESTION_DEED = re.compile(r"^o:(\d{1,9}):(\w+)$")
RECTIFICATION_DEED = re.compile(r"^x:(\d{1,9}):(\w+)$")
PAIR_DEED = re.compile(r"^p:(\d{1,9}):(\w+)$")
DUTY_DEED = re.compile(r"^d:(\d{1,9}):(\w+)$")
DUTY_LIST = re.compile(r"^d:list(?::(\d{1,4}))?$")
DUTIES_ALL = re.compile(r"^d:all:(\d{1,9}):(\d{8})$")
DUTIES_BACK = re.compile(r"^d:back:(\d{1,9})$")
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
    offered = [tuple(Choice(choice, label) for choice, label in scene.talk.offered)]
    by_number = number_in(scene.text) is not None
    menus = (_newest_of_each_matter(came) or offered) if by_number else [*came, *offered]
    return list(dict.fromkeys(wire for wire in (pick(scene.text, menu) for menu in menus) if wire))


def which(scene: Scene, wires: list[str]) -> Reply:
    """Asks which of several matters she means: then what she said is done, or a number's matter is shown."""
    look = None if number_in(scene.text) is None else "show" if scene.works else "look"
    choices = {}
    for wire in wires:
        if found := TICKET_DEED.match(wire):
            choices[f"t:{found[1]}:{look or found[2]}"] = f"{found[1]}号"
        elif found := LINK_DEED.match(wire):
            choices[f"l:{found[1]}:ask"] = "合账号的事"
        elif wire.startswith("s:"):
            choices[wire] = "问卷"
        elif wire.startswith("q:"):
            choices[wire] = f"{wire.split(':')[1]}号问卷"
        elif found := SUGGESTION_DEED.match(wire):
            choices[f"o:{found[1]}:{'show' if scene.works else 'mine'}"] = f"意见{found[1]}"
        elif found := RECTIFICATION_DEED.match(wire):
            choices[f"x:{found[1]}:show"] = f"整改{found[1]}号"
        elif PAIR_DEED.match(wire):
            choices[wire] = "结对的人说的话"
        elif wire.startswith("d:"):
            choices["d:list"] = "本月的事"
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
    """The pair in which the other one has written since she last spoke, if it was one."""
    deeds = [found for menu in pushed(scene) for choice in menu if (found := PAIR_DEED.match(choice.id))]
    numbers = {found[1] for found in deeds if found[2] == "say"}
    return int(numbers.pop()) if len(numbers) == 1 else None


def _newest_of_each_matter(menus: list[Menu]) -> list[Menu]:
    newest: dict[frozenset[str], Menu] = {}
    for menu in menus:
        about = {found[1] for choice in menu if (found := TICKET_DEED.match(choice.id))}
        other = "duties" if menu[0].id.startswith("d:") else menu[0].id  # each reminder replaces those before
        newest.setdefault(frozenset(about or {other}), menu)
    return list(newest.values())
