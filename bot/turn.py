"""A turn: one update, one transaction.

The update's id goes into the inbox first, so a second delivery stops there and gets the same answer; the
sender's conversation is locked, so one person's messages are handled in order by any number of processes; the
new state of the talk, what was done and all that has to be said are committed together or not at all. No
network call happens inside.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.channels.contract import Own
from bot.clock import Clock
from bot.counting import Counted, Counting
from bot.riding import ride_along
from domain.county import County
from domain.delivery import Lane, Outgoing, Via
from domain.directory import Account
from domain.talk import Inbound, Reply, Traits, typed
from domain.windows import opened
from handlers.reception import receive
from handlers.scene import Scene
from services.desk import Desk
from storage import ballots, media, private_media, turns
from storage.database import Database, Tx
from storage.delivery import held, outbox, windows
from storage.directory import people
from storage.turns import Sender

log = logging.getLogger(__name__)

MAX_TEXT = 2000
"""Characters of one message that are read. Longer ones are cut, and the person is told."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What a turn left behind: its answers, and whether the update was new."""

    answers: list[Outgoing]
    new: bool
    media: tuple[int, ...] = ()
    """Attachments that came with it."""
    told: frozenset[str] = frozenset()
    """Messengers on which others were told something."""
    arrived: bool = False
    """A messenger of our own has the answers already."""
    shown: Sequence[Any] = ()
    """What such a messenger shows of the update and its answers."""


_ORDINARY = Traits(buttons=True)

Also = Callable[[Tx, tuple[int, ...], str], Mapping[str, Any]]


class Turns:
    """Takes inbounds, one transaction each, and hands the answers to delivery after the commit."""

    def __init__(
        self,
        database: Database,
        county: County,
        clock: Clock,
        process: str,
        deliver: Callable[[Taken], None],
        own: Mapping[str, Own] | None = None,
        busy: Callable[[int], bool] = lambda _account: False,
        traits: Mapping[str, Traits] | None = None,
    ) -> None:
        """`own`: the messengers of our own. `busy`: does an account have answers still on their way?

        traits: of each messenger, if it is not an ordinary one with buttons.
        """
        self.counting = Counting(database, county, clock)
        self._county = county
        self._clock = clock
        self._process = process
        self._deliver = deliver
        self._own = own or {}
        self._busy = busy
        self._traits = traits or {}

    async def take(self, inbound: Inbound, also: Also | None = None) -> Taken:
        """Do one turn. When this returns the update is stored; its answers are on their way.

        also: what a messenger of our own keeps of a new update, beside the answers and before them; it is given
        the ids of the stored attachments and the name of the key under which the talk rests, if it is a private one.
        """
        now = self._clock()
        clean, too_long = _clean(inbound)

        taken = await self.counting.run(
            lambda tx, counted: self._turn(tx, clean, too_long, now, also, counted)
        )
        if taken.new:
            self._deliver(taken)
        return taken

    def _turn(
        self,
        tx: Tx,
        inbound: Inbound,
        too_long: bool,
        now: datetime,
        also: Also | None,
        counted: Counted,
    ) -> Taken:
        if inbound.left:
            return self._turns_away(tx, inbound, now)
        answers = f"{inbound.channel}:{inbound.update_id}"
        traits = self._traits.get(inbound.channel, _ORDINARY)
        sender = turns.begin(tx, inbound.channel, inbound.update_id, inbound.address, now)
        if sender is None:
            if traits.passive:
                return Taken(held.passive_again(tx, answers, inbound.address, self._process), new=False)
            return Taken(outbox.answers_to(tx, answers), new=False)
        desk = Desk(tx, self._county, now, figures=counted)
        if sender.blocked:
            people.mark_blocked(tx, sender.account.id, blocked=False)
            held.release_blocked(tx, sender.account.id, now)
            desk.told.add(inbound.channel)
        if inbound.opens and traits.counted:
            window = opened(inbound.opens, now)
            # Something may have been held while this turn waited for its sender.
            sender.held = windows.open_window(tx, sender.account.id, sender.person.id, window)
        stored = tuple(media.add(tx, inbound.channel, inbound.media, now))
        scene = _scene(desk, inbound, sender, stored)
        private, replies = _received(scene, too_long)
        if private and stored:
            private_media.hide(tx, stored, private)
        noted = [also(tx, stored, private)] if also is not None else []
        riding: list[Outgoing] = []
        if sender.held or scene.person.id != sender.person.id:
            riding = self._bring_held(scene, traits, replies, answers)
        if not traits.buttons and scene.talk.flow is None:  # numbers run through all that is in the one text
            shown = [one.choices for one in riding] + [reply.choices for reply in replies]
            scene.talk.offered = [(choice.id, choice.label) for choices in shown for choice in choices]
        return self._answered(scene, riding, replies, answers, noted)

    def _turns_away(self, tx: Tx, inbound: Inbound, now: datetime) -> Taken:
        """She left the messenger: what is known of the account goes, and she can hear no answer."""
        new = turns.note_update(tx, inbound.channel, inbound.update_id, now)
        if not new or people.account_of(tx, inbound.channel, inbound.address) is None:
            return Taken([], new=new)
        desk = Desk(tx, self._county, now)
        receive(_scene(desk, inbound, turns.lock_sender(tx, inbound.channel, inbound.address, now), ()))
        return Taken([], new=True, told=frozenset(desk.told))

    def _bring_held(self, scene: Scene, traits: Traits, replies: list[Reply], answers: str) -> list[Outgoing]:
        """What was held for the person goes out: with the answers, or by the queue. Returns what goes with them."""
        if traits.passive:
            return ride_along(scene, replies, traits, answers, self._process)
        desk, account = scene.desk, scene.account
        if held.release(desk.tx, scene.person.id, account.id, account.channel, desk.now):
            desk.told.add(account.channel)
        return []

    def _answered(
        self,
        scene: Scene,
        riding: list[Outgoing],
        replies: list[Reply],
        answers: str,
        noted: Sequence[Mapping[str, Any]],
    ) -> Taken:
        """Put the answers into the outbox and remember the talk."""
        own, at_once = self._own.get(scene.account.channel), self._at_once(scene.account, replies)
        said = [*riding, *self._say(scene, replies, answers, arrived=at_once)]
        return Taken(
            said,
            new=True,
            media=scene.media,
            told=frozenset(scene.desk.told),
            arrived=at_once,
            shown=own.keep(scene.desk.tx, said if at_once else [], noted) if own else (),
        )

    def _at_once(self, account: Account, replies: list[Reply]) -> bool:
        """Is it a messenger of our own, which has the answers at once? Not if delivery waits for pictures, in order."""
        waits = self._busy(account.id) or any(reply.media for reply in replies)
        return account.channel in self._own and not waits

    def _say(self, scene: Scene, replies: list[Reply], answers: str, *, arrived: bool) -> list[Outgoing]:
        now, account = scene.desk.now, scene.account
        via = Via.PASSIVE if self._traits.get(account.channel, _ORDINARY).passive else Via.ONLY
        rows = outbox.rows(
            replies,
            person=scene.person.id,
            account=account.id,
            channel=account.channel,
            lane=Lane.ANSWER,
            now=now,
            due_at=now,
            sender=self._process,
            answers=answers,
            arrived=arrived,
            via=via,
        )
        ids = turns.end(scene.desk.tx, account.id, scene.talk, now, rows)
        return [
            Outgoing(
                number,
                scene.person.id,
                account.id,
                account.channel,
                account.address,
                r.text,
                r.choices,
                r.media,
                via=via,
                about=r.about,
                private=r.private,
            )
            for number, r in zip(ids, replies, strict=True)
        ]


