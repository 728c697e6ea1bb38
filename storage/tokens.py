"""Access tokens of messengers, shared by all processes."""

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from storage import schema
from storage.database import Tx
from storage.statements import Upsert

_token = schema.access_token
_keep = Upsert(_token, ["token", "expires_at"])


class Token(NamedTuple):
    token: str
    expires_at: datetime


def find(tx: Tx, name: str) -> Token | None:
    row = tx.execute(sa.select(_token.c.token, _token.c.expires_at).where(_token.c.name == name)).first()
    return None if row is None else Token(row.token, row.expires_at)


def keep(tx: Tx, name: str, token: Token) -> None:
    _keep(tx, {"name": name, "token": token.token, "expires_at": token.expires_at})
