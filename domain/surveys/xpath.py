"""XForms expressions: XPath 1.0 by elementpath, with the values and functions of ODK.

elementpath parses and walks paths. What differs from XPath in XForms is registered here: a path that stands for a
value is the value of its first node (empty or missing: ""), dates count as days, and there are more functions.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from copy import copy
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from xml.etree import ElementTree as ET

from elementpath import XPathContext
from elementpath.exceptions import ElementPathError, MissingContextError
from elementpath.xpath1 import XPath1Parser
from elementpath.xpath_nodes import ElementNode, XPathNode

from domain.surveys.functions import OF_ALL, PLAIN
from domain.surveys.patterns import endless
from domain.surveys.values import Value, equal, number, text, truth

MAX_LENGTH = 2000
"""Characters of an expression."""
MAX_DEPTH = 80
"""Operators and functions within each other: whoever evaluates them deeper runs out of Python's stack."""

JR = "http://openrosa.org/javarosa"

ChoiceName = Callable[[str, str], str]
"""The label of a choice: its name, and the path of the question."""


class ExpressionError(ValueError):
    """An expression that cannot be evaluated here; the message is a reason in Chinese."""


class FormParser(XPath1Parser):
    """elementpath's XPath 1.0 parser, whose symbols are exchanged below."""

    DEFAULT_NAMESPACES = XPath1Parser.DEFAULT_NAMESPACES | {"jr": JR}
    PATH_STEP_LABELS = (*XPath1Parser.PATH_STEP_LABELS, "function")
    """Paths may begin at instance('villages') and current()."""

    def parse(self, source: str) -> Any:
        """Without elementpath's trial run: the patterns of `regex` are looked at before any is tried."""
        return super(XPath1Parser, self).parse(source)


class FormContext(XPathContext):
    """Where an expression is evaluated, and what its functions may ask."""

    today: date
    choice_name: ChoiceName
    here: XPathNode
    lists: dict[str, ElementNode]


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
            return _value(parse(expression), context)
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


def _value(token: Any, context: FormContext | None) -> Value:
    """A token's one value."""
    return _plain(token.evaluate(context and context.__copy__()))  # paths move a context's item about


def _values(token: Any, context: FormContext | None) -> list[Value]:
    """All of a token's values: a path may give many."""
    result = token.evaluate(context and context.__copy__())
    return [_plain(item) for item in result] if isinstance(result, list) else [_plain(result)]


def _plain(result: Any) -> Value:
    if isinstance(result, list):
        return _plain(result[0]) if result else ""
    if isinstance(result, XPathNode):
        return result.compat_string_value
    if isinstance(result, bool | str | float):
        return result
    return float(result)


def _register(symbol: str, least: int, most: int | None, evaluate: Callable[..., Any]) -> None:
    """A function of XForms, in place of XPath's own of that name."""
    if symbol in FormParser.symbol_table:
        FormParser.unregister(symbol)
    nargs = least if least == most else (least, most)
    _works_by(FormParser.function(symbol, nargs=nargs), evaluate)


def _works_by(token_class: Any, evaluate: Callable[..., Any]) -> None:
    token_class.evaluate = evaluate


def _plain_function(do: Callable[..., Value]) -> Callable[..., Value]:
    return lambda self, context=None: do(*(_value(argument, context) for argument in self))


def _function_of_all(do: Callable[[Sequence[Value]], Value]) -> Callable[..., Value]:
    return lambda self, context=None: do([one for argument in self for one in _values(argument, context)])


def _operator(
    symbol: str, do: Callable[[Any, Any], Value], alone: Callable[[Any], Value] | None = None
) -> None:
    """An operator with our values, `alone` where it stands before its only operand."""
    before = FormParser.symbol_table[symbol]

    def evaluate(self: Any, context: FormContext | None = None) -> Any:
        if len(self) == 0:  # the * of a path
            return before.evaluate(self, context)
        if len(self) == 1 and alone:
            return alone(_value(self[0], context))
        return do(_value(self[0], context), _value(self[1], context))

    FormParser.symbol_table[symbol] = type(before.__name__, (before,), {"evaluate": evaluate})


def _logical(symbol: str, *, decided: bool) -> None:
    """`or` and `and`, which look at the second operand only where the first has not `decided`."""
    before = FormParser.symbol_table[symbol]

    def evaluate(self: Any, context: FormContext | None = None) -> bool:
        first = truth(_value(self[0], context))
        return first if first is decided else truth(_value(self[1], context))

    FormParser.symbol_table[symbol] = type(before.__name__, (before,), {"evaluate": evaluate})


def _if(self: Any, context: FormContext | None = None) -> Value:
    return _value(self[1] if truth(_value(self[0], context)) else self[2], context)


def _known(context: FormContext | None) -> FormContext:
    if context is None:
        raise MissingContextError("needs a form")
    return context


def _once(self: Any, context: FormContext | None = None) -> Value:
    return _plain(_known(context).here) or _value(self[0], context)


def _today(_: Any, context: FormContext | None = None) -> Value:
    return _known(context).today.isoformat()


def _now(_: Any, context: FormContext | None = None) -> Value:
    """An interview knows the day and no more: an exact time beside an anonymous answer could betray who wrote it."""
    return f"{_known(context).today.isoformat()}T00:00:00.000+08:00"


def _current(_: Any, context: FormContext | None = None) -> list[XPathNode]:
    return [_known(context).here]


def _instance(self: Any, context: FormContext | None = None) -> list[XPathNode]:
    found = _known(context).lists.get(text(_value(self[0], context)))
    return [found] if found is not None else []


def _choice_name(self: Any, context: FormContext | None = None) -> Value:
    name, path = text(_value(self[0], context)), text(_value(self[1], context)).strip()
    return _known(context).choice_name(name, path)


def _quotient(one: Value, other: Value) -> float:
    dividend, divisor = number(one), number(other)
    if divisor == 0:
        return math.nan if dividend == 0 or math.isnan(dividend) else math.copysign(math.inf, dividend)
    return dividend / divisor


def _remainder(one: Value, other: Value) -> float:
    """With the sign of the dividend, as in XPath."""
    dividend, divisor = number(one), number(other)
    if not math.isfinite(dividend) or divisor == 0 or math.isnan(divisor):
        return math.nan
    return math.fmod(dividend, divisor)


for _name, (_least, _most, _do) in PLAIN.items():
    _register(_name, _least, _most, _plain_function(_do))
for _name, (_least, _all) in OF_ALL.items():
    _register(_name, _least, None, _function_of_all(_all))

_register("if", 3, 3, _if)
_register("once", 1, 1, _once)
_register("today", 0, 0, _today)
_register("now", 0, 0, _now)
_register("current", 0, 0, _current)
_register("instance", 1, 1, _instance)
_works_by(FormParser.function("choice-name", prefix="jr", nargs=2), _choice_name)

_logical("or", decided=True)
_logical("and", decided=False)
_operator("=", equal)
_operator("!=", lambda one, other: not equal(one, other))
_operator("<", lambda one, other: number(one) < number(other))
_operator("<=", lambda one, other: number(one) <= number(other))
_operator(">", lambda one, other: number(one) > number(other))
_operator(">=", lambda one, other: number(one) >= number(other))
_operator("+", lambda one, other: number(one) + number(other), number)
_operator("-", lambda one, other: number(one) - number(other), lambda one: -number(one))
_operator("*", lambda one, other: number(one) * number(other))
_operator("div", _quotient)
_operator("mod", _remainder)

FormParser.tokenizer = FormParser.create_tokenizer(FormParser.symbol_table)
