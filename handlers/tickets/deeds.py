"""Buttons on tickets: `t:<number>:<deed>` does what it says whenever it is tapped, or says why it cannot."""

from collections.abc import Callable

from domain.talk import Choice, Reply, packed
from domain.tickets import words
from handlers.engine import Engine
from handlers.scene import Replies, Scene
from handlers.tickets.saying import SAYINGS, cadre_wants_to_transfer
from services.tickets import handling, villager
from services.tickets.steps import her_own


def ticket_deed(scene: Scene, engine: Engine, ticket: int, deed: str) -> Replies:
    """Do the deed of a button. Deeds that need words open the flow that asks for them."""
    if deed in SAYINGS:
        check_before_words(scene, ticket, deed)
        return engine.begin(scene, "say", {"deed": deed, "ticket": ticket})
    if deed == "transfer":
        return cadre_wants_to_transfer(scene, engine, ticket)
    if deed.startswith("rate"):
        return _villager_rates(scene, ticket, deed)
    handler = _DEEDS.get(deed)
    return handler(scene, ticket) if handler else [Reply("这个按钮用不了了，回“帮助”看看能办什么。")]


def asks_for_words(deed: str) -> bool:
    """Does the deed open a flow?"""
    return deed in SAYINGS or deed == "transfer"


_OWNERS = frozenset({"message", "answer", "extend", "decline", "return"})


def check_before_words(scene: Scene, ticket: int, deed: str) -> None:
    """Before words are asked for: may this person do it, so that nobody types in vain."""
    if deed in _OWNERS:
        handling.check(scene.desk, ticket, scene.person, deed)
    else:
        villager.check(scene.desk, ticket, scene.person, deed)


def _cadre_accepts(scene: Scene, ticket: int) -> Replies:
    after = handling.accept(scene.desk, ticket, scene.person)
    return [Reply(f"{ticket}号您接了。{words.when(after.limit_at)}前答复。", words.owner_choices(after))]


def _cadre_called(scene: Scene, ticket: int) -> Replies:
    after = handling.note_call(scene.desk, ticket, scene.person)
    return [Reply(f"{ticket}号记下了：打过电话。", words.owner_choices(after))]


def _cadre_looks(scene: Scene, ticket: int) -> Replies:
    return [handling.card(scene.desk, ticket, scene.person)]


def _anyone_reads_the_story(scene: Scene, ticket: int) -> Replies:
    story = villager.story(scene.desk, ticket, scene.person)
    return [Reply(one) for one in packed([f"{ticket}号经过：", *story.splitlines()])]


def _villager_looks(scene: Scene, ticket: int) -> Replies:
    return [villager.look(scene.desk, ticket, scene.person)]


def _villager_says_solved(scene: Scene, ticket: int) -> Replies:
    after = villager.confirm(scene.desk, ticket, scene.person)
    owner = handling.owner_of(scene.desk, after)
    question = words.rating_question(after)
    by = f"{ticket}号办结。{owner.name}{owner.phone}办的。" if owner else f"{ticket}号办结。"
    return [Reply(by), question]


def _villager_is_asked_to_rate(scene: Scene, ticket: int) -> Replies:
    return [words.rating_question(her_own(scene.desk, ticket, scene.person))]


def _villager_rates(scene: Scene, ticket: int, deed: str) -> Replies:
    rating = {"rate1": 1, "rate2": 2, "rate3": 3}.get(deed)
    if rating is None:
        return _villager_is_asked_to_rate(scene, ticket)
    villager.rate(scene.desk, ticket, scene.person, rating)
    again = (Choice(words.deed(ticket, "unsolved"), "没解决，再办"),)
    return [Reply("记下了，谢谢。往后有事再说。", again if rating == 1 else ())]


def _villager_withdraws(scene: Scene, ticket: int) -> Replies:
    villager.withdraw(scene.desk, ticket, scene.person)
    return [Reply(f"{ticket}号撤回了。有事随时再说。")]


def _villager_urges(scene: Scene, ticket: int) -> Replies:
    after = villager.urge(scene.desk, ticket, scene.person)
    return [Reply(f"{ticket}号催过了，{words.promised(after, scene.desk.now)}。")]


_DEEDS: dict[str, Callable[[Scene, int], Replies]] = {
    "accept": _cadre_accepts,
    "call": _cadre_called,
    "show": _cadre_looks,
    "story": _anyone_reads_the_story,
    "look": _villager_looks,
    "solved": _villager_says_solved,
    "withdraw": _villager_withdraws,
    "urge": _villager_urges,
}
