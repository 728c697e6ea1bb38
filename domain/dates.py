"""Days as people write and read them."""

import re
from datetime import date, datetime

from domain.delivery import CHINA

_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?: 00:00:00)?", re.ASCII)
"""The hour is what a spreadsheet's own dates read like."""


def read_day(text: str) -> date | None:
    """2026-12-31, 2026/12/31, 2026.12.31 and 2026年12月31日 are all the same; None if it is no day."""
    found = _DATE.fullmatch(text.strip())
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def spoken(moment: datetime | date) -> str:
    """A day in China with its year: 2026年12月31日."""
    day = moment.astimezone(CHINA) if isinstance(moment, datetime) else moment
    return f"{day.year}年{day.month}月{day.day}日"
