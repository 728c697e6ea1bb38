"""Boxes: what was said anonymously lies in one, sealed, until it is opened; then it is mixed and the box is gone.

A ballot is written in the transaction of its writer's turn, so whoever reads the database closely can tell whose it
is. That is why it is noise to him, as long as the key of the box lives outside of the database and for ever after.
"""

import json
import logging
import secrets
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage import private_media, schema, webchat
from storage.database import Tx
from storage.delivery import forgetting
from storage.keys import Key, SealError, keys_of
from storage.prepared import Prepared
from storage.statements import InsertOnce, Together

log = logging.getLogger(__name__)

_ballot = schema.ballot
_mark = schema.ballot_mark
_mark_once = InsertOnce(_mark)
_dead_once = InsertOnce(schema.dead_key)


class BoxClosedError(Exception):
    """The key of the box is gone: nothing can be put in, nor read."""


def make_box(tx: Tx, box: str) -> None:
    """Make the key of a box. It outlives a transaction that fails, and serves the next one."""
    keys_of(tx).make(box)


def _key(tx: Tx, box: str) -> Key:
    key = keys_of(tx).find(box)
    if key is None:
        raise BoxClosedError(box)
    return key


def mark(tx: Tx, box: str, who: str) -> bool:
    """Note that somebody has put his ballot in. False: he had before. Raises BoxClosedError."""
    return _mark_once(tx, {"box": box, "mark": _key(tx, box).mark(who)})


_MARKED = Prepared(
    sa.select(sa.exists().where(_mark.c.box == sa.bindparam("box"), _mark.c.mark == sa.bindparam("mark")))
)


def is_marked(tx: Tx, box: str, who: str) -> bool:
    """Has he put a ballot in? Raises BoxClosedError: once the box is gone nobody can tell."""
    return bool(_MARKED.first(tx, {"box": box, "mark": _key(tx, box).mark(who)})[0])


def put(tx: Tx, box: str, said: Mapping[str, Any], room: int) -> None:
    """Put a ballot in: JSON, filled up to a multiple of `room` bytes. Raises BoxClosedError."""
    values = {"box": box, "serial": secrets.token_bytes(16), "sealed": seal(tx, box, said, room)}
    tx.execute(sa.insert(_ballot), values)


def seal(tx: Tx, box: str, said: Mapping[str, Any], room: int) -> bytes:
    """JSON, sealed under the key of the box. Raises BoxClosedError."""
    return _key(tx, box).seal(json.dumps(said, ensure_ascii=False).encode(), room)


def unseal(tx: Tx, box: str, sealed: bytes) -> Any:
    """What `seal` sealed. Raises BoxClosedError, also for what another key has sealed."""
    try:
        return json.loads(_key(tx, box).open(sealed))
    except SealError:
        raise BoxClosedError(box) from None


def count(tx: Tx, box: str) -> int:
    """How many ballots lie in the box."""
    query = sa.select(sa.func.count()).select_from(_ballot).where(_ballot.c.box == box)
    return int(tx.execute(query).scalar_one())


def filled(tx: Tx) -> list[str]:
    """Boxes in which something lies."""
    return list(tx.execute(sa.select(_ballot.c.box).distinct()).scalars())


def mixed(tx: Tx, box: str) -> list[Any]:
    """What lies in the box, in an order that nobody can tell once the key is gone, and that is the same each time.

    So a release that was cut off goes on where it was. Raises BoxClosedError.
    """
    return [json.loads(one) for one in _opened(tx, box)]


def mix(found: list[Any]) -> None:
    """Into an order that chance has made."""
    secrets.SystemRandom().shuffle(found)


def boxes(tx: Tx, prefix: str) -> list[str]:
    """Names of the boxes that can still be opened and begin so."""
    return [name for name in keys_of(tx).names() if name.startswith(prefix)]


def _opened(tx: Tx, box: str) -> Iterator[bytes]:
    key, spoiled = _key(tx, box), 0
    sealed = {row.serial: row.sealed for row in tx.execute(sa.select(_ballot).where(_ballot.c.box == box))}
    for serial in sorted(sealed, key=key.place):
        try:
            yield key.open(sealed.pop(serial))
        except SealError:
            spoiled += 1
    if spoiled:
        log.error(
            "%d ballots were changed in the database, or sealed under another key, and are void", spoiled
        )


_forget_talk = Together(forgetting.FORGET_HERS, *webchat.FORGET_HERS)


