"""`lianxin survey check`, `load` and `template`: spreadsheets become surveys."""

from __future__ import annotations

import warnings
from functools import partial
from typing import TYPE_CHECKING, Any

from rich.markup import escape
from rich.table import Table as Printed
from rich.text import Text

from bot.broadcast_cli import read_time
from bot.clock import system_clock
from bot.releasing import Releasing
from bot.survey_templates import TEMPLATES, template_workbook
from domain.errors import Refusal
from domain.surveys.form import Kind, Question
from services.desk import Desk
from services.surveys import opening
from services.surveys.loading import load_survey
from services.surveys.xlsform import Checked, check_form
from storage import surveys

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from pathlib import Path

    from rich.console import Console

    from bot.tools import Tools
    from domain.county import County
    from domain.surveys.form import Form
    from services.surveys.problems import Problem
    from storage.database import Database, Tx

SHOWN = 100
"""Problems printed at the most."""

_KINDS = {
    Kind.ONE: "单选",
    Kind.SEVERAL: "多选",
    Kind.RANK: "排序",
    Kind.RANGE: "打分",
    Kind.INTEGER: "整数",
    Kind.DECIMAL: "小数",
    Kind.TEXT: "文字",
    Kind.DATE: "日期",
    Kind.TIME: "时间",
    Kind.NOTE: "说明",
    Kind.IMAGE: "照片",
    Kind.AUDIO: "语音",
    Kind.PLACE: "位置",
    Kind.CALCULATE: "计算",
}


def check_command(data: bytes, file_name: str, console: Console) -> int:
    """Say what a spreadsheet would ask, or everything that keeps it from being asked; the exit code."""
    checked = _checked(data, file_name, console)
    if checked.form is None:
        return 1
    _show_form(checked.form, console)
    if checked.left_out:
        console.print(f"! 不收集：{escape('、'.join(checked.left_out))}", style="yellow", highlight=False)
    return 0


async def load_command(
    data: bytes,
    file_name: str,
    database: Database,
    county: County,
    now: datetime,
    console: Console,
    *,
    anonymous: bool = False,
    area: str = "",
) -> int:
    """Keep a spreadsheet as a survey, in state draft; the exit code."""
    form = _checked(data, file_name, console).form
    if form is None:
        return 1
    try:
        number = await database.run(
            lambda tx: load_survey(Desk(tx, county, now), form, data, anonymous=anonymous, area=area)
        )
    except Refusal as refusal:
        console.print(f"✗ {refusal.say}", style="red", markup=False)
        return 1
    how = "匿名" if anonymous else "记名"
    console.print(
        f"✓ 问卷 {number}《{form.title}》已存好，{how}，还没有开始。",
        style="green",
        markup=False,
        highlight=False,
    )
    return 0


def template_command(name: str, file: Path, console: Console) -> int:
    """Write a ready survey to an XLSX file; the exit code. A file that is there already is left alone."""
    if name not in TEMPLATES:
        told = "；".join(f"{known} {what}" for known, what in TEMPLATES.items())
        console.print(f"✗ 没有叫 {name} 的模板。有：{told}", style="red", markup=False, highlight=False)
        return 1
    if file.exists():
        console.print(f"✗ {file} 已经有了，请换个名字。", style="red", markup=False, soft_wrap=True)
        return 1
    file.write_bytes(template_workbook(name))
    console.print(f"✓ {file}：{TEMPLATES[name]}", style="green", markup=False, soft_wrap=True)
    return 0


def _checked(data: bytes, file_name: str, console: Console) -> Checked:
    with console.status("正在检查……"), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl tells of drawings and the like that it leaves out
        checked = check_form(data, file_name)
    if checked.form is None:
        console.print(_listed(file_name, checked.problems))
        console.print(f"✗ 共 {len(checked.problems)} 处要改。", style="red")
    return checked


def _listed(file_name: str, problems: Sequence[Problem]) -> Printed:
    more = len(problems) - SHOWN
    printed = Printed(
        title=Text(f"{file_name} 里要改的地方"),
        caption=f"还有 {more} 处没有列出" if more > 0 else None,
        style="red",
    )
    printed.add_column("表")
    printed.add_column("行", justify="right")
    printed.add_column("原因", overflow="fold")
    for problem in problems[:SHOWN]:
        printed.add_row(Text(problem.sheet or "—"), str(problem.row or "—"), Text(problem.reason))
    return printed


def _show_form(form: Form, console: Console) -> None:
    languages = "、".join(language or "不分" for language in form.languages)
    printed = Printed(title=Text(f"《{form.title}》"), caption=Text(f"{form.name} · 语言：{languages}"))
    printed.add_column("题", justify="right")
    printed.add_column("名字")
    printed.add_column("题型")
    printed.add_column("内容", overflow="fold")
    printed.add_column("选项", justify="right")
    printed.add_column("必答")
    printed.add_column("有条件")
    number = 0
    for question in form.questions:
        asked = question.kind not in {Kind.NOTE, Kind.CALCULATE}
        number += asked
        printed.add_row(str(number) if asked else "", *_cells(question))
    console.print(printed)
    console.print(f"✓ 可以问：共 {number} 题。", style="green", highlight=False)


def _cells(question: Question) -> tuple[Text | str, ...]:
    said = next((words for words in question.label.values() if words), "")
    return (
        Text(question.name),
        _KINDS[question.kind],
        Text(said),
        str(len(question.options) or ""),
        "是" if question.required else "",
        "是" if question.relevant else "",
    )


async def open_command(at: Tools, survey: int, until: str, console: Console) -> int:
    """Open a survey. Raises Refusal."""
    closes_at = read_time(until) if until else None

    def deed(tx: Tx) -> None:
        opening.open_survey(Desk(tx, at.county, system_clock()), survey, closes_at)

    await at.database.run(deed)
    when = f"，{closes_at:%Y-%m-%d %H:%M} 截止" if closes_at else ""
    console.print(f"{survey}号问卷开了{when}。群众回“问卷{survey}”就能答。", highlight=False, soft_wrap=True)
    console.print(f"发给大家：lianxin survey send {survey}", highlight=False, soft_wrap=True)
    return 0


async def close_command(at: Tools, survey: int, console: Console) -> int:
    """Close a survey; the answers of an anonymous one are mixed, and may be read, at once. Raises Refusal."""

    def at_desk(deed: Callable[[Desk], Any], tx: Tx) -> Any:
        return deed(Desk(tx, at.county, system_clock()))

    await at.database.run(partial(at_desk, lambda desk: opening.close_survey(desk, survey)))
    await Releasing(
        lambda deed: at.database.run(partial(at_desk, deed)),
        lambda deed: at.database.read(partial(at_desk, deed)),
    ).release()
    sealed = await at.database.read(partial(at_desk, lambda desk: surveys.still_sealed(desk.tx)))
    if survey in sealed:
        console.print(
            f"{survey}号问卷结束了，还有照片、语音在路上，运行中的服务一刻钟内打乱。", highlight=False
        )
        return 0
    console.print(
        f"{survey}号问卷结束了。看结果：lianxin survey results {survey} --out 目录", highlight=False
    )
    return 0
