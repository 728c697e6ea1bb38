"""The sample county: real areas of 富平县, an invented roster."""

from bot.county import data_file
from services.desk import Desk
from services.roster import import_areas, import_roster, read_table


def import_sample(desk: Desk) -> None:
    """Bring in the sample's areas and people, by the same way as any county's."""
    import_areas(desk, read_table(data_file("areas_fuping.csv")))
    import_roster(desk, read_table(data_file("roster_sample.csv")))
