"""A monthly report as one HTML file that prints well on A4: no script, nothing fetched from elsewhere."""

from datetime import date

from bot.charts.report_blocks import categories
from bot.pages import fill
from domain.reports.report import COLUMNS, Reading
from domain.surveys.suppression import LEAST


def report_page(reading: Reading, county: str, today: date) -> str:
    return fill(
        "report.html",
        reading=reading,
        county=county,
        today=f"{today.year}年{today.month}月{today.day}日",
        categories=categories(reading),
        columns=list(COLUMNS),
        least=LEAST,
    )
