"""Reading a form's spreadsheet: how large it may be, and what stands in it that a conversation cannot do."""

import io
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from pyxform.errors import PyXFormError, PyXFormReadError  # type: ignore[import-untyped]
from pyxform.xls2json_backends import get_xlsform  # type: ignore[import-untyped]

from services.surveys.problems import FormError, Problem, of_pyxform

MAX_BYTES = 2 * 2**20
MAX_UNPACKED = 32 * 2**20
"""Bytes of an XLSX after unpacking. It comes in by chat from anybody with a role; a zip bomb is a thousand times itself."""
MAX_PARTS = 300
MAX_ROWS = {"survey": 1000, "choices": 5000, "settings": 50}
MAX_CELL = 3000
"""Characters of a cell."""

_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK\x03\x04"
_TURNS_TEXT = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Marks that turn the direction of writing: what one reads is then not what stands there."""
_NO_CHARACTERS = "\ufffe\uffff"

_WORDS = ("label", "hint", "constraint", "required", "caption", "form_title")
"""Beginnings of the headings under which people's words stand, and messages of rules."""
_QUOTES, _KEPT = "“”‘’", "\ue000\ue001\ue002\ue003"
_DAMAGED = Problem("", 0, "文件打不开，请用 Excel 或 WPS 另存为 .xlsx 再发")


class Workbook:
    """A form's sheets as pyxform reads them: rows by their headings, the first row being number 2."""

    def __init__(self, sheets: dict[str, Any]) -> None:
        self.sheets = sheets

    def rows(self, sheet: str) -> Iterator[tuple[int, dict[str, str]]]:
        """Row number and cells of each row, headings in lower case."""
        for number, cells in enumerate(self.sheets.get(sheet) or (), start=2):
            yield number, {heading.strip().lower(): str(cell) for heading, cell in cells.items() if heading}


def keep_quotes(workbook: Workbook) -> None:
    """Hide Chinese quotation marks from pyxform, which makes "straight" ones of them; `with_quotes` brings them back.

    Words are meant, not expressions: an editor's curly quotes in `${a} = ‘yes’` have to become straight.
    """
    for sheet in ("survey", "choices", "settings"):
        for cells in workbook.sheets.get(sheet) or ():
            for heading in [one for one in cells if _holds_words(str(one))]:
                cells[heading] = str(cells[heading]).translate(str.maketrans(_QUOTES, _KEPT))


def with_quotes(xml: str) -> str:
    """The compiled form with the quotation marks that `keep_quotes` has hidden."""
    return xml.translate(str.maketrans(_KEPT, _QUOTES))


def _holds_words(heading: str) -> bool:
    heading = heading.strip().lower()
    return heading.startswith(_WORDS) and heading not in {"constraint", "required"}


def read_workbook(data: bytes, name: str) -> Workbook:
    """The sheets of an XLSX, XLSM, XLS or CSV file; `name` becomes the form's if it has none.

    Raises FormError if it is too large, damaged, or none of these.
    """
    if len(data) > MAX_BYTES:
        raise FormError([Problem("", 0, f"文件太大，最多 {MAX_BYTES // 2**20} MB")])
    try:
        workbook = Workbook(asdict(_read(data)) | {"fallback_form_name": name})
    except FormError:
        raise
    except PyXFormReadError as error:
        raise FormError([_DAMAGED]) from error
    except PyXFormError as error:
        raise FormError([of_pyxform(error, {})]) from error
    except Exception as error:  # readers of spreadsheets raise whatever they meet in a damaged file
        raise FormError([_DAMAGED]) from error
    too_much = list(_too_much(workbook))
    if too_much:
        raise FormError(too_much)
    return workbook


def _read(data: bytes) -> Any:
    if data.startswith(_ZIP):
        _check_unpacked(data)
        return get_xlsform(data, file_type=".xlsx")
    if data.startswith(_OLD_EXCEL):
        return get_xlsform(data, file_type=".xls")
    return get_xlsform(_as_utf8(data), file_type=".csv")


def _check_unpacked(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        parts = packed.infolist()
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise FormError([Problem("", 0, "文件解开后太大，请只留 survey、choices、settings 三张表")])


def _as_utf8(data: bytes) -> bytes:
    try:
        return data.decode("utf-8-sig").encode()
    except UnicodeDecodeError:
        return data.decode("gb18030").encode()


def _too_much(workbook: Workbook) -> Iterator[Problem]:
    """What stops the reading at once: too many rows, huge cells, characters that nobody sees."""
    for sheet, most in MAX_ROWS.items():
        for number, cells in workbook.rows(sheet):
            if number > most + 1:
                yield Problem(sheet, number, f"行数太多，最多 {most} 行")
                break
            if any(len(cell) > MAX_CELL for cell in cells.values()):
                yield Problem(sheet, number, f"有一格太长，最多 {MAX_CELL} 个字")
            if any(map(_is_unseen, (*cells, *cells.values()))):
                yield Problem(sheet, number, "有看不见的控制字符，请删掉重新输入")


def _is_unseen(text: str) -> bool:
    return any(
        (unicodedata.category(character) in {"Cc", "Cs"} and character not in "\n\r\t")
        or character in _TURNS_TEXT
        or character in _NO_CHARACTERS
        for character in text
    )
