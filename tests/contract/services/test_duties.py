"""Duties are opened once, reminded of once, and noted by whose they are."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.county import data_file
from domain.delivery import CHINA
from domain.directory import RoleName
from domain.duties.duty import Note, State
from domain.duties.template import Template, parse_templates
from domain.errors import Refusal
from domain.working_days import WorkingDays
from services.directory import leaving
from services.duties import clock, noting, opening, templates
from storage import schema
from storage.directory import links, people
from tests.contract.services.test_filing import away
from tests.contract.village import ID, VILLAGE, Village

SHIPPED = parse_templates(data_file("duties.toml").decode())
STUDY = Template(
    "study", "参加一次学习", "三个一", "FREQ=MONTHLY;BYMONTHDAY=1", (1, -8), roles=(RoleName.CADRE,)
)
HOUSEHOLD = replace(STUDY, key="household", name="帮一户困难群众", counts=("低保救助", "宅基住房/危房"))


async def look_at_clock(village: Village) -> None:
    """As often as there is something to do."""
    while await village.do(clock.look_at_due):
        pass


async def at(village: Village, moment: str) -> None:
    """The clock says this, in China."""
    village.now = datetime.fromisoformat(moment).replace(tzinfo=CHINA)
    await look_at_clock(village)


async def loaded(village: Village, *wanted: Template) -> None:
    await village.do(templates.load, list(wanted))


async def told(village: Village, key: str) -> list[str]:
    return [text.splitlines()[-1] for text in await village.told(key)]


async def names(village: Village, key: str) -> list[str]:
    return [one.name for one in await village.do(noting.mine, key)]


async def only(village: Village, key: str = "primary") -> int:
    (duty,) = await village.do(noting.mine, key)
    return duty.period


async def test_a_month_is_opened_once_for_those_whose_it_is(village: Village, look):
    await loaded(village, STUDY)
    for _ in range(3):
        await look_at_clock(village)
    assert look("SELECT key, late FROM duty_period") == [("study", False)]
    cadres = [(ID[key],) for key in ("primary", "deputy", "stranger")]
    assert look("SELECT person FROM duty ORDER BY person") == cadres
    assert await told(village, "primary") == ["三个一：参加一次学习（到11月30日）"]
    assert await told(village, "supervisor") == []
    assert await told(village, "villager") == []


async def test_it_is_found_for_a_few_people_at_a_time(village: Village, look):
    await loaded(village, STUDY, HOUSEHOLD)
    steps = 1
    while await village.do(opening.open_due, 2):
        steps += 1
    assert steps > 5
    assert look("SELECT period, count(*) FROM duty GROUP BY period ORDER BY period") == [(1, 3), (2, 3)]


async def test_only_in_some_areas_or_for_those_who_look_after_a_grid(village: Village, look):
    await loaded(village, replace(STUDY, areas=(VILLAGE,)))
    await look_at_clock(village)
    assert look("SELECT person FROM duty ORDER BY person") == [(ID["primary"],), (ID["deputy"],)]
    (visit,) = (one for one in SHIPPED if one.key == "visit")
    await loaded(village, visit)
    await look_at_clock(village)
    query = "SELECT person FROM duty JOIN duty_period p ON p.id = period WHERE key = 'visit' ORDER BY person"
    assert look(query) == [(ID["primary"],), (ID["deputy"],), (ID["stranger"],)]


async def test_a_template_edited_in_mid_period_leaves_the_open_period_as_it_is(village: Village, look):
    await loaded(village, STUDY)
    await look_at_clock(village)
    changed = replace(STUDY, name="学习两次", rule="FREQ=MONTHLY;BYMONTHDAY=10", remind=(2,))
    change = await village.do(templates.load, [changed])
    assert (change.new, change.changed, change.ended) == ((), ("study",), ())
    await at(village, "2026-11-23T10:00")
    assert (await told(village, "primary"))[-1] == "三个一：参加一次学习（到11月30日）"
    await at(village, "2026-12-09T10:00")
    assert look("SELECT starts_on FROM duty_period") == [(_day(look, "2026-11-01"),)]
    await at(village, "2026-12-11T10:00")
    assert (await told(village, "primary"))[-1] == "三个一：学习两次（到1月9日）"
    assert look("SELECT version FROM duty_template ORDER BY version") == [(1,), (2,)]


def _day(look, text: str) -> date | str:
    stored = look("SELECT starts_on FROM duty_period LIMIT 1")[0][0]
    return text if isinstance(stored, str) else date.fromisoformat(text)


async def test_a_week_is_of_the_month_in_which_it_ends_and_none_of_which_sunday_was_left(village: Village):
    village.now = datetime(2026, 11, 1, 10, tzinfo=CHINA)
    weekly = replace(STUDY, key="weekly", rule="FREQ=WEEKLY;BYDAY=MO", remind=(1,))
    await loaded(village, weekly, STUDY)
    await look_at_clock(village)
    assert await names(village, "primary") == ["参加一次学习"]
    await at(village, "2026-12-01T10:00")
    of_months = {
        str(one.starts_on): (one.is_of_month(date(2026, 11, 1)), one.is_of_month(date(2026, 12, 1)))
        for one in await village.do(noting.mine, "primary")
    }
    assert of_months["2026-11-23"] == (True, False)
    assert of_months["2026-11-30"] == (False, True)


async def test_one_that_is_taken_out_is_not_opened_again_until_it_is_put_back(village: Village, look):
    await loaded(village, STUDY, HOUSEHOLD)
    await look_at_clock(village)
    assert (await village.do(templates.load, [HOUSEHOLD])).ended == ("study",)
    await at(village, "2027-02-03T10:00")
    assert look("SELECT count(*) FROM duty_period WHERE key = 'study'") == [(1,)]
    assert (await village.do(templates.load, [HOUSEHOLD, STUDY])).new == ("study",)
    await at(village, "2027-02-04T10:00")
    assert look("SELECT count(*) FROM duty_period WHERE key = 'study'") == [(2,)]
    assert (await village.do(templates.load, [HOUSEHOLD, STUDY])) == templates.Change((), (), ())


async def test_after_45_days_what_was_missed_is_opened_late_and_told_of_once(village: Village, look):
    await loaded(village, STUDY)
    await look_at_clock(village)
    await at(village, "2027-01-18T10:00")  # the service was away
    assert look("SELECT late FROM duty_period ORDER BY starts_on") == [(False,), (True,), (True,)]
    said = (await village.told("primary"))[-1]
    assert said.startswith("系统停过，没按时提醒，对不住。")
    assert "错过的1件已补开" in said
    await look_at_clock(village)
    await at(village, "2027-01-19T10:00")
    assert len(await village.told("primary")) == 1  # what had not left of November's was replaced
    await at(village, "2027-01-25T10:00")
    assert "停过" not in (await village.told("primary"))[-1]


async def test_a_cadre_who_leaves_in_mid_month_is_not_reminded_any_more(village: Village):
    await loaded(village, STUDY)
    await look_at_clock(village)
    await village.database.run(
        lambda tx: people.end_role(
            tx, ID["primary"], RoleName.CADRE, VILLAGE, village.now + timedelta(days=9)
        )
    )
    await at(village, "2026-11-23T10:00")
    assert len(await village.told("primary")) == 1
    assert len(await village.told("stranger")) == 1  # the first, which had not left, gave way to the second
    await at(village, "2026-12-01T10:00")
    assert len(await village.told("primary")) == 1


async def test_a_cadre_who_arrives_in_mid_month_has_what_is_left_of_it(village: Village, look):
    await loaded(village, STUDY)
    await look_at_clock(village)
    await village.database.run(
        lambda tx: people.add_role(
            tx, ID["villager"], RoleName.CADRE, VILLAGE, village.now + timedelta(days=9)
        )
    )
    await at(village, "2026-11-12T10:00")
    assert await village.told("villager") == []
    assert await names(village, "villager") == ["参加一次学习"]
    await at(village, "2026-11-23T10:00")
    assert await told(village, "villager") == ["三个一：参加一次学习（到11月30日）"]


async def test_of_a_missed_period_only_those_hear_who_were_in_office_in_it(village: Village, look):
    await loaded(village, STUDY)
    await look_at_clock(village)
    came = datetime(2027, 1, 5, tzinfo=CHINA)
    await village.database.run(lambda tx: people.add_role(tx, ID["villager"], RoleName.CADRE, VILLAGE, came))
    await at(village, "2027-01-18T10:00")
    rows = look(f"SELECT period FROM duty WHERE person = {ID['villager']}")
    assert rows == look("SELECT id FROM duty_period ORDER BY starts_on DESC LIMIT 1")


async def test_on_leave_the_deputy_is_told_beside_his_own_and_nobody_else(village: Village):
    await loaded(village, STUDY)
    await away(village, "primary")
    await look_at_clock(village)
    assert await village.told("primary") == []
    (said,) = await village.told("deputy")
    assert said == "三个一：参加一次学习（到11月30日）\n张建国请假，请您代他：参加一次学习"


async def test_on_leave_without_a_deputy_nobody_is_told(village: Village):
    await loaded(village, STUDY)
    await away(village, "stranger", "deputy", "primary")
    await look_at_clock(village)
    for key in ("stranger", "primary", "deputy", "supervisor"):
        assert await village.told(key) == []


@pytest.mark.parametrize(
    "moment",
    ["2026-11-02T07:59", "2026-11-02T18:00", "2026-11-02T23:30", "2026-11-01T10:00", "2026-10-31T10:00"],
)
async def test_nobody_is_told_at_night_in_the_evening_or_on_a_day_off(village: Village, moment):
    village.now = datetime.fromisoformat(moment).replace(tzinfo=CHINA)
    await loaded(village, replace(STUDY, rule="FREQ=MONTHLY;BYMONTHDAY=30", remind=(1, 2, 3, 4)))
    await look_at_clock(village)
    assert await village.told("primary") == []


async def test_the_new_year_move_of_working_days(village: Village):
    """2026: the first to the third of January are off, and the Sunday behind them is worked."""
    village.now = datetime(2025, 12, 31, 10, tzinfo=CHINA)
    await village.database.run(
        lambda tx: people.add_role(tx, ID["villager"], RoleName.CADRE, VILLAGE, village.now)
    )
    await loaded(village, STUDY)
    for day, messages in ((1, 0), (2, 0), (3, 0), (4, 1), (5, 1)):
        await at(village, f"2026-01-0{day}T10:00")
        assert len(await village.told("villager")) == messages, day


async def test_a_library_whose_calendar_years_run_out(village: Village):
    """It goes on with plain weekends; a day off that becomes known after opening is kept all the same."""
    village.now = datetime(2026, 12, 31, 20, tzinfo=CHINA)
    await loaded(village, STUDY)
    await look_at_clock(village)
    await at(village, "2027-01-01T06:00")  # opened, with the first as the day: nothing says that it is off
    off = {date(2027, 1, day): False for day in (1, 2, 3)}
    village.county = replace(village.county, days=WorkingDays(off))
    await at(village, "2027-01-01T10:00")
    assert len(await village.told("primary")) == 0
    await at(village, "2027-01-04T10:00")
    assert await told(village, "primary") == ["三个一：参加一次学习（到1月31日）"]


async def test_what_is_done_is_not_reminded_of_and_what_waits_to_leave_is_dropped(village: Village, look):
    await loaded(village, STUDY)
    await look_at_clock(village)
    period = await only(village)
    await village.do(noting.note_done, "primary", period)
    assert await village.told("primary") == []
    assert look(f"SELECT remind_on FROM duty WHERE person = {ID['primary']}") == [(None,)]
    await at(village, "2026-11-23T10:00")
    assert await village.told("primary") == []
    await village.do(noting.undo, "primary", period)
    assert (await village.do(noting.find, "primary", period)).state is State.OPEN


async def test_undone_it_is_reminded_of_on_the_next_day_for_it(village: Village):
    await loaded(village, STUDY)
    await look_at_clock(village)
    period = await only(village)
    await village.do(noting.note_not_this_month, "primary", period)
    duty = await village.do(noting.undo, "primary", period)
    assert duty.remind_on == date(2026, 11, 23)


async def test_the_database_forbids_a_reminder_of_what_is_noted(village: Village):
    await loaded(village, STUDY)
    await look_at_clock(village)
    with pytest.raises(Exception, match=r"(?i)check"):
        await village.database.run(
            lambda tx: tx.execute(sa.text("UPDATE duty SET state = 'done', noted_on = '2026-11-02'"))
        )


async def test_what_is_shipped_reminds_five_times_in_a_month_and_the_report_is_the_sixth(
    village: Village, look
):
    """December 2026 has four Mondays, and neither its first day nor that of what is left is one of them."""
    await loaded(village, *SHIPPED)
    for day in range(1, 32):
        await at(village, f"2026-12-{day:02} 10:00")
    days = look(f"SELECT day FROM duty_reminder WHERE person = {ID['primary']} ORDER BY day")
    assert [str(day)[-2:] for (day,) in days] == ["01", "07", "14", "21", "24"]


async def test_not_more_than_five_messages_a_month_whatever_the_templates_say(village: Village, look):
    await loaded(village, replace(STUDY, remind=tuple(range(1, 31))))
    for day in range(2, 31):
        await at(village, f"2026-11-{day:02}T10:00")
    assert look(f"SELECT count(*) FROM duty_reminder WHERE person = {ID['primary']}") == [(5,)]


async def test_a_message_in_the_morning_is_the_only_one_of_the_day(village: Village, look):
    """What comes due later in the day waits until tomorrow."""
    await loaded(village, STUDY)
    await look_at_clock(village)
    village.passes(hours=1)
    query = sa.text(f"UPDATE duty SET remind_on = '2026-11-02' WHERE person = {ID['primary']}")
    await village.database.run(lambda tx: tx.execute(query))
    await look_at_clock(village)
    assert look(f"SELECT count(*) FROM duty_reminder WHERE person = {ID['primary']}") == [(1,)]
    await at(village, "2026-11-03T10:00")
    assert look(f"SELECT count(*) FROM duty_reminder WHERE person = {ID['primary']}") == [(2,)]


async def answered(village: Village, category: str = "低保救助", by: str = "primary") -> int:
    number = await village.files("家里困难", category)
    values = {"state": "answered", "answered_at": village.now, "owner": ID[by]}
    change = sa.update(schema.ticket).where(schema.ticket.c.id == number).values(values)
    await village.database.run(lambda tx: tx.execute(change))
    return number


async def test_a_ticket_that_was_answered_is_offered_and_counts_once(village: Village):
    await loaded(village, HOUSEHOLD, replace(HOUSEHOLD, key="second"))
    await look_at_clock(village)
    first, second = await village.do(noting.mine, "primary")
    assert await village.do(noting.offer, first) is None
    number = await answered(village)
    assert (await village.do(noting.offer, first)).id == number
    done = await village.do(noting.count_ticket, "primary", first.period, number)
    assert (done.state, done.ticket) == (State.DONE, number)
    assert await village.do(noting.offer, second) is None
    with pytest.raises(Refusal):
        await village.do(noting.count_ticket, "primary", second.period, number)
    await village.do(noting.undo, "primary", first.period)
    assert (await village.do(noting.offer, second)).id == number


@pytest.mark.parametrize(("category", "by"), [("饮水灌溉", "primary"), ("低保救助", "deputy")])
async def test_other_tickets_are_not_offered(village: Village, category, by):
    await loaded(village, HOUSEHOLD)
    await look_at_clock(village)
    await answered(village, category, by)
    (duty,) = await village.do(noting.mine, "primary")
    assert await village.do(noting.offer, duty) is None


async def test_a_ticket_answered_after_the_period_is_not_offered(village: Village):
    await loaded(village, HOUSEHOLD)
    await look_at_clock(village)
    (duty,) = await village.do(noting.mine, "primary")
    village.passes(days=30)
    await answered(village)
    assert await village.do(noting.offer, duty) is None


async def test_all_at_once_is_what_was_listed_and_can_be_taken_back(village: Village):
    await loaded(village, *SHIPPED)
    await look_at_clock(village)
    mine = await village.do(noting.mine, "primary")
    upto = max(one.period for one in mine)
    await village.do(noting.note_not_this_month, "primary", mine[0].period)
    await at(village, "2026-11-09T10:00")  # another week begins, which was not on the list
    together = await village.do(noting.note_all, "primary", upto, date(2026, 11, 2))
    assert sorted(one.name for one in together.duties) == ["参加一次两委会", "参加一次学习", "帮一户困难群众"]
    assert await village.do(noting.waiting, "primary") == 1
    assert await village.do(noting.undo_all, "primary", upto) == 3
    assert await village.do(noting.waiting, "primary") == 4
    assert await village.do(noting.undo_all, "primary", upto) == 0


async def test_a_note_is_his_alone(village: Village, look):
    await loaded(village, STUDY)
    await look_at_clock(village)
    duty = await village.do(noting.write, "primary", await only(village), Note("去了三组", (5,)))
    assert await village.do(noting.written, duty) == Note("去了三组", (5,))
    others = await village.do(noting.find, "deputy", duty.period)
    assert await village.do(noting.written, others) is None
    with pytest.raises(Refusal):
        await village.do(noting.find, "supervisor", duty.period)
    with pytest.raises(Refusal):
        await village.do(noting.write, "staff", duty.period, Note("看看", ()))
    await village.do(noting.erase, "primary", duty.period)
    assert look("SELECT count(*) FROM duty_note") == [(0,)]


async def test_what_becomes_of_it_when_two_are_one_and_when_somebody_leaves(village: Village, look):
    await loaded(village, STUDY)
    await look_at_clock(village)
    await village.do(noting.note_done, "deputy", await only(village, "deputy"))
    await village.do(noting.write, "primary", await only(village), Note("去了", ()))
    await village.database.run(lambda tx: links.hand_over_everything(tx, ID["primary"], ID["deputy"]))
    both = f"person IN ({ID['primary']}, {ID['deputy']})"
    assert look(f"SELECT person, state FROM duty WHERE {both}") == [(ID["deputy"], "done")]
    assert look("SELECT person FROM duty_note") == [(ID["deputy"],)]
    await village.database.run(
        lambda tx: people.end_role(tx, ID["deputy"], RoleName.CADRE, VILLAGE, village.now)
    )
    await village.do(leaving.forget, "deputy")
    assert look(f"SELECT count(*) FROM duty WHERE {both}") == [(0,)]
    assert look("SELECT count(*) FROM duty_note") == [(0,)]


async def test_a_ticket_that_is_refused_is_not_offered_nor_counted_until_he_says_so(village: Village, look):
    await loaded(village, HOUSEHOLD)
    await look_at_clock(village)
    period = await only(village)
    first = await answered(village)
    assert (await village.do(noting.offer, await village.do(noting.find, "primary", period))).id == first
    await village.do(noting.refuse_ticket, "primary", period, first)
    await village.do(noting.refuse_ticket, "primary", period, first)
    await village.do(noting.refuse_ticket, "primary", period, 999)  # never offered: nothing is kept
    assert look("SELECT ticket FROM duty_not_counted") == [(first,)]
    assert await village.do(noting.offer, await village.do(noting.find, "primary", period)) is None
    assert (await village.do(noting.note_all, "primary", period, village.now.date())).tickets == []
    await village.do(noting.undo, "primary", period)
    assert (await village.do(noting.count_ticket, "primary", period, first)).ticket == first
    with pytest.raises(Refusal, match="已经记了"):
        await village.do(noting.refuse_ticket, "primary", period, first)


async def test_in_one_tap_a_ticket_counts_once_though_two_duties_could_have_it(village: Village):
    await loaded(village, HOUSEHOLD, replace(HOUSEHOLD, key="visit", name="看望一户"))
    await look_at_clock(village)
    ticket = await answered(village)
    upto = max(one.period for one in await village.do(noting.mine, "primary"))
    together = await village.do(noting.note_all, "primary", upto, village.now.date())
    assert [one.id for one in together.tickets] == [ticket]
    assert len(together.duties) == 2
    assert await village.do(noting.waiting, "primary") == 0


async def test_one_that_is_refused_leaves_room_for_another(village: Village):
    await loaded(village, HOUSEHOLD)
    await look_at_clock(village)
    period = await only(village)
    first, second = await answered(village), await answered(village)
    await village.do(noting.refuse_ticket, "primary", period, second)
    assert (await village.do(noting.offer, await village.do(noting.find, "primary", period))).id == first
