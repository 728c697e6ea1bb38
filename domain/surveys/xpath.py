"""XForms expressions: XPath 1.0 by elementpath, with the values and functions of ODK.

elementpath parses and walks paths; `grammar` has what differs from XPath in XForms.
"""

from collections.abc import Iterator, Sequence
from copy import copy
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from xml.etree import ElementTree as ET

from elementpath import XPathContext
from elementpath.exceptions import ElementPathError

from domain.surveys.grammar import ChoiceName, FormContext, FormParser, value_of
from domain.surveys.patterns import endless
from domain.surveys.values import Value, truth

MAX_LENGTH = 2000
"""Characters of an expression."""
MAX_DEPTH = 80
"""Operators and functions within each other: whoever evaluates them deeper runs out of Python's stack."""


class ExpressionError(ValueError):
    """An expression that cannot be evaluated here; the message is a reason in Chinese."""


class Instance:
    """The answers of a form as XML, while it is filled.

    `paths` are those of its questions, like /data/water/enough; `lists` its lists of choices as elements
    that stand for instances, with a root and items.
    """

    def __init__(
        self, paths: Sequence[str], today: date, choice_name: ChoiceName, lists: dict[str, ET.Element]
    ) -> None:
        root = ET.Element(paths[0].split("/")[1] if paths else "data")
        self._elements: dict[str, ET.Element] = {f"/{root.tag}": root}
        for path in paths:
            self._element(path)
        midnight = datetime(today.year, today.month, today.day)  # noqa: DTZ001  nothing reads its time
        self._context = FormContext(root, current_dt=midnight)
        self._context.today = today
        self._context.choice_name = choice_name
        self._context.lists = {name: _node(element) for name, element in lists.items()}

    def _element(self, path: str) -> ET.Element:
        if path not in self._elements:
            above, _, name = path.rpartition("/")
            self._elements[path] = ET.SubElement(self._element(above), name)
        return self._elements[path]

    def __getitem__(self, path: str) -> str:
        return self._elements[path].text or ""

    def __setitem__(self, path: str, value: str) -> None:
        self._elements[path].text = value

    def evaluate(self, expression: str, path: str) -> Value:
        """The expression's value where the question at `path` stands.

        An expression that fails with these answers has no value, "": a conversation does not stop for it.
        """
        here = self._nodes[self._elements[path]]
        return self._evaluate(expression, here, here)

    def chosen(self, expression: str, path: str, choices: ET.Element) -> list[bool]:
        """For each of the choices, does the filter of the question at `path` let it pass?"""
        here = self._nodes[self._elements[path]]
        return [truth(self._evaluate(expression, here, item)) for item in _node(choices).children]

    def _evaluate(self, expression: str, here: Any, item: Any) -> Value:
        context = copy(self._context)
        context.here, context.item = here, item
        try:
            return value_of(parse(expression), context)
        except (ElementPathError, ValueError, TypeError, ArithmeticError, RecursionError):
            return ""

    @property
    def _nodes(self) -> Any:
        return self._context.root.elements  # type: ignore[union-attr]


@lru_cache(maxsize=4096)
def parse(expression: str) -> Any:
    """The expression as elementpath's tokens. Raises ExpressionError."""
    if len(expression) > MAX_LENGTH:
        raise ExpressionError(f"算式太长（最多 {MAX_LENGTH} 个字符）")
    try:
        token = FormParser().parse(expression)
    except ElementPathError as error:
        raise ExpressionError(_reason(error)) from error
    except (ValueError, TypeError, ArithmeticError, RecursionError, SyntaxError) as error:
        raise ExpressionError("算式读不懂") from error
    if _depth(token) > MAX_DEPTH:
        raise ExpressionError("算式里一层套一层太多")
    for pattern in _patterns(token):
        if endless(pattern):
            raise ExpressionError("regex 的模式写错了，或者在重复里又有重复，算起来没有尽头")
    return token


def _reason(error: ElementPathError) -> str:
    message = str(error)
    name = message.rpartition("unknown function ")[2].strip("'") if "unknown function" in message else ""
    if name:
        return f"对话里没有函数 {name.split('#')[0]}"
    if "XPST0017" in message:
        return "函数的参数个数不对"
    return "算式读不懂"


def _depth(token: Any) -> int:
    """How deep the tokens are within each other, counted without going deep oneself."""
    deepest, waiting = 0, [(token, 1)]
    while waiting:
        one, depth = waiting.pop()
        deepest = max(deepest, depth)
        waiting.extend((inner, depth + 1) for inner in one)
    return deepest


def _patterns(token: Any) -> Iterator[str]:
    waiting = [token]
    while waiting:
        one = waiting.pop()
        waiting.extend(one)
        if one.symbol == "regex":
            if one[1].symbol != "(string)":
                raise ExpressionError("regex 的模式要直接写在引号里")
            yield one[1].value


def _node(element: ET.Element) -> Any:
    return XPathContext(element).root
