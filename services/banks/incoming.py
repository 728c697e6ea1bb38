"""A bank that was read comes into force, for the whole county."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.directory import Level, level_of
from domain.knowledge.entry import Entry
from domain.quizzes import Question
from domain.talk import Reply
from services.desk import Desk
from services.knowledge import loading
from services.quizzes import practice


@dataclass(frozen=True, slots=True)
class Bank:
    """What came of such a spreadsheet: entries or quiz questions, or what has to be changed, a line each."""

    entries: tuple[Entry, ...] = ()
    questions: tuple[Question, ...] = ()
    problems: tuple[str, ...] = ()


def take_in(desk: Desk, bank: Bank, areas: Sequence[str], by: int) -> Reply:
    """Load a bank without problems, from somebody who is staff of these areas, and say so. It holds at once, for everybody."""
    if not any(level_of(area) is Level.COUNTY for area in areas):
        return Reply("题库全县共用，请县上工作人员来换。")
    if bank.entries:
        before = len(loading.entries(desk))
        loading.load_bank(desk, bank.entries, by)
        return Reply(f"政策问答换好了：{len(bank.entries)}条，原来{before}条。马上生效。")
    practice.load(desk, bank.questions)
    return Reply(f"练习题换好了：{len(bank.questions)}题。大家回“练习”就能做。")
