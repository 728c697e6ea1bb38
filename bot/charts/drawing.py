"""Drawing bars. Everything is measured in pixels of a picture that fills a phone's width."""

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING

from bot.charts.blocks import Block, Line

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH = 1080
_MARGIN = 60
_BAR = 26
_LINE = 84
_INK, _SOFT, _FILL, _TRACK = "#1d2733", "#5c6875", "#2b6ca3", "#e7edf3"
_POINTS = 0.72
"""Points in a pixel of a picture of 100 dots an inch."""
_TITLE, _HEAD, _TEXT, _SMALL = 42.0, 36.0, 30.0, 26.0
"""Pixels."""


def draw_all(font: str, title: str, pictures: Sequence[Sequence[Block]]) -> list[bytes]:
    """A PNG for each list of blocks, in a font of the file `font`."""
    family = _family(font)
    return [_draw(family, title, blocks) for blocks in pictures]


@lru_cache(maxsize=1)
def _family(font: str) -> str:
    """Make the font known. Of a collection, the face with the forms of the mainland."""
    from matplotlib.font_manager import fontManager  # noqa: PLC0415  60 MB, only where something is drawn

    fontManager.addfont(font)
    names = [entry.name for entry in fontManager.ttflist if str(entry.fname) == font]
    plain = [name for name in names if "Mono" not in name] or names
    return next((name for name in plain if name.endswith(("SC", "CN"))), plain[0])


def _draw(family: str, title: str, blocks: Sequence[Block]) -> bytes:
    from matplotlib.figure import Figure  # noqa: PLC0415

    head = wrapped(title, _TITLE)
    height = 2 * _MARGIN + len(head) * _TITLE * 1.4 + sum(map(_height, blocks))
    figure = Figure(figsize=(WIDTH / 100, height / 100), dpi=100, facecolor="white")
    pen = _Pen(figure.add_axes((0, 0, 1, 1)), family, height)
    for words in head:
        pen.write(words, _TITLE, bold=True)
    for block in blocks:
        _draw_block(pen, block)
    file = BytesIO()
    figure.savefig(file, format="png")
    return file.getvalue()


class _Pen:
    """Writes from the top down."""

    def __init__(self, axes: "Axes", family: str, height: float) -> None:
        axes.set_axis_off()
        axes.set_xlim(0, WIDTH)
        axes.set_ylim(height, 0)
        self._axes, self._family, self.place = axes, family, float(_MARGIN)

    def write(self, text: str, size: float, colour: str = _INK, *, bold: bool = False) -> None:
        self._text(text, _MARGIN, size, colour, "left", bold=bold)
        self.place += size * 1.4

    def bar(self, line: Line) -> None:
        """Label and figure on one line, the bar below."""
        [label, *more] = wrapped(line.label, _TEXT, WIDTH - 2 * _MARGIN - 260)
        self._text(label + ("…" if more else ""), _MARGIN, _TEXT, _INK, "left")
        self._text(line.figure, WIDTH - _MARGIN, _TEXT, _INK, "right")
        self.place += _TEXT * 1.3
        whole = WIDTH - 2 * _MARGIN
        for width, colour in ((whole, _TRACK), (whole * line.length, _FILL)):
            if width:
                self._axes.barh(self.place + _BAR / 2, width, _BAR, _MARGIN, color=colour, linewidth=0)
        self.place += _LINE - _TEXT * 1.3

    def _text(self, text: str, x: float, size: float, colour: str, align: str, *, bold: bool = False) -> None:
        self._axes.text(
            x,
            self.place,
            text,
            fontsize=size * _POINTS,
            color=colour,
            family=[self._family, "DejaVu Sans"],  # matplotlib's own, for what the first one lacks
            weight="bold" if bold else "normal",
            ha=align,
            va="top",
            parse_math=False,
        )


def _draw_block(pen: _Pen, block: Block) -> None:
    pen.place += _HEAD
    for words in wrapped(block.title, _HEAD):
        pen.write(words, _HEAD, bold=True)
    for note in _notes(block):
        pen.write(note, _SMALL, _SOFT)
    pen.place += 14
    for line in block.lines:
        pen.bar(line)


def _notes(block: Block) -> list[str]:
    return wrapped(block.below, _SMALL)


def _height(block: Block) -> float:
    head = _HEAD + len(wrapped(block.title, _HEAD)) * _HEAD * 1.4
    notes = len(_notes(block)) * _SMALL * 1.4 + 14
    return head + notes + len(block.lines) * _LINE


def wrapped(text: str, size: float, width: float = WIDTH - 2 * _MARGIN) -> list[str]:
    """Lines of at most so many pixels. A Chinese character is as wide as it is high, others about half as wide."""
    lines, room = [""], width
    for character in text:
        needed = size * (1.0 if unicodedata.east_asian_width(character) in "WFA" else 0.58)
        if needed > room:
            lines.append("")
            room = width
        lines[-1] += character
        room -= needed
    return lines
