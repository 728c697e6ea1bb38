"""Saying something to many: previewing, starting, stopping, reminding; and wanting none of it."""

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime

from domain.broadcasts import (
    ANSWERED_ALREADY,
    Audience,
    Broadcast,
    Preview,
    Progress,
    Reach,
    State,
    with_opt_out,
)
from domain.delivery import CHINA
from domain.directory import Person
from domain.errors import Refusal
from domain.talk import Choice, Reply
from services.delivery import tell
from services.desk import Desk
from storage.broadcasts import audience as audiences
from storage.broadcasts import mass, recipients, rows, tags
from storage.directory import people

_OURS = "survey-"
"""Tags that begin so are ours: a survey's list, and those who took part in one."""
MOST_BYTES = 1500
"""Of a text: with its choices it has to fit into one message of every messenger."""
_STATES = {"draft": "还没打开", "closed": "已经结束", "released": "已经结束"}


def month_of(now: datetime) -> str:
    """The month of China's calendar, by which WeChat counts mass messages."""
    return f"{now.astimezone(CHINA):%Y-%m}"


def preview(desk: Desk, audience: Audience, masses: Sequence[str] = ()) -> Preview:
    """Whom a broadcast would reach and how, and who stays without it. `masses`: messengers with mass messages."""
    return audiences.preview(desk.tx, audience, desk.now, month_of(desk.now), masses)


def invitation(desk: Desk, survey: int, text: str = "") -> Reply:
    """What is said to those who are asked: the text, or the survey's title, and the way into it.

    Raises Refusal for a survey that nobody can answer now, and for a text that is too long.
    """
    return _inviting(_facts(desk, survey), text, f"s:{survey}")


def _inviting(facts: rows.SurveyFacts, text: str, wire: str) -> Reply:
    said = with_opt_out(text or f"请您答一份问卷：{facts.title}。{'不记名。' if facts.anonymous else ''}")
    if len(said.encode()) > MOST_BYTES:
        raise Refusal(f"话太长了，最多{MOST_BYTES // 3}个字。")
    return Reply(said, (Choice(wire, "参加"),))


def _facts(desk: Desk, survey: int) -> rows.SurveyFacts:
    facts = rows.survey_facts(desk.tx, survey)
    if facts is None:
        raise Refusal(f"没有{survey}号问卷。")
    if facts.state != "open":
        raise Refusal(f"{survey}号问卷{_STATES.get(facts.state, '不能发')}。")
    return facts


def send_survey(
    desk: Desk,
    survey: int,
    audience: Audience,
    *,
    text: str = "",
    starts_at: datetime | None = None,
    by: int | None = None,
) -> int:
    """Begin to send a survey to an audience, now or at a time. Returns the broadcast's number. Raises Refusal."""
    if audience.tag and not tags.is_carried(desk.tx, audience.tag):  # a slip would shut everybody out
        raise Refusal(f"没有人带“{audience.tag}”这个标签。")
    reply = invitation(desk, survey, text)
    return _add(desk, survey, reply, audience, starts_at, by, anonymous=_facts(desk, survey).anonymous)


def tell_results(desk: Desk, survey: int, text: str, audience: Audience, *, by: int | None = None) -> int:
    """Begin to tell an audience what came of a survey. Returns the broadcast's number.

    The database takes one of each survey: whoever calls has asked for `telling_of`.
    """
    return _add(desk, None, Reply(with_opt_out(text)), audience, None, by, anonymous=False, tells=survey)


def would_be_reminded(desk: Desk, number: int) -> int:
    """How many people a reminder would go to, at the most. Raises Refusal as `remind` does.

    Of an anonymous survey all whom it reached; of a named one those of them who have not answered.
    """
    _remindable(desk, number)
    return reached(desk, number)


def reached(desk: Desk, number: int) -> int:
    """How many people have got a broadcast; without those who have answered its survey since, if that is named."""
    counted = progress(desk, number).counts
    return counted.get(Reach.SENT, 0) + counted.get(Reach.UNCERTAIN, 0)


