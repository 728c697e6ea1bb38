"""连心卡 and invitations."""

from datetime import datetime

import sqlalchemy as sa

from domain.directory import Card
from storage import schema
from storage.database import Tx

_card = schema.card
_invitation = schema.invitation
_COLUMNS = (_card.c.id, _card.c.serial, _card.c.area, _card.c.household, _card.c.revoked_at)


def find(tx: Tx, serial: str) -> Card | None:
    row = tx.execute(sa.select(*_COLUMNS).where(_card.c.serial == serial)).first()
    return None if row is None else Card(row.id, row.serial, row.area, row.household, row.revoked_at)


def of_area(tx: Tx, area: str, household: str = "") -> Card | None:
    """The card in force for an area (and household), the newest if there are several."""
    row = tx.execute(
        sa.select(*_COLUMNS)
        .where(_card.c.area == area, _card.c.household == household, _card.c.revoked_at.is_(None))
        .order_by(_card.c.id.desc())
    ).first()
    return None if row is None else Card(row.id, row.serial, row.area, row.household, row.revoked_at)


def add(tx: Tx, serial: str, area: str, household: str, now: datetime) -> None:
    tx.execute(sa.insert(_card), {"serial": serial, "area": area, "household": household, "issued_at": now})


def revoke(tx: Tx, serial: str, now: datetime) -> bool:
    """True if there was such a card in force."""
    done = tx.execute(
        sa.update(_card).where(_card.c.serial == serial, _card.c.revoked_at.is_(None)).values(revoked_at=now)
    )
    return done.rowcount == 1


def add_invitation(tx: Tx, code: str, person: int, expires_at: datetime) -> None:
    tx.execute(sa.insert(_invitation), {"code": code, "person": person, "expires_at": expires_at})


def invited(tx: Tx, code: str, now: datetime) -> int | None:
    """Whom an invitation in force is for."""
    query = sa.select(_invitation.c.person).where(
        _invitation.c.code == code, _invitation.c.used_at.is_(None), _invitation.c.expires_at > now
    )
    return tx.execute(query).scalar()


def use_invitation(tx: Tx, code: str, now: datetime) -> int | None:
    """The person invited by `code`, whose invitation is used up by this; None if it is unknown, used or expired."""
    row = tx.execute(
        sa.update(_invitation)
        .where(_invitation.c.code == code, _invitation.c.used_at.is_(None), _invitation.c.expires_at > now)
        .values(used_at=now)
        .returning(_invitation.c.person)
    ).first()
    return None if row is None else int(row.person)


def count(tx: Tx) -> int:
    """How many cards were ever issued."""
    return int(tx.execute(sa.select(sa.func.count()).select_from(_card)).scalar_one())