def forget_talk(tx: Tx, key: str, person: int, address: str) -> None:
    """A private talk has gone on: of what was said before no more is kept than that it was. How much it was could tell."""
    _forget_talk(tx, {"key": key, "her": person, "whose": address})


def waits_for_files(tx: Tx, box: str) -> bool:
    """Is a picture or sound of its talks still on its way?"""
    return private_media.any_pending(tx, box)


def bring_out(tx: Tx, box: str, attachment: int, at: datetime) -> int | None:
    """A picture or sound of a ballot, as one that nothing joins to its sender. None if it never came."""
    return private_media.bring_out(tx, attachment, _key(tx, box), at)


def erase_some(tx: Tx, box: str, count: int) -> bool:
    """Take so much away, unread, of what lies in the box or was said under its key. False: nothing is left of it."""
    parts = (_erase_ballots, private_media.erase_some, forgetting.erase_some, webchat.erase_some)
    return any(erase(tx, box, count) for erase in parts)


def _erase_ballots(tx: Tx, box: str, count: int) -> bool:
    some = sa.select(_ballot.c.serial).where(_ballot.c.box == box).limit(count)
    hers = sa.and_(_ballot.c.box == box, _ballot.c.serial.in_(some))
    return bool(tx.execute(sa.delete(_ballot).where(hers)).rowcount)


def close_for_good(tx: Tx, box: str) -> None:
    """Take the box away, with every word that was said under its key, and let the key die after the commit."""
    tx.execute(sa.delete(_ballot).where(_ballot.c.box == box))
    tx.execute(sa.delete(_mark).where(_mark.c.box == box))
    private_media.drop(tx, box)
    forgetting.forget_private(tx, box)
    webchat.forget_private(tx, box)
    _dead_once(tx, {"name": box})


def dead(tx: Tx, names: Collection[str]) -> list[str]:
    """Those of the keys that are to die. Only what is committed counts: read it in a transaction of its own."""
    query = sa.select(schema.dead_key.c.name).where(schema.dead_key.c.name.in_(names))
    return list(tx.execute(query).scalars()) if names else []


_survey = schema.survey
_STANDING: sa.Select[Any] = sa.select(
    _survey.c.state, _survey.c.anonymous, _survey.c.form, _survey.c.closed_at
).where(_survey.c.id == sa.bindparam("survey"))
_TO_CAST = _STANDING.with_for_update(read=True)
_TO_RELEASE = _STANDING.with_for_update()


def standing(tx: Tx, survey: int, *, to_release: bool = False) -> sa.Row[Any] | None:
    """State, anonymous, form, closed_at of a survey, which nobody closes before the transaction ends."""
    found: sa.Row[Any] | None = tx.execute(
        _TO_RELEASE if to_release else _TO_CAST, {"survey": survey}
    ).first()
    return found


def seen(tx: Tx, survey: int) -> sa.Row[Any] | None:
    """The same of a survey that may be closed meanwhile."""
    found: sa.Row[Any] | None = tx.execute(_STANDING, {"survey": survey}).first()
    return found


def drop_draft(tx: Tx, survey: int, person: int | None = None) -> None:
    """Drop what a person, or everybody, has answered and not sent."""
    draft = schema.survey_draft
    theirs = draft.c.survey == survey
    tx.execute(
        sa.delete(draft).where(theirs if person is None else sa.and_(theirs, draft.c.person == person))
    )


def published(tx: Tx, survey: int) -> int:
    """How many of its answers are written."""
    written = sa.select(sa.func.count()).where(schema.survey_answer.c.survey == survey)
    return int(tx.execute(written).scalar_one())


def publish(tx: Tx, survey: int, answers: Sequence[Mapping[str, Any]], after: int) -> None:
    """Write answers, numbered as they stand behind those that are written."""
    rows = [{"survey": survey, "number": number, **one} for number, one in enumerate(answers, after + 1)]
    if rows:
        tx.execute(sa.insert(schema.survey_answer), rows)


def note_released(tx: Tx, survey: int, channels: Mapping[str, int]) -> None:
    """All its answers are written; how many came by each messenger."""
    counts = [
        {"survey": survey, "what": "channel", "value": name, "count": count}
        for name, count in sorted(channels.items())
    ]
    if counts:
        tx.execute(sa.insert(schema.survey_count), counts)
    tx.execute(sa.update(_survey).where(_survey.c.id == survey).values(state="released"))
