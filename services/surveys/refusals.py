"""Rows of a form that a conversation cannot ask, told from the spreadsheet before it is compiled."""

import re
from collections.abc import Collection, Iterator, Mapping

from domain.surveys.xpath import ExpressionError, parse
from services.surveys.problems import Problem
from services.surveys.sheets import Workbook

_REPEAT = "对话里不能一遍遍重复问同一组题（repeat），请写成固定的几道题"
_LOOP = "对话里不能按选项循环（loop），请写成固定的几道题"
_MATRIX = "对话里不能问表格题，请拆成一道一道的题"
_OTHER_FILE = "选项在另一个文件里，这里读不到，请把选项写进 choices 表"
_UNSEEN = "不在背后记录位置、录音或操作，请删掉这一行"
_FILE = "对话里不收视频和文件，请改成照片（image）或录音（audio）"
_LINE = "对话里只能发一个位置，不能画线、画面，请改成 geopoint"

_TYPES = {
    "begin repeat": _REPEAT,
    "begin loop": _LOOP,
    "begin kobomatrix": _MATRIX,
    "begin matrix": _MATRIX,
    "begin score": _MATRIX,
    "begin rank": _MATRIX,
    "select one from file": _OTHER_FILE,
    "select multiple from file": _OTHER_FILE,
    "select one external": _OTHER_FILE,
    "cascading select": "请改用 choice_filter 写一级一级的选项",
    "csv-external": _OTHER_FILE,
    "xml-external": _OTHER_FILE,
    "include": "不能引入别的表，请把题写在这张表里",
    "barcode": "对话里不能扫码，请改成文字题（text）",
    "geotrace": _LINE,
    "geoshape": _LINE,
    "osm": _LINE,
    "datetime": "请把日期和时间分成两道题：date 和 time",
    "date time": "请把日期和时间分成两道题：date 和 time",
    "video": _FILE,
    "file": _FILE,
    "audit": _UNSEEN,
    "background-audio": _UNSEEN,
    "background-geopoint": _UNSEEN,
    "start-geopoint": _UNSEEN,
}
"""By type, as `_type` writes it: all types that begin so."""

_COLUMNS = {
    "trigger": "对话里没有 trigger，请改用 calculate 和 relevant",
    "save_to": "这里没有实体（entities），请删掉 save_to",
    "image": "选项和题里不能带图，请用文字说",
    "big-image": "选项和题里不能带图，请用文字说",
    "audio": "选项和题里不能带录音，请用文字说",
    "video": "选项和题里不能带视频，请用文字说",
}
"""By column, also as media::image and with a language behind it."""

_EXPRESSIONS = {
    "relevant": "relevant",
    "relevance": "relevant",
    "constraint": "constraint",
    "calculation": "calculation",
    "calculate": "calculation",
    "required": "required",
    "choice_filter": "choice_filter",
}
"""Columns that hold expressions, by what they are called."""
_STRAIGHT = str.maketrans("“”‘’", "\"\"''")
_REFERENCE = re.compile(r"\$\{[^{}]*\}")

_SHEETS = {
    "entities": "这里没有实体（entities），请删掉这张表",
    "external_choices": "请把选项写进 choices 表",
    "osm": "对话里不能画地图，请删掉这张表",
}

_APPEARANCES = {
    "table-list": _MATRIX,
    "list-nolabel": _MATRIX,
    "label": _MATRIX,
    "search(": _OTHER_FILE,
}


def refused_rows(workbook: Workbook) -> Iterator[Problem]:
    """Everything that a conversation cannot do, row by row, all at once."""
    for sheet, reason in _SHEETS.items():
        if any(cells for _, cells in workbook.rows(sheet)):
            yield Problem(sheet, 0, reason)
    for number, cells in workbook.rows("survey"):
        reasons = (
            _by_type(cells),
            _by_appearance(cells),
            _by_order(cells),
            *_by_columns(cells),
            *_by_expressions(cells),
        )
        yield from (Problem("survey", number, reason) for reason in reasons if reason)
    asked = {word for _, cells in workbook.rows("survey") for word in cells.get("type", "").split()}
    for number, cells in workbook.rows("choices"):
        reasons = (_by_name(cells), _by_label(cells, asked), *_by_columns(cells))
        yield from (Problem("choices", number, reason) for reason in reasons if reason)
    for number, cells in workbook.rows("settings"):
        if cells.get("public_key"):
            yield Problem("settings", number, "这里不用 public_key 加密：匿名问卷自有封存的办法")


def _type(cells: Mapping[str, str]) -> str:
    written = " ".join((cells.get("type") or cells.get("command") or "").lower().split())
    first, _, rest = written.partition(" ")
    return " ".join((first.replace("_", " "), rest)).strip()


def _by_type(cells: Mapping[str, str]) -> str:
    kind = _type(cells)
    return next(
        (reason for begin, reason in _TYPES.items() if kind == begin or kind.startswith(f"{begin} ")), ""
    )


def _by_appearance(cells: Mapping[str, str]) -> str:
    appearance = (cells.get("appearance") or cells.get("control::appearance") or "").lower()
    words = appearance.split()
    return next(
        (why for mark, why in _APPEARANCES.items() if mark in words or appearance.startswith(mark)), ""
    )


def _by_order(cells: Mapping[str, str]) -> str:
    shuffled = "randomize=true" in "".join((cells.get("parameters") or "").lower().split())
    return "选项在对话里要有固定的号码，不能随机排（randomize）" if shuffled else ""


def _by_name(choice: Mapping[str, str]) -> str:
    spaced = len((choice.get("name") or choice.get("value") or "").split()) > 1
    return "选项的名字（name）里不能有空格" if spaced else ""


def _by_label(choice: Mapping[str, str], asked: Collection[str]) -> str:
    """Lists that are only looked into, not `asked`, need no words."""
    name = choice.get("list_name") or choice.get("list name") or ""
    said = any(cell.strip() for heading, cell in choice.items() if heading.startswith(("label", "caption")))
    return "" if said or name not in asked else "选项没有写文字（label）"


def _by_columns(cells: Mapping[str, str]) -> Iterator[str]:
    told = set()
    for heading, cell in cells.items():
        parts = [part.strip() for part in heading.replace("::", ":").split(":")]
        column = parts[1] if parts[0] == "media" and len(parts) > 1 else parts[0]
        reason = _COLUMNS.get(column)
        if reason and cell and reason not in told:
            told.add(reason)
            yield reason


def _by_expressions(cells: Mapping[str, str]) -> Iterator[str]:
    """Told from the sheet, so that a group's condition is told at the group, and even if something else is wrong."""
    if any("${last-saved#" in "".join(cell.split()) for cell in cells.values()):
        yield "对话里没有上一次的回答（last-saved）"
    for heading, column in _EXPRESSIONS.items():
        if cells.get(heading):
            try:
                parse(_REFERENCE.sub(" /x ", cells[heading].translate(_STRAIGHT)))
            except ExpressionError as error:
                yield f"{column}：{error}"
