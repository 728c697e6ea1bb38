"""From XForm XML to a Form.

pyxform writes it by https://getodk.github.io/xforms-spec/ : an instance with a node for each question, binds that hold
its expressions, controls that hold its words, and lists of choices as further instances.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from domain.surveys.form import Form, Kind, Option, Question, Words
from services.surveys.others import others_in_chinese
from services.surveys.problems import Problem

_X = "{http://www.w3.org/2002/xforms}"
_H = "{http://www.w3.org/1999/xhtml}"
_JR = "{http://openrosa.org/javarosa}"
_ODK = "{http://www.opendatakit.org/xforms}"

_ITEXT = re.compile(r"jr:itext\('(.*)'\)")
_ITEMSET = re.compile(r"instance\('([^']+)'\)/root/item(?:\[(.*)\])?", re.DOTALL)
_INSTANCE = re.compile(r"""instance\(\s*['"]([^'"]+)['"]\s*\)""")
_UNTRANSLATED = "-"
"""What pyxform writes where a translation is missing."""

_INPUTS = {
    "string": Kind.TEXT,
    "int": Kind.INTEGER,
    "decimal": Kind.DECIMAL,
    "date": Kind.DATE,
    "time": Kind.TIME,
    "geopoint": Kind.PLACE,
}
_CONTROLS = {
    f"{_X}select1": Kind.ONE,
    f"{_X}select": Kind.SEVERAL,
    f"{_X}trigger": Kind.ONE,
    f"{_X}range": Kind.RANGE,
    f"{_ODK}rank": Kind.RANK,
}
_UPLOADS = {"image/*": Kind.IMAGE, "audio/*": Kind.AUDIO}
_ACKNOWLEDGED = Option("OK", {"": "知道了"})
"""XForms' trigger: one button, whose value is OK."""


@dataclass
class Compiled:
    """A form, what is wrong with it, and which metadata it asks for that are not collected here."""

    form: Form
    problems: list[Problem] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def compile_xform(xml: str, rows: Mapping[str, int]) -> Compiled:
    """The form in an XForm; `rows` are the rows of its questions by name."""
    return _XForm(ET.fromstring(xml), rows).compiled()  # noqa: S314  pyxform wrote it, without a doctype


class _XForm:
    """One XForm while it is read."""

    def __init__(self, html: ET.Element, rows: Mapping[str, int]) -> None:
        self._html, self._rows = html, rows
        model = _found(html, f"{_H}head/{_X}model")
        self._model = model
        instances = model.findall(f"{_X}instance")
        self._data = instances[0][0]
        self._lists = {one.get("id", ""): one.find(f"{_X}root") for one in instances[1:]}
        self._binds = {bind.get("nodeset", ""): bind for bind in model.findall(f"{_X}bind")}
        self._texts = self._translations()
        body = _found(html, f"{_H}body")
        self._controls = {one.get("ref", ""): one for one in body.iter() if one.tag != f"{_X}group"}
        self._setvalues = {
            one.get("ref", ""): one.get("value", "")
            for one in model.findall(f"{_X}setvalue")
            if one.get("event") == "odk-instance-first-load"
        }
        self._leaves = dict(_leaves(self._data, f"/{_local(self._data)}", (), self._relevant_of))
        self._problems: list[Problem] = []
        self._left_out: list[str] = []

    def compiled(self) -> Compiled:
        title = (_found(self._html, f"{_H}head/{_H}title").text or "").strip()
        questions = others_in_chinese(list(self._questions()))
        form = Form(
            name=self._data.get("id", ""),
            title=title,
            version=self._data.get("version", ""),
            languages=tuple(self._texts) or ("",),
            questions=questions,
            lists={
                name: self._options(name)
                for name in _lists_in(questions)
                if self._lists.get(name) is not None
            },
        )
        return Compiled(form, self._problems, self._left_out)

    def _translations(self) -> dict[str, dict[str, ET.Element]]:
        """The words by language, the default one first, and by id."""
        translations = sorted(
            self._model.findall(f"{_X}itext/{_X}translation"), key=lambda one: one.get("default") is None
        )
        return {_language(one): _texts_of(one) for one in translations}

    def _questions(self) -> Iterator[Question]:
        for path, relevant in self._leaves.items():
            bind, control = self._binds.get(path), self._controls.get(path)
            if path.split("/")[2] == "meta" or (bind is None and control is None):
                continue
            preload = bind.get(f"{_JR}preload", "") if bind is not None else ""
            if preload and control is None and bind.get(f"{_JR}preloadParams") != "today":  # type: ignore[union-attr]
                self._left_out.append(_name(path))
                continue
            question = self._question(
                path, relevant, bind if bind is not None else ET.Element("bind"), control
            )
            if question:
                yield question

    def _relevant_of(self, path: str) -> str:
        bind = self._binds.get(path)
        return "" if bind is None else _expression(bind, "relevant")

    def _question(
        self, path: str, relevant: tuple[str, ...], bind: ET.Element, control: ET.Element | None
    ) -> Question | None:
        kind = _kind(bind, control)
        if kind is None:
            self._problem(path, "对话里问不了这种题")
            return None
        node = self._node(path)
        options, choice_filter = self._choices(path, control)
        calculation = _expression(bind, "calculate")
        return Question(
            name=_name(path),
            path=path,
            kind=kind,
            label=self._words(path, control, "label"),
            hint=self._words(path, control, "hint"),
            options=options,
            choice_filter=choice_filter,
            required=_required(bind),
            required_says=self._said(path, bind, "requiredMsg"),
            relevant=relevant,
            constraint=_expression(bind, "constraint"),
            constraint_says=self._said(path, bind, "constraintMsg"),
            calculation=calculation or ("today()" if bind.get(f"{_JR}preload") else ""),
            default=(node.text or "").strip(),
            default_calculation=self._setvalues.get(path, "").strip(),
            span=_span(control) if kind is Kind.RANGE else ("", "", ""),
        )

    def _node(self, path: str) -> ET.Element:
        node = self._data
        for step in path.split("/")[2:]:
            node = next(child for child in node if _local(child) == step)
        return node

    def _choices(self, path: str, control: ET.Element | None) -> tuple[tuple[Option, ...], str]:
        if control is None or control.tag not in _CONTROLS or control.tag == f"{_X}range":
            return (), ""
        if control.tag == f"{_X}trigger":
            return (_ACKNOWLEDGED,), ""
        itemset = control.find(f"{_X}itemset")
        match = _ITEMSET.fullmatch(itemset.get("nodeset", "").strip()) if itemset is not None else None
        if match is None or self._lists.get(match[1]) is None:
            self._problem(path, "选项要来自 choices 表，不能来自别的题或别的文件")
            return (), ""
        return self._options(match[1]), (match[2] or "").strip()

    def _options(self, name: str) -> tuple[Option, ...]:
        items = self._lists[name]
        return () if items is None else tuple(self._option(item) for item in items)

    def _option(self, item: ET.Element) -> Option:
        columns = {_local(child): child.text or "" for child in item}
        name, text, itext = (columns.pop(key, "") for key in ("name", "label", "itextId"))
        return Option(name, self._translated(itext) if itext else {"": text}, columns)

    def _words(self, path: str, control: ET.Element | None, tag: str) -> Words:
        element = control.find(f"{_X}{tag}") if control is not None else None
        if element is None:
            return {}
        match = _ITEXT.fullmatch(element.get("ref", ""))
        return self._translated(match[1], path) if match else {"": self._said_by(element, path)}

    def _said(self, path: str, bind: ET.Element, attribute: str) -> Words:
        said = bind.get(f"{_JR}{attribute}", "")
        match = _ITEXT.fullmatch(said)
        if match:
            return self._translated(match[1], path)
        return {"": said} if said else {}

    def _translated(self, text: str, path: str = "") -> Words:
        words = {
            language: self._said_by(texts[text], path)
            for language, texts in self._texts.items()
            if text in texts
        }
        return {language: said for language, said in words.items() if said != _UNTRANSLATED}

    def _said_by(self, element: ET.Element, path: str) -> str:
        """The element's words, what it takes from answers being written ${name} again."""
        said = element.text or ""
        for output in element:
            told = output.get("value", "").strip()
            said += f"${{{_name(told)}}}{output.tail or ''}"
            if told not in self._leaves:
                self._problem(path, "文字里只能用 ${题的名字}")
        return said.strip()

    def _problem(self, path: str, reason: str) -> None:
        self._problems.append(Problem("survey", self._rows.get(_name(path), 0), reason))