def _scene(desk: Desk, inbound: Inbound, sender: Sender, stored: tuple[int, ...]) -> Scene:
    return Scene(
        desk,
        inbound,
        sender.account,
        sender.person,
        sender.talk,
        stored,
        sender.seen_at,
        sender.serves,
        sender.held,
        sender.pushed,
        sender.asked,
    )


def _received(scene: Scene, too_long: bool) -> tuple[str, list[Reply]]:
    """The name of the key under which this turn's words rest, "" if it is not a private one, and the replies."""
    before = scene.talk.private
    cut_short = bool(before) and scene.talk.flow is None  # its key is dead: so would be what is said under it
    replies = receive(scene)
    private = before or scene.talk.private
    if too_long:
        replies.insert(0, Reply(f"话太长了，只记下前{MAX_TEXT}个字。"))
    if not private:
        if too_long:
            log.info("account %d: a text was too long and was cut", scene.account.id)
        return private, replies
    if before:
        ballots.forget_talk(scene.desk.tx, before, scene.person.id, scene.account.address)
    return private, replies if cut_short else _as_one(replies, private)


def _as_one(replies: Sequence[Reply], private: str) -> list[Reply]:
    """The replies of a turn of a private talk as one: how many there are could tell what was answered."""
    if not replies:
        return []
    text = "\n\n".join(reply.text for reply in replies)
    choices = next((reply.choices for reply in reversed(replies) if reply.choices), ())
    media = tuple(one for reply in replies for one in reply.media)
    return [Reply(text, choices, media, replies[-1].about, private)]


def _clean(inbound: Inbound) -> tuple[Inbound, bool]:
    """Without control characters and of a readable length; a place that was sent becomes words. Was it cut?"""
    said = inbound.text or next((one.heard for one in inbound.media if one.heard), "")
    whole = typed(said)
    text = whole[:MAX_TEXT]
    if inbound.place is not None:
        text = f"{text} 位置：{inbound.place[0]:.5f},{inbound.place[1]:.5f}".strip()
    link, choice = typed(inbound.link or ""), typed(inbound.choice or "")
    return replace(inbound, text=text, link=link or None, choice=choice or None), len(whole) > MAX_TEXT
