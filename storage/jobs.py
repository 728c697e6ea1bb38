"""The ledger of jobs (each period of a job is claimed once, whoever claims it) and leases."""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from storage import schema
from storage.database import Tx
from storage.statements import InsertOnce

_run = schema.job_run
_claim = InsertOnce(_run)
_take = InsertOnce(schema.lease)
_lease = schema.lease


def claim(tx: Tx, job: str, period: str, process: str, now: datetime) -> bool:
    """Claim one period of a job. False: it was claimed before. Undone if the transaction fails."""
    return _claim(tx, {"job": job, "period": period, "process": process, "claimed_at": now})


def claimed(tx: Tx, periods: Mapping[str, str]) -> set[str]:
    """Those of the jobs whose period, by job, was claimed before."""
    theirs = sa.tuple_(_run.c.job, _run.c.period).in_(list(periods.items()))
    return set(tx.execute(sa.select(_run.c.job).where(theirs)).scalars())


def hold_lease(tx: Tx, name: str, holder: str, now: datetime, until: datetime) -> bool:
    """Take or renew a lease. False while another holder's is in force."""
    renewed = tx.execute(
        sa.update(_lease)
        .where(_lease.c.name == name, sa.or_(_lease.c.holder == holder, _lease.c.until <= now))
        .values(holder=holder, until=until)
    )
    return renewed.rowcount == 1 or _take(tx, {"name": name, "holder": holder, "until": until})


def drop_lease(tx: Tx, name: str, holder: str) -> None:
    """Give up one lease."""
    tx.execute(sa.delete(_lease).where(_lease.c.name == name, _lease.c.holder == holder))


def drop_leases(tx: Tx, holder: str | None = None) -> None:
    """Give up a holder's leases; all leases when None (nobody else can be alive)."""
    statement = sa.delete(_lease)
    tx.execute(statement if holder is None else statement.where(_lease.c.holder == holder))


def living(tx: Tx, now: datetime) -> list[str]:
    """Holders of any lease in force."""
    return list(tx.execute(sa.select(_lease.c.holder).where(_lease.c.until > now).distinct()).scalars())


def forget_runs(tx: Tx, before: datetime) -> int:
    """Drop claims older than `before`. Returns how many."""
    return tx.execute(sa.delete(_run).where(_run.c.claimed_at < before)).rowcount
