"""WeChat's codes of cards: what an account once gave for a card is kept, for it gives only so many."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from storage import schema
from storage.database import Tx
from storage.statements import InsertOnce

_scene = schema.scene_code
_keep = InsertOnce(_scene)


def found(tx: Tx, appid: str, serials: Sequence[str]) -> dict[str, str]:
    """By serial: the address in the code of each of these cards that has one."""
    query = sa.select(_scene.c.serial, _scene.c.url).where(
        _scene.c.appid == appid, _scene.c.serial.in_(serials)
    )
    return {row.serial: row.url for row in tx.execute(query)}


def keep(tx: Tx, appid: str, serial: str, url: str, now: datetime) -> None:
    """Nothing changes if there is one already: the account gives the same card the same code."""
    _keep(tx, {"appid": appid, "serial": serial, "url": url, "made_at": now})


def count(tx: Tx, appid: str) -> int:
    """How many of its codes the account has given us, those of revoked cards too."""
    return int(
        tx.execute(sa.select(sa.func.count()).select_from(_scene).where(_scene.c.appid == appid)).scalar_one()
    )
