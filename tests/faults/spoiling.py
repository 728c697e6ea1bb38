"""Spreadsheets that went wrong on their way: cells swapped, emptied, filled with rubbish, and damaged files."""

import io
import random
import zipfile
from functools import cache
from typing import Any

import openpyxl

_RUBBISH = (
    "", "=1+1", '=HYPERLINK("http://x")', "字" * 32767, "a" * 300, "_x0008_", "\u202eabc", "🙂", "\ufffe", "\n",
    "${", "${nothing}", "${fire}", "}}", "${a}${b}", "%s%n{0}", "' or 1=1", "((((", "<a>&amp;</a>", "&lt;!ENTITY",
    "select_one", "select_one nope", "select_one five or_other", "begin group", "end group", "begin repeat",
    "calculate", "range", "rank numbers", "geopoint", "image", "note", "label", "name", "type", "yes", "no",
    1, -1, 0, 3.5, 1e300, True, None, "true()", "once(", "today()", "regex(., '(a+)+')", "not(" * 200 + ")" * 200,
    "1+" * 500 + "1", "/data/x", "../x", "//*", "instance('five')/root/item", "jr:choice-name(${fire}, '${fire}')",
    "start=1 end=1e9 step=1", "start=5 end=1 step=-1",
)  # fmt: skip


def spoiled(data: bytes, chance: random.Random) -> bytes:
    """The XLSX file, with something wrong in it."""
    spoil = chance.choices((_bytes, _cut, _parts, _cells), (15, 7, 8, 70))[0]
    return spoil(data, chance)


def _bytes(data: bytes, chance: random.Random) -> bytes:
    other = bytearray(data)
    for _ in range(chance.randint(1, 40)):
        other[chance.randrange(len(other))] = chance.randrange(256)
    return bytes(other)


def _cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data))]


def _parts(data: bytes, chance: random.Random) -> bytes:
    """The same ZIP, some of its parts missing, cut, doubled or damaged: its checksums are right."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            if chance.random() < 0.3:
                part = chance.choice((_bytes, _cut, lambda one, _: one * 2, lambda _, __: b""))(part, chance)
            if part or chance.random() < 0.5:
                new.writestr(name, part)
    return packed.getvalue()


def _cells(data: bytes, chance: random.Random) -> bytes:
    sheets = {title: [list(row) for row in rows] for title, rows in _sheets(data)}
    for _ in range(chance.randint(1, 6)):
        _change(sheets, chance)
    book = openpyxl.Workbook(write_only=True)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


@cache
def _sheets(data: bytes) -> list[tuple[str, list[tuple[Any, ...]]]]:
    """What stands in each cell: read once, for openpyxl takes its time."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    return [(sheet.title, list(sheet.values)) for sheet in book.worksheets]


def _change(sheets: dict[str, list[list[Any]]], chance: random.Random) -> None:
    title = chance.choice(list(sheets))
    rows = sheets[title]
    if not (rows and rows[0]):
        return
    row, other_row = chance.randrange(len(rows)), chance.randrange(len(rows))
    column, other_column = chance.randrange(len(rows[0])), chance.randrange(len(rows[0]))
    what = chance.random()
    if what < 0.25:
        one, other = rows[row][column], rows[other_row][other_column]
        rows[row][column], rows[other_row][other_column] = other, one
    elif what < 0.35:
        rows[row][column] = None
    elif what < 0.85:
        rows[row][column] = chance.choice(_RUBBISH)
    elif what < 0.9:
        del rows[row]
    elif what < 0.94:
        rows.insert(row, [None] * len(rows[0]))
    elif what < 0.97:
        for one in rows:
            del one[column]
    else:
        new = chance.choice(("entities", "osm", "SURVEY2", "choices", "survey", "其他"))
        if new not in sheets:
            sheets[new] = sheets.pop(title)
