"""Where people say they live: 庄里镇三合村五组, 我是窦村的."""

import re
from collections.abc import Mapping

from domain.directory import Area, Level, chain

_BESIDE = re.compile(
    r"\W|\w{2,3}(省|市)|我们|我家|我|俺们|俺家|俺|咱们|咱|家|是|在|住|的|人|这里|这儿|这|村委会|"
    r"第?[0-9一二三四五六七八九十]+(号|组|队|小组|村民小组)"
)
"""What they say beside the names."""


def named_in(places: Mapping[str, Area], words: str) -> list[Area]:
    """Villages that the words name, or else townships. None where the words say anything else besides."""
    for level in (Level.VILLAGE, Level.TOWNSHIP):
        found = [one for one in places.values() if one.level is level and _is_address(places, one, words)]
        if found:
            return found
    return []


def stem_of(one: Area) -> str:
    """The name without 村, 镇, 街道 or 县."""
    return one.short_name.removesuffix("村").removesuffix("镇").removesuffix("街道").removesuffix("县")


def _is_address(places: Mapping[str, Area], here: Area, words: str) -> bool:
    rest = _without(words, here)
    if rest == words:
        return False
    for code in chain(here.code)[1:]:
        rest = _without(rest, places[code]) if code in places else rest
    return not _BESIDE.sub("", rest)


def _without(words: str, one: Area) -> str:
    """The words without the area's name. A name of one character needs its 村."""
    names = [name for name in (one.short_name, stem_of(one)) if len(name) > 1]
    return next((words.replace(name, "", 1) for name in names if name in words), words)
