"""A question of a form as a question of the house: its words, its numbers, and which answers it takes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.flow import Answer, Ask, Invalid
from domain.surveys.form import Kind, Option, Question
from domain.surveys.said import are_words_of
from domain.talk import Choice, MediaKind, typed
from handlers.surveys.reading import Asked, read
from handlers.surveys.words import CHANGE, LATER, MORE, SKIP, answered, is_word, on_a_line, to_change
from services.surveys.answering import Sitting

MOST_CHOICES = 8
"""Options up to this many can be tapped; 9 stays the way back. More are written as lines, and 9 is one of them."""
_LONG = 40
"""Characters of an option that no button shows whole: then all are written as lines."""
PAGE = 20
"""Options in one message."""

_HOW = {
    Kind.ONE: "请回数字。",
    Kind.SEVERAL: "可选几个，比如“1 3”。",
    Kind.RANK: "请排先后，比如“2 1 3”。",
    Kind.INTEGER: "请回一个数。",
    Kind.DECIMAL: "请回一个数。",
    Kind.TEXT: "打字说一句。",
    Kind.DATE: "回日期，比如“昨天”“3月5号”。",
    Kind.TIME: "回时间，比如“早上8点半”。",
    Kind.IMAGE: "请发一张照片。",
    Kind.AUDIO: "请发一段语音。",
    Kind.PLACE: "请发一个位置。",
}
_CHOSEN = frozenset({Kind.ONE, Kind.SEVERAL, Kind.RANK})
_SKIPPED_BY_TAP = frozenset({Kind.ONE, Kind.TEXT, Kind.IMAGE, Kind.AUDIO, Kind.PLACE})
"""Kinds at which the number of the choice 跳过 cannot be meant as an answer."""
_SENT = frozenset({Kind.IMAGE, Kind.AUDIO, Kind.PLACE})
_NOT_TAKEN: dict[MediaKind, str] = {
    "voice": "语音没转成字。",
    "image": "这题不收照片。",
    "video": "这题不收视频。",
    "file": "这题不收文件。",
}
"""What is said of a voice that its messenger has not written down, and of what else does not fit."""
_GIVES_AWAY = "语音听得出是谁，这份是匿名的，就没收。请打字，或用语音转文字。"
"""To a voice in place of words, where no voice is kept (docs/decisions/0034-short-messages-and-voices.md)."""
_COUNTED = frozenset({Kind.RANGE, Kind.INTEGER, Kind.DECIMAL})


@dataclass(frozen=True, slots=True)
class Put:
    """One question at a sitting, put to somebody."""

    sitting: Sitting
    question: Question
    today: date
    media: MediaKind | None = None
    """What came with her words."""

    def ask(self, page: int = 0) -> Ask:
        """The question under the key "value": a choice's id, or {"value": …} or {"deed": …} of `read`."""
        choices = self._choices()
        words = [self._head(), self.sitting.interview.hint(self.question, self.sitting.answers)]
        if not choices or choices == (SKIP,):
            words += self._lines(page)
        words.append(self._how(choices))
        text = "\n".join(filter(None, words))
        return Ask("value", text, choices, self._read, own=self._own(), free=self.question.kind is Kind.TEXT)

    def is_spoken_of(self, text: str) -> bool:
        """Does she say nothing but words of the options?"""
        return self.question.kind in _CHOSEN and are_words_of(text, self._labels())

    def value(self, given: Any) -> str:
        """What is to be written down for what was given; "" when it is skipped."""
        if isinstance(given, dict):
            return str(given.get("value", ""))
        return "" if given == SKIP.id else self._options()[int(given) - 1].name

    def problem(self, value: str) -> str | None:
        return self.sitting.interview.problem(self.question, value, self.sitting.answers)

    def _options(self) -> tuple[Option, ...]:
        return self.sitting.interview.options(self.question, self.sitting.answers)

    def _labels(self) -> list[str]:
        return [on_a_line(self.sitting.interview.says(option.label)) for option in self._options()]

    def _choices(self) -> tuple[Choice, ...]:
        kind, skip = self.question.kind, (SKIP,) if self._may_skip() else ()
        if kind is not Kind.ONE:
            return skip if kind in _SKIPPED_BY_TAP else ()
        labels = self._labels()
        if len(labels) + len(skip) > MOST_CHOICES or any(len(label) > _LONG for label in labels):
            return ()
        return (*(Choice(str(number), label) for number, label in enumerate(labels, 1)), *skip)

    def _may_skip(self) -> bool:
        return self.problem("") is None

    def _head(self) -> str:
        number, count = self.sitting.interview.place(self.question, self.sitting.answers)
        label = typed(self.sitting.interview.label(self.question, self.sitting.answers))
        return f"第{number}题，一共{count}题：{label}"

    def _lines(self, page: int) -> list[str]:
        """Options as numbered lines, a page of them where there are many."""
        if self.question.kind not in _CHOSEN:
            return []
        labels = self._labels()
        start = page * PAGE % max(len(labels), 1)
        lines = [f"{number} {label}" for number, label in enumerate(labels, 1)][start : start + PAGE]
        return [*lines, f"共{len(labels)}项，看别的回“下面”。"] if len(labels) > PAGE else lines

    def _how(self, choices: Sequence[Choice]) -> str:
        kind = self.question.kind
        how = _HOW.get(kind, "")
        if kind is Kind.TEXT and not self.sitting.survey.anonymous:
            how = "打字，或发语音。"
        if kind is Kind.AUDIO and self.sitting.survey.anonymous:
            how += "语音听得出是谁，想好再发。"
        if kind is Kind.RANGE:
            first, last, _step = self.question.span
            how = f"请回{first}到{last}的数。"
        own = self._own()
        if own:
            how += f"{'和'.join(sorted(own))}也是答案，返回说“返回”{'，找人说“找人”' if '0' in own else ''}。"
        if self._may_skip() and SKIP not in choices:
            how += "不想答回“跳过”。"
        return how

    def _own(self) -> frozenset[str]:
        """Reserved digits that are answers here."""
        kind = self.question.kind
        if kind in _COUNTED:
            return frozenset(digit for digit in "09" if self.problem(digit) is None)
        many = kind in {Kind.ONE, Kind.SEVERAL} and len(self._options()) > MOST_CHOICES
        return frozenset("9") if many else frozenset()

    def _read(self, answer: Answer) -> dict[str, Any] | Invalid:
        for word in (SKIP, LATER, MORE):
            if is_word(word, answer.text):
                return {"deed": word.id}
        which = to_change(answer.text)
        if which is not None and which <= len(answered(self.sitting.interview, self.sitting.answers)):
            return {"deed": CHANGE, "which": which}
        labels = self._labels() if self.question.kind in _CHOSEN else []
        names = tuple(option.name for option in self._options()) if labels else ()
        label = self.sitting.interview.label(self.question, self.sitting.answers)
        hears = not self.sitting.survey.anonymous
        asked = Asked(self.question.kind, names, tuple(labels), self.today, self.media, label, hears)
        value = read(asked, answer)
        return (
            {"value": value}
            if value is not None
            else Invalid(self._unread(len(labels), heard=bool(answer.text)))
        )

    def _unread(self, options: int, *, heard: bool) -> str:
        if self.question.kind is Kind.ONE:
            how = f"请回复数字 1 到 {options}。"
        elif self.question.kind is Kind.TEXT:
            how = "这题请打字，或发语音。"
        else:
            how = self._how(())
        if self.media is not None and self.question.kind in _SENT:
            return how
        if self.media == "voice" and not heard and self.question.kind is Kind.TEXT:
            return _GIVES_AWAY
        if self.media is not None and not heard:
            return f"{_NOT_TAKEN[self.media]}{how}"
        return how if self.question.kind in {Kind.ONE, Kind.TEXT} else f"没听明白。{how}"
