"""Sentences that were sorted by hand: what triage learns from, and what it is measured by. A CSV table."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING

from domain.triage.notation import LexiconError

if TYPE_CHECKING:
    from collections.abc import Collection

COLUMNS = ["批次", "句子", "类别", "紧急"]


@dataclass(frozen=True, slots=True)
class Example:
    """One sentence. Without a `category` it teaches only about danger; without a `danger` it is a calm one.

    `batch` names the sentences written on one occasion, so that each can be measured by all the others.
    """

    batch: str
    text: str
    category: str | None
    danger: str | None


def parse_examples(text: str, categories: Collection[str], dangers: Collection[str]) -> tuple[Example, ...]:
    """The examples that `text` (CSV) holds. Raises LexiconError with the line and the remedy."""
    lines = csv.reader(text.removeprefix("\ufeff").splitlines())
    if next(lines, []) != COLUMNS:
        raise LexiconError(f"例句表第一行要写：{','.join(COLUMNS)}")
    examples = []
    for line in lines:
        if not any(line):
            continue
        where = f"例句表第 {lines.line_num} 行："
        if len(line) != len(COLUMNS) or not line[1].strip():
            raise LexiconError(f"{where}要有 {len(COLUMNS)} 格：{','.join(COLUMNS)}，句子不能为空")
        batch, sentence, category, danger = (cell.strip() for cell in line)
        if category and category not in categories:
            raise LexiconError(f"{where}没有“{category}”这个类别")
        if danger and danger not in dangers:
            raise LexiconError(f"{where}词库里没有“{danger}”这种紧急情况")
        examples.append(Example(batch, sentence, category or None, danger or None))
    return tuple(examples)
