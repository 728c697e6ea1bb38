"""What staff do with surveys, on both databases."""

from dataclasses import replace

import pytest

from domain.broadcasts import Audience, Speed
from domain.directory import Account, RoleName
from domain.errors import Refusal
from domain.talk import Media
from services.desk import Desk
from services.surveys import codes, incoming, opening, previews, running
from services.surveys.incoming import Read
from services.surveys.loading import load_survey
from services.surveys.running import Plan
from storage import media, survey_sheets, surveys
from storage.directory import people
from tests.contract.village import CHANNEL, COUNTY, ID, VILLAGE, Village
from tests.surveys import WATER

ALL = Audience((COUNTY,))


@pytest.fixture
async def survey(village: Village) -> int:
    """A draft of the county."""
    return await village.do(lambda desk: load_survey(desk, WATER, b"", anonymous=False, area=COUNTY))


async def account(village: Village, key: str) -> Account:
    number = await village.do(lambda desk: people.account_of(desk.tx, CHANNEL, key))
    return Account(number, CHANNEL, key, ID[key])


async def sheet_of(village: Village, key: str) -> survey_sheets.Sheet:
    """A spreadsheet has come from somebody."""
    sender = await account(village, key)

    def came(desk: Desk) -> None:
        [number] = media.add(desk.tx, CHANNEL, [Media("file", "r", "ab" * 32, "text/csv", 9)], desk.now)
        incoming.expect(desk, sender, number, "water.csv")

    await village.do(came)
    [sheet] = await village.do(incoming.come)
    return sheet


def as_staff(desk: Desk, key: str = "staff"):
    found = people.find(desk.tx, ID[key])
    assert found is not None
    return found


async def test_a_spreadsheet_is_taken_in_once(village: Village, look) -> None:
    sheet = await sheet_of(village, "staff")
    for _ in range(2):
        await village.do(lambda desk: incoming.take_in(desk, sheet, Read(WATER), b"bytes"))
    assert look("SELECT COUNT(*) FROM survey") == [(1,)]
    assert look("SELECT area, loaded_by, state FROM survey") == [(COUNTY, ID["staff"], "draft")]
    told = [row[0] for row in look("SELECT text FROM outbox")]
    assert told == ["查好了：1号《用水问卷》，5题，可以问。"]


async def test_whoever_is_staff_no_more_hears_nothing(village: Village, look) -> None:
    sheet = await sheet_of(village, "staff")
    await village.do(lambda desk: people.end_role(desk.tx, ID["staff"], RoleName.STAFF, COUNTY, desk.now))
    village.passes(minutes=1)
    await village.do(lambda desk: incoming.take_in(desk, sheet, Read(WATER), b"bytes"))
    assert look("SELECT COUNT(*) FROM survey") == [(0,)]
    assert look("SELECT COUNT(*) FROM outbox") == [(0,)]
    assert look("SELECT COUNT(*) FROM survey_sheet") == [(0,)]


async def test_of_many_problems_the_first_are_told(village: Village, look) -> None:
    sheet = await sheet_of(village, "staff")
    problems = tuple(f"survey 表第 {row} 行：{'没有这种题型' * 20}" for row in range(2, 12))
    await village.do(lambda desk: incoming.take_in(desk, sheet, Read(None, problems), b""))
    told = [row[0] for row in look("SELECT text FROM outbox ORDER BY id")]
    assert told[0] == "表格有10处要改："
    assert told[-1] == "另有6处没列出。改好再发一次。"
    assert len(told) == 6
    assert all(len(text) <= 60 for text in told)


async def test_a_large_audience_is_counted_later_and_told_once(village: Village, look, monkeypatch) -> None:
    village.county = replace(village.county, speeds={CHANNEL: Speed()})
    staff = await account(village, "staff")
    at_once = await village.do(lambda desk: previews.at_once_or_later(desk, staff, ALL))
    assert at_once.text.startswith("能送到2人：box2人。")
    village.county = replace(village.county, speeds={})  # its messenger is switched off
    at_once = await village.do(lambda desk: previews.at_once_or_later(desk, staff, ALL))
    assert at_once.text == "能送到0人。\n送不到：渠道没开2人。"
    village.county = replace(village.county, speeds={CHANNEL: Speed()})
    monkeypatch.setattr(previews, "AT_ONCE", 6)
    told = await village.do(lambda desk: previews.at_once_or_later(desk, staff, ALL))
    assert told.text == "正在数人，数好了告诉您。"
    [wanted] = await village.do(previews.wanted)
    assert wanted.audience == ALL
    counted = await village.do(lambda desk: previews.count(desk, wanted.audience))
    for _ in range(2):
        await village.do(lambda desk: previews.tell(desk, wanted, counted))
    [(told,)] = look("SELECT text FROM outbox")
    assert told.startswith("能送到2人：box2人。")


async def test_asked_of_one_village_it_is_that_villages(village: Village, survey: int) -> None:
    plan = Plan(anonymous=False, audience=Audience((VILLAGE,)), closes_at=None)
    await village.do(lambda desk: running.launch(desk, as_staff(desk), survey, plan))
    found = await village.do(lambda desk: surveys.find(desk.tx, survey))
    assert (found.area, found.state, found.anonymous) == (VILLAGE, "open", False)
    with pytest.raises(Refusal, match="发过了"):
        await village.do(lambda desk: running.launch(desk, as_staff(desk), survey, plan))


async def test_what_was_promised_stays(village: Village, survey: int) -> None:
    await village.do(lambda desk: running.decide(desk, as_staff(desk), survey, anonymous=True))
    await village.do(lambda desk: codes.make(desk, survey, 1))
    with pytest.raises(Refusal, match="只能匿名"):
        await village.do(lambda desk: running.decide(desk, as_staff(desk), survey, anonymous=False))
    await village.do(lambda desk: opening.open_survey(desk, survey))
    with pytest.raises(Refusal, match="已经打开"):
        await village.do(lambda desk: running.decide(desk, as_staff(desk), survey, anonymous=False))
    with pytest.raises(Refusal, match="已经打开"):
        await village.do(lambda desk: running.drop(desk, as_staff(desk), survey))


async def test_a_draft_is_dropped_with_its_codes(village: Village, survey: int, look) -> None:
    await village.do(lambda desk: running.decide(desk, as_staff(desk), survey, anonymous=True))
    await village.do(lambda desk: codes.make(desk, survey, 3))
    await village.do(lambda desk: running.drop(desk, as_staff(desk), survey))
    assert look("SELECT COUNT(*) FROM survey") == [(0,)]
    assert look("SELECT COUNT(*) FROM survey_code") == [(0,)]


@pytest.mark.parametrize("key", ["supervisor", "primary", "villager"])
async def test_nobody_else_runs_it(village: Village, survey: int, key: str) -> None:
    with pytest.raises(Refusal, match="不归您看"):
        await village.do(lambda desk: running.check_runs(desk, as_staff(desk, key), survey))
    assert await village.do(lambda desk: running.running(desk, as_staff(desk, key), 9)) == []
