"""Invitation codes as slips of paper, and as a workbook from which they are sent on."""

from collections.abc import Sequence
from io import BytesIO

from openpyxl import Workbook

from bot.doors import link_to
from bot.pages import fill
from bot.settings import Settings
from domain.county import County
from domain.surveys.codes import NOT_A_VOTE, link, printed

ROWS = 5
PER_PAGE = 2 * ROWS
_HOW = "在“{county}连心”的对话里，发这个码就能答。"


def code_book(codes: Sequence[str], title: str, settings: Settings, county: County) -> bytes:
    """A workbook: a code a row, the link, and the words to hand it out with."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("邀请码")
    for letter, width in zip("ABC", (16, 48, 90), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.append(["邀请码", "链接", "转发的话"])
    for code in codes:
        url = link_to(settings, link(code))
        words = f"《{title}》{_HOW.format(county=county.name)}码：{printed(code)}。{NOT_A_VOTE}。{url}"
        sheet.append([printed(code), url, words])
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def code_sheet(codes: Sequence[str], title: str, settings: Settings, county: County) -> bytes:
    """An HTML page to be printed on A4 and cut: ten slips a sheet, with a QR code where there is an address."""
    slips = [{"printed": printed(code), "url": link_to(settings, link(code))} for code in codes]
    page = fill(
        "survey_codes.html",
        title=title,
        rows=ROWS,
        pages=[slips[start : start + PER_PAGE] for start in range(0, len(slips), PER_PAGE)],
        how=_HOW.format(county=county.name),
        scan="扫码就能答",
        not_a_vote=NOT_A_VOTE,
    )
    return page.encode()
