"""The figures of a month. The database counts them; of an area that takes a second, so there it is done aside."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from domain.directory import Level, level_of
from domain.reports.figures import STEP_OF, Figures, Tally, told
from domain.reports.months import Month
from domain.tickets.steps import Kind
from services.desk import Desk
from storage import report_counts, report_own


class UncountedError(Exception):
    """A deed wants figures that are not at its desk. It is done anew when somebody has counted them aside."""

    def __init__(self, wanted: Sequence[tuple[str, Month]]) -> None:
        """`wanted`: areas and months."""
        super().__init__(f"{len(wanted)} months are not counted")
        self.wanted = wanted


def of_area(desk: Desk, area: str, months: Sequence[Month]) -> list[Figures]:
    """An area's figures of these months: from the desk, or counted now where nobody waits. Raises UncountedError."""
    if desk.figures is None:
        return [count(desk, area, month) for month in months]
    missing = [(area, month) for month in months if (area, month) not in desk.figures]
    if missing:
        raise UncountedError(missing)
    return [desk.figures[area, month] for month in months]


def count(desk: Desk, area: str, month: Month) -> Figures:
    """All that is counted of an area and a month. What is too small to be told is not in it."""
    tx = desk.tx
    steps = report_counts.by_step(tx, area, month)
    categories = _categories(steps, report_counts.unanswered(tx, area, _end(desk, month)))
    whole = level_of(area) is Level.COUNTY
    kinds = report_counts.of_kinds(tx, area, month, tuple(_KINDS) if whole else (Kind.PRAISE,))
    cadres = report_counts.of_cadres(tx, area, month)
    counts = {
        **{name: sum(found for (_, step), found in steps.items() if step == name) for name in STEP_OF},
        "open": sum(one.open for one in categories.values()),
        "overdue": sum(one.overdue for one in categories.values()),
        **report_counts.rectifications(tx, area, month),
        **{_KINDS[kind]: found for kind, found in kinds.items()},
        **report_counts.suggestions(tx, area, month, everything=whole),
        **report_counts.messages(tx, area, month),
        **cadres,
        **report_counts.duties(tx, area, month),
    }
    return Figures(told(counts, cadres["reports"]), categories)


_KINDS = {Kind.PRAISE: "praise", Kind.COMPLAINT: "complaints"}
"""What is counted apart from matters that an answer is owed to; complaints for the county alone."""


def _categories(
    steps: Mapping[tuple[str, str], int], left: Mapping[str, tuple[int, int]]
) -> dict[str, Tally]:
    """What the month brought in each category, and what of it, and of earlier, had no answer at its end."""
    names = sorted({name for name, _ in steps} | left.keys())
    return {
        name: Tally(
            steps.get((name, "filed"), 0),
            steps.get((name, "answered"), 0),
            steps.get((name, "confirmed"), 0),
            *left.get(name, (0, 0)),
        )
        for name in names
    }


def own_counts(desk: Desk, person: int, month: Month, *, past: bool = False) -> dict[str, int | None]:
    """A cadre's figures. `past`: of a month before, when nobody knows any more what was still in his hands."""
    counts = report_own.counts(desk.tx, person, month, _end(desk, month))
    counts |= report_counts.own_duties(desk.tx, person, month)
    return {name: count for name, count in counts.items() if not past or name not in ("open", "overdue")}


def _end(desk: Desk, month: Month) -> datetime:
    """The month's end, or now while it goes on."""
    return min(month.ends, desk.now)
