"""MP4 and its kin (M4A, HEIC), of which what only tells of it becomes empty: their tables count bytes from its start."""

from collections.abc import Iterator, Mapping
from io import BytesIO
from itertools import islice
from typing import NamedTuple

_AROUND = (frozenset({b"moov"}), frozenset({b"trak"}), frozenset[bytes]())
"""Boxes of a film in which there may be boxes that tell of it, the outermost first."""
_TELLING = frozenset({b"udta", b"meta", b"uuid"})
_EMPTY = b"free"
_ITEMS = frozenset({b"Exif", b"mime"})
"""Items of a HEIC picture that draw nothing: Exif, and XMP, which is a text."""
_MOST = 10_000
"""A picture of 50 megapixels is laid of some hundred tiles."""


class _Box(NamedTuple):
    """Where it begins, where its content does, and where both end (ISO/IEC 14496-12)."""

    name: bytes
    start: int
    inside: int
    after: int


def film_alone(content: bytes) -> bytes:
    """A film or a sound without what tells of it. Raises nothing."""
    made = bytearray(content)
    _empty(made, 0, len(made), 0)
    return bytes(made)


def _empty(made: bytearray, start: int, end: int, depth: int) -> None:
    for box in _boxes(made, start, end):
        if box.name in _AROUND[depth]:
            _empty(made, box.inside, box.after, depth + 1)
        elif box.name in _TELLING:
            made[box.start + 4 : box.start + 8] = _EMPTY
            made[box.inside : box.after] = bytes(box.after - box.inside)


def picture_alone(content: bytes) -> bytes:
    """A HEIC picture without its Exif and XMP. Raises nothing; where its tables are broken nobody can draw it either."""
    made = bytearray(content)
    meta = next((box for box in _boxes(content, 0, len(content)) if box.name == b"meta"), None)
    if meta is None:
        return content
    tables = {one.name: one for one in _boxes(content, meta.inside + 4, meta.after)}
    emptied = 0  # up to here: what a table names a thousand times is emptied once
    for start, end in sorted(_told(content, tables)):
        part = slice(max(start, emptied), end)
        made[part] = bytes(len(made[part]))
        emptied = max(end, emptied)
    return bytes(made)


def _boxes(content: bytes | bytearray, start: int, end: int) -> Iterator[_Box]:
    """Those that are whole, as many as any phone writes."""
    for _ in range(_MOST):
        if start + 8 > end:
            return
        size, inside = int.from_bytes(content[start : start + 4]), start + 8
        if size == 1:
            size, inside = int.from_bytes(content[inside : inside + 8]), inside + 8
        after = start + size if size else end
        if not inside <= after <= end:
            return
        yield _Box(bytes(content[start + 4 : start + 8]), start, inside, after)
        start = after


def _told(content: bytes, tables: Mapping[bytes, _Box]) -> list[tuple[int, int]]:
    """Where in the file the items lie that draw nothing."""
    if not {b"iinf", b"iloc"} <= tables.keys():
        return []
    telling = set(_items(content, tables[b"iinf"]))
    return [(start, end) for item, start, end in islice(_places(content, tables), _MOST) if item in telling]


def _places(content: bytes, tables: Mapping[bytes, _Box]) -> Iterator[tuple[int, int, int]]:
    """An item's number, and where in the file a part of it lies."""
    table = _Numbers(content, tables[b"iloc"])
    offset, length = divmod(table.next(1), 16)
    base, index = divmod(table.next(1), 16)
    wide = 4 if table.version > 1 else 2
    for _ in range(min(table.next(wide), _MOST)):
        item, how = table.next(wide), table.next(2) if table.version else 0
        table.next(2)
        first = table.next(base)
        if how == 1 and b"idat" in tables:
            first += tables[b"idat"].inside
        for _ in range(table.next(2)):
            table.next(index if table.version else 0)
            start = first + table.next(offset)
            end = start + table.next(length)
            yield item, start, end


def _items(content: bytes, table: _Box) -> Iterator[int]:
    """Numbers of the items that draw nothing."""
    numbers = _Numbers(content, table)
    counted = 4 if numbers.version else 2
    for box in _boxes(content, table.inside + 4 + counted, table.after):
        entry = _Numbers(content, box)
        item = entry.next(4 if entry.version > 2 else 2)  # noqa: PLR2004 - the version in which numbers became longer
        entry.next(2)
        if entry.next(4).to_bytes(4) in _ITEMS:
            yield item


class _Numbers:
    """The numbers of a box that has a version, one after the other; zeros where it is over."""

    def __init__(self, content: bytes, box: _Box) -> None:
        self._left = BytesIO(content[box.inside : box.after])
        self.version = self.next(1)
        self.next(3)

    def next(self, size: int) -> int:
        return int.from_bytes(self._left.read(size))
