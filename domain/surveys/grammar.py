"""The grammar of XForms expressions: elementpath's XPath 1.0, its symbols exchanged for those of ODK.

A path that stands for a value is the value of its first node (empty or missing: ""), dates count as days, and there are
more functions.
"""

import math
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from elementpath import XPathContext
from elementpath.exceptions import MissingContextError
from elementpath.xpath1 import XPath1Parser
from elementpath.xpath_nodes import ElementNode, XPathNode

from domain.surveys.functions import OF_ALL, PLAIN
from domain.surveys.values import Value, equal, number, text, truth

JR = "http://openrosa.org/javarosa"

ChoiceName = Callable[[str, str], str]
"""The label of a choice: its name, and the path of the question."""


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


def value_of(token: Any, context: FormContext | None) -> Value:
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
    return lambda self, context=None: do(*(value_of(argument, context) for argument in self))


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
            return alone(value_of(self[0], context))
        return do(value_of(self[0], context), value_of(self[1], context))

    FormParser.symbol_table[symbol] = type(before.__name__, (before,), {"evaluate": evaluate})


def _logical(symbol: str, *, decided: bool) -> None:
    """`or` and `and`, which look at the second operand only where the first has not `decided`."""
    before = FormParser.symbol_table[symbol]

    def evaluate(self: Any, context: FormContext | None = None) -> bool:
        first = truth(value_of(self[0], context))
        return first if first is decided else truth(value_of(self[1], context))

    FormParser.symbol_table[symbol] = type(before.__name__, (before,), {"evaluate": evaluate})


def _if(self: Any, context: FormContext | None = None) -> Value:
    return value_of(self[1] if truth(value_of(self[0], context)) else self[2], context)


def _known(context: FormContext | None) -> FormContext:
    if context is None:
        raise MissingContextError("needs a form")
    return context


def _once(self: Any, context: FormContext | None = None) -> Value:
    return _plain(_known(context).here) or value_of(self[0], context)


def _today(_: Any, context: FormContext | None = None) -> Value:
    return _known(context).today.isoformat()


def _now(_: Any, context: FormContext | None = None) -> Value:
    """An interview knows the day and no more: an exact time beside an anonymous answer could betray who wrote it."""
    return f"{_known(context).today.isoformat()}T00:00:00.000+08:00"


def _current(_: Any, context: FormContext | None = None) -> list[XPathNode]:
    return [_known(context).here]


def _instance(self: Any, context: FormContext | None = None) -> list[XPathNode]:
    found = _known(context).lists.get(text(value_of(self[0], context)))
    return [found] if found is not None else []


def _choice_name(self: Any, context: FormContext | None = None) -> Value:
    name, path = text(value_of(self[0], context)), text(value_of(self[1], context)).strip()
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
