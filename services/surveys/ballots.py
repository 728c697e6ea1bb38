"""Anonymous answers: sealed when they are cast, mixed when the survey has closed, and then nobody's.

docs/decisions/0018-sealed-ballots.md says what this holds against, and what not.
"""

import contextlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from domain.delivery import CHINA
from domain.directory import Person
from domain.errors import Refusal
from domain.surveys.form import Answers, Kind
from domain.surveys.suppression import shown
from services.desk import Desk
from storage import ballots, surveys
from storage.ballots import BoxClosedError

_CLOSED = "这次问卷已经结束了，谢谢您。"
_ALREADY = "您已经填过了，每人一份。谢谢！"
LOST = "密钥没了，匿名答卷打不开了。"

_BOX = "survey-"
AT_ONCE = 250
"""Ballots dealt with in one transaction, in which SQLite answers nobody: some 50 ms."""
_ROOM = 4096
"""Bytes of which a ballot's length is a multiple, and which it has for what is in none of its answers."""
_BESIDE = 64
"""Bytes for a number, a date or a place, and for quotes and commas."""
_PATIENCE = timedelta(minutes=15)
"""After its closing a survey's ballots wait so long for pictures and sounds that are still on their way."""
_TEXT_ROOM = 2 * 4096
"""Bytes for each free text: 2000 characters of a message are read, at most four bytes each."""


def box_of(survey: int) -> str:
    """The survey's box, which is also the name of its key."""
    return f"{_BOX}{survey}"


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


def count(desk: Desk, survey: int) -> int:
    """How many ballots lie in its box."""
    return ballots.count(desk.tx, box_of(survey))


def closed(desk: Desk) -> list[int]:
    """Surveys whose ballots are to be mixed now, as far as their keys are there."""
    keys = ballots.boxes(desk.tx, _BOX)
    sealed = [survey for survey in surveys.still_sealed(desk.tx) if box_of(survey) in keys]
    return [survey for survey in sealed if not waits_for_files(desk, survey)]


def are_lost(desk: Desk, survey: int) -> bool:
    """Is it closed, and its key gone before anybody could read the ballots? So it is after a backup was put back."""
    standing = ballots.seen(desk.tx, survey)
    closed_and_sealed = standing is not None and standing.anonymous and standing.state == "closed"
    return closed_and_sealed and box_of(survey) not in ballots.boxes(desk.tx, _BOX)


def waits_for_files(desk: Desk, survey: int) -> bool:
    """Is a picture still on its way that somebody sent just before it closed? It would be lost; but not for ever."""
    standing = ballots.seen(desk.tx, survey)
    long_ago = desk.now - _PATIENCE
    if standing is None or standing.closed_at is None or standing.closed_at <= long_ago:
        return False
    return ballots.waits_for_files(desk.tx, box_of(survey))


@dataclass(frozen=True, slots=True)
class Opened:
    """The ballots of a closed survey, mixed, and what is told beside them."""

    found: Sequence[Any]
    townships: Collection[str]
    channels: Mapping[str, int]
    files: Sequence[str]
    """Names of the questions that are answered by a picture or a sound."""
    day: date


def release(desk: Desk, survey: int) -> int:
    """Mix the ballots of a closed survey and write them as answers that anybody may read. Returns how many.

    All or nothing, and once: a survey that is released already is left alone. Its key dies after the commit.
    Raises Refusal when the survey is not closed, and when its key was lost, for then nobody can read them.
    """
    opened = open_all(desk, survey)
    if opened is None:
        return 0
    while publish_some(desk, survey, opened):
        pass
    while erase_some(desk, survey):
        pass
    return len(opened.found)


def open_all(desk: Desk, survey: int) -> Opened | None:
    """Only reads. None: it is released already. Raises Refusal as `release` does."""
    standing = ballots.seen(desk.tx, survey)
    if standing is None or not standing.anonymous or standing.state not in ("closed", "released"):
        raise Refusal("问卷还没结束，匿名答卷不能打开。")
    if standing.state == "released":
        return None
    try:
        found = ballots.mixed(desk.tx, box_of(survey))
    except BoxClosedError:
        raise Refusal(LOST) from None
    channels = Counter(one["channel"] for one in found)
    questions = standing.form["questions"]
    return Opened(
        found,
        shown(Counter(one["township"] for one in found)),
        {name: channels[name] for name in shown(channels)},
        [question["name"] for question in questions if question["kind"] in (Kind.IMAGE, Kind.AUDIO)],
        (standing.closed_at or desk.now).astimezone(CHINA).date(),
    )


def publish_some(desk: Desk, survey: int, opened: Opened) -> bool:
    """Write the next of the answers. False: all are written, and may be read.

    Their order is the same for whoever opens them, so that another process, or this one after a crash, goes on.
    """
    standing = ballots.standing(desk.tx, survey, to_release=True)
    if standing is None or standing.state != "closed":
        return False
    written = ballots.published(desk.tx, survey)
    part = opened.found[written : written + AT_ONCE]
    ballots.publish(desk.tx, survey, [_answer(desk, survey, opened, one) for one in part], written)
    if written + len(part) < len(opened.found):
        return True
    ballots.note_released(desk.tx, survey, opened.channels)
    ballots.drop_draft(desk.tx, survey)
    return False


def erase_some(desk: Desk, survey: int) -> bool:
    """Take away what lies in the box of a released survey. False: nothing does any more, and its key is to die."""
    standing = ballots.standing(desk.tx, survey, to_release=True)
    if standing is None or standing.state != "released":
        return False
    if ballots.erase_some(desk.tx, box_of(survey), AT_ONCE):
        return True
    ballots.close_for_good(desk.tx, box_of(survey))
    return False


def left_over(desk: Desk) -> list[int]:
    """Released surveys whose boxes are still to be taken away."""
    numbers = [int(box.removeprefix(_BOX)) for box in ballots.boxes(desk.tx, _BOX)]
    dead = ballots.dead(desk.tx, [box_of(number) for number in numbers])
    alive = [number for number in numbers if box_of(number) not in dead]
    found = ((number, ballots.seen(desk.tx, number)) for number in alive)
    return [number for number, standing in found if standing is not None and standing.state == "released"]


def _answer(desk: Desk, survey: int, opened: Opened, ballot: Any) -> dict[str, Any]:
    """A ballot as an answer: a township where enough answered, the day of closing, and nothing else."""
    brought = _brought_out(desk, box_of(survey), ballot, opened.files, opened.day)
    return {
        "person": None,
        "township": ballot["township"] if ballot["township"] in opened.townships else None,
        "channel": "",
        "answers": dict(sorted((ballot["answers"] | brought).items())),  # not as they were given and changed
        "day": opened.day,
    }


def _brought_out(desk: Desk, box: str, ballot: Any, files: Sequence[str], day: date) -> Answers:
    """Its pictures and sounds under new numbers; "" for those that never came."""
    at = datetime.combine(day, time(), CHINA)
    given = {name: ballot["answers"][name] for name in files if ballot["answers"].get(name)}
    new = {name: ballots.bring_out(desk.tx, box, int(value), at) for name, value in given.items()}
    return {name: str(value or "") for name, value in new.items()}


def _township(person: Person) -> str:
    return (person.area or "")[:9] if len(person.area or "") >= len("610528001") else ""
