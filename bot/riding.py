"""What was held for a person rides on the answer to her own message, which costs no sending."""

from collections.abc import Sequence
from dataclasses import replace

from domain.delivery import Outgoing, Via, in_bytes
from domain.talk import Reply, Traits
from handlers.scene import Scene
from storage.delivery import held

MAX_CHOICES = 8
"""Numbered choices in one text, so that 9 stays free for what comes next."""
_HINT = "还有{}条，{}"
_HINT_BYTES = 64


def ride_along(
    scene: Scene, replies: list[Reply], traits: Traits, answers: str, process: str
) -> list[Outgoing]:
    """Let what is held for the sender go out with these replies, the oldest first; returns it.

    What does not fit waits on, and a hint that there is more is added to the replies. Pictures and sounds cannot
    ride, nor can what is too long for any response; the person has just opened her window, so they go by the queue.
    """
    desk, account = scene.desk, scene.account
    waiting = held.waiting(desk.tx, scene.person.id)
    by_queue = [one.id for one in waiting if not _can_ride(one, traits)]
    if by_queue:
        held.release(desk.tx, scene.person.id, account.id, account.channel, desk.now, by_queue)
        desk.told.add(account.channel)
    words = [one for one in waiting if _can_ride(one, traits)]
    asked = scene.talk.flow is not None
    apart = any(reply.media for reply in replies)  # such a reply comes by itself, its choices numbered from 1
    count = riders(words, replies, asked=asked or apart, traits=traits)
    if len(words) > count:
        hint = Reply(_HINT.format(len(words) - count, "答完再看。" if asked else "回9看下一条。"))
        replies.insert(0 if apart else len(replies), hint)  # within the response, which costs nothing
    if count:
        rows = [one.id for one in words[:count]]
        held.ride(desk.tx, rows, account.id, account.channel, answers, process, desk.now)
    return [
        replace(one, account=account.id, channel=account.channel, address=account.address, via=Via.PASSIVE)
        for one in words[:count]
    ]


def _can_ride(message: Outgoing, traits: Traits) -> bool:
    return not message.media and riders([message], (), asked=False, traits=traits) == 1


def riders(waiting: Sequence[Outgoing], replies: Sequence[Reply], *, asked: bool, traits: Traits) -> int:
    """How many of the waiting messages, from the first, fit beside the replies into one text of the messenger.

    asked: the replies' numbers must stay their own, as those of an open question: then only messages without
    choices fit.
    """
    beside = traits.choice_bytes
    size = sum(in_bytes(reply.text, reply.choices, beside) for reply in replies) + _HINT_BYTES
    choices = sum(len(reply.choices) for reply in replies)
    for count, one in enumerate(waiting):
        size += in_bytes(one.text, one.choices, beside)
        choices += len(one.choices)
        if size > traits.text_bytes or choices > MAX_CHOICES or (asked and one.choices):
            return count
    return len(waiting)
