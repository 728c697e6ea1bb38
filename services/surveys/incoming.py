"""A spreadsheet comes by chat from staff: it is expected, read outside of any transaction, and becomes a draft or a bank."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from domain.directory import Account, Person
from domain.surveys.form import Form
from domain.surveys.staffing import DROP, LAUNCH, TRY, asked, deeds
from domain.talk import Media, Reply, shorten
from services.banks import incoming as banks
from services.banks.incoming import Bank
from services.delivery import tell_here
from services.desk import Desk
from services.surveys.access import staffed
from services.surveys.loading import load_survey
from storage import survey_sheets
from storage.directory import people
from storage.survey_sheets import Sheet

MAX_BYTES = 2 * 2**20
"""Of a spreadsheet, as it comes."""
_SHOWN = 4
"""Problems told; of the rest, how many they are."""
_LENGTH = 60
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_XLS, _CSV = "application/vnd.ms-excel", "text/csv"
_MIMES = frozenset({_XLSX, _XLS, _CSV, "text/comma-separated-values", "application/csv"})
_NAME = re.compile(r"\.(xlsx|xlsm|xls|csv)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Read:
    """What came of a spreadsheet: its form, or what has to be changed, a line each; and what is not collected.

    `bank`: it is no form, but a bank without a fault.
    """

    form: Form | None
    problems: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    bank: Bank | None = None


def may_send(desk: Desk, channel: str, address: str) -> bool:
    """Are spreadsheets taken from whoever writes from this account? From staff only."""
    person = people.at(desk.tx, channel, address)
    return person is not None and bool(staffed(desk, person))


def looks_like_a_sheet(media: Media) -> bool:
    """By what its sender's messenger says; what it is, its bytes tell when they have come."""
    return media.kind == "file" and (media.mime in _MIMES or bool(_NAME.search(media.name)))


def sheet_mime(data: bytes, name: str) -> str | None:
    """MIME type of a spreadsheet by its bytes; CSV, which begins with nothing special, by name too. None for others."""
    if data.startswith(b"PK\x03\x04"):
        return _XLSX if b"xl/" in data else None
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return _XLS
    return _CSV if name.lower().endswith(".csv") and data and b"\x00" not in data else None


def expect(desk: Desk, account: Account, attachment: int, name: str) -> None:
    """It is read as soon as its bytes are here."""
    survey_sheets.add(desk.tx, attachment, account.id, name)


def come(desk: Desk) -> list[Sheet]:
    """Spreadsheets that can be read now."""
    return survey_sheets.come(desk.tx)


def take_in(desk: Desk, sheet: Sheet, read: Read | None, data: bytes) -> None:
    """Tell its sender what came of a spreadsheet; a good form becomes a draft of the area that she is staff of.

    `read`: None if it never came. Does nothing if it was taken in already,
    or its sender is not staff any more.
    """
    if not survey_sheets.drop(desk.tx, sheet.attachment):
        return
    sender = people.find(desk.tx, sheet.account.person)
    areas = staffed(desk, sender) if sender else []
    if sender is None or not areas:
        return
    for reply in _told(desk, sender, areas[0], read, data):
        tell_here(desk, sheet.account, reply)


def _told(desk: Desk, sender: Person, area: str, read: Read | None, data: bytes) -> list[Reply]:
    if read is None:
        return [Reply("表格没收到，请再发一次。只收2兆以内的XLSX、CSV。")]
    if read.bank is not None:
        return [banks.take_in(desk, read.bank, staffed(desk, sender), sender.id)]
    if read.form is None:
        return _problems(read.problems)
    form = read.form
    survey = load_survey(desk, form, data, anonymous=False, area=area, by=sender.id)
    said = f"查好了：{survey}号《{shorten(form.title, 20)}》，{asked(form)}题，可以问。"
    left_out = [Reply(shorten(f"这些不收集：{'、'.join(read.left_out)}", _LENGTH))] if read.left_out else []
    return [*left_out, Reply(said, deeds(survey, TRY, LAUNCH, DROP))]


def _problems(problems: Sequence[str]) -> list[Reply]:
    """The first ones, each by sheet and row, and how many there are more."""
    shown = [Reply(shorten(one, _LENGTH)) for one in problems[:_SHOWN]]
    more = len(problems) - _SHOWN
    rest = f"另有{more}处没列出。" if more > 0 else ""
    return [Reply(f"表格有{len(problems)}处要改："), *shown, Reply(f"{rest}改好再发一次。")]
