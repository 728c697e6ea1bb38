"""Which files are spreadsheets: by what a messenger says of them, and by their first bytes."""

import pytest

from bot.survey_templates import template_workbook
from domain.talk import Media
from services.surveys.incoming import looks_like_a_sheet, sheet_mime
from tests.recordings import picture

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.mark.parametrize(
    ("data", "name", "mime"),
    [
        (template_workbook("service"), "a.xlsx", XLSX),
        (template_workbook("service"), "", XLSX),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "old.xls", "application/vnd.ms-excel"),
        (b"survey,type,name", "a.CSV", "text/csv"),
        (b"survey,type,name", "a.txt", None),
        (b"survey\x00", "a.csv", None),
        (b"", "a.csv", None),
        (b"PK\x03\x04 word/document.xml", "a.xlsx", None),
        (b"%PDF-1.7", "a.xlsx", None),
        (picture("image/jpeg"), "a.xlsx", None),
    ],
)
def test_what_it_is(data: bytes, name: str, mime: str | None) -> None:
    assert sheet_mime(data, name) == mime


@pytest.mark.parametrize(
    ("media", "looks"),
    [
        (Media("file", "r", mime=XLSX), True),
        (Media("file", "r", mime="text/csv"), True),
        (Media("file", "r", mime="application/octet-stream", name="问卷.XLSX"), True),
        (Media("file", "r", mime="application/octet-stream", name="xlsx"), False),
        (Media("file", "r", mime="application/pdf", name="a.pdf"), False),
        (Media("image", "r", name="a.xlsx"), False),
    ],
)
def test_what_it_looks_like(media: Media, looks: bool) -> None:
    assert looks_like_a_sheet(media) is looks
