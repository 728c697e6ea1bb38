"""What keeps an XLSForm from being asked in a conversation, with the place in the spreadsheet where it stands."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pyxform.errors import PyXFormError  # type: ignore[import-untyped]


class Problem(NamedTuple):
    """`row` is the row number that the spreadsheet shows, 0 for the whole sheet; `sheet` is "" for the whole file."""

    sheet: str
    row: int
    reason: str


class FormError(ValueError):
    """A spreadsheet that cannot be a survey here. `problems` are all that were found, in the order of the sheets."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = sorted(set(problems), key=lambda one: (_ORDER.get(one.sheet, 9), one))
        super().__init__("\n".join(place_and_reason(one) for one in self.problems))


_ORDER = {"": 0, "survey": 1, "choices": 2, "settings": 3}


def place_and_reason(problem: Problem) -> str:
    """One line for people: 「survey 表第 5 行：……」."""
    if not problem.sheet:
        return problem.reason
    row = f"第 {problem.row} 行" if problem.row else ""
    return f"{problem.sheet} 表{row}：{problem.reason}"


_REASONS = (
    ("unknown question type", "没有这种题型"),
    ("question with no type", "没有写题型（type）"),
    ("question or group with no name", "没有写名字（name）"),
    ("missing calculation", "calculate 题没有写算式（calculation）"),
    ("unmatched 'end_", "这里结束的组没有开头（begin group）"),
    ("unmatched 'begin_", "这个组没有结尾（end group）"),
    ("list name not in choices", "choices 表里没有这组选项"),
    ("there should be choices", "choices 表里没有这组选项，或者没有写选项组的名字"),
    ("choice names with spaces", "多选题的选项名字（name）里不能有空格"),
    ("please specify choices", "or_other 用在了没有选项的题上"),
    ("choice names must be unique", "同一组里有两个选项的名字（name）相同"),
    ("choices must have a name", "选项没有写名字（name）"),
    ("choices should have a label", "选项没有写文字（label）"),
    ("must be unique within their nearest", "名字（name）和别的题重复了"),
    ("the name 'meta' is reserved", "meta 这个名字有别的用处，请换一个"),
    ("names must begin with", "名字（name）要以文字或下划线开头，里面不能有空格和符号"),
    ("could not find the name", "${ } 里的名字在 survey 表里没有"),
    ("names must be unique anywhere", "${ } 里的名字有好几道题都在用"),
    ("reference variable", "${ } 写得不对，应当是 ${题的名字}"),
    ("'range' question type", "range 题的 parameters 不对，应当像：start=1 end=5 step=1"),
    ("'parameters' value is invalid", "parameters 一栏读不懂，应当像：start=1 end=5"),
    ("column headers must not be empty", "表头有空的，或者表头里有空格"),
    ("different names for the same column", "有两栏是同一个意思，请留一栏"),
    ("duplicate column header", "有两栏的表头相同"),
    ("required column headers were not found", "缺少必要的栏：survey 表要有 type 和 name，choices 表要有 list_name 和 name"),
    ("missing header row", "第一行应当是表头"),
    ("must have a sheet named", "没有 survey 表"),
    ("mandatory columns", "缺少 choices 表，或者它没有 list_name、name、label 三栏"),
    ("empty id_string", "settings 表的 form_id 是空的"),
    ("not recognized as a supported type", "文件打不开，请用 Excel 或 WPS 另存为 .xlsx 再发"),
    ("trigger", "trigger 一栏里的名字不对"),
    ("label", "题没有写文字（label）"),
)  # fmt: skip
"""What pyxform says (in lower case, a part of it), and what we say."""

_ROW = re.compile(r"\[row ?: ?(\d+)\]")
_QUOTED = re.compile(r"(?:named|question type) '([^']+)'")
_SHEET = re.compile(r"on the '(survey|choices|settings)' sheet", re.IGNORECASE)


def of_pyxform(error: PyXFormError, rows: Mapping[str, int]) -> Problem:
    """What pyxform complains of as a problem of ours; it names one at a time.

    `rows` of questions by their names and types, for where it tells no row.
    """
    said = str(error)
    row, sheet = _ROW.search(said), _SHEET.search(said)
    quoted = _QUOTED.search(said)
    number = int(row[1]) if row else rows.get(quoted[1] if quoted else "", 0)
    reason = next((ours for theirs, ours in _REASONS if theirs in said.casefold()), "")
    where = (
        sheet[1].casefold() if sheet else ("choices" if "choices 表" in reason and not number else "survey")
    )
    return Problem(where, number, reason or "不合 XLSForm 的写法，请对照 xlsform.org 检查")
