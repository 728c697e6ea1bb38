"""What every deed needs at hand."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from domain.county import County
from domain.reports.figures import Figures
from domain.reports.months import Month
from storage.database import Tx


@dataclass(frozen=True, slots=True)
class Desk:
    """The caller's transaction, the county whose rules hold, and the time it is."""

    tx: Tx
    county: County
    now: datetime
    told: set[str] = field(default_factory=set)
    """Messengers for which something was put in the queue: delivery is woken for them after the commit."""
    figures: Mapping[tuple[str, Month], Figures] | None = None
    """Of areas' months: what was counted aside for this deed. None: nobody waits while it counts for itself."""
