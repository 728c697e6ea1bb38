"""A report in words, for the chat."""

import re
from collections.abc import Sequence

from domain.reports.figures import DUTY, Counts, Figures, label, said
from domain.reports.report import PART_NAMES, UNKNOWN, Line, Part, Reading, Report
from domain.talk import Choice, Reply, shorten

DEED = re.compile(r"^e:(\d{1,9}):([a-z]+)(?:-([\w]+))?$")
"""Wire id of a button on a report: its number, the deed, and perhaps a line or a place in the list."""
LISTED = 4
"""Lines that are offered at once, beside the way to the rest and the way back."""


def deed(report: Report, name: str, of: str | int = "") -> str:
    return f"e:{report.id}:{name}" + (f"-{of}" if of != "" else "")


def _choices(report: Report, *named: tuple[str, str]) -> tuple[Choice, ...]:
    return tuple(Choice(deed(report, name), words) for name, words in named)


def drafted(report: Report, counts: Counts, *, late: bool) -> Reply:
    """A cadre's report is written: what it says, in a breath."""
    told = [f"{label(name)}{count}" for name, count in counts.items() if count and not name.startswith(DUTY)]
    noted = sum(count or 0 for name, count in counts.items() if name.startswith(DUTY))
    told += [f"本月的事办了{noted}件"] if noted else []
    sorry = "（补）" if late else ""
    text = f"{sorry}{report.month.said}月报替您写好了，只有您看得到：{'，'.join(told)}。对就点确认。"
    return Reply(text, _choices(report, ("confirm", "确认"), ("show", "看看、改改")))


def drafted_of_area(report: Report, name: str, figures: Figures) -> Reply:
    counts = figures.counts
    told = "，".join(
        f"{label(one)}{said(counts[one])}" for one in ("filed", "answered", "confirmed", "overdue")
    )
    return Reply(
        f"{name}{report.month.said}月报写好了：{told}。对就点确认。",
        _choices(report, ("confirm", "确认"), ("show", "看看、改改")),
    )


def shown(reading: Reading, *, due: bool) -> Reply:
    """The figures, this month beside the one before, and what can be done."""
    report = reading.report
    state = (
        "已确认"
        if report.confirmed_at
        else "到今天"
        if not due
        else "不用确认"
        if reading.empty
        else "等您确认"
    )
    head = f"{reading.title}（{state}）"
    lines = [_figure(*one) for one in reading.told] or ["没有要报的。"]
    risen = "，".join(f"{name}多{count}件" for name, count in reading.rising)
    more = [f"比上月多的：{risen}"] if risen else []
    written = [f"改过{count}行" for count in [_touched(reading.lines)] if count]
    return Reply("\n".join([head, *lines, *more, *written]), _what_can_be_done(reading, due=due))


def _figure(name: str, now: str, before: str) -> str:
    """Beside the month before, if it was counted then."""
    return f"{name} {now}" if before == UNKNOWN else f"{name} {now}（上月{before}）"


def _touched(lines: Sequence[Line]) -> int:
    return sum(1 for line in lines if line.said or line.left_out)


def _what_can_be_done(reading: Reading, *, due: bool) -> tuple[Choice, ...]:
    report = reading.report
    named: list[tuple[str, str]] = []
    if report.confirmed_at:
        named.append(("back", "撤回确认"))
    elif due and not reading.empty:
        named.append(("confirm", "确认"))
    if not report.confirmed_at and reading.lines:
        named.append(("lines", "改一行"))
    return _choices(report, *named, ("files", "要图和表格"), ("before", "看上个月"))


def listed(reading: Reading, after: int) -> Reply:
    """Lines to pick from, by number."""
    report, lines = reading.report, reading.lines
    shown_lines = lines[after : after + LISTED]
    choices = [Choice(deed(report, "line", one.key), _short(one)) for one in shown_lines]
    if after + LISTED < len(lines):
        choices.append(Choice(deed(report, "lines", after + LISTED), "后面的"))
    choices.append(Choice(deed(report, "show"), "改好了"))
    return Reply("改哪一行？数字是系统数的，改不了，可以补一句。", tuple(choices))


def _short(line: Line) -> str:
    mark = "（不写）" if line.left_out else "（补过）" if line.said else ""
    return f"{shorten(line.problem, 16)}{mark}"


def one_line(reading: Reading, line: Line) -> Reply:
    report = reading.report
    lines = [line.problem, *filter(None, (line.measure, line.progress))]
    lines += [f"{PART_NAMES[part]}：{text}" for part, text in line.said.items()]
    says = [Choice(deed(report, part, line.key), f"补{name}") for part, name in PART_NAMES.items()]
    other = ("in", "放回去") if line.left_out else ("out", "这行不写")
    return Reply(
        "\n".join(lines),
        (*says, Choice(deed(report, other[0], line.key), other[1]), Choice(deed(report, "lines"), "别的行")),
    )


QUESTIONS = {
    Part.PROGRESS: "这个月还办了什么？说一句。",
    Part.DIFFICULTY: "难在哪里？说一句。",
    Part.PLAN: "下个月打算怎么办？说一句。",
}
