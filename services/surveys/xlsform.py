"""Compile XLSForms, the spreadsheets of ODK and Kobo (https://xlsform.org), into forms that can be asked by chat."""

import logging
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath

from pyxform.errors import PyXFormError  # type: ignore[import-untyped]
from pyxform.xls2xform import convert  # type: ignore[import-untyped]

from domain.surveys.form import Form, Kind, Question
from domain.surveys.kinds import steps_of
from domain.surveys.xpath import ExpressionError, parse
from services.surveys.problems import FormError, Problem, of_pyxform
from services.surveys.refusals import refused_rows
from services.surveys.sheets import Workbook, keep_quotes, read_workbook, with_quotes
from services.surveys.xform import Compiled, compile_xform

MAX_LABEL = 600
"""Characters of a question. A villager reads sixty; a message of WeChat holds 2048 bytes with its choices."""
MAX_OPTIONS = 400
MAX_QUESTIONS = 300
MAX_LOOKED_INTO = 500
"""Choices in a list that expressions look into."""
MAX_EXPRESSIONS = 60_000
"""Characters of all expressions: every turn works them out, at about two thousand a millisecond."""
MAX_NAME, MAX_TITLE = 80, 120

_OF_TABLES = "reserved_name_for_field_list_labels_"
"""pyxform's own heads of tables, whose rows were refused."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of a spreadsheet: the form, or None and the problems; and the metadata that are not collected."""

    form: Form | None
    problems: tuple[Problem, ...] = ()
    left_out: tuple[str, ...] = ()


def compile_form(data: bytes, file_name: str) -> Form:
    """The form in a spreadsheet (XLSX, XLS or CSV). Raises FormError with everything that is wrong with it."""
    checked = check_form(data, file_name)
    if checked.form is None:
        raise FormError(checked.problems)
    return checked.form


def check_form(data: bytes, file_name: str) -> Checked:
    """Everything that can be said about a spreadsheet that wants to be a form."""
    try:
        workbook = read_workbook(data, PurePath(file_name).stem or "form")
        return _compiled(workbook)
    except FormError as error:
        return Checked(None, tuple(error.problems))


def _compiled(workbook: Workbook) -> Checked:
    refused = list(refused_rows(workbook))
    rows = _rows_by_name(workbook)  # before pyxform changes the sheets in their place
    first_rows = {name: numbers[0] for name, numbers in rows.items()}
    types = {cells.get("type", ""): number for number, cells in workbook.rows("survey")}
    keep_quotes(workbook)
    try:
        xml = with_quotes(convert(workbook.sheets).xform)
        compiled = compile_xform(xml, first_rows)
    except PyXFormError as error:
        _log.info("pyxform: %s", error.code.name if error.code else type(error).__name__)
        raise FormError(_with(refused, [of_pyxform(error, types | first_rows)])) from error
    except Exception as error:  # pyxform trusts its writer more than we can
        _log.info("pyxform: %s", type(error).__name__)
        raise FormError(refused or [Problem("", 0, "表格读不懂，请对照模板检查")]) from error
    problems = _with(refused, [*compiled.problems, *_faults(compiled, rows)])
    if problems:
        raise FormError(problems)
    return Checked(compiled.form, (), tuple(compiled.left_out))


def _with(refused: list[Problem], found: list[Problem]) -> list[Problem]:
    """What was refused at once, and what was found later, save that which may only follow from it."""
    if not refused:
        return found
    places = {(problem.sheet, problem.row) for problem in refused}
    reasons = {problem.reason for problem in refused}  # a group's, which its questions inherit
    new = [one for one in found if (one.sheet, one.row) not in places and one.reason not in reasons]
    return refused + [one for one in new if one.row]


def _rows_by_name(workbook: Workbook) -> dict[str, list[int]]:
    rows = defaultdict(list)
    for number, cells in workbook.rows("survey"):
        name = cells.get("name") or cells.get("value") or cells.get("tag") or f"generated_note_name_{number}"
        rows[name.strip()].append(number)
    return dict(rows)


def _faults(compiled: Compiled, rows: Mapping[str, list[int]]) -> Iterator[Problem]:
    """What pyxform lets pass and a conversation cannot do."""
    form = compiled.form
    if not any(one.kind not in {Kind.NOTE, Kind.CALCULATE} for one in form.questions):
        yield Problem("survey", 0, "一道要回答的题也没有")
    if not 0 < len(form.name) <= MAX_NAME:
        yield Problem("settings", 2, f"form_id 不能是空的，最多 {MAX_NAME} 个字")
    if len(form.title) > MAX_TITLE:
        yield Problem("settings", 2, f"form_title 太长，最多 {MAX_TITLE} 个字")
    yield from _faults_of_size(form)
    twice = Counter(question.name for question in form.questions)
    for question in form.questions:
        row, *others = rows.get(question.name, [0])
        if twice[question.name] > 1:
            yield Problem("survey", (others or [row])[0], f"有几道题都叫 {question.name}，名字不能重复")
        if not question.name.startswith(_OF_TABLES):
            for reason in (*_faults_of(question), *_faults_in_expressions(question, compiled)):
                yield Problem("survey", row, reason)


def _faults_of_size(form: Form) -> Iterator[Problem]:
    if len(form.questions) > MAX_QUESTIONS:
        yield Problem("survey", 0, f"题太多，一次问不完，最多 {MAX_QUESTIONS} 题")
    for name, options in form.lists.items():
        if len(options) > MAX_LOOKED_INTO:
            yield Problem("choices", 0, f"{name} 的选项太多，算式里查不过来，最多 {MAX_LOOKED_INTO} 个")
    expressions = {
        one for question in form.questions for kept in _expressions(question).values() for one in kept
    }
    if sum(map(len, expressions)) > MAX_EXPRESSIONS:
        yield Problem("survey", 0, f"算式太多，合起来最多 {MAX_EXPRESSIONS} 个字符")


def _faults_of(question: Question) -> Iterator[str]:
    names = [option.name for option in question.options]
    if question.kind is not Kind.CALCULATE and not any(question.label.values()):
        yield "题没有写文字（label）"
    if any(len(said) > MAX_LABEL for said in (*question.label.values(), *question.hint.values())):
        yield f"文字太长，最多 {MAX_LABEL} 个字"
    if question.kind in {Kind.ONE, Kind.SEVERAL, Kind.RANK} and not names:
        yield "这道题没有选项"
    if len(names) > MAX_OPTIONS:
        yield f"选项太多，最多 {MAX_OPTIONS} 个"
    if question.kind is Kind.RANGE and not 1 < len(steps_of(question)) <= MAX_OPTIONS:
        yield "range 题的 parameters 不对，应当像：start=1 end=5 step=1"


def _expressions(question: Question) -> dict[str, tuple[str, ...]]:
    """The question's expressions by the columns in which they are written."""
    return {
        "relevant": question.relevant,
        "constraint": (question.constraint,),
        "calculation": (question.calculation,),
        "required": (question.required,),
        "choice_filter": (question.choice_filter,),
        "default": (question.default_calculation,),
    }


def _faults_in_expressions(question: Question, compiled: Compiled) -> Iterator[str]:
    for column, expressions in _expressions(question).items():
        for expression in filter(None, expressions):
            try:
                parse(expression)
            except ExpressionError as error:
                yield f"{column}：{error}"
            used = next((name for name in compiled.left_out if f"/{name} " in f"{expression} "), None)
            if used:
                yield f"{column}：用到了 {used}，这里不收集它"
