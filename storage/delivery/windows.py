"""The windows in which a messenger lets us write to a person unasked, and what is left of them."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from domain.windows import Window, spend, unspend
from storage import schema
from storage.database import Tx
from storage.prepared import Prepared
from storage.statements import Upsert

_window = schema.send_window
_outbox = schema.outbox
_ANYTHING_HELD = (
    sa.exists()
    .where(_outbox.c.person == sa.bindparam("of"), _outbox.c.state == sa.literal_column("'held'"))
    .label("held")
)
_open = Upsert(_window, ["remaining", "until"], _ANYTHING_HELD)
_of_account = Prepared(
    sa.select(_window.c.opened_by, _window.c.remaining, _window.c.until)
    .where(_window.c.account == sa.bindparam("of"))
    .with_for_update()
)


def open_window(tx: Tx, account: int, person: int, window: Window) -> bool:
    """The person did something that opens a window, or opens it anew. Is anything held for her?"""
    held = _open(
        tx,
        {
            "account": account,
            "opened_by": window.opened_by,
            "remaining": window.remaining,
            "until": window.until,
        },
        {"of": person},
    )
    return bool(held)


def of_account(tx: Tx, account: int) -> list[Window]:
    return [Window(row.opened_by, row.remaining, row.until) for row in _of_account.rows(tx, {"of": account})]


def take(tx: Tx, account: int, sends: int, now: datetime) -> bool:
    """Take so many sends out of a person's windows; False, and nothing taken, when there are not enough."""
    after = spend(of_account(tx, account), sends, now)
    if after is None:
        return False
    _keep(tx, account, after)
    return True


def give_back(tx: Tx, account: int, sends: int, now: datetime) -> None:
    """Sends that the messenger did not count."""
    _keep(tx, account, unspend(of_account(tx, account), sends, now))


def shut(tx: Tx, account: int) -> None:
    """The messenger says that nothing more may be sent."""
    tx.execute(sa.update(_window).where(_window.c.account == account).values(remaining=0))


def _keep(tx: Tx, account: int, windows: Sequence[Window]) -> None:
    for one in windows:
        tx.execute(
            sa.update(_window)
            .where(_window.c.account == account, _window.c.opened_by == one.opened_by)
            .values(remaining=one.remaining)
        )
