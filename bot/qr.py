"""QR codes: of cards, slips and posters, and for the chat."""

import io
from functools import lru_cache

import segno
from markupsafe import Markup


@lru_cache(maxsize=8)
def qr_code(url: str) -> Markup:
    """A QR code as inline SVG; at level Q it can be read with a quarter of it worn away."""
    code = segno.make_qr(url, error="q", boost_error=False)
    svg = code.svg_inline(border=4, omitsize=True, lineclass=None, svgclass="qr", dark="#000")
    return Markup(svg)  # noqa: S704  made by segno from modules, holds nothing of the address


def qr_picture(url: str) -> bytes:
    """The same as a PNG, for the chat and for posters."""
    picture = io.BytesIO()
    segno.make_qr(url, error="q", boost_error=False).save(picture, kind="png", scale=12, border=4)
    return picture.getvalue()
