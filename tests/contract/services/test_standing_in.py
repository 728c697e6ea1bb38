"""A deputy notes for a cadre on leave, and for nobody else."""

import pytest

from domain.duties.duty import Absent, State
from domain.errors import Refusal
from services.duties import noting, standing_in
from tests.contract.services.test_duties import HOUSEHOLD, STUDY, at, loaded, look_at_clock, only
from tests.contract.services.test_filing import away
from tests.contract.village import ID, Village

HIM = Absent(ID["primary"], "张建国")


async def test_a_deputy_notes_for_whom_he_stands_in_for_and_for_nobody_else(village: Village, look):
    await loaded(village, STUDY)
    await look_at_clock(village)
    period = await only(village)
    assert await village.do(standing_in.absent, "deputy") == []
    with pytest.raises(Refusal, match="不用您代记"):
        await village.do(standing_in.stood_in_for, "deputy", ID["primary"])
    await away(village, "primary")
    assert await village.do(standing_in.absent, "deputy") == [HIM]
    assert await village.do(standing_in.absent, "stranger") == []
    for key in ("stranger", "supervisor", "primary"):
        with pytest.raises(Refusal, match="不用您代记"):
            await village.do(standing_in.stood_in_for, key, ID["primary"])
    await village.do(standing_in.note, "deputy", HIM, period, State.DONE)
    assert look("SELECT state, noted_by, remind_on FROM duty WHERE person = 1") == [
        ("done", ID["deputy"], None)
    ]
    assert [one.state for one in await village.do(noting.mine, "deputy")] == [State.OPEN]


async def test_what_is_noted_for_him_is_not_reminded_of_until_it_is_taken_back(village: Village):
    await loaded(village, STUDY)
    await look_at_clock(village)
    period = await only(village)
    await away(village, "primary")
    await village.do(standing_in.note, "deputy", HIM, period, State.NOT_THIS_MONTH)
    assert await village.told("primary") == []  # what had not left yet
    await at(village, "2026-11-23T10:00")
    assert not any("张建国" in text for text in await village.told("deputy"))
    await village.do(standing_in.undo, "deputy", HIM, period)
    assert [one.state for one in await village.do(standing_in.his, "deputy", HIM)] == [State.OPEN]


async def test_what_he_has_noted_himself_is_his_and_he_may_take_back_what_was_noted_for_him(
    village: Village, look
):
    await loaded(village, STUDY, HOUSEHOLD)
    await look_at_clock(village)
    mine, other = [one.period for one in await village.do(noting.mine, "primary")]
    await away(village, "primary")
    await village.do(noting.note_done, "primary", mine)
    for deed, facts in ((standing_in.note, (State.NOT_THIS_MONTH,)), (standing_in.undo, ())):
        with pytest.raises(Refusal, match="自己记过"):
            await village.do(deed, "deputy", HIM, mine, *facts)
    assert [one.period for one in await village.do(standing_in.his, "deputy", HIM)] == [other]
    await village.do(standing_in.note, "deputy", HIM, other, State.DONE)
    duty = await village.do(noting.find, "primary", other)
    assert await village.do(standing_in.deputy_of, duty) == "李小军"
    await village.do(noting.undo, "primary", other)
    assert look(f"SELECT state, noted_by FROM duty WHERE period = {other} AND person = 1") == [("open", None)]
    together = await village.do(standing_in.note_all, "deputy", HIM, other, village.now.date())
    assert [one.period for one in together.duties] == [other]  # not what he has noted himself
    assert await village.do(noting.undo_all, "stranger", other) == 0
    assert await village.do(standing_in.undo_all, "deputy", HIM, other) == 1
    assert look("SELECT count(*) FROM duty WHERE person = 1 AND state = 'open'") == [(1,)]
    with pytest.raises(Refusal, match="没有张建国的这一件"):
        await village.do(standing_in.note, "deputy", HIM, 999, State.DONE)
