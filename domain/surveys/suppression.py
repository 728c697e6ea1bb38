"""Small groups are not shown, and cannot be worked out from what is shown."""

from collections.abc import Collection, Mapping

LEAST = 5
"""Fewer than so many people are no group: whoever knows the village would know who said what."""


def shown(groups: Mapping[str, int]) -> set[str]:
    """The groups, by size, that may be shown apart; "" (no group) never is."""
    return groups.keys() - hidden(groups) - {""}


def hidden(groups: Mapping[str, int], before: Collection[str] = ()) -> frozenset[str]:
    """The groups, by size, that are not shown by themselves.

    All below `LEAST`, an empty one too: that nobody there answered says something of each. Whoever has the total
    subtracts what is shown, so what is hidden must be two groups at least, and `LEAST` people together: if not, those
    of no known group ("") are hidden with them, then the next smallest. `before`: what another table of the same
    people hides already.
    """
    unseen = {name for name, size in groups.items() if size < LEAST or name in before}
    others = sorted(groups.keys() - unseen, key=lambda name: (name != "", groups[name], name))
    while unseen and others and not _covers(groups, unseen):
        unseen.add(others.pop(0))
    return frozenset(unseen)


def _covers(groups: Mapping[str, int], unseen: Collection[str]) -> bool:
    return len(unseen) > 1 and sum(groups[name] for name in unseen) >= LEAST
