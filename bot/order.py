"""What was said to one account stays in its order, also when one message has to be tried again."""

from datetime import datetime, timedelta

from domain.delivery import Outgoing


class Order:
    """Remembers, by account, the messages that went back into the queue and when they are due again."""

    def __init__(self, lost_after: timedelta, soon: float) -> None:
        """`lost_after`: one that has not come back so long after it was due is in the hands of another process.

        soon: the least wait behind another, in seconds.
        """
        self._lost_after = lost_after
        self._soon = soon
        self._waiting: dict[int, dict[int, datetime]] = {}

    def holds(self, account: int) -> bool:
        """Does a message to this account wait for its next try?"""
        return account in self._waiting

    def waits(self, message: Outgoing, due_at: datetime) -> None:
        """The message waits for its next try; those said after it wait behind it."""
        self._waiting.setdefault(message.account, {})[message.id] = due_at

    def wait(self, message: Outgoing, now: datetime) -> float:
        """Seconds that a message has to wait behind one said before it; 0 lets it go."""
        waiting = self._waiting.pop(message.account, {})
        waiting.pop(message.id, None)
        waiting = {one: due_at for one, due_at in waiting.items() if due_at > now - self._lost_after}
        if waiting:
            self._waiting[message.account] = waiting
        earlier = [due_at for one, due_at in waiting.items() if one < message.id]
        return max((max(earlier) - now).total_seconds(), self._soon) if earlier else 0
