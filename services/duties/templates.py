"""Loading the county's templates of duties."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.delivery import CHINA
from domain.duties.template import Template
from services.desk import Desk
from storage.duties import templates


@dataclass(frozen=True, slots=True)
class Change:
    """What a loading did with the templates, by key."""

    new: tuple[str, ...]
    changed: tuple[str, ...]
    ended: tuple[str, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """None: the file says what is in force."""
        return self.new + self.changed + self.ended


def load(desk: Desk, wanted: Sequence[Template]) -> Change:
    """From now on these are the county's duties. Periods that are open stay as they were opened, to their end."""
    templates.hold(desk.tx)
    today = desk.now.astimezone(CHINA).date()
    newest = templates.newest(desk.tx)
    loaded = {one.template.key: one for one in templates.in_force(desk.tx)}
    by_key = {one.key: one for one in wanted}
    new = [key for key in by_key if key not in loaded]
    changed = [key for key, one in by_key.items() if key in loaded and loaded[key].template != one]
    ended = [key for key in loaded if key not in by_key]
    templates.end(desk.tx, [loaded[key].id for key in (*changed, *ended)], desk.now)
    for key in (*new, *changed):
        version = newest[key].version + 1 if key in newest else 1
        since = loaded[key].since if key in loaded else today
        templates.add(desk.tx, by_key[key], version, since, desk.now)
    return Change(tuple(new), tuple(changed), tuple(ended))


def in_force(desk: Desk) -> list[Template]:
    """The county's duties as they are now."""
    return [one.template for one in templates.in_force(desk.tx)]
