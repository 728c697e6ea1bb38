"""Anonymous answers: sealed when they are cast, mixed when the survey has closed, and then nobody's.

docs/decisions/0018-sealed-ballots.md says what this holds against, and what not.
"""

import contextlib
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from domain.delivery import CHINA
from domain.directory import Person
from domain.errors import Refusal
from domain.surveys.form import Answers, Kind
from domain.surveys.suppression import shown
from services.desk import Desk
from storage import ballots
from storage.ballots import BoxClosedError

_CLOSED = "这次问卷已经结束了，谢谢您。"
_ALREADY = "您已经填过了，每人一份。谢谢！"
_LOST = "密钥没了，匿名答卷打不开了。"

_ROOM = 4096
"""Bytes of which a ballot's length is a multiple, and which it has for what is in none of its answers."""
_BESIDE = 64
"""Bytes for a number, a date or a place, and for quotes and commas."""
_TEXT_ROOM = 2 * 4096
"""Bytes for each free text: 2000 characters of a message are read, at most four bytes each."""


def box_of(survey: int) -> str:
    """The survey's box, which is also the name of its key."""
    return f"survey-{survey}"


def open_box(desk: Desk, survey: int) -> None:
    """Make the key of an anonymous survey that opens."""
    ballots.make_box(desk.tx, box_of(survey))


def room_for(form: Mapping[str, Any]) -> int:
    """Bytes that every ballot of a form (as JSON) takes up, so that its length tells nothing of what was said."""
    longest = sum(_longest(question) for question in form["questions"])
    return _ROOM * (1 + longest // _ROOM)


def _longest(question: Mapping[str, Any]) -> int:
    """Bytes that the question's name and its longest answer can take as JSON."""
    beside = len(question.get("name", "").encode()) + _BESIDE
    if question["kind"] in (Kind.TEXT, Kind.CALCULATE):
        return beside + _TEXT_ROOM
    return beside + sum(len(option["name"].encode()) + 1 for option in question.get("options", ()))


def cast(desk: Desk, survey: int, person: Person, answers: Answers, channel: str = "") -> None:
    """Put an anonymous answer into the box, and drop its draft.

    Raises Refusal when the person has answered already, or the survey is not open.
    """
    put_in(desk, survey, str(person.id), answers, _township(person), channel)
    ballots.drop_draft(desk.tx, survey, person.id)


def put_in(
    desk: Desk, survey: int, who: str, answers: Answers, township: str = "", channel: str = ""
) -> None:
    """Put an answer into the box, once for each `who`: a person's id, or an invitation code.

    Raises Refusal as `cast` does.
    """
    standing = ballots.standing(desk.tx, survey)
    if standing is None or not standing.anonymous or standing.state != "open":
        raise Refusal(_CLOSED)
    try:
        if not ballots.mark(desk.tx, box_of(survey), who):
            raise Refusal(_ALREADY)
        said = {"answers": answers, "township": township, "channel": channel}
        ballots.put(desk.tx, box_of(survey), said, room_for(standing.form))
    except BoxClosedError:
        raise Refusal(_CLOSED) from None


def has_cast(desk: Desk, survey: int, person: int) -> bool:
    """Has she answered? True also when the survey is over: then nobody can tell, and nobody needs to ask her."""
    try:
        return ballots.is_marked(desk.tx, box_of(survey), str(person))
    except BoxClosedError:
        return True


def note_cast(desk: Desk, survey: int, person: int) -> None:
    """She has answered, on an account of hers that was another person's until now."""
    with contextlib.suppress(BoxClosedError):
        ballots.mark(desk.tx, box_of(survey), str(person))


def seal_draft(desk: Desk, survey: int, form: Mapping[str, Any], answers: Answers) -> bytes:
    """What she has answered so far, as it is kept. Raises Refusal when the survey is over."""
    try:
        return ballots.seal(desk.tx, box_of(survey), answers, room_for(form))
    except BoxClosedError:
        raise Refusal(_CLOSED) from None


def open_draft(desk: Desk, survey: int, sealed: bytes) -> Answers:
    """What `seal_draft` has sealed. Raises Refusal when the survey is over."""
    try:
        answers: Answers = ballots.unseal(desk.tx, box_of(survey), sealed)
    except BoxClosedError:
        raise Refusal(_CLOSED) from None
    return answers


def release(desk: Desk, survey: int) -> int:
    """Mix the ballots of a closed survey and write them as answers that anybody may read. Returns how many.

    All or nothing, and once: a survey that is released already is left alone. Its key dies after the commit.
    Raises Refusal when the survey is not closed, and when its key was lost, for then nobody can read them.
    """
    standing = ballots.standing(desk.tx, survey, to_release=True)
    if standing is None or not standing.anonymous or standing.state not in ("closed", "released"):
        raise Refusal("问卷还没结束，匿名答卷不能打开。")
    if standing.state == "released":
        return 0
    box = box_of(survey)
    try:
        found = ballots.mixed(desk.tx, box)
    except BoxClosedError:
        raise Refusal(_LOST) from None
    answers = _answers(desk, box, standing, found)
    channels = Counter(one["channel"] for one in found)
    ballots.publish(desk.tx, survey, answers, {name: channels[name] for name in shown(channels)})
    ballots.drop_draft(desk.tx, survey)
    ballots.close_for_good(desk.tx, box)
    return len(answers)


def _answers(desk: Desk, box: str, standing: Any, found: Sequence[Any]) -> list[dict[str, Any]]:
    """The ballots as rows of answers: a township where enough answered, the day of closing, and nothing else."""
    townships = shown(Counter(one["township"] for one in found))
    day = (standing.closed_at or desk.now).astimezone(CHINA).date()
    questions = standing.form["questions"]
    files = [question["name"] for question in questions if question["kind"] in (Kind.IMAGE, Kind.AUDIO)]
    return [
        {
            "person": None,
            "township": one["township"] if one["township"] in townships else None,
            "channel": "",
            # sorted, not as they were given and changed
            "answers": dict(sorted((one["answers"] | _brought_out(desk, box, one, files, day)).items())),
            "day": day,
        }
        for one in found
    ]


def _brought_out(desk: Desk, box: str, ballot: Any, files: Sequence[str], day: date) -> Answers:
    """Its pictures and sounds under new numbers; "" for those that never came."""
    at = datetime.combine(day, time(), CHINA)
    given = {name: ballot["answers"][name] for name in files if ballot["answers"].get(name)}
    new = {name: ballots.bring_out(desk.tx, box, int(value), at) for name, value in given.items()}
    return {name: str(value or "") for name, value in new.items()}


def _township(person: Person) -> str:
    return (person.area or "")[:9] if len(person.area or "") >= len("610528001") else ""
