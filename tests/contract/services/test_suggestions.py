"""Suggestions: who reads them, who hears the answer, and that none is forgotten."""

import io

import pytest
from openpyxl import load_workbook

from domain.directory import RoleName
from domain.errors import Refusal
from domain.suggestions import codes
from domain.suggestions.steps import Part, State, Step
from scheduler.jobs import JOBS
from services import directory
from services.desk import Desk
from services.suggestions import access, board, clock, filing, handling, receipts, writer
from services.suggestions.filing import Said
from services.suggestions.register import register
from services.suggestions.steps import take
from storage.directory import links, people
from storage.suggestions import rows
from tests.contract.services.suggesting import answered, joins, numbered, suggests, told
from tests.contract.village import ID, TOWNSHIP, VILLAGE, Village

NOBODY = ("primary", "deputy", "supervisor", "stranger", "neighbour")


async def test_the_staff_are_told_and_the_answer_comes_to_her_who_signed(village: Village):
    number = await suggests(village, "村口多装路灯")
    card = (await village.told("staff"))[0]
    assert card.startswith(
        "新意见1 已收到，11月23日前答复\n11月2日收到，窦村 王秀兰 00000000106：村口多装路灯"
    )
    for key in NOBODY:
        assert await village.told(key) == []
    await answered(village, number)
    assert await village.told("villager") == ["您提的“村口多装路灯”：没采纳。\n今年没有这笔钱，明年再列。"]


async def test_nobody_but_the_staff_reads_answers_or_lists_them(village: Village):
    number = await suggests(village, "村口多装路灯")
    for key in NOBODY:
        with pytest.raises(Refusal, match="没有意见1"):
            await village.do(handling.show, number, key)
        assert await village.do(handling.waiting, key) == []
    with pytest.raises(Refusal, match="没有意见1"):
        await village.do(writer.her_own, number, "neighbour")


async def test_a_township_reads_its_own_and_none_about_a_person(village: Village):
    clerk = await joins(village, "孙镇上", RoleName.STAFF, TOWNSHIP)
    of_a_matter = await suggests(village, "村口多装路灯")
    await suggests(village, "张建国态度差", about_person=True)
    assert [one.id for one in await village.do(handling.waiting, clerk)] == [of_a_matter]
    assert len(await told(village, clerk)) == 1


@pytest.mark.parametrize(
    ("text", "kept_from"),
    [
        ("张建国态度差", {"赵督办", "钱又是督办"}),
        ("钱又是督办收礼", {"钱又是督办", "赵督办"}),
        ("钱工作收礼", {"钱工作"}),
        ("村干部都不干活", set()),
    ],
)
async def test_what_is_about_a_person_is_kept_from_him_and_his_chain(
    village: Village, text: str, kept_from: set[str]
):
    both = await joins(village, "钱又是督办", RoleName.STAFF)
    await village.do(lambda desk: people.add_role(desk.tx, both.id, RoleName.SUPERVISOR, TOWNSHIP, desk.now))
    chief = await joins(village, "周主管", RoleName.OWNER)
    number = await suggests(village, text, about_person=True)
    staff = await village.do(lambda desk: people.find(desk.tx, ID["staff"]))
    for person in (both, chief, staff):
        heard = await told(village, person)
        if person.name in kept_from:
            assert heard == []
            with pytest.raises(Refusal, match="没有意见"):
                await village.do(handling.show, number, person)
        else:
            assert all("【只限县上，勿外传】" in text for text in heard)
            assert heard or person is chief  # whom nothing is asked of before it is overdue
            await village.do(handling.show, number, person)
    for key in NOBODY:
        assert await village.told(key) == []


async def test_staff_may_find_that_it_is_about_a_person_and_then_it_is_gone_from_the_board(village: Village):
    both = await joins(village, "钱又是督办", RoleName.STAFF)
    await village.do(lambda desk: people.add_role(desk.tx, both.id, RoleName.SUPERVISOR, TOWNSHIP, desk.now))
    number = await suggests(village, "张建国家的路先修")
    await answered(village, number)
    assert (await village.do(board.page, 1)).entries
    await village.do(handling.restrict, number, "staff")
    assert not (await village.do(board.page, 1)).entries
    with pytest.raises(Refusal, match="没有意见"):
        await village.do(handling.show, number, both)
    await answered(village, number)
    assert not (await village.do(board.page, 1)).entries


