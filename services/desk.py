"""What every deed needs at hand."""

from dataclasses import dataclass
from datetime import datetime

from domain.county import County
from storage.database import Tx


@dataclass(frozen=True, slots=True)
class Desk:
    """The caller's transaction, the county whose rules hold, and the time it is."""

    tx: Tx
    county: County
    now: datetime
