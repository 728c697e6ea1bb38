"""What those who work on a ticket do with it, and what they may not."""

import asyncio
from datetime import timedelta

import pytest

from domain.delivery import CHINA
from domain.errors import Refusal
from domain.tickets.steps import Kind, State
from services.tickets import clock, handling, villager
from services.tickets.steps import his_own
from tests.contract.services.test_filing import away, gone
from tests.contract.village import CHANNEL, ID, Village

RESTRICTED = "干部作风村务"


async def refused(village: Village, said: str, deed, *facts) -> None:
    with pytest.raises(Refusal) as refusal:
        await village.do(deed, *facts)
    assert said in refusal.value.say
    assert len(refusal.value.say) <= 60


async def test_from_filing_to_her_word_that_it_is_solved(village: Village, look):
    number = await village.files()
    await village.do(handling.accept, number, "primary")
    await village.do(handling.note_call, number, "primary")
    await village.do(handling.answer, number, "primary", "通了", ())
    await village.do(villager.confirm, number, "villager")
    await village.do(villager.rate, number, "villager", 3)
    assert look("SELECT state, closing, rating, version, events FROM ticket") == [
        ("closed", "solved", 3, 5, 7)
    ]
    assert await village.steps(number) == [
        "file by villager", "assign", "accept by primary", "call by primary", "answer by primary",
        "confirm by villager", "rate by villager",
    ]  # fmt: skip
    assert await village.told("villager") == [
        "1号由张建国接了，电话00000000101。",
        "1号答复：通了\n—张建国 00000000101",
        "1号，您的事解决了吗？",
    ]


@pytest.mark.parametrize("first", ["primary", "deputy", "supervisor", "staff"])
async def test_anyone_of_the_ladder_may_accept_and_then_stands_on_his_own_rung(village: Village, first):
    number = await village.files()
    after = await village.do(handling.accept, number, first)
    assert (after.owner, after.rung, after.state) == (ID[first], first, State.ACCEPTED)


@pytest.mark.parametrize("other", ["villager", "neighbour", "stranger"])
async def test_nobody_else_may_accept(village: Village, look, other):
    number = await village.files()
    await refused(village, "没有1号工单", handling.accept, number, other)
    assert look("SELECT owner, state FROM ticket") == [(ID["primary"], "assigned")]


async def test_two_cadres_accept_at_once_and_one_of_them_has_it(village: Village):
    for _ in range(5):
        number = await village.files()
        results = await asyncio.gather(
            village.do(handling.accept, number, "primary"),
            village.do(handling.accept, number, "deputy"),
            return_exceptions=True,
        )
        won = [one for one in results if not isinstance(one, BaseException)]
        lost = [one for one in results if isinstance(one, Refusal)]
        assert (len(won), len(lost)) == (1, 1), results
        winner = {ID["primary"]: "张建国", ID["deputy"]: "李小军"}[won[0].owner]
        assert lost[0].say == f"{number}号已由{winner}接手，您不用再办。"
        assert [step for step in await village.steps(number) if "accept" in step] == [
            f"accept by {'primary' if winner == '张建国' else 'deputy'}"
        ]


async def test_words_pass_both_ways_without_accounts(village: Village):
    number = await village.files()
    await village.do(handling.accept, number, "primary")
    await village.do(handling.message, number, "primary", "哪一段？", ())
    await village.do(villager.reply, number, "villager", "三组东头", ())
    assert "张建国（1号）：哪一段？" in await village.told("villager")
    assert "1号 王秀兰说：三组东头" in await village.told("primary")
    told = "".join(await village.told("villager") + await village.told("primary"))
    assert CHANNEL not in told
    assert (await village.ticket(number)).contacted_at == village.now


DEEDS = [
    (handling.message, ("好", ())),
    (handling.note_call, ()),
    (handling.answer, ("好", ())),
    (handling.extend, ("等料",)),
    (handling.decline, ("去镇上",)),
    (handling.send_back, ("不归我",)),
    (handling.pass_on, (ID["deputy"], "他熟")),
]


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ("deputy", "已由张建国接手"),
        ("stranger", "没有1号"),
        ("villager", "已由张建国接手"),
        ("neighbour", "没有1号"),
    ],
)
async def test_only_its_owner_works_on_it(village: Village, look, who, said):
    number = await village.files()
    await village.do(handling.accept, number, "primary")
    before = look("SELECT * FROM ticket")
    for deed, facts in DEEDS:
        await refused(village, said, deed, number, who, *facts)
    assert look("SELECT * FROM ticket") == before
    if "接手" in said:  # who may read it is offered none of them
        card = await village.do(handling.card, number, who)
        assert not {"答复", "签收", "延期", "转办"} & {choice.label for choice in card.choices}


async def test_a_transfer_tells_both_and_gives_the_next_one_time(village: Village):
    number = await village.files()
    await village.do(handling.accept, number, "primary")
    village.passes(days=2)  # long past the 24 hours in which it had to be accepted
    after = await village.do(handling.pass_on, number, "primary", ID["deputy"], "他熟")
    assert (after.state, after.owner, after.rung) == (State.TRANSFERRED, ID["deputy"], "deputy")
    assert "张建国转来" in (await village.told("deputy"))[-1]
    assert "转给李小军" in (await village.told("villager"))[-1]
    assert after.limit_at > after.owner_by > village.now
    await refused(village, "不能转给", handling.pass_on, number, "deputy", ID["stranger"], "试试")
    await refused(village, "不能转给", handling.pass_on, number, "deputy", ID["villager"], "试试")


