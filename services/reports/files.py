"""Picture and workbook of a report for the chat: asked for inside a turn, made after it, sent when they are there."""

from domain.talk import Media
from services.desk import Desk
from storage import media

MADE = "reports"
"""Stands in an attachment for the messenger that it comes from: these we make ourselves."""
PICTURE, WORKBOOK = "picture", "workbook"
NAMES = {PICTURE: ("月报", "图"), WORKBOOK: ("月报", "明细")}
"""What such a file is called, before and behind the report's number."""


def order(desk: Desk, report: int) -> tuple[int, int]:
    """Attachments that are still to be made: the picture and the workbook of a report.

    Who may see them is asked before.
    """
    wanted = [Media("image", f"{PICTURE}:{report}"), Media("file", f"{WORKBOOK}:{report}")]
    picture, workbook = media.add(desk.tx, MADE, wanted, desk.now)
    return picture, workbook
