"""`lianxin knowledge` and `lianxin quiz`: the banks of answers and of quiz questions, as files that staff edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from bot.county import data_file
from bot.problem_list import show_findings
from bot.sample import BANK, QUIZ
from domain.delivery import CHINA
from domain.errors import Refusal
from services.desk import Desk
from services.knowledge import answering, loading
from services.knowledge.reading import read_bank
from services.knowledge.writing import bank_workbook
from services.quizzes import practice
from services.quizzes.reading import read_questions
from services.quizzes.writing import quiz_workbook

if TYPE_CHECKING:
    from datetime import date, datetime
    from pathlib import Path

    from rich.console import Console

    from bot.tools import Tools
    from domain.knowledge.entry import Entry
    from domain.quizzes import Question


def read_entries(file: Path, now: datetime, console: Console) -> tuple[Entry, ...]:
    """The entries of a file, none if anything is wrong with it, which is then printed."""
    try:
        checked = read_bank(file.read_bytes(), file.name, _day(now))
    except Refusal as refusal:
        console.print(f"✗ {file.name}: {refusal.say}", style="red", markup=False, highlight=False)
        return ()
    if show_findings(checked.report, file.name, console):
        console.print(f"✓ {len(checked.entries)} 条，都可以用。", style="green", highlight=False)
    return checked.entries


async def load_entries(at: Tools, entries: tuple[Entry, ...], now: datetime, console: Console) -> int:
    """These are answered from now on; the exit code."""
    await at.database.run(lambda tx: loading.load_bank(Desk(tx, at.county, now), entries))
    console.print(f"✓ 题库换好了，{len(entries)} 条，马上生效。", style="green", highlight=False)
    return 0


async def list_entries(at: Tools, now: datetime, console: Console) -> int:
    """The bank in force; the exit code."""
    loaded, entries = await at.database.read(
        lambda tx: (loading.loaded(Desk(tx, at.county, now)), loading.entries(Desk(tx, at.county, now)))
    )
    when = f"{loaded.at.astimezone(CHINA):%Y-%m-%d %H:%M} 导入" if loaded else "还没有导入"
    printed = Table(title=Text(f"政策问答：{len(entries)} 条，{when}"))
    for heading in ("问题", "问法", "出处", "日期", "有效到"):
        printed.add_column(heading, overflow="fold")
    for one in entries:
        until = one.until.isoformat() if one.until else "长期"
        over = "" if one.holds(_day(now)) else "（过期，不答）"
        printed.add_row(
            Text(one.question), str(1 + len(one.asks)), Text(one.source), f"{one.day:%Y-%m}", until + over
        )
    console.print(printed)
    return 0


async def list_unanswered(at: Tools, now: datetime, console: Console) -> int:
    """What was asked in vain, the most often asked first; the exit code."""
    found = await at.database.run(lambda tx: answering.listed(Desk(tx, at.county, now)))
    printed = Table(title=Text("没答上的问题"), caption="不记是谁问的")
    printed.add_column("次数", justify="right")
    printed.add_column("最近")
    printed.add_column("问题", overflow="fold")
    for one in found:
        printed.add_row(str(one.times), one.last_on.isoformat(), Text(one.text))
    console.print(printed)
    return 0


async def export_entries(at: Tools, file: Path, now: datetime, console: Console) -> int:
    """The bank in force as a spreadsheet, to be edited and loaded again; the exit code. Raises OSError."""
    entries = await at.database.read(lambda tx: loading.entries(Desk(tx, at.county, now)))
    return _write_new(file, bank_workbook(entries), f"{len(entries)} 条", console)


def entries_template(file: Path, now: datetime, console: Console) -> int:
    """The sample bank, as Markdown or as a spreadsheet; the exit code."""
    sample = data_file(BANK)
    as_text = file.suffix.lower() in (".md", ".txt")
    written = sample if as_text else bank_workbook(read_bank(sample, BANK, _day(now)).entries)
    return _write_new(file, written, "政策问答样例，请核对后再用", console)


def read_quiz(file: Path, console: Console) -> tuple[Question, ...]:
    """The questions of a file, none if anything is wrong with it, which is then printed."""
    try:
        checked = read_questions(file.read_bytes())
    except Refusal as refusal:
        console.print(f"✗ {file.name}: {refusal.say}", style="red", markup=False, highlight=False)
        return ()
    if show_findings(checked.report, file.name, console):
        console.print(f"✓ {len(checked.questions)} 题，都可以用。", style="green", highlight=False)
    return checked.questions


async def load_quiz(at: Tools, questions: tuple[Question, ...], now: datetime, console: Console) -> int:
    """These are asked from now on; the exit code."""
    await at.database.run(lambda tx: practice.load(Desk(tx, at.county, now), questions))
    told = f"✓ 练习题换好了，{len(questions)} 题。大家回“练习”就能做。"
    console.print(told, style="green", highlight=False)
    return 0


async def list_quiz(at: Tools, now: datetime, console: Console) -> int:
    """The questions in force, and never who had what right; the exit code."""
    questions = await at.database.read(lambda tx: practice.in_force(Desk(tx, at.county, now)))
    printed = Table(title=Text(f"练习题：{len(questions)} 题"))
    for heading in ("主题", "题目", "选项", "答案"):
        printed.add_column(heading, overflow="fold")
    for one in questions:
        right = "、".join(one.options[place] for place in one.correct)
        printed.add_row(Text(one.topic), Text(one.question), str(len(one.options)), Text(right))
    console.print(printed)
    return 0


def quiz_template(file: Path, console: Console) -> int:
    """The sample questions as a spreadsheet; the exit code."""
    return _write_new(file, quiz_workbook(read_questions(data_file(QUIZ)).questions), "练习题样例", console)


def _write_new(file: Path, written: bytes, what: str, console: Console) -> int:
    """A file that is there already is left alone."""
    if file.exists():
        console.print(f"✗ {file} 已经有了，请换个名字。", style="red", markup=False, soft_wrap=True)
        return 1
    file.write_bytes(written)
    console.print(f"✓ {file}：{what}", style="green", markup=False, soft_wrap=True)
    return 0


def _day(now: datetime) -> date:
    return now.astimezone(CHINA).date()