async def test_passing_it_on_wins_no_time_beyond_the_limit(village: Village):
    number = await village.files()
    await village.do(handling.accept, number, "primary")
    village.passes(days=6, hours=23)  # an hour before the limit
    after = await village.do(handling.pass_on, number, "primary", ID["deputy"], "他熟")
    assert after.owner_by == after.limit_at


async def test_returned_twice_and_no_more(village: Village):
    number = await village.files()
    for who, above in (("primary", "deputy"), ("deputy", "supervisor")):
        after = await village.do(handling.send_back, number, who, "不归我")
        assert (after.state, after.owner, after.rung) == (State.RETURNED, ID[above], above)
        assert after.owner_by > village.now
    await refused(village, "已退回2次", handling.send_back, number, "supervisor", "不归我")
    await village.do(handling.accept, number, "supervisor")


async def test_at_the_top_there_is_nobody_to_return_it_to(village: Village):
    await gone(village, "primary", "deputy", "supervisor")
    await refused(village, "没有人可退", handling.send_back, await village.files(), "staff", "不归我")


async def test_extended_once_by_ten_working_days_with_its_reason(village: Village):
    number = await village.files()
    await village.do(handling.accept, number, "primary")
    before = await village.ticket(number)
    after = await village.do(handling.extend, number, "primary", "等配件")
    assert after.limit_at == before.limit_at + timedelta(days=14)
    assert "等配件" in (await village.told("villager"))[-1]
    await refused(village, "已延期过一次", handling.extend, number, "primary", "还等")


async def test_after_an_extension_there_is_another_nudge_the_day_before(village: Village):
    number = await village.files()
    await village.do(handling.accept, number, "primary")
    await village.database.run(lambda tx: tx.exec_driver_sql("UPDATE ticket SET nudges = 2"))
    assert (await village.do(handling.extend, number, "primary", "等配件")).nudges == 1


async def test_declined_always_says_where_to_go(village: Village):
    number = await village.files()
    await village.do(handling.decline, number, "primary", "去镇水管站")
    told = (await village.told("villager"))[-1]
    assert all(part in told for part in ("去镇水管站", "12345", "张建国", "00000000101"))


@pytest.mark.parametrize("deed", [handling.extend, handling.decline, handling.send_back])
@pytest.mark.parametrize("reason", ["", "  \n"])
async def test_a_reason_is_given_in_words(village: Village, look, deed, reason):
    number = await village.files()
    await village.do(handling.accept, number, "primary")
    await refused(village, "请用文字说明原因", deed, number, "primary", reason)
    assert look("SELECT state FROM ticket") == [("accepted",)]


async def test_an_accusation_is_invisible_to_all_but_staff_and_herself(village: Village):
    number = await village.files("村干部吃拿卡要", RESTRICTED, kind=Kind.COMPLAINT)
    for who in ("primary", "deputy", "supervisor", "stranger", "neighbour"):
        await _sees_nothing_of_the_accusation(village, number, who)
    assert "登记" in await village.do(villager.story, number, "villager")
    assert "登记" in await village.do(villager.story, number, "staff")


async def _sees_nothing_of_the_accusation(village: Village, number: int, who: str) -> None:
    for deed, *facts in (
        [handling.card], [handling.accept], [handling.answer, "好", ()], [his_own],
        [villager.story], [villager.look], [villager.urge],
    ):  # fmt: skip
        await refused(village, "没有1号工单", deed, number, who, *facts)
    village.passes(days=9)
    assert await village.do(handling.mine, who, 6) == []
    assert await village.do(handling.overdue, who, 6) == []
    village.passes(days=-9)


@pytest.mark.parametrize("who", ["stranger", "neighbour"])
async def test_a_ticket_is_invisible_from_other_villages_and_to_neighbours(village: Village, who):
    number = await village.files()
    for deed, *facts in (
        [handling.card], [handling.accept], [villager.story], [villager.look], [villager.confirm],
        [villager.add, "我也要", ()], [villager.withdraw], [villager.rate, 3], [villager.urge],
    ):  # fmt: skip
        await refused(village, "没有1号工单", deed, number, who, *facts)
    await refused(village, "没有999号工单", handling.card, 999, "primary")


async def test_one_on_leave_keeps_what_is_his_and_may_still_answer(village: Village):
    number = await village.files()
    await village.do(handling.accept, number, "primary")
    await away(village, "primary")
    await village.do(handling.answer, number, "primary", "通了", ())
    assert (await village.ticket(number)).state is State.ANSWERED


async def test_what_is_long_overdue_is_put_off_from_today(village: Village):
    number = await village.files()
    for _ in range(30):
        village.passes(days=1)
        await village.do(clock.look_at_due)
    await village.do(handling.accept, number, "staff")
    after = await village.do(handling.extend, number, "staff", "等配件")
    assert (village.now.day, after.limit_at.astimezone(CHINA).strftime("%m-%d")) == (2, "12-16")
