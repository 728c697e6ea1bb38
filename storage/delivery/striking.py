"""Words that are struck out of what was said, when what they were said for is over."""

import sqlalchemy as sa

from storage import schema
from storage.database import Tx

_outbox = schema.outbox
_message = schema.web_message


def strike(tx: Tx, person: int, words: str, instead: str) -> None:
    """Put `instead` in the place of words that were said to a person, wherever they still wait or stand."""
    accounts = sa.select(schema.account.c.id).where(schema.account.c.person == person)
    held = sa.and_(_outbox.c.person == person, _outbox.c.state == sa.literal_column("'held'"))
    told = sa.or_(_outbox.c.account.in_(accounts), held)
    having = sa.select(_outbox.c.id).where(told, _outbox.c.text.contains(words, autoescape=True))
    found = list(tx.execute(having).scalars())
    for table, key in ((_message, _message.c.outbox), (_outbox, _outbox.c.id)):
        struck = sa.func.replace(table.c.text, words, instead)
        tx.execute(sa.update(table).where(key.in_(found)).values(text=struck))


def strike_own(tx: Tx, person: int, words: str, instead: str) -> None:
    """The same with words of the person's own, which only the web chat's transcript keeps."""
    addresses = sa.select(schema.account.c.address).where(
        schema.account.c.person == person, schema.account.c.channel == "web"
    )
    said = sa.and_(
        _message.c.address.in_(addresses), _message.c.sender == "me", sa.func.trim(_message.c.text) == words
    )
    tx.execute(sa.update(_message).where(said).values(text=instead))
