"""What a turn remembers: the updates already taken, and the talk with each account."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from domain.directory import Account, Person
from domain.talk import Conversation, coarse
from storage import schema
from storage.database import Tx
from storage.directory import people
from storage.private import seal, sealed_rows, unseal
from storage.statements import InsertOnce, InsertOnceThenFind, UpdateAndInsert, lock_name

NEVER = datetime(1970, 1, 1, tzinfo=UTC)

_account = schema.account
_conversation = schema.conversation
_inbox = schema.inbox
_outbox = schema.outbox
_note_update = InsertOnce(_inbox)


@dataclass(slots=True)
class Sender:
    """Who wrote: the account, its person, and the talk so far. Locked until the transaction ends."""

    account: Account
    person: Person
    talk: Conversation
    blocked: bool
    held: bool
    """Are there messages that were held until the person appears?"""
    serves: bool
    """Did the person ever have a role?"""
    seen_at: datetime
    """When the turn before this one was."""
    pushed: bool
    """Did anything arrive unasked since then?"""
    asked: bool
    """Is any survey open, whomever it is for?"""


def note_update(tx: Tx, channel: str, update_id: str, now: datetime) -> bool:
    """Remember that this update was taken. False: it had been taken already."""
    return _note_update(tx, {"channel": channel, "update_id": update_id, "received_at": now})


_HELD = (
    sa.exists()
    .where(_outbox.c.person == _account.c.person, _outbox.c.state == sa.literal_column("'held'"))
    .label("held")
)
_UNASKED = sa.exists().where(_outbox.c.account == _account.c.id, _outbox.c.answers.is_(None))
_PUSHED = (
    sa.or_(  # two look-ups by the account's index, where one with both conditions would read all its rows
        _UNASKED.where(
            _outbox.c.settled_at > _conversation.c.seen_at, _outbox.c.state == sa.literal_column("'sent'")
        ),
        _UNASKED.where(  # she may have it already
            _outbox.c.settled_at.is_(None), _outbox.c.state == sa.literal_column("'sending'")
        ),
    ).label("pushed")
)
_SERVES = sa.exists().where(schema.role.c.person == _account.c.person).label("serves")
_ASKED = sa.exists().where(schema.survey.c.state == sa.literal_column("'open'")).label("asked")
_SENDER = (
    sa.select(
        _account.c.id.label("account_id"),
        _account.c.blocked,
        _conversation.c.state,
        _conversation.c.seen_at,
        _HELD,
        _PUSHED,
        _SERVES,
        _ASKED,
        *people.PERSON_COLUMNS,
    )
    .join(_conversation, _conversation.c.account == _account.c.id)
    .join(schema.person, schema.person.c.id == _account.c.person)
    .where(_account.c.channel == sa.bindparam("by"), _account.c.address == sa.bindparam("address"))
    # All three are locked, or a turn that waited would see the person and the account as they were before it.
    .with_for_update(of=(_conversation, _account, schema.person), key_share=True)
)


_note_and_find = InsertOnceThenFind(_inbox, ("channel", "update_id", "received_at"), _SENDER)


def begin(tx: Tx, channel: str, update_id: str, address: str, now: datetime) -> Sender | None:
    """Remember an update and lock its sender, who is made known if this is his first. None: it had been taken already.

    A second delivery that runs at the same time waits here until the first is committed, and turns of one account
    wait for each other.
    """
    update = {"channel": channel, "update_id": update_id, "received_at": now}
    new, row = _note_and_find(tx, update, {"by": channel, "address": address})
    if not new:
        return None
    return _sender(tx, row, channel, address) if row is not None else _make_known(tx, channel, address, now)


def lock_sender(tx: Tx, channel: str, address: str, now: datetime) -> Sender:
    """The sender of an account, made known if need be. Turns of one account wait for each other."""
    return _find(tx, channel, address) or _make_known(tx, channel, address, now)


def _find(tx: Tx, channel: str, address: str) -> Sender | None:
    row = tx.execute(_SENDER, {"by": channel, "address": address}).first()
    return None if row is None else _sender(tx, row, channel, address)


def _sender(tx: Tx, row: sa.Row[Any], channel: str, address: str) -> Sender:
    person = people.read_person(row)
    return Sender(
        Account(row.account_id, channel, address, person.id),
        person,
        _conversation_from(tx, row.state),
        row.blocked,
        row.held,
        row.serves,
        row.seen_at,
        row.pushed,
        row.asked,
    )


def _make_known(tx: Tx, channel: str, address: str, now: datetime) -> Sender:
    lock_name(tx, f"account:{channel}:{address}")
    known = _find(tx, channel, address)
    if known is not None:
        return known
    open_account(tx, channel, address, people.add(tx, now), now)
    made = _find(tx, channel, address)
    if made is None:
        raise LookupError("an account that was just added is gone")
    return made


def open_account(tx: Tx, channel: str, address: str, person: int, now: datetime) -> int:
    """A new account of a person, with an empty talk. Nobody has been seen on it yet."""
    account = people.add_account(tx, channel, address, person, now)
    tx.execute(
        sa.insert(_conversation), {"account": account, "state": asdict(Conversation()), "seen_at": NEVER}
    )
    return account


_HOLD = (
    sa.select(_conversation.c.account)
    .where(_conversation.c.account.in_(sa.bindparam("accounts", expanding=True)))
    .with_for_update(key_share=True, skip_locked=True)
)


def hold(tx: Tx, accounts: Collection[int]) -> set[int]:
    """Those of the accounts that have no turn under way; none begins until the transaction ends."""
    return set(tx.execute(_HOLD, {"accounts": list(accounts)}).scalars()) if accounts else set()


_remember = UpdateAndInsert(
    sa.update(_conversation)
    .where(_conversation.c.account == sa.bindparam("of"))
    .values(
        state=sa.bindparam("talk", type_=_conversation.c.state.type),
        seen_at=sa.bindparam("seen", type_=_conversation.c.seen_at.type),
    ),
    _outbox,
)


def end(
    tx: Tx, account: int, talk: Conversation, now: datetime, answers: Sequence[Mapping[str, Any]]
) -> list[int]:
    """Keep the talk for the account's next turn, and add the answers to the outbox. Returns their ids."""
    return _remember(tx, {"of": account, "talk": _kept(tx, talk), "seen": now}, sealed_rows(tx, answers))


def forget_updates(tx: Tx, before: datetime) -> int:
    """Drop remembered updates older than `before`; messengers repeat within minutes. Returns how many."""
    return tx.execute(sa.delete(_inbox).where(_inbox.c.received_at < before)).rowcount


def _kept(tx: Tx, talk: Conversation) -> dict[str, Any]:
    """The talk as JSON; a private one sealed, how far it has come and all."""
    state = {field: getattr(talk, field) for field in Conversation.__slots__}
    if not talk.private:
        return state
    return {
        "private": talk.private,
        "asked": coarse(talk.asked),
        "sealed": seal(tx, talk.private, state),
    }


def _conversation_from(tx: Tx, state: dict[str, Any]) -> Conversation:
    if "sealed" in state:
        state = unseal(tx, state["private"], state["sealed"]) or state
    talk = Conversation(**{field: state[field] for field in Conversation.__slots__ if field in state})
    talk.offered = [(choice, label) for choice, label in talk.offered]
    return talk
