"""What is wrong with a spreadsheet, as a terminal shows it."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from services.roster.report import Problem, Report

SHOWN = 100
"""Problems printed at the most: whoever has more has one fault in a whole column."""


def listed(title: str, problems: Sequence[Problem], style: str) -> Table:
    more = len(problems) - SHOWN
    printed = Table(title=Text(title), caption=f"还有 {more} 处没有列出" if more > 0 else None, style=style)
    printed.add_column("行", justify="right")
    printed.add_column("列")
    printed.add_column("原因")
    for problem in problems[:SHOWN]:
        printed.add_row(str(problem.row or "—"), Text(problem.column), Text(problem.reason))
    return printed


def show_findings(report: Report, file_name: str, console: Console) -> bool:
    """Print what was found. True: there is nothing that has to be changed."""
    if report.warnings:
        console.print(listed("提醒", report.warnings, "yellow"))
    if report.problems:
        console.print(listed(f"{file_name} 里要改的地方", report.problems, "red"))
        console.print(f"✗ 共 {len(report.problems)} 处要改，什么都没有写入。", style="red")
    return not report.problems
