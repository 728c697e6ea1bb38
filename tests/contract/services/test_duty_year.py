"""A whole year of duties, small; `make bench` lives it with 5 000 cadres and 300 villages."""

from domain.county import County
from storage.database import Database, open_database
from tests.duty_year import Year


async def test_a_year(database: Database, database_url: str, county: County, look):
    """Leave, handovers, 45 days away, two processes and kills: every duty once, no reminder twice or to the wrong one."""
    second = open_database(database_url) if database_url.startswith("postgresql") else database
    year = Year([database, second], county, cadres=40, villages=8)
    try:
        await year.lives()
    finally:
        if second is not database:
            await second.close()
    year.check_the_books(look)
    assert year.messages > 2000
    assert year.kills > 50
