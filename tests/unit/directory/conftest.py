"""A county of two townships and three villages, in memory."""

from collections.abc import Iterator

import pytest

from domain.directory import Area, Level
from services.desk import Desk
from storage.directory import areas
from tests.desks import desk_in_memory

AREAS = [
    Area("610528", None, Level.COUNTY, "富平县"),
    Area("610528101", "610528", Level.TOWNSHIP, "庄里镇"),
    Area("610528102", "610528", Level.TOWNSHIP, "张桥镇"),
    Area("610528101200", "610528101", Level.VILLAGE, "三合村委会"),
    Area("610528102200", "610528102", Level.VILLAGE, "三合村委会"),
    Area("610528101201", "610528101", Level.VILLAGE, "窦村村委会"),
    Area("61052810120101", "610528101201", Level.GROUP, "窦村一组"),
]


@pytest.fixture
def desk() -> Iterator[Desk]:
    with desk_in_memory() as desk:
        areas.add(desk.tx, AREAS)
        yield desk
