"""Asking the web chat for anything, and what every answer of it must be."""

import re
from typing import Any

from tests.scenario.world import ROSTER, World

CHINESE = re.compile(r"[\u4e00-\u9fff]")
FOREIGN = re.compile(r"[A-Za-z]{2,}")
PRIVATE = [name for name, *_ in ROSTER.values()] + [phone for _, phone, *_ in ROSTER.values()]
SECRETS = [*PRIVATE, "王秀兰", "00000000139", "不可外传"]


def plain(said: str) -> None:
    assert CHINESE.search(said), said
    assert not FOREIGN.search(said), said
    assert len(said) <= 40


async def post(county: World, person, path: str = "messages", **body: Any) -> tuple[int, dict[str, Any]]:
    headers = person._headers | body.pop("headers", {}) if person else body.pop("headers", {})
    async with county.http.post(f"{county.base}/chat/api/{path}", headers=headers, **body) as response:
        answer = await response.json()
        if response.status != 200:
            plain(answer["error"])
        return response.status, answer
