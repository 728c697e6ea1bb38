"""What a cadre reads is short, fits every messenger, and says what its buttons do."""

from dataclasses import replace
from datetime import date

from domain.duties import standing_in, words
from domain.duties.duty import Absent, Counted, Duty, State

DAY = date(2026, 11, 23)
STUDY = Duty(
    period=7, person=1, name="参加一次学习", system="三个一", counts=(), starts_on=date(2026, 11, 1),
    ends_on=date(2026, 11, 30), state=State.OPEN,
    remind_on=DAY, noted_on=None, ticket=None,
)  # fmt: skip
MEETING = replace(STUDY, period=8, name="参加一次两委会")
WEEKLY = replace(STUDY, period=9, name="集中学习", system="周学")
FORUM = replace(STUDY, period=10, name="登台讲一次业务", system="季度", ends_on=date(2026, 12, 31))
MISSED = replace(STUDY, period=5, ends_on=date(2026, 9, 30))
AWAY = Absent(4, "张建国")
TICKET = Counted(123456789, "窦村村委会", "低保救助", "临时救助")


def said(*duties: Duty, **more) -> words.Reminder:
    return words.Reminder(duties, frozenset(one.period for one in duties), **more)


def labels(reply) -> list[str]:
    return [choice.label for choice in reply.choices]


def test_one_duty_can_be_noted_at_once():
    reply = words.reminder(said(WEEKLY), DAY)
    assert reply.text == "周学：集中学习（到11月30日）"
    assert labels(reply) == ["办了", "这次不办", "以后再说"]
    assert reply.choices[0].id == "d:9:done"


def test_several_are_one_message_by_system():
    reply = words.reminder(said(STUDY, MEETING, WEEKLY, replace(WEEKLY, period=11)), DAY)
    assert reply.text == "11月的事：\n三个一：参加一次学习、参加一次两委会\n周学：集中学习2次"
    assert [choice.id for choice in reply.choices] == ["d:all:11:20261123", "d:list"]


def test_what_lasts_longer_is_not_noted_with_all():
    reply = words.reminder(said(STUDY, MEETING, FORUM), DAY)
    assert "季度：登台讲一次业务（到12月31日）" in reply.text
    assert reply.choices[0].id == "d:all:8:20261123"


def test_many_are_counted_by_system():
    many = [replace(STUDY, period=number, name=f"一件不算很短的事{number}") for number in range(9)]
    reply = words.reminder(said(*many, WEEKLY), DAY)
    assert reply.text == "11月的事：\n三个一9件、集中学习"
    alone = [replace(one, system=f"制度{one.period}") for one in many]
    assert words.reminder(said(*alone), DAY).text.startswith("11月的事：\n制度0、制度1、")


def test_what_was_missed_is_told_once_and_in_one_line():
    reply = words.reminder(said(MISSED, replace(MISSED, period=6), STUDY, late=True), DAY)
    assert reply.text.startswith("系统停过，没按时提醒，对不住。")
    assert "错过的2件已补开，想记就记。" in reply.text
    assert "停过" not in words.reminder(said(STUDY), DAY).text


def test_for_somebody_on_leave():
    his = words.Reminder([STUDY, MEETING, WEEKLY], frozenset({7, 8}))
    reply = words.reminder(words.Reminder().standing_in(AWAY, his), DAY)
    assert reply.text == "张建国请假，请您代他：参加一次学习、参加一次两委会"
    assert [(one.id, one.label) for one in reply.choices] == [("d:for:4", "代张建国记")]
    both = said(WEEKLY).standing_in(AWAY, his)
    assert "周学" in words.reminder(both, DAY).text
    assert labels(words.reminder(both, DAY)) == ["办了", "这次不办", "以后再说", "代张建国记"]
    one = words.Reminder().standing_in(AWAY, words.Reminder([STUDY], frozenset({7})))
    assert [choice.id for choice in words.reminder(one, DAY).choices] == [
        "d:7:done:4",
        "d:7:skip:4",
        "d:7:later:4",
    ]
    assert said(WEEKLY).beside(both).for_others == both.for_others


