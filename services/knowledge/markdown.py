"""A bank as Markdown: a heading for each question, a few lines about it, then the answer.

## 低保怎么申请？
- 也问：低保在哪办；申请低保找谁
- 出处：民政部低保审核确认办法
- 日期：2021年6月
- 有效到：长期

由家里一个人向镇政府、街道办提出书面申请。

What stands before the first such heading is for whoever edits the file.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from domain.errors import Refusal
from services.roster.reading import Row
from services.roster.report import Report

_ABOUT = re.compile(r"^[-*]\s*(?P<key>[^：:]{1,8})[：:]\s*(?P<value>.*)$")


def read_markdown(data: bytes, keys: Mapping[str, str], report: Report) -> list[Row]:
    """The entries as rows, numbered by the line of their heading. `keys`: our columns by their Chinese names.

    Raises Refusal for what is no text.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refusal("文件的编码认不出来，请另存为UTF-8。") from None
    return [_row(number, question, lines, keys, report) for number, question, lines in _sections(text)]


def _sections(text: str) -> Iterator[tuple[int, str, list[tuple[int, str]]]]:
    """(line of the heading, question, numbered lines below it)."""
    heading: tuple[int, str] | None = None
    lines: list[tuple[int, str]] = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("## "):
            if heading is not None:
                yield (*heading, lines)
            heading, lines = (number, line.removeprefix("## ").strip()), []
        else:
            lines.append((number, line.strip()))
    if heading is not None:
        yield (*heading, lines)


def _row(
    number: int, question: str, lines: Iterable[tuple[int, str]], keys: Mapping[str, str], report: Report
) -> Row:
    cells, answer = {"question": question}, list[str]()
    for place, line in lines:
        about = None if answer else _ABOUT.match(line)
        if line.startswith("#"):
            report.refuse(place, "标题", "每个问题用两个#开头，别的标题不要写")
        elif about is None:
            answer += [line] if line or answer else []
        elif (column := keys.get(about["key"].strip())) is None:
            report.refuse(place, about["key"].strip(), f"不认识的一项，只能是：{'、'.join(keys)}")
        elif column in cells:
            report.refuse(place, about["key"].strip(), "这一项写了两次")
        else:
            cells[column] = about["value"].strip()
    return Row(number, cells | {"answer": "\n".join(answer).strip()})
