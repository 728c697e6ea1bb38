"""Anonymous suggestions: letters that lie sealed in the box of a day, and are opened together.

A letter is written in the transaction of its writer's turn, so it says nothing as long as it lies there: it is a
ballot of the box `letters-<day>` (storage.ballots). Whoever was in a private talk, and what was said in it, is sealed
under the same key. Opened, letters are shuffled and become suggestions of one day, in one transaction that is
nobody's turn; then the key dies, and with it every word that was said under it.
"""

import contextlib
import logging
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from domain.delivery import CHINA
from domain.errors import Refusal
from domain.suggestions import codes
from domain.suggestions.letters import boxes_to_open
from services.desk import Desk
from services.suggestions import writer
from services.suggestions.access import today
from services.suggestions.filing import Said, file
from storage import ballots
from storage.ballots import BoxClosedError
from storage.statements import lock_name, savepoint
from storage.suggestions import rows

log = logging.getLogger(__name__)

_BOX = "letters-"
_ROOM = 24 * 1024
"""Bytes that a letter takes up however short it is: several of the longest messages that are read."""
_TOO_LATE = "过了一夜，刚才的匿名信作废了。请再发“提建议”。"


def open_box(desk: Desk) -> str:
    """The box of today, which is also the name of the key under which a private talk of today rests."""
    box = _box_of(today(desk))
    ballots.make_box(desk.tx, box)
    return box


def write(desk: Desk, box: str, said: Said) -> str:
    """Put an anonymous suggestion into a box; its receipt code. Raises Refusal if the box was opened meanwhile."""
    code = codes.new_code()
    _put(desk, box, said, {"receipt": codes.mark(code, desk.county.card_key).hex()})
    return code


def add(desk: Desk, box: str, receipt: bytes, said: Said) -> None:
    """Put what the writer of a suggestion adds into a box. Raises Refusal if the box was opened meanwhile."""
    _put(desk, box, said, {"to": receipt.hex()})


def _put(desk: Desk, box: str, said: Said, letter: Mapping[str, str]) -> None:
    lock_name(desk.tx, _BOX)  # or the box could be opened while a letter falls into it, and be gone with it
    if ballots.dead(desk.tx, [box]):
        raise Refusal(_TOO_LATE)
    words = {"text": said.text, "media": list(said.media), "about_person": said.about_person, "box": box}
    try:
        ballots.put(desk.tx, box, {**letter, **words}, _ROOM)
    except BoxClosedError:
        raise Refusal(_TOO_LATE) from None


def lies_sealed(desk: Desk, receipt: bytes) -> bool:
    """Is there a letter with this mark in a box that is not opened yet?"""
    wanted = receipt.hex()
    return any(one.get("receipt") == wanted for day in _boxes(desk) for one in _read(desk, [day]))


def open_due(desk: Desk) -> int:
    """Open the boxes whose time has come. Returns how many letters were in them."""
    lock_name(desk.tx, _BOX)
    counts = {day: ballots.count(desk.tx, _box_of(day)) for day in _boxes(desk)}
    empty = [day for day, count in counts.items() if not count and day < today(desk)]
    due = boxes_to_open(counts, today(desk))
    letters = [_with_its_files(desk, letter) for letter in _read(desk, due)]
    letters.sort(key=lambda one: "to" in one)  # what is added comes after what it is added to
    for letter in letters:
        _deliver_or_keep(desk, letter)
    for day in (*due, *empty):
        ballots.close_for_good(desk.tx, _box_of(day))
    return len(letters)


def _deliver_or_keep(desk: Desk, letter: Mapping[str, Any]) -> None:
    """A letter that cannot be delivered is put into today's box, and holds up no other."""
    try:
        with savepoint(desk.tx):
            _deliver(desk, letter)
    except Exception as fault:  # noqa: BLE001
        # Without a trace, in which her words could stand.
        log.error("a letter could not be delivered and is kept: %s", type(fault).__name__)  # noqa: TRY400
        ballots.put(desk.tx, open_box(desk), letter, _ROOM)


def _read(desk: Desk, days: list[date]) -> list[dict[str, Any]]:
    """All that lies in these boxes, mixed."""
    found: list[dict[str, Any]] = []
    for day in days:
        with contextlib.suppress(BoxClosedError):  # its key is gone: nobody can read it any more
            found += ballots.mixed(desk.tx, _box_of(day))
    ballots.mix(found)
    return found


def _with_its_files(desk: Desk, letter: dict[str, Any]) -> dict[str, Any]:
    """Its pictures and sounds under new numbers, by which nobody finds when they came; those that never came are lost."""
    if "box" not in letter:
        return letter
    at = datetime.combine(today(desk), time(), CHINA)
    new = [ballots.bring_out(desk.tx, letter["box"], one, at) for one in letter["media"]]
    kept = {key: value for key, value in letter.items() if key != "box"}
    return kept | {"media": [one for one in new if one is not None]}


def _deliver(desk: Desk, letter: Mapping[str, Any]) -> None:
    said = Said(letter["text"], tuple(letter["media"]), letter["about_person"])
    if "receipt" in letter:
        file(desk, said, bytes.fromhex(letter["receipt"]))
        return
    found = rows.of_receipt(desk.tx, bytes.fromhex(letter["to"]))
    if found is None:  # what it is added to could not be delivered either
        raise LookupError("there is no such suggestion yet")
    writer.add(desk, found, said)


def _boxes(desk: Desk) -> list[date]:
    names = ballots.boxes(desk.tx, _BOX)
    dead = ballots.dead(desk.tx, names)
    return [date.fromisoformat(name.removeprefix(_BOX)) for name in names if name not in dead]


def _box_of(day: date) -> str:
    return f"{_BOX}{day:%Y-%m-%d}"
