"""Members of an enterprise with WeCom in their hands."""

from datetime import datetime, timedelta
from typing import Any

from tests.standins.tencent.callback import CallbackServer
from tests.standins.tencent.people import Person

PER_MINUTE, PER_HOUR = 30, 1000


class Member(Person):
    def __init__(self, userid: str, server: CallbackServer, agentid: int) -> None:
        super().__init__(userid, server)
        self.uses_app = True
        """Whether the app may write to this member."""
        self._agentid = agentid
        self._reached: list[datetime] = []
        self._seen: dict[str, datetime] = {}

    async def enters(self) -> None:
        """Open the app's talk."""
        await self._event("enter_agent", EventKey="")

    async def follows(self) -> None:
        self.uses_app = True
        await self._event("subscribe", EventKey="")

    async def leaves(self) -> None:
        self.uses_app = False
        await self._event("unsubscribe", EventKey="")

    async def clicks(self, key: str) -> None:
        await self._event("click", EventKey=key)

    async def views(self, url: str) -> None:
        await self._event("view", EventKey=url)

    def has_just_had(self, content: str, interval: timedelta) -> bool:
        """Whether the same request came within the interval. If not, it has now."""
        now = self._account.clock()
        if content in self._seen and now - self._seen[content] < interval:
            return True
        self._seen[content] = now
        return False

    def can_take(self) -> bool:
        """Whether one more message passes the app's pace to one member. If so, it is counted."""
        now = self._account.clock()
        self._reached = [then for then in self._reached if now - then < timedelta(hours=1)]
        last_minute = sum(now - then < timedelta(minutes=1) for then in self._reached)
        if len(self._reached) >= PER_HOUR or last_minute >= PER_MINUTE:
            return False
        self._reached.append(now)
        return True

    async def _act(self, content: dict[str, Any], when: int) -> None:
        await super()._act(content | {"AgentID": self._agentid}, when)
