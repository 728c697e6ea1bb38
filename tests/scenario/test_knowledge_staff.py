"""County staff keep the banks from the chat: a spreadsheet is in force at once, or what is wrong with it is told."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from domain.directory import RoleName
from services.knowledge.writing import bank_workbook
from services.quizzes.writing import quiz_workbook
from storage.directory import people
from tests.databases import new_sqlite
from tests.knowledge import BANK, QUESTIONS
from tests.scenario.world import TOWNSHIP, World, world

READ_WITHIN = 30.0
"""Seconds: the process that reads a spreadsheet has to be started first."""


@pytest.fixture
async def on_web(tmp_path: Path, sqlite_template: str) -> AsyncIterator[World]:
    async with world("web", new_sqlite(tmp_path, sqlite_template), tmp_path) as made:
        yield made


async def test_a_bank_that_county_staff_send_is_in_force_at_once(on_web: World) -> None:
    staff, villager = await on_web.worker("staff"), await on_web.villager()
    await staff.sends_file(bank_workbook(BANK), "题库.xlsx")
    await staff.sees("政策问答换好了：4条，原来0条", READ_WITHIN)
    await staff.sends_file(quiz_workbook(QUESTIONS), "练习题.xlsx")
    await staff.sees("练习题换好了：3题", READ_WITHIN)
    await staff.sends_file(bank_workbook([replace(BANK[0], source="")]), "坏.xlsx")
    await staff.sees("表格有1处要改", READ_WITHIN)
    await staff.sees("第2行“出处”：不能空着")
    await villager.says("低保在哪办")
    await villager.sees("据样例办法（2025年3月）")


async def test_staff_of_a_township_keep_no_bank_of_the_county(on_web: World) -> None:
    def moves_to_the_township(desk):
        person = people.worker_of_phone(desk.tx, "00000000105", desk.now)
        people.end_role(desk.tx, person.id, RoleName.STAFF, "610528", desk.now)
        people.add_role(desk.tx, person.id, RoleName.STAFF, TOWNSHIP, desk.now)

    staff = await on_web.worker("staff")
    await on_web.service.run(moves_to_the_township)
    await staff.sends_file(bank_workbook(BANK), "题库.xlsx")
    await staff.sees("题库全县共用，请县上工作人员来换", READ_WITHIN)
