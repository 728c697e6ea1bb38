"""A flow is a talk of several questions. It is pure: what was answered goes in, the next question comes out.

`step` is the whole engine of one answer; where the draft lives and how a question looks is not its concern.
The words that every flow understands (`RESERVED`) are read by the front door, never by a flow.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from domain.talk import Choice

Draft = dict[str, Any]
"""Answers by question key. Only JSON values: it rests in the conversation between turns."""

Reserved = Literal["person", "back", "cancel", "forget"]

RESERVED: Mapping[str, Reserved] = {
    "0": "person",
    "零": "person",
    "〇": "person",
    "人工": "person",
    "找人": "person",
    "转人工": "person",
    "9": "back",
    "九": "back",
    "返回": "back",
    "上一步": "back",
    "上一题": "back",
    "取消": "cancel",
    "退出": "cancel",
    "算了": "cancel",
    "注销": "forget",
}

_CHINESE_DIGITS = {
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
    "十": 10,
    "零": 0,
    "〇": 0,
}
_STOPS = "。.、,!"
"""What people put behind a short answer, after NFKC."""
_ORDINAL = re.compile(
    rf"^\(?(?:第|选|选择|回复)?\s*([0-9]{{1,2}}|[{''.join(_CHINESE_DIGITS)}])\s*(?:个|项|条)?\s*[)\ufe0f\u20e3{_STOPS}]*$"
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the person gave to a question: typed words, a tapped choice id, or stored attachments."""

    text: str = ""
    choice: str | None = None
    media: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Invalid:
    """The answer does not fit. `say` tells what would."""

    say: str


@dataclass(frozen=True, slots=True)
class Done:
    """Nothing is left to ask."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One question. `read` turns free words or media into the draft's value; without it only a choice fits."""

    key: str
    text: str
    choices: tuple[Choice, ...] = ()
    read: Callable[[Answer], Any | Invalid] | None = None
    media: tuple[int, ...] = ()
    own: frozenset[str] = frozenset()
    """Digits that answer this question although they are reserved: "0" and "9" on a scale from 0 to 10."""
    free: bool = False
    """True: any words are an answer, so that they may also have been meant for something else."""
    missed: bool = False
    """True: the flow did not understand the last answer and asks again, which counts as a miss."""


class Flow(Protocol):
    """Knows which question is open, given what was answered."""

    def ask(self, draft: Draft) -> Ask | Done: ...


@dataclass(frozen=True, slots=True)
class OneQuestion:
    """A flow of a single question, in whose words may stand what the draft began with."""

    question: Callable[[Draft], Ask]

    def ask(self, draft: Draft) -> Ask | Done:
        asked = self.question(draft)
        return Done() if asked.key in draft else asked


def step(flow: Flow, draft: Draft, answer: Answer) -> Ask | Invalid | Done:
    """Take one answer into `draft` and return the next question, or why the answer does not fit."""
    question = flow.ask(draft)
    if isinstance(question, Done):
        return question
    value = _value(question, answer)
    if isinstance(value, Invalid):
        return value
    draft[question.key] = value
    return flow.ask(draft)


def _value(question: Ask, answer: Answer) -> Any | Invalid:
    chosen = answer.choice or pick(answer.text, question.choices)
    if chosen is not None:
        if any(choice.id == chosen for choice in question.choices):
            return chosen
        return Invalid("没有这一项，请再选一次。")
    if question.read is not None:
        return question.read(answer)
    return Invalid(f"请回复数字 1 到 {len(question.choices)}。")


def number_in(text: str) -> int | None:
    """The number a short answer means: "1", "１", "一", "第一个" are all 1. None when it is not just a number."""
    found = _ORDINAL.match(unicodedata.normalize("NFKC", text).strip())
    if found is None:
        return None
    word = found.group(1)
    return _CHINESE_DIGITS.get(word) if word in _CHINESE_DIGITS else int(word)


def pick(text: str, choices: tuple[Choice, ...]) -> str | None:
    """Id of the choice that typed words mean: by number, by saying its label, or both. None if none fits.

    Of "匿名，凭码查答复" people say the first word; that will do where no other choice begins so.
    """
    number = number_in(text)
    if number is not None:
        return choices[number - 1].id if 1 <= number <= len(choices) else None
    said = _plain(text)
    for number, choice in enumerate(choices, 1):
        label = _plain(choice.label)
        if said and said in (label, f"{number} {label}"):
            return choice.id
    begun = [choice.id for choice in choices if said and said == _plain(choice.label).split(",")[0]]
    return begun[0] if len(begun) == 1 else None


def reserved(text: str) -> Reserved | None:
    """The meaning of a word that every flow understands, if `text` is one."""
    return RESERVED.get(_plain(text))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().rstrip(_STOPS).rstrip()
