"""Whose surveys somebody may run: staff those of the areas that they are staff of, and of all within."""

from domain.directory import Person, RoleName
from services.desk import Desk
from storage.directory import people


def staffed(desk: Desk, person: Person) -> list[str]:
    """Areas of which the person is staff, the largest first."""
    roles = people.roles(desk.tx, person.id, desk.now)
    return sorted(
        (area for role, area in roles if role is RoleName.STAFF), key=lambda area: (len(area), area)
    )
