"""Whatever spreadsheet is sent: it becomes a form that can be asked to its end, or a FormError says why not."""

import io
import logging
import random
import time
import zipfile
from collections import Counter

import pytest

from bot.survey_templates import TEMPLATES, template_workbook
from domain.surveys.form import Answers, Form
from domain.surveys.interview import Interview
from services.surveys.problems import FormError
from services.surveys.sheets import MAX_BYTES, MAX_UNPACKED
from services.surveys.xlsform import compile_form
from tests.faults.spoiling import spoiled
from tests.unit.surveys.sheets import TODAY, workbook

HUNDREDS = 10
LONGEST = 2.0
"""Seconds that one spreadsheet may take; the slowest of the thousand took 0.05 where this was written."""


@pytest.fixture(autouse=True)
def quiet() -> None:
    logging.getLogger("pyxform").setLevel(logging.CRITICAL)


@pytest.mark.parametrize("hundred", range(HUNDREDS))
@pytest.mark.filterwarnings("ignore")  # openpyxl and zipfile warn of what is wrong in a file
def test_a_thousand_spoiled_spreadsheets(hundred: int):
    whole = [template_workbook(name) for name in TEMPLATES]
    ends = Counter()
    for number in range(hundred * 100, hundred * 100 + 100):
        chance = random.Random(number)
        data = spoiled(chance.choice(whole), chance)
        began = time.process_time()
        ends[_end(data, chance)] += 1
        assert time.process_time() - began < LONGEST, number
    assert ends["asked"] > 10, "some spoiling does no harm"
    assert ends["refused"] > 10
    assert ends["no reason"] == 0


def _end(data: bytes, chance: random.Random) -> str:
    try:
        form = compile_form(data, "spoiled.xlsx")
    except FormError as error:
        return "refused" if error.problems and all(one.reason for one in error.problems) else "no reason"
    _ask(form, chance)
    return "asked"


def _ask(form: Form, chance: random.Random) -> None:
    talk = Interview(form, TODAY)
    answers: Answers = {}
    while (question := talk.next(answers)) is not None:
        assert len(answers) < 100
        talk.label(question, answers)
        talk.hint(question, answers)
        talk.place(question, answers)
        options = talk.options(question, answers)
        value = chance.choice(["", options[0].name if options else "3", "2026-11-01", "x" * 10])
        talk.problem(question, value, answers)
        answers[question.name] = value
    talk.complete(answers)


def zipped(**parts: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for name, part in parts.items():
            new.writestr(name, part)
    return packed.getvalue()


def replaced(data: bytes, part: str, old: bytes, new: bytes) -> bytes:
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as before,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            content = before.read(name)
            after.writestr(name, content.replace(old, new, 1) if name == part else content)
    return packed.getvalue()


GOOD = workbook((("type", "name", "label"), ("text", "q", "好吗？")))
LAUGHS = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10 if n else b"ha") for n in range(9))
BOMB = zipped(**{f"xl/worksheets/sheet{n}.xml": b"<x>" + b" " * 2**22 for n in range(12)})


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "打不开|没有 survey 表"),
        (b"\0" * 1000, "打不开"),
        (b"PK\x03\x04", "打不开"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 5000, "打不开"),
        (b"%PDF-1.7 \xff\xfe\xfa", "打不开"),
        (b"x" * (MAX_BYTES + 1), "文件太大"),
        (BOMB, "解开后太大"),
        (zipped(**{f"part{n}": b"" for n in range(400)}), "解开后太大"),
        (
            replaced(GOOD, "xl/workbook.xml", b"<workbook", b"<!DOCTYPE x [" + LAUGHS + b"]><workbook"),
            "打不开",
        ),
        (
            workbook((("type", "name", "label"), *[("text", f"q{n}", "好？") for n in range(1200)])),
            "行数太多",
        ),
    ],
    ids=["empty", "zeros", "zip", "xls", "pdf", "large", "bomb", "parts", "laughs", "rows"],
)
def test_files_that_mean_harm(data: bytes, reason: str):
    began = time.process_time()
    with pytest.raises(FormError, match=reason):
        compile_form(data, "x.xlsx")
    assert time.process_time() - began < LONGEST


def test_the_bomb_is_one():
    with zipfile.ZipFile(io.BytesIO(BOMB)) as packed:
        assert sum(part.file_size for part in packed.infolist()) > MAX_UNPACKED
    assert len(BOMB) < MAX_BYTES


def test_markup_and_entities_in_words_stay_words():
    nasty = '<b>&lol;&#x41;<!ENTITY x SYSTEM "file:///etc/passwd"> ]]> =1+1 <output value="/data/q"/>'
    data = workbook(
        (("type", "name", "label", "hint"), ("text", "q", nasty, nasty), ("text", "r", "“${q}”？"))
    )
    talk = Interview(compile_form(data, "x.xlsx"), TODAY)
    q, r = talk.form.questions
    assert talk.label(q, {}) == talk.hint(q, {}) == nasty
    assert talk.label(r, {"q": nasty}) == f"“{nasty}”？"


def test_a_pattern_that_never_ends_does_not_hold_a_villager_up():
    rows = (
        ("type", "name", "label", "constraint"),
        ("text", "q", "好？", "regex(., '[a-z]*[a-z]*[a-z]*!')"),
    )
    talk = Interview(compile_form(workbook(rows), "x.xlsx"), TODAY)
    began = time.process_time()
    talk.problem(talk.form.questions[0], "a" * 2000, {})
    talk.problem(talk.form.questions[0], "a" * 300, {})
    assert time.process_time() - began < LONGEST
