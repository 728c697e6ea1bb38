"""Whom a suggestion about a person is kept from: him, his deputies and those he is deputy of, his supervisors.

信访工作条例 28 and 30: the person concerned withdraws, and accusation material never reaches him.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from domain.directory import within


@dataclass(frozen=True, slots=True)
class Post:
    """A grid, or an area supervised, that a person has now. To be county staff is no post in this sense."""

    person: int
    area: str


def cut_off(about: Collection[int], posts: Iterable[Post]) -> set[int]:
    """Everybody who has a post in, around or below a post of those it is about; and they themselves."""
    held = list(posts)
    theirs = {post.area for post in held if post.person in about}
    near = {
        post.person
        for post in held
        if any(within(post.area, area) or within(area, post.area) for area in theirs)
    }
    return near | set(about)


def named_in(text: str, roster: Iterable[tuple[int, str]]) -> set[int]:
    """Those of the roster whose name stands in the words. A name of one character names nobody."""
    return {person for person, name in roster if len(name) > 1 and name in text}
