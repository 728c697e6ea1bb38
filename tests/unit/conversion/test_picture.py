"""A picture goes from any messenger to any other: every pair, upright, small enough, and what is malicious."""

import resource
import struct
import zlib

import pytest
from av.video.frame import VideoFrame

from bot.conversion import Accepted, ConversionError, as_accepted, storable
from tests.recordings import (
    BLUE,
    GREEN,
    PICTURES,
    RED,
    WHITE,
    encoded,
    heic,
    held,
    held_png,
    held_webp,
    picture,
    png_header,
    png_part,
    seen,
)

MB = 1024 * 1024
TAKEN = {
    "WeChat": Accepted(("image/jpeg", "image/png", "image/gif"), 10 * MB),
    "WeCom": Accepted(("image/jpeg", "image/png"), 10 * MB),
    "web chat": Accepted(("image/jpeg", "image/png", "image/gif", "image/webp"), 10 * MB),
}
JPEG_ONLY = Accepted(("image/jpeg",), MB)
CORNERS = [RED, GREEN, WHITE, BLUE]
"""Clockwise from the top left."""


@pytest.mark.parametrize("messenger", TAKEN)
@pytest.mark.parametrize("mime", PICTURES)
async def test_every_picture_reaches_every_messenger(mime, messenger):
    accepted, came = TAKEN[messenger], picture(mime)
    [made] = await as_accepted(came, mime, accepted)
    if mime in accepted.mimes:
        assert made == (mime, came)
    else:
        assert made.mime == "image/jpeg"
        assert seen(made.content) == (320, 200, CORNERS)


@pytest.mark.parametrize("mime", PICTURES)
@pytest.mark.parametrize("largest", [3_000, 30_000, 300_000])
async def test_a_large_picture_becomes_smaller_until_it_fits(mime, largest):
    came = picture(mime, 1600, 1200, busy=True)
    assert len(came) > largest
    [made] = await as_accepted(came, mime, Accepted(("image/jpeg",), largest))
    width, height, _ = seen(made.content)
    assert len(made.content) <= largest
    assert width / height == pytest.approx(4 / 3, rel=0.05)


async def test_a_huge_picture_has_at_most_3072_pixels_a_side():
    [made] = await as_accepted(picture("image/png", 5000, 1000), "image/png", JPEG_ONLY)
    assert seen(made.content) == (3072, 614, CORNERS)


HELD = {
    1: (320, 200, [RED, GREEN, WHITE, BLUE]),
    2: (320, 200, [GREEN, RED, BLUE, WHITE]),
    3: (320, 200, [WHITE, BLUE, RED, GREEN]),
    4: (320, 200, [BLUE, WHITE, GREEN, RED]),
    5: (200, 320, [RED, BLUE, WHITE, GREEN]),
    6: (200, 320, [BLUE, RED, GREEN, WHITE]),
    7: (200, 320, [WHITE, GREEN, RED, BLUE]),
    8: (200, 320, [GREEN, WHITE, BLUE, RED]),
}
"""What is to be seen of a picture, by its orientation in Exif."""


@pytest.mark.parametrize("orientation", HELD)
async def test_a_picture_is_turned_as_the_camera_was_held(orientation):
    came = held(picture("image/jpeg"), orientation)
    [made] = await as_accepted(came, "image/jpeg", Accepted(("image/jpeg",), len(came) - 1))
    width, height, corners = seen(made.content)
    assert (width < height, corners) == (orientation > 4, HELD[orientation][2])


@pytest.mark.parametrize("orientation", HELD)
async def test_a_png_is_turned_too(orientation):
    [made] = await as_accepted(held_png(orientation), "image/png", JPEG_ONLY)
    assert seen(made.content) == HELD[orientation]


async def test_a_webp_is_turned_too():
    [made] = await as_accepted(held_webp(6), "image/webp", JPEG_ONLY)
    assert seen(made.content) == HELD[6]


@pytest.mark.parametrize("spoilt", [9, 0, 65535])
async def test_an_orientation_that_does_not_exist_turns_nothing(spoilt):
    [made] = await as_accepted(held_png(spoilt), "image/png", JPEG_ONLY)
    assert seen(made.content) == HELD[1]


async def test_what_lets_light_through_lies_on_white():
    frame = VideoFrame(64, 64, "rgba")
    frame.planes[0].update(bytes(frame.planes[0].buffer_size))
    [made] = await as_accepted(encoded(frame, "png", "rgba"), "image/png", JPEG_ONLY)
    assert seen(made.content) == (64, 64, [WHITE] * 4)


