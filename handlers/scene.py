"""What a handler sees: who did what, in which talk, and the desk at which deeds are done."""

from dataclasses import dataclass, field
from datetime import datetime

from domain.directory import Account, Person, RoleName
from domain.flow import Answer
from domain.talk import Conversation, Inbound, Reply
from services import directory
from services.desk import Desk
from services.surveys.answering import Sitting


@dataclass(slots=True)
class Scene:
    """One turn, as far as talk goes. `media` are the stored ids of what came with the inbound."""

    desk: Desk
    inbound: Inbound
    account: Account
    person: Person
    talk: Conversation
    media: tuple[int, ...]
    since: datetime
    """When this account's turn before this one was."""
    serves: bool = True
    """False: the person never had a role."""
    held: bool = False
    """Are there messages that were held until the person appears?"""
    pushed: bool = True
    """False: nothing came unasked since the turn before."""
    asked: bool = True
    """False: no survey is open."""
    sitting: Sitting | None = field(default=None, init=False)
    """Where she stands in the survey that the turn is about, as far as it was looked up."""
    _roles: list[tuple[RoleName, str]] | None = field(default=None, init=False)

    @property
    def text(self) -> str:
        return self.inbound.text.strip()

    @property
    def answer(self) -> Answer:
        return Answer(self.text, None, self.media)

    @property
    def works(self) -> bool:
        """Does the person work for others?"""
        return bool(self._role_names() & _WORKING)

    @property
    def answers(self) -> bool:
        """Can tickets come to the person?"""
        return bool(self._role_names() & _ANSWERING)

    @property
    def watches(self) -> bool:
        """Does the person see what is overdue in a whole area?"""
        return bool(self._role_names() & _WATCHING)

    def _role_names(self) -> set[RoleName]:
        if self._roles is None:
            self._roles = directory.roles(self.desk, self.person) if self.serves else []
        return {role for role, _ in self._roles}

    def becomes(self, person: Person) -> None:
        """The account turned out to be somebody's."""
        self.person, self._roles, self.serves, self.sitting = person, None, True, None


_WATCHING = {RoleName.SUPERVISOR, RoleName.STAFF}
_ANSWERING = _WATCHING | {RoleName.CADRE}
_WORKING = _ANSWERING | {RoleName.LEADER, RoleName.EXPERT}

Replies = list[Reply]
