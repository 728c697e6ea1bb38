"""What files are called when somebody keeps them."""

import pytest

from bot.conversion import XLSX, ZIP
from bot.file_names import name_of
from domain.calendar import ICS
from domain.delivery import StoredFile
from domain.talk import MediaKind


@pytest.mark.parametrize(
    ("kind", "mime", "maker", "ref", "name"),
    [
        ("file", XLSX, "surveys", "workbook:12", "问卷12明细.xlsx"),
        ("file", ZIP, "surveys", "sent:12", "问卷12照片语音.zip"),
        ("image", "image/png", "surveys", "chart:12", "问卷12结果图.png"),
        ("file", XLSX, "reports", "workbook:3", "月报3明细.xlsx"),
        ("file", ICS, "calendar", "88", "约谈88.ics"),
        ("image", "image/jpeg", "telegram", "../王秀兰:7.exe", "照片5.jpg"),
        ("voice", "audio/ogg", "web", "", "语音5.oga"),
        ("file", "x/unknown", "web", "", "文件5"),
    ],
)
def test_the_name_says_what_it_is(kind: MediaKind, mime: str, maker: str, ref: str, name: str) -> None:
    assert name_of(StoredFile(5, kind, mime, "", maker, ref)) == name