async def test_an_overdue_answer_is_asked_for_higher_and_higher(village: Village):
    chief = await joins(village, "周主管", RoleName.OWNER)
    number = await suggests(village, "村口多装路灯")
    before = len(await told(village, chief))
    await village.do(handling.ask, number, "staff", "哪一段？")  # which stops no clock
    village.passes(days=22)
    for _ in range(2):
        await village.do(clock.look_at_due, 10)
    assert [text[:6] for text in await village.told("staff")] == ["新意见1 已", "超时未答 意"]
    assert len(await told(village, chief)) == before
    for days in (4, 5):
        village.passes(days=days)
        await village.do(clock.look_at_due, 10)
    assert len(await told(village, chief)) == before + 2
    assert (await numbered(village, number)).stage == 3
    await answered(village, number)
    village.passes(days=30)
    assert await village.do(clock.look_at_due, 10) == 0


async def test_without_staff_the_owner_is_told_at_once(village: Village):
    chief = await joins(village, "周主管", RoleName.OWNER)
    await village.database.run(lambda tx: tx.exec_driver_sql("DELETE FROM role WHERE role = 'staff'"))
    await suggests(village, "村口多装路灯")
    village.passes(days=22)
    await village.do(clock.look_at_due, 10)
    assert "超时未答" in (await told(village, chief))[-1]


async def test_each_job_of_suggestions_has_a_period_of_its_own(village: Village):
    periods = {job.name: job.period(village.now) for job in JOBS}
    assert periods["suggestions"] == "2026-11-02 10"
    assert periods["letters"] == "2026-11-02"
    night = village.now.replace(hour=22)  # six in the morning of the next day in China
    assert {job.name: job.period(night) for job in JOBS}["letters"] == "2026-11-02"


async def test_an_answer_goes_to_all_that_were_merged_into_one(village: Village):
    first = await suggests(village, "村口的路灯坏了，晚上看不见")
    second = await suggests(village, "路灯坏了没人修", by="neighbour")
    await suggests(village, "医保报销太慢", by="neighbour")
    assert [one.id for one in await village.do(handling.like, second, "staff")] == [first]
    await village.do(handling.merge, second, "staff", first)
    with pytest.raises(Refusal):
        await village.do(handling.merge, first, "staff", second)
    await answered(village, first)
    assert "没采纳" in (await village.told("neighbour"))[0]
    merged = await numbered(village, second)
    assert (await village.do(writer.answered_by, merged)).id == first
    assert (await village.do(handling.split, second, "staff")).state is State.RECEIVED


async def test_two_of_the_staff_at_once_and_one_answer(village: Village):
    number = await suggests(village, "村口多装路灯")
    stale = await numbered(village, number)
    await answered(village, number)

    def late(desk: Desk) -> None:
        take(desk, stale, Step.HAND, Part.STAFF, ID["staff"], office="水利局")

    with pytest.raises(Refusal, match="刚刚有人动过"):
        await village.do(late)


async def test_wrong_codes_are_limited_and_right_ones_leave_no_trace(village: Village, look):
    code = await village.do(filing.file_signed, "villager", Said("村口多装路灯"))
    assert await village.do(receipts.look_up, 1, code)
    assert look("SELECT count(*) FROM wrong_code") == [(0,)]
    for _ in range(codes.WRONG_A_DAY):
        assert await village.do(receipts.look_up, 1, "K7MX2Q9P") is None
    with pytest.raises(Refusal, match="明天再查"):
        await village.do(receipts.look_up, 1, code)
    assert await village.do(receipts.look_up, 2, code)
    village.passes(days=1)
    assert await village.do(receipts.look_up, 1, code)
    village.passes(days=3)
    await village.do(clock.forget_wrong_codes)
    assert look("SELECT count(*) FROM wrong_code") == [(0,)]


