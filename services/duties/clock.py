"""What the clock does with duties."""

from services.desk import Desk
from services.duties import opening, reminding


def look_at_due(desk: Desk, people: int = opening.PEOPLE, duties: int = reminding.DUTIES) -> bool:
    """Open what has begun; remind when all of it is open, so that one message names it all. True: there is more to do.

    people, duties: of how many at the most, in this transaction.
    """
    return opening.open_due(desk, people) or reminding.remind_due(desk, duties)
