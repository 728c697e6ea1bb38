"""A desk in an empty county, in memory, for tests of deeds."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from domain.county import County
from services.desk import Desk
from storage import schema
from storage.sqlite import sqlite_engine

NOW = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)
# Deeds of the directory never judge a sentence, so the county needs no lexicon.
COUNTY = County(triage=None, card_key=b"k" * 32, code="610528", name="富平县")


@contextmanager
def desk_in_memory() -> Iterator[Desk]:
    engine = sqlite_engine("sqlite:///:memory:")
    schema.metadata.create_all(engine)
    with engine.begin() as tx:
        yield Desk(tx, COUNTY, NOW)
    engine.dispose()
