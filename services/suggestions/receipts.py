"""Asking by a receipt code, on any account. Nothing is kept of who asked for what."""

from dataclasses import dataclass

from domain.errors import Refusal
from domain.suggestions import codes
from domain.suggestions.steps import Suggestion
from services.desk import Desk
from services.suggestions import letters
from services.suggestions.access import today
from storage.suggestions import rows, wrong_codes

_EVERYBODY = "everybody"


@dataclass(frozen=True, slots=True)
class Found:
    """What a code belongs to: a suggestion, or (None) a letter that still lies sealed. `receipt`: the code's mark."""

    receipt: bytes
    suggestion: Suggestion | None

    @property
    def anonymous(self) -> bool:
        return self.suggestion is None or self.suggestion.anonymous


def look_up(desk: Desk, account: int, code: str) -> Found | None:
    """What the code belongs to. None if nothing does: then a wrong code is counted, and neither which nor a right one.

    Raises Refusal after too many wrong ones, of this account in a day or of all in an hour.
    """
    counters = [(f"account:{account}", f"{today(desk):%Y-%m-%d}"), (_EVERYBODY, f"{desk.now:%Y-%m-%dT%H}")]
    if wrong_codes.tried(desk.tx, *counters[0]) >= codes.WRONG_A_DAY:
        raise Refusal("查错的次数太多了，请明天再查。")
    if wrong_codes.tried(desk.tx, *counters[1]) >= codes.WRONG_AN_HOUR:
        raise Refusal("现在查的人太多，请过一小时再查。")
    found = of_receipt(desk, codes.mark(code, desk.county.card_key))
    if found is None:
        wrong_codes.note(desk.tx, counters)
    return found


def of_receipt(desk: Desk, receipt: bytes) -> Found | None:
    """What the mark of a code belongs to, None if nothing does."""
    suggestion = rows.of_receipt(desk.tx, receipt)
    if suggestion is None and not letters.lies_sealed(desk, receipt):
        return None
    return Found(receipt, suggestion)
