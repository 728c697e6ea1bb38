"""A desk in memory, and a small county there."""

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa

from services.desk import Desk
from services.roster import Report, import_areas, import_roster
from tests.desks import desk_in_memory
from tests.unit.roster.sheets import AREAS, roster, table


@pytest.fixture
def desk() -> Iterator[Desk]:
    with desk_in_memory() as desk:
        yield desk


@pytest.fixture
def county(desk: Desk) -> Desk:
    assert import_areas(desk, table(AREAS)).written
    return desk


@pytest.fixture
def bring(county: Desk) -> Callable[..., Report]:
    """`bring("王五,13800000001,网格员,610528101200")`: import a roster of these rows."""
    return lambda *rows, **options: import_roster(county, roster(*rows), **options)


@pytest.fixture
def rows(desk: Desk) -> Callable[[str], list[tuple]]:
    return lambda query: [tuple(row) for row in desk.tx.execute(sa.text(query))]
