"""Pages that are printed: HTML of one file, with nothing in it that was not escaped or left out by mistake."""

import jinja2

from bot.county import data_file
from bot.qr import qr_code


def fill(name: str, **facts: object) -> str:
    """A page of the data folder with these facts; its templates may draw QR codes by the filter `qr`."""
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["qr"] = qr_code
    return environment.from_string(data_file(name).decode()).render(facts)
