"""How long our own words are in all that a story said. A slow reader of seventy reads every message.

Not counted is what somebody wrote: people in the story, and the staff who made its forms.
"""

import re
from collections.abc import Collection, Iterator

import sqlalchemy as sa

from domain.talk import VILLAGER_TEXT_LIMIT
from storage import schema
from storage.database import Tx
from storage.private import words_of

_LEAST_QUOTED = 3
"""Characters of somebody's words that are known again where they were cut."""
_OPTION = re.compile(r"^\d{1,2} .+\n?", re.MULTILINE)
"""An option as a line: no more a part of the text than a choice is."""

LONGER = {
    r"^11月的事：": "a month's duties for two people, a line for each system",
    r"月月报": "figures of a month that its cadre confirms at one look",
    r"约谈\d+号\n": "the card of a talk, for the leader's side: who, when, where",
    r"^https://": "an address is tapped or copied, not read",
    r"请到网页聊天里发：https://": "an address, for staff",
}
"""What may be longer, and why."""
_LONGEST_LINE = 90
"""Characters of our own in a line of those, save an address."""


def too_long(tx: Tx, said: Collection[str]) -> list[str]:
    """Messages whose own words are more than a message may have. `said`: what people said in the story."""
    quoted = sorted({*said, *_of_forms(tx)}, key=len, reverse=True)
    return [text for text in dict.fromkeys(_messages(tx)) if is_too_long(text, quoted)]


def is_too_long(text: str, quoted: Collection[str]) -> bool:
    if len(text) <= VILLAGER_TEXT_LIMIT:
        return False
    if any(re.search(one, text) for one in LONGER):
        own = [_own_words(line, quoted) for line in text.splitlines() if "https://" not in line]
        return any(len(line) > _LONGEST_LINE for line in own)
    return len(_own_words(text, quoted)) > VILLAGER_TEXT_LIMIT


def _own_words(text: str, quoted: Collection[str]) -> str:
    text = _OPTION.sub("", text)
    for words in quoted:
        if words[:_LEAST_QUOTED] in text and len(words) >= _LEAST_QUOTED:
            length = next(length for length in range(len(words), 0, -1) if words[:length] in text)
            text = text.replace(words[:length], "")
    return text


def _messages(tx: Tx) -> Iterator[str]:
    """One after the other, also of a private talk, where a turn's messages rest as one."""
    outbox = schema.outbox.c
    for row in tx.execute(sa.select(outbox.text, outbox.choices, outbox.private)):
        yield from words_of(tx, row)[0].split("\n\n")


def _of_forms(tx: Tx) -> Iterator[str]:
    for row in tx.execute(sa.select(schema.survey.c.title, schema.survey.c.form)):
        yield row.title
        yield from _strings(row.form)


def _strings(found: object) -> Iterator[str]:
    """All that stands in JSON."""
    if isinstance(found, str):
        yield " ".join(found.split())
    elif isinstance(found, dict | list):
        for one in found.values() if isinstance(found, dict) else found:
            yield from _strings(one)