async def test_heic_of_one_piece_is_kept_as_jpeg():
    kept = await storable(heic(), "image/heic")
    assert kept.mime == "image/jpeg"
    assert seen(kept.content) == (320, 200, CORNERS)


@pytest.mark.parametrize(("quarters", "orientation"), [(1, 8), (2, 3), (3, 6)])
async def test_heic_is_turned_as_it_says(quarters, orientation):
    kept = await storable(heic(quarters=quarters), "image/heic")
    assert seen(kept.content) == HELD[orientation]


async def test_heic_in_tiles_is_kept_as_it_came():
    tiles = heic(tiles=6)
    assert await storable(tiles, "image/heic") == ("image/heic", tiles)


def jpeg_of_many_rounds() -> bytes:
    whole = picture("image/jpeg")
    start = whole.index(b"\xff\xda")
    return whole[:start] + whole[start:-2] * 200 + b"\xff\xd9"


def png_that_unpacks() -> bytes:
    """Half a gigabyte of text packed beside a small picture."""
    pack = zlib.compressobj(9)
    packed = b"".join(pack.compress(bytes(MB)) for _ in range(512)) + pack.flush()
    whole = picture("image/png")
    return whole[:33] + png_part(b"zTXt", b"a\0\0" + packed) + whole[33:]


def gif_header(width: int, height: int) -> bytes:
    screen = struct.pack("<HHBBB", width, height, 0, 0, 0)
    return b"GIF89a" + screen + b"," + struct.pack("<HHHHB", 0, 0, width, height, 0)


def webp_header(width: int, height: int) -> bytes:
    size = (width - 1) | (height - 1) << 14
    return b"RIFF" + struct.pack("<I", 40) + b"WEBPVP8L" + struct.pack("<IBI", 28, 0x2F, size) + bytes(23)


NOTHING = png_part(b"IDAT", zlib.compress(bytes(MB)))
HOSTILE = {
    "empty": (b"", "image/png"),
    "words": ("渠堵了".encode() * 100, "image/jpeg"),
    "a signature alone": (b"\x89PNG\r\n\x1a\n", "image/png"),
    "cut in the header": (picture("image/webp")[:20], "image/webp"),
    "PNG of a billion pixels": (png_header(40_000, 40_000) + NOTHING, "image/png"),
    "PNG of 51 megapixels": (png_header(7_150, 7_150) + NOTHING, "image/png"),
    "GIF of four billion pixels": (gif_header(65_535, 65_535), "image/gif"),
    "WebP of 268 megapixels": (webp_header(16_384, 16_384), "image/webp"),
    "JPEG of many rounds": (jpeg_of_many_rounds(), "image/jpeg"),
    "too large": (bytes(20 * MB + 1), "image/png"),
    "another picture than said": (picture("image/png"), "image/webp"),
}


def peak() -> int:
    """Megabytes that this process has held at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


@pytest.mark.parametrize("case", HOSTILE)
async def test_what_is_no_picture_is_our_own_error_and_costs_nothing(case):
    content, mime = HOSTILE[case]
    before = peak()
    with pytest.raises(ConversionError):
        await as_accepted(content, mime, Accepted(("image/jpeg",), len(content) - 1))
    assert peak() - before < 100


async def test_what_is_packed_beside_a_picture_is_never_unpacked():
    content, before = png_that_unpacks(), peak()
    [made] = await as_accepted(content, "image/png", Accepted(("image/jpeg",), 100_000))
    assert seen(made.content) == (320, 200, CORNERS)
    assert peak() - before < 100


@pytest.mark.parametrize("mime", PICTURES)
async def test_bytes_gone_wrong_do_no_harm(mime):
    whole = picture(mime)
    for place in range(0, len(whole), max(1, len(whole) // 30)):
        for content in (whole[:place] + b"\xff\x00\xa5" + whole[place + 3 :], whole[:place]):
            try:
                await as_accepted(content, mime, Accepted(("image/jpeg",), max(len(content) - 1, 1)))
            except ConversionError:
                continue


async def test_a_messenger_that_takes_no_jpeg_gets_nothing():
    with pytest.raises(ConversionError):
        await as_accepted(picture("image/webp"), "image/webp", Accepted(("image/gif",), MB))