def test_lists_are_short_and_all_can_be_reached():
    mine = [replace(STUDY, period=number) for number in range(1, 18)]
    seen, start = [], 0
    while True:
        reply = words.month(mine, (mine[0], TICKET) if not start else None, DAY, start)
        assert len(reply.choices) <= 6
        assert len(reply.text) <= 60
        seen += [choice.id for choice in reply.choices if choice.id.endswith(":look")]
        if reply.choices[-1].label != "后面的":
            break
        start = int(reply.choices[-1].id.rpartition(":")[2])
    assert seen == [f"d:{number}:look" for number in range(1, 18)]


def test_each_week_says_which_it_is():
    weeks = [
        replace(WEEKLY, period=day, starts_on=date(2026, 11, day), ends_on=date(2026, 11, day + 6))
        for day in (9, 16)
    ]
    assert labels(words.month([*weeks, STUDY], None, DAY, 0)) == [
        "都办了",
        "集中学习（到11月15日）",
        "集中学习（到11月22日）",
        "参加一次学习",
    ]


def test_every_message_and_button_fits():
    noted = replace(STUDY, state=State.DONE, noted_on=DAY, ticket=TICKET.id, period=999_999_999)
    replies = [
        words.month([STUDY, noted], (STUDY, TICKET), DAY, 0),
        words.month([noted], None, DAY, 0),
        words.single(STUDY, TICKET, ""),
        words.single(STUDY, None, ""),
        words.single(noted, None, ""),
        words.noted(noted, 12),
        words.noted_together([noted], [TICKET], 999_999_999),
        words.noted_together([], [], 1),
    ]
    for reply in replies:
        assert len(reply.text) <= 60, reply.text
        assert len(reply.choices) <= 6
        for choice in reply.choices:
            assert len(choice.id.encode()) <= 64
            assert len(choice.label) <= 20


def test_a_ticket_is_told_by_its_place_and_kind_never_by_a_name():
    assert (
        words.counted_as(replace(STUDY, name="帮一户困难群众"), TICKET)
        == "帮一户困难群众：窦村123456789号临时救助"
    )


def test_for_whom_he_stands_in_is_offered_at_once():
    others = {AWAY: 2, Absent(5, "周新民"): 0}
    mine = [replace(STUDY, period=number) for number in range(1, 9)]
    reply = words.month(mine, (mine[0], TICKET), DAY, 0, others)
    assert labels(reply)[:4] == ["算上", "不算", "都办了", "代张建国记（2件）"]
    assert len(reply.choices) == 6
    assert "代周新民记的" in labels(words.month(mine, None, DAY, 6, others))
    assert [one.id for one in words.month([], None, DAY, 0, others).choices] == ["d:for:4", "d:for:5"]


def test_what_is_said_to_a_deputy_fits_and_says_whose_it_is():
    noted = replace(STUDY, state=State.DONE, noted_on=DAY, noted_by=2, period=999_999_999)
    many = [replace(STUDY, period=number) for number in range(1, 18)]
    replies = [
        standing_in.month_of_another(AWAY, many, DAY, 0),
        standing_in.month_of_another(AWAY, [noted], DAY, 0),
        standing_in.month_of_another(AWAY, [], DAY, 0),
        standing_in.single_of_another(AWAY, STUDY),
        standing_in.single_of_another(AWAY, noted),
        standing_in.noted_for(AWAY, noted, 12),
        standing_in.put_off_for(AWAY, STUDY),
        standing_in.put_off_for(AWAY, replace(STUDY, remind_on=None)),
        standing_in.taken_back_for(AWAY, STUDY),
        words.not_counted(STUDY, TICKET.id),
        words.single(noted, None, "", "李小军"),
    ]
    for reply in replies:
        assert len(reply.text) <= 60, reply.text
        assert 0 < len(reply.choices) <= 6
    assert all("张建国" in reply.text for reply in replies[:-2])
    assert replies[-1].text == "参加一次学习：11月23日李小军代您记的“办了”。"
