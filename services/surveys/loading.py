"""A form comes in: from now on it is a survey, a draft that nobody is asked yet."""

from domain.surveys.form import Form
from services.desk import Desk
from services.directory.areas import area as area_of
from storage import surveys


def load_survey(
    desk: Desk, form: Form, sheet: bytes, *, anonymous: bool, area: str = "", by: int | None = None
) -> int:
    """Keep a compiled form as a survey of an area, of the whole county if none is named; its number.

    Compiling takes a while, so it is done before the transaction. Raises Refusal if there is no such area.
    """
    place = area_of(desk, area or desk.county.code)
    return surveys.add(desk.tx, form, sheet, anonymous=anonymous, area=place.code, by=by, created_at=desk.now)
