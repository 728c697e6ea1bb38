"""The import does the same on both databases."""

from pathlib import Path

import bot
from services.desk import Desk
from services.roster import Report, import_areas, import_roster, read_table
from storage.database import Database, Tx
from tests.desks import COUNTY, NOW

DATA = Path(bot.__file__).parent / "data"
AREAS = read_table((DATA / "areas_fuping.csv").read_bytes())
ROSTER = read_table((DATA / "roster_sample.csv").read_bytes())


async def test_sample_county_is_imported_twice(database: Database, look):
    def importing(tx: Tx) -> tuple[Report, Report]:
        desk = Desk(tx, COUNTY, NOW)
        return import_areas(desk, AREAS), import_roster(desk, ROSTER)

    areas, people = await database.run(importing)
    assert (areas.added, people.added, people.written) == (303, 238, True)
    assert len(people.invited) == 238
    areas, people = await database.run(importing)
    assert (areas.unchanged, people.unchanged, people.changed) == (303, 238, 0)
    assert look("SELECT duty, count(*) FROM assignment GROUP BY duty ORDER BY duty") == [
        ("deputy", 287),
        ("primary", 287),
    ]
