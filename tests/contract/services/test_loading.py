"""A form becomes a survey in the database, and comes out of it as it went in."""

import json

import pytest

from bot.survey_templates import template_workbook
from domain.errors import Refusal
from domain.surveys.form import form_from_json
from services.surveys.loading import load_survey
from services.surveys.xlsform import compile_form
from tests.contract.village import COUNTY, ID, TOWNSHIP, Village

SHEET = template_workbook("quarterly")
FORM = compile_form(SHEET, "quarterly.xlsx")


async def test_a_form_is_kept_as_a_draft(village: Village, look):
    number = await village.do(
        lambda desk: load_survey(desk, FORM, SHEET, anonymous=True, area=TOWNSHIP, by=ID["staff"])
    )
    rows = look("SELECT id, name, title, state, area, loaded_by, opened_at, closes_at, closed_at FROM survey")
    assert rows == [(number, "quarterly", "开门纳谏", "draft", TOWNSHIP, ID["staff"], None, None, None)]
    ((anonymous, sheet, kept),) = look("SELECT anonymous, sheet, form FROM survey")
    assert anonymous in (True, 1)
    assert bytes(sheet) == SHEET
    assert form_from_json(json.loads(kept) if isinstance(kept, str) else kept) == FORM


async def test_without_a_place_it_is_the_countys(village: Village, look):
    for _ in range(2):  # the same form every quarter
        await village.do(lambda desk: load_survey(desk, FORM, SHEET, anonymous=False))
    assert look("SELECT area, loaded_by FROM survey") == [(COUNTY, None)] * 2


async def test_a_place_that_is_not_there(village: Village, look):
    with pytest.raises(Refusal, match="没有这个地方"):
        await village.do(lambda desk: load_survey(desk, FORM, SHEET, anonymous=False, area="999999"))
    assert look("SELECT count(*) FROM survey") == [(0,)]
