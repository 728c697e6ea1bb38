"""What a handler sees: who did what, in which talk, and the desk at which deeds are done."""

from dataclasses import dataclass, field
from datetime import datetime

from domain.directory import Account, Person, RoleName
from domain.flow import Answer
from domain.talk import Conversation, Inbound, Reply
from services.desk import Desk


@dataclass(slots=True)
class Scene:
    """One turn, as far as talk goes. `media` are the stored ids of what came with the inbound."""

    desk: Desk
    inbound: Inbound
    account: Account
    person: Person
    talk: Conversation
    media: tuple[int, ...]
    last_seen: datetime
    """When this account's turn before this one was."""
    roles: list[tuple[RoleName, str]] = field(default_factory=list)

    @property
    def text(self) -> str:
        return self.inbound.text.strip()

    @property
    def answer(self) -> Answer:
        return Answer(self.text, None, self.media)

    @property
    def works(self) -> bool:
        """Does the person work on others' tickets?"""
        return any(role in _WORKING for role, _ in self.roles)


_WORKING = {RoleName.CADRE, RoleName.SUPERVISOR, RoleName.STAFF}

Replies = list[Reply]
