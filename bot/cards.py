"""Print-ready sheets of 连心卡: eight cards of business-card size on an A4 page, with crop marks and QR codes."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from bot.pages import fill
from domain.tickets.clock import Limits

PER_PAGE = 8


@dataclass(frozen=True, slots=True)
class Link:
    """An address to scan, and what is written under its QR code."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class CardFace:
    """All that is printed on one card. Cards of the same `sheet` go into one file of that name."""

    sheet: str
    title: str
    """What stands at the head of the sheet, outside the cards: the township, or the village."""
    area: str
    serial: str
    county: str
    place: str
    cadre: str
    """"" while nobody looks after the place: the card then says that the cadre is being chosen."""
    duty: str
    phone: str
    looks_after: tuple[str, ...]
    items: tuple[str, ...]
    promises: tuple[str, ...]
    hotline: str
    links: tuple[Link, ...]
    copies: int = 1


def promises(limits: Limits) -> tuple[str, ...]:
    """The county's time limits as they are promised on paper."""
    return (
        f"{limits.accept_hours}小时内签收",
        f"{limits.contact_days}个工作日内联系",
        f"{limits.ordinary_days}个工作日答复",
    )


def make_cards(cards: list[CardFace], out: Path) -> list[Path]:
    """Write one HTML file a sheet, and `index.csv` of what is in them; the files written, the index last.

    Raises OSError when the folder cannot be written.
    """
    out.mkdir(parents=True, exist_ok=True)
    written = []
    for sheet, faces in groupby(sorted(cards, key=attrgetter("sheet", "area")), key=attrgetter("sheet")):
        path = out / f"{sheet}.html"
        path.write_text(fill("cards.html", **_sheet(list(faces))), encoding="utf-8")
        written.append(path)
    return [*written, _write_index(cards, out / "index.csv")]


def _sheet(faces: list[CardFace]) -> dict[str, object]:
    printed = [face for face in faces for _ in range(face.copies)]
    pages = [printed[start : start + PER_PAGE] for start in range(0, len(printed), PER_PAGE)]
    return {"title": faces[0].title, "county": faces[0].county, "pages": pages}


def _write_index(cards: Iterable[CardFace], path: Path) -> Path:
    # with a BOM, without which Excel takes UTF-8 for GBK
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        index = csv.writer(file)
        index.writerow(["区划代码", "地方", "卡号", "文件", "张数"])
        for card in cards:
            index.writerow([card.area, card.place, card.serial, f"{card.sheet}.html", card.copies])
    return path
