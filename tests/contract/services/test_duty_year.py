"""A whole year of duties, small; `make bench` lives it with 5 000 cadres and 300 villages."""

from datetime import date

from domain.county import County
from storage.database import Database, open_database
from tests.duty_year import LAST, Year


async def test_a_year(database: Database, database_url: str, county: County, look):
    """Leave, handovers, 45 days away, two processes, kills: every duty once, no reminder twice or to the wrong one.

    Two processes share a PostgreSQL, where spring is enough; a SQLite file has one, which may begin before the other
    has ended.
    """
    if database_url.startswith("sqlite"):
        year = Year([database, database], county, cadres=30, villages=6)
        await year.lives()
        assert year.until == LAST
    else:
        second = open_database(database_url)
        spring = date(2026, 2, 3), date(2026, 3, 19)
        year = Year([database, second], county, cadres=40, villages=8, until=date(2026, 4, 5), away=spring)
        await year.lives()
        await second.close()
    year.check_the_books(look)
    assert year.messages > 300
    assert year.kills > 8
