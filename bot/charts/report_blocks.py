"""What is drawn of a monthly report: the figures, and for an area its categories, each beside the month before."""

from collections.abc import Sequence

from bot.charts.blocks import Block, Line
from domain.reports.figures import Tally
from domain.reports.report import Reading

_MOST_CATEGORIES = 12


def report_blocks(reading: Reading) -> list[Block]:
    """The figures first, then what people filed."""
    before = f"括号里是{reading.report.month.before.said}"
    most = max((_size(now) for _, now, _ in reading.told), default=0)
    figures = [
        Line(name, f"{now}（{then}）", _size(now) / most if most else 0) for name, now, then in reading.told
    ]
    blocks = [Block("这个月", before, tuple(figures))]
    filed = categories(reading)
    if filed:
        blocks.append(Block("群众报了什么", before, tuple(filed[:_MOST_CATEGORIES])))
    return blocks


def _size(told: str) -> int:
    return int(told) if told.isdigit() else 0


def categories(reading: Reading) -> Sequence[Line]:
    """What was filed in each category, the most first."""
    now, before = reading.figures.categories, reading.before.categories
    filed = sorted(((name, one.filed) for name, one in now.items() if one.filed), key=lambda one: -one[1])
    most = max((count for _, count in filed), default=1)
    return [
        Line(name, f"{count}件（{before.get(name, Tally()).filed}件）", count / most) for name, count in filed
    ]
