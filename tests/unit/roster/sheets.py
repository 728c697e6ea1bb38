"""Spreadsheets of a small county, as lines of CSV."""

from pathlib import Path

from services.roster import Report, Table, read_table

DATA = Path(__file__).parents[3] / "bot" / "data"
AREAS = """code,name
610528,富平县
610528101,庄里镇
610528101200,三合村委会
610528101201,窦村村委会
61052810120101,窦村一组
"""


def table(*rows: str) -> Table:
    return read_table("\n".join(rows).encode())


def roster(*rows: str) -> Table:
    return table("姓名,电话,角色,负责区域,主副,账号,邀请码", *rows)


def faults(report: Report) -> list[tuple[int, str]]:
    return [(problem.row, problem.column) for problem in report.problems]