def _remindable(desk: Desk, number: int) -> tuple[Broadcast, int]:
    """The broadcast, held until the transaction ends, and its survey."""
    first = _found(desk, number, lock=True)
    if first.survey is None or first.audience.again or rows.reminder_of(desk.tx, number) is not None:
        raise Refusal("只能提醒一次，已经提醒过了。" if first.survey else "这次群发不是问卷，不能提醒。")
    if first.state in (State.GOING, State.PAUSED):
        raise Refusal("还没发完，发完再提醒。")
    return first, first.survey


def remind(
    desk: Desk, number: int, *, text: str = "", starts_at: datetime | None = None, by: int | None = None
) -> int:
    """Remind once: those who have not answered a named survey; everybody, where it is anonymous.

    Raises Refusal for a broadcast that has no survey, is a reminder itself, was reminded of, or is still leaving.
    """
    first, survey = _remindable(desk, number)
    again = ANSWERED_ALREADY if first.anonymous else ""
    reply = invitation(desk, survey, f"{again}{text}" if text else f"提醒一下：{again}{first.text}")
    audience = Audience(again=number, tag="", areas=first.audience.areas, roles=first.audience.roles)
    return _add(desk, survey, reply, audience, starts_at, by, anonymous=first.anonymous)


def _add(
    desk: Desk,
    survey: int | None,
    reply: Reply,
    audience: Audience,
    starts_at: datetime | None,
    by: int | None,
    *,
    anonymous: bool,
    tells: int | None = None,
) -> int:
    return rows.add(
        desk.tx,
        {
            "survey": survey,
            "text": reply.text,
            "choices": [[choice.id, choice.label] for choice in reply.choices],
            "anonymous": anonymous,
            "audience": audience.as_json(),
            "serial": secrets.token_urlsafe(12),
            "by_mass": True,
            "reminds": None if tells else audience.again or None,
            "tells": tells,
            "made_by": by,
            "created_at": desk.now,
            "starts_at": starts_at or desk.now,
        },
    )


def worker(desk: Desk, phone: str) -> Person:
    """Whoever of the roster has this phone. Raises Refusal."""
    found = people.worker_of_phone(desk.tx, phone, desk.now)
    if found is None:
        raise Refusal("名册里没有这个电话。")
    return found


def rehearsal(desk: Desk, survey: int, text: str = "") -> Reply:
    """The invitation as others will see it; that of a draft leads to a trial. Raises Refusal as `invitation` does."""
    facts = rows.survey_facts(desk.tx, survey)
    if facts is not None and facts.state == "draft":
        reply = _inviting(facts, text, f"q:{survey}:try")
    else:
        reply = invitation(desk, survey, text)
    return Reply(f"【试发】{reply.text}", reply.choices)


def rehearse(desk: Desk, person: Person, survey: int, text: str = "") -> None:
    """Send it to oneself first. Raises Refusal as `rehearsal` does."""
    tell(desk, person.id, rehearsal(desk, survey, text), urgent=True)


def queue_some(desk: Desk, number: int, people: int) -> bool:
    """Find recipients among so many people more. False: everybody has been found. Raises Refusal.

    Nobody else can write to SQLite meanwhile, so it is done in parts.
    """
    broadcast = _found(desk, number, lock=True)
    if not _is_to_queue(broadcast):
        return False
    last = audiences.last_person(desk.tx)
    upto = min(broadcast.queued_to + people, last)
    more = audiences.queue(desk.tx, broadcast, upto, desk.now)
    rows.note_queued(desk.tx, number, more, upto, whole=upto >= last)
    return upto < last


def draw(desk: Desk, number: int) -> list[audiences.Drawn]:
    """Draw the recipients of an audience that is drawn by lot; it only reads. Raises Refusal."""
    return audiences.draw(desk.tx, _found(desk, number), desk.now)