async def test_many_accounts_together_are_limited_too(village: Village, monkeypatch):
    monkeypatch.setattr(codes, "WRONG_AN_HOUR", 12)
    code = await village.do(filing.file_signed, "villager", Said("村口多装路灯"))
    for account in range(12):
        assert await village.do(receipts.look_up, account, "K7MX2Q9P") is None
    with pytest.raises(Refusal, match="过一小时"):
        await village.do(receipts.look_up, 99, code)
    village.passes(hours=1)
    assert await village.do(receipts.look_up, 99, code)


async def test_who_leaves_leaves_her_words_without_her(village: Village):
    number = await suggests(village, "村口多装路灯")
    await village.do(directory.forget, "villager")
    left = await numbered(village, number)
    assert (left.person, left.area, left.text) == (None, None, "村口多装路灯")


async def test_two_accounts_of_one_person_share_what_she_signed(village: Village):
    number = await suggests(village, "村口多装路灯", by="neighbour")
    await village.do(lambda desk: links.hand_over_everything(desk.tx, ID["neighbour"], ID["villager"]))
    assert [one.id for one in await village.do(writer.mine, "villager")] == [number]


async def test_the_register_holds_words_and_no_formulas(village: Village):
    await suggests(village, '=HYPERLINK("http://127.0.0.1","点我")')
    await suggests(village, "张建国态度差", about_person=True)
    await village.do(filing.file, Said("匿名的话"), b"m" * 32)
    await answered(village, 1)
    await village.do(lambda desk: writer.add(desk, rows.find(desk.tx, 1), Said("=1+1 再补一句")))
    await village.do(lambda desk: writer.add(desk, rows.find(desk.tx, 1), Said("", (7,))))
    written, count = await village.do(lambda desk: register(desk, restricted=False))
    sheet = load_workbook(io.BytesIO(written)).active
    lines = [dict(zip([c.value for c in sheet[1]], row, strict=True)) for row in sheet.iter_rows(min_row=2)]
    assert count == len(lines) == 2
    assert lines[0]["内容"].data_type == "s"
    assert lines[0]["内容"].value.startswith("=HYPERLINK")
    added = lines[0]["追问和补充"].value.splitlines()
    assert [one[10:] for one in added] == [" 补充：=1+1 再补一句", " 补充：（图片或语音）"]
    assert (lines[0]["署名"].value, lines[1]["署名"].value) == ("王秀兰", "匿名")
    assert lines[1]["地方"].value in (None, "")
    assert lines[0]["结果"].value == "没采纳"
    _, everything = await village.do(lambda desk: register(desk, restricted=True))
    assert everything == 3


async def test_what_stands_on_the_board_is_only_what_was_answered_in_public(village: Village):
    await suggests(village, "没答复的")
    number = await suggests(village, "村口多装路灯")
    await answered(village, number)
    page = await village.do(board.page, 5)
    assert [(one.gist, page.number, page.of) for one in page.entries] == [("多装路灯", 1, 1)]
    await village.do(handling.hide, number, "staff")
    assert not (await village.do(board.page, 1)).entries


async def test_nobody_is_a_reader_for_a_grid_only(village: Village):
    number = await suggests(village, "村口多装路灯")
    found = await numbered(village, number)
    assert await village.do(access.readers, found) == [ID["staff"]]
    assert found.area == VILLAGE


@pytest.mark.parametrize("turns_out", [0, 1])
async def test_what_turns_out_to_be_about_a_person_shares_no_answer(village: Village, turns_out: int):
    both = [await suggests(village, "村口装路灯"), await suggests(village, "多装几盏路灯", "neighbour")]
    await village.do(handling.merge, both[1], "staff", both[0])
    found = await numbered(village, both[turns_out])
    await village.do(writer.add, found, Said("张建国收了红包", (), about_person=True))
    one, other = [await numbered(village, number) for number in both]
    assert [(one.merged_into, one.state), (other.merged_into, other.state)] == [(None, State.RECEIVED)] * 2
    await answered(village, both[0])
    assert await village.told("neighbour") == []
