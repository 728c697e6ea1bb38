"""What is said around a survey, and the words that are understood at each of its questions."""

import re
import unicodedata
from datetime import date

from domain.flow import number_in
from domain.surveys.form import Answers, Kind, Question
from domain.surveys.interview import Interview
from domain.surveys.spoken import NAMED, is_spoken
from domain.talk import VILLAGER_TEXT_LIMIT, Choice, packed, shorten, typed

SKIP = Choice("skip", "跳过")
LATER = Choice("later", "等会儿")
MORE = Choice("more", "下面")
ONWARD = Choice(MORE.id, "往下看")
"""The same where it can be tapped."""
CHANGE = "change"
"""Deed of words that name an answer to be given anew."""
_CHANGE = re.compile(r"(?:我?要)?(?:改|修改|重答)\s*第?\s*(.{1,3}?)\s*题?|第\s*(.{1,3}?)\s*题")

_WORDS = {
    SKIP.id: frozenset({"跳过", "不答", "略过", "这题不答", "不想答", "下一题", "跳", "不知道，跳过"}),
    LATER.id: frozenset(
        {
            "等会儿",
            "等会",
            "等一会",
            "等一下",
            "等等",
            "待会儿",
            "待会",
            "回头再答",
            "以后再说",
            "先停",
            "停下",
            "暂停",
            "下次再答",
        }
    ),
    MORE.id: frozenset({"下面", "往下看", "看下面", "还有呢", "下一页"}),
}

_SEEN_BY = {
    "wechat": "微信平台能看到是您发的；",
    "wecom": "企业微信平台能看到是您发的；",
    "telegram": "聊天软件的平台能看到是您发的；",
}

_SENTENCE_END = re.compile("[？?。：:\n]")
_ASKED = 12
"""Characters of a question by which she knows it again in the look back."""
_AT_ONCE = 2
"""Messages of the look back in one turn."""


def is_word(word: Choice, text: str) -> bool:
    """Is what she typed one of the ways to say this?"""
    return unicodedata.normalize("NFKC", text).strip().rstrip("。.!吧了") in _WORDS[word.id]


def to_change(text: str) -> int | None:
    """The number of the answer that is to be given anew: “改第3题”, “第三题”."""
    found = _CHANGE.fullmatch(unicodedata.normalize("NFKC", text).strip().rstrip("。"))
    return number_in(found[1] or found[2]) if found else None


def on_a_line(label: str) -> str:
    """An option's words, that whoever wrote the form may have spread over lines."""
    return " ".join(typed(label).split())


def whose(channel: str, *, anonymous: bool) -> str:
    """One honest sentence on who can know whose answer it is."""
    if anonymous:
        return f"匿名：{_SEEN_BY.get(channel, '')}我们收到后不保存身份。"
    return "记名：工作人员看得到是谁答的。"


def invitation(title: str, count: int, most: int, channel: str, *, anonymous: bool) -> str:
    """What a survey is, before its first question. `most` are asked of her, `count` unless her answers bring more."""
    questions = f"一共{count}题" if count == most else f"最多{most}题"
    return f"{title}\n{questions}，回“等会儿”能停。\n{whose(channel, anonymous=anonymous)}"


def looked_back(interview: Interview, answers: Answers, page: int = 0) -> tuple[list[str], bool]:
    """A page of what she has answered, as short messages, and whether there is another page."""
    told = packed(
        shorten(f"第{number}题 {said}", VILLAGER_TEXT_LIMIT)
        for number, said in enumerate(lines(interview, answers), 1)
    )
    first = page * _AT_ONCE
    return told[first : first + _AT_ONCE], len(told) > first + _AT_ONCE


def lines(interview: Interview, answers: Answers) -> list[str]:
    """Each question that was answered, and how."""
    return [
        f"{_known_by(interview.label(one, answers))}：{shown(interview, one, answers)}"
        for one in answered(interview, answers)
    ]


def _known_by(label: str) -> str:
    """The first sentence of a question, as far as it is needed to know it again."""
    return shorten(_SENTENCE_END.split(label, maxsplit=1)[0], _ASKED)


def answered(interview: Interview, answers: Answers) -> list[Question]:
    """The questions that she was asked, in the form's order, without notes."""
    return [
        question
        for question in interview.form.questions
        if question.kind not in {Kind.NOTE, Kind.CALCULATE}
        and question.name in answers
        and interview.relevant(question, answers)
    ]


def shown(interview: Interview, question: Question, answers: Answers) -> str:
    """An answer as she would say it."""
    value = answers[question.name]
    if not value:
        return "（跳过）"
    if question.kind in {Kind.ONE, Kind.SEVERAL, Kind.RANK}:
        labels = {option.name: on_a_line(interview.says(option.label)) for option in question.options}
        return "、".join(labels.get(name, name) for name in value.split())
    if is_spoken(value):
        return NAMED
    if question.kind is Kind.DATE:
        return f"{date.fromisoformat(value):%Y年%-m月%-d日}"
    return {Kind.IMAGE: "（照片）", Kind.AUDIO: NAMED, Kind.PLACE: "（位置）"}.get(question.kind, value)
