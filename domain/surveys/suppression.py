"""Small groups are not shown: whoever knows the people could tell who said what."""

from collections.abc import Mapping

LEAST = 5
"""People that a group must have to be shown apart."""


def shown(counts: Mapping[str, int], least: int = LEAST) -> set[str]:
    """The groups that may be shown apart; "" (no group) never is.

    Those that are not shown are together none, or at least `least`: fewer could be had by subtraction. So the
    smallest groups that are large enough may have to stay among them.
    """
    apart = {group for group, count in counts.items() if group and count >= least}
    together = sum(count for group, count in counts.items() if group not in apart)
    while apart and 0 < together < least:
        smallest = min(apart, key=lambda group: (counts[group], group))
        apart.discard(smallest)
        together += counts[smallest]
    return apart