def queue_drawn(desk: Desk, number: int, drawn: Sequence[audiences.Drawn]) -> None:
    """Make recipients of those who were drawn, unless another draw came first. Raises Refusal."""
    broadcast = _found(desk, number, lock=True)
    if _is_to_queue(broadcast):
        last = audiences.last_person(desk.tx)
        more = audiences.queue_drawn(desk.tx, broadcast, drawn, last)
        rows.note_queued(desk.tx, number, more, last, whole=True)


def _is_to_queue(broadcast: Broadcast) -> bool:
    return not broadcast.queued and broadcast.state in (State.GOING, State.PAUSED)


def pause(desk: Desk, number: int) -> None:
    """Nothing more leaves until it is resumed. Raises Refusal if it is over."""
    _move(desk, number, State.PAUSED, (State.GOING, State.PAUSED))


def resume(desk: Desk, number: int) -> None:
    """It goes on where it was. Raises Refusal if it is over."""
    _move(desk, number, State.GOING, (State.GOING, State.PAUSED))


def cancel(desk: Desk, number: int) -> None:
    """Nothing more leaves, not even what is held for somebody. Raises Refusal if it is over already."""
    _move(desk, number, State.CANCELLED, (State.GOING, State.PAUSED, State.CANCELLED))


def _move(desk: Desk, number: int, to: State, allowed: Collection[State]) -> None:
    broadcast = _found(desk, number, lock=True)
    if broadcast.state not in allowed:
        raise Refusal("这次群发已经发完了。" if broadcast.state is State.DONE else "这次群发已经取消了。")
    rows.change_state(desk.tx, number, to, desk.now)


def _found(desk: Desk, number: int, *, lock: bool = False) -> Broadcast:
    found = rows.find(desk.tx, number, lock=lock)
    if found is None:
        raise Refusal(f"没有{number}号群发。")
    return found


def progress(desk: Desk, number: int) -> Progress:
    """How far it has come, in counts. Raises Refusal if there is none of this number."""
    found = rows.progress(desk.tx, number)
    if found is None:
        raise Refusal(f"没有{number}号群发。")
    return found


def newest_of(desk: Desk, survey: int) -> int:
    """The newest broadcast of a survey. Raises Refusal if it was never sent."""
    found = rows.newest_of(desk.tx, survey)
    if found is None:
        raise Refusal(f"{survey}号问卷还没有发过。")
    return found


def survey_is_answered(desk: Desk, survey: int, person: int) -> None:
    """She has answered a named survey. An anonymous one must never be told who has."""
    recipients.answered(desk.tx, survey, person)


def refuse_broadcasts(desk: Desk, person: int) -> None:
    """She wants no messages that are sent to many."""
    recipients.refuse(desk.tx, person, desk.now)


def accept_broadcasts(desk: Desk, person: int) -> None:
    """She wants them again."""
    recipients.accept(desk.tx, person)


def reports(desk: Desk, number: int) -> list[tuple[int, int, str]]:
    """(number, people, what the platform reported) of each of its mass messages."""
    return mass.reports(desk.tx, number)


def tag_people(desk: Desk, tag: str, phones: Collection[str]) -> int:
    """People with these phones carry a tag, by which they can be addressed. Returns how many carry it now."""
    return tags.add(desk.tx, tag, phones)


def given_tags(desk: Desk, area: str) -> list[tuple[str, int]]:
    """Tags of an area's people that staff have given, with how many carry each; the most carried first."""
    return [one for one in tags.within(desk.tx, area) if not one[0].startswith(_OURS)]


def list_people(desk: Desk, survey: int, area: str, phones: Collection[str]) -> tuple[str, int]:
    """The people with these phones, and nobody else, are a survey's list.

    Returns the tag that they carry, and how many of them live in the area.
    """
    tag = f"{_OURS}list-{survey}"
    tags.drop(desk.tx, tag)
    tags.add(desk.tx, tag, phones)
    return tag, dict(tags.within(desk.tx, area)).get(tag, 0)
