"""An interview: which question comes next, what it says, and whether an answer fits."""

import re
from collections.abc import Iterator
from datetime import date
from itertools import compress
from xml.etree import ElementTree as ET

from domain.surveys.form import Answers, Form, Kind, Option, Question, Words
from domain.surveys.kinds import misfit
from domain.surveys.spoken import NAMED, is_spoken
from domain.surveys.values import text, truth
from domain.surveys.xpath import Instance

_REFERENCE = re.compile(r"\$\{\s*([^{}\s]+)\s*\}")
_MOST_ROUNDS = 20
"""Rounds until relevance and calculations stand still; only those that turn in a circle need more."""
_LOOKS_AROUND = ("..", "*", "//", "::", "current()")
"""Where an expression holds one of these, it may read any answer."""


class Interview:
    """A form, asked on a certain day in one of its languages ("" is its default one).

    Makes no difference between one who answers for the first time and one who comes back: all that was said is in
    the answers that every method is given. They are never changed.
    """

    def __init__(self, form: Form, today: date, language: str = "") -> None:
        self.form = form
        self._languages = (language, *form.languages, "")
        self._by_name = {question.name: question for question in form.questions}
        self._by_path = {question.path: question for question in form.questions}
        lists = {name: _instance_of(options) for name, options in form.lists.items()}
        self._instance = Instance([*self._by_path], today, self._choice_name, lists)
        self._relevant: dict[str, bool] = {}
        self._held: dict[str, bool] = {}
        """What conditions came to since the instance last changed: all questions of a group ask the same."""
        self._settled: Answers | None = None

    def next(self, answers: Answers) -> Question | None:
        """The first relevant question that has no entry in the answers; None when all have. Notes have to be shown.

        A choice that is no longer among the choices, since an earlier answer was changed, counts as none.
        """
        return next((one for one in self._asked(answers) if self._is_open(one, answers)), None)

    def place(self, question: Question, answers: Answers) -> tuple[int, int]:
        """The question's number among those asked as things stand, and how many these are. Notes are not counted.

        A note has the number of the question before it.
        """
        counted = [one for one in self._asked(answers) if one.kind is not Kind.NOTE]
        order = {one.name: place for place, one in enumerate(self.form.questions)}
        before = sum(order[one.name] <= order[question.name] for one in counted)
        return before, len(counted)

    def relevant(self, question: Question, answers: Answers) -> bool:
        """Is the question asked as things stand, or a calculation done?"""
        self._settle(answers)
        return self._relevant[question.name]

    def options(self, question: Question, answers: Answers) -> tuple[Option, ...]:
        """What may be chosen now."""
        self._settle(answers)
        return self._options(question)

    def problem(self, question: Question, value: str, answers: Answers) -> str | None:
        """What to say to this answer if it cannot be taken, a kind sentence; None if it can. "" is no answer."""
        self._settle(answers)
        if value == "":
            required = question.required and truth(self._instance.evaluate(question.required, question.path))
            return (self.says(question.required_says) or "这道题要回答，谢谢您。") if required else None
        wrong = misfit(question, value, self._options(question))
        if wrong or not question.constraint or is_spoken(value):
            return wrong
        before = self._instance[question.path]
        self._instance[question.path] = value
        holds = truth(self._instance.evaluate(question.constraint, question.path))
        self._instance[question.path] = before
        return None if holds else self.says(question.constraint_says) or "这个回答好像不对，请再看看。"

    def label(self, question: Question, answers: Answers) -> str:
        """What the question says, with earlier answers filled in where it refers to them.

        A note may have a calculation of its own, whose result then stands behind its words.
        """
        said = self._filled(question.label, answers)
        if question.kind is Kind.NOTE and question.calculation:
            said = f"{said} {self.default(question, answers)}"
        return said.strip()

    def hint(self, question: Question, answers: Answers) -> str:
        """The line below the question, or ""."""
        return self._filled(question.hint, answers)

    def says(self, words: Words) -> str:
        """The words in the interview's language, else in the form's default one, else in any; "" if there are none."""
        known = (words[language] for language in self._languages if words.get(language))
        return next(known, next(filter(None, words.values()), ""))

    def default(self, question: Question, answers: Answers) -> str:
        """The answer that a question without one has, or ""."""
        self._settle(answers)
        return self._unsaid(question)

    def complete(self, answers: Answers) -> Answers:
        """The answers as they are handed in: irrelevant ones dropped, calculations and defaults put in, notes left out."""
        self._settle(answers)
        whole = {
            question.name: self._instance[question.path]
            for question in self.form.questions
            if self._relevant[question.name] and (question.kind is not Kind.NOTE or question.calculation)
        }
        return {name: value for name, value in whole.items() if value or name in answers}

    def _is_open(self, question: Question, answers: Answers) -> bool:
        if question.name not in answers:
            return True
        if not question.choice_filter:
            return False
        names = answers[question.name].split()
        chosen = tuple(option for option in question.options if option.name in names)
        return len(self._let_through(question, chosen)) < len(names)

    def _asked(self, answers: Answers) -> Iterator[Question]:
        self._settle(answers)
        for question in self.form.questions:
            if question.kind is not Kind.CALCULATE and self._relevant[question.name]:
                yield question

    def _settle(self, answers: Answers) -> None:
        """Bring the instance to these answers: what is irrelevant is empty, what is calculated is up to date."""
        if answers == self._settled:
            return
        for question in self.form.questions:
            self._instance[question.path] = answers.get(question.name, "")
        self._held.clear()
        waiting = self.form.questions
        for _ in range(_MOST_ROUNDS):
            changed = [question.path for question in waiting if self._update(question, answers)]
            waiting = tuple(
                question for question in self.form.questions if changed and _reads(question, changed)
            )
            if not waiting:
                break
        self._settled = dict(answers)

    def _update(self, question: Question, answers: Answers) -> bool:
        """Work out one question anew; did its value change?"""
        path, before = question.path, self._instance[question.path]
        holds = all(self._holds(condition, path) for condition in question.relevant)
        self._relevant[question.name] = holds
        if not holds:
            self._instance[path] = ""
        elif question.name in answers and question.kind not in {Kind.CALCULATE, Kind.NOTE}:
            self._instance[path] = answers[question.name]
        else:
            self._instance[path] = self._unsaid(question)
        if self._instance[path] == before:
            return False
        self._held.clear()
        return True

    def _holds(self, condition: str, path: str) -> bool:
        if "." in condition:  # it may say where it stands: . or ../enough
            return truth(self._instance.evaluate(condition, path))
        if condition not in self._held:
            self._held[condition] = truth(self._instance.evaluate(condition, path))
        return self._held[condition]

    def _unsaid(self, question: Question) -> str:
        """The value of a question about which nothing was said."""
        expression = question.calculation or question.default_calculation
        if not expression:
            return question.default
        value = text(self._instance.evaluate(expression, question.path))
        return "" if value == "NaN" else value

    def _options(self, question: Question) -> tuple[Option, ...]:
        return self._let_through(question, question.options) if question.choice_filter else question.options

    def _let_through(self, question: Question, options: tuple[Option, ...]) -> tuple[Option, ...]:
        passing = self._instance.chosen(question.choice_filter, question.path, _root_of(options))
        return tuple(compress(options, passing))

    def _filled(self, words: Words, answers: Answers) -> str:
        said = self.says(words)
        if "${" not in said:
            return said
        self._settle(answers)
        return _REFERENCE.sub(lambda match: self._shown(match[1]), said)

    def _shown(self, name: str) -> str:
        """An answer as people read it: choices by their labels."""
        question = self._by_name.get(name)
        if question is None:
            return ""
        value = self._instance[question.path]
        if question.kind in {Kind.ONE, Kind.SEVERAL, Kind.RANK}:
            return "、".join(self._choice_name(chosen, question.path) for chosen in value.split())
        return NAMED if is_spoken(value) else value

    def _choice_name(self, name: str, path: str) -> str:
        question = self._by_path.get(path)
        labels = (
            (self.says(one.label) for one in question.options if one.name == name) if question else iter(())
        )
        return next(labels, name)


def _reads(question: Question, paths: list[str]) -> bool:
    """May the question's relevance or calculation depend on what stands at one of the paths?"""
    expressions = (*question.relevant, question.calculation, question.default_calculation)
    return any(mark in expression for expression in expressions for mark in (*paths, *_LOOKS_AROUND))


def _instance_of(options: tuple[Option, ...]) -> ET.Element:
    instance = ET.Element("instance")
    instance.append(_root_of(options))
    return instance


def _root_of(options: tuple[Option, ...]) -> ET.Element:
    """A list of choices as XForms has it: an item each, with its name and columns as children."""
    root = ET.Element("root")
    for option in options:
        item = ET.SubElement(root, "item")
        label = next(iter(option.label.values()), "")
        for column, value in {"name": option.name, "label": label, **option.columns}.items():
            ET.SubElement(item, column).text = value
    return root
