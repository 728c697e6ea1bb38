"""A monthly report as one HTML file that prints well on A4: no script, nothing fetched from elsewhere."""

from datetime import date

import jinja2

from bot.charts.report_blocks import categories
from bot.county import data_file
from domain.reports.report import COLUMNS, Reading
from domain.surveys.suppression import LEAST


def report_page(reading: Reading, county: str, today: date) -> str:
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    template = environment.from_string(data_file("report.html").decode())
    return template.render(
        reading=reading,
        county=county,
        today=f"{today.year}年{today.month}月{today.day}日",
        categories=categories(reading),
        columns=list(COLUMNS),
        least=LEAST,
    )