def _leaves(
    node: ET.Element, path: str, relevant: tuple[str, ...], relevant_of: Callable[[str], str]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The paths of all nodes without children below this one, and what must hold for them to be asked."""
    for child in node:
        if child.get(f"{_JR}template") is not None:  # of a repeat, which stands there once more
            continue
        below = f"{path}/{_local(child)}"
        held = (*relevant, *filter(None, [relevant_of(below)]))
        if len(child):
            yield from _leaves(child, below, held, relevant_of)
        else:
            yield below, held


def _kind(bind: ET.Element, control: ET.Element | None) -> Kind | None:
    if control is None:
        return Kind.CALCULATE
    if control.tag == f"{_X}upload":
        return _UPLOADS.get(control.get("mediatype", ""))
    if control.tag == f"{_X}input":
        return Kind.NOTE if bind.get("readonly") == "true()" else _INPUTS.get(bind.get("type", "string"))
    return _CONTROLS.get(control.tag)


def _span(control: ET.Element | None) -> tuple[str, str, str]:
    if control is None:
        return ("", "", "")
    return (control.get("start", ""), control.get("end", ""), control.get("step", ""))


def _expression(bind: ET.Element, attribute: str) -> str:
    return bind.get(attribute, "").strip()


def _required(bind: ET.Element) -> str:
    required = _expression(bind, "required")
    return "" if required == "false()" else required


def _lists_in(questions: tuple[Question, ...]) -> set[str]:
    expressions = (
        expression
        for one in questions
        for expression in (*one.relevant, one.constraint, one.calculation, one.choice_filter, one.required)
    )
    return {name for expression in expressions for name in _INSTANCE.findall(expression)}


def _language(translation: ET.Element) -> str:
    language = translation.get("lang", "")
    return "" if language == "default" else language


def _texts_of(translation: ET.Element) -> dict[str, ET.Element]:
    """Plain words by id; other forms are pictures, sounds and guidance for interviewers."""
    return {
        text.get("id", ""): value
        for text in translation
        for value in text.findall(f"{_X}value")
        if value.get("form") is None
    }


def _found(element: ET.Element, path: str) -> ET.Element:
    found = element.find(path)
    if found is None:
        raise ValueError(f"an XForm without {path}")
    return found


def _local(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _name(path: str) -> str:
    return path.rpartition("/")[2]
