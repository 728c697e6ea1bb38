"""Somebody else helps from now on: all pairs of a leaver in one step, or one of them."""

from domain import pairs as words
from domain.delivery import Lane
from domain.directory import Person
from domain.errors import Refusal
from domain.pairs import Pair
from domain.talk import Choice, Reply
from services.delivery import tell
from services.desk import Desk
from services.pairs.access import found_person, kept
from services.pairs.naming import HELPERS, helper_of_phone
from storage import pairs
from storage.directory import people


def hand_over(desk: Desk, leaver_phone: str, successor_phone: str, office: str = "") -> tuple[Person, int]:
    """All pairs of the leaver (of one office) go to the successor in this transaction. Returns him and how many.

    Raises Refusal when one of the two is not known by the phone.
    """
    leaver, successor = helper_of_phone(desk, leaver_phone), helper_of_phone(desk, successor_phone)
    mine = [pair for pair in pairs.helped_by(desk.tx, leaver.id, desk.now) if office in ("", pair.office)]
    return successor, _move(desk, mine, leaver, successor)


def hand_over_one(desk: Desk, number: int, keeper: Person, successor_phone: str) -> Person:
    """The office gives one pair to another helper. Returns him. Raises Refusal for the helped one himself."""
    pair = kept(desk, number, keeper)
    successor = helper_of_phone(desk, successor_phone)
    if successor.id == pair.helped:
        raise Refusal(f"{successor.name}就是结对的对象，请换一个人。")
    _move(desk, [pair], found_person(desk, pair.helper), successor)
    return successor


def _move(desk: Desk, mine: list[Pair], leaver: Person, successor: Person) -> int:
    if leaver.id == successor.id:
        raise Refusal("交和接是同一个人。")
    roles = {role for role, _ in people.roles(desk.tx, successor.id, desk.now)}
    if any(not roles & HELPERS[pair.kind] for pair in mine):
        raise Refusal(f"{successor.name}在花名册里的角色不合这一类结对，请换一个人。")
    has = {(pair.kind, pair.helped) for pair in pairs.helped_by(desk.tx, successor.id, desk.now)}
    moved = [pair for pair in mine if pair.helped != successor.id]
    for pair in moved:
        pairs.end(desk.tx, pair, desk.now)
        if (pair.kind, pair.helped) not in has:
            pairs.add(
                desk.tx, pair.kind, successor.id, pair.helped, office=pair.office, months=pair.months,
                valid_from=max(desk.now, pair.valid_from), valid_to=pair.valid_to,
            )  # fmt: skip
        phone = f"，电话{successor.phone}" if successor.phone else ""
        text = f"您的{words.HELPER_NAMES[pair.kind]}现在是{successor.name}{phone}。"
        tell(desk, pair.helped, Reply(text), Lane.REMINDER)
    if moved:
        look = (Choice("m:pairs", "我的结对"),)
        tell(desk, successor.id, Reply(f"{len(moved)}对结对由您接手。", look), Lane.REMINDER)
        tell(desk, leaver.id, Reply(f"{len(moved)}对结对交给{successor.name}了。"), Lane.REMINDER)
    return len(moved)
