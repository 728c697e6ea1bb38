"""Where a picture was taken goes before it is kept; what is to be seen of it does not change by a pixel."""

import struct
from io import BytesIO

import pytest
from PIL import Image

from bot.conversion import stripped
from tests.recordings import heard, heic, held, held_png, held_webp, picture, png_part, voice

PLACE = b"N34.16 E109.21 on a day in May"
PNG, JPEG = picture("image/png"), picture("image/jpeg")
TOLD = b"\xff\xe1" + struct.pack(">H", len(PLACE) + 2) + PLACE
TURNED = {
    "JPEG": (held(JPEG, 6, PLACE), "image/jpeg"),
    "PNG": (held_png(6, PLACE), "image/png"),
    "WebP": (held_webp(6, PLACE), "image/webp"),
}
TELLING = {
    "XMP amid the scans of a JPEG": (JPEG[:-2] + TOLD + JPEG[-2:], "image/jpeg"),
    "a film behind a JPEG": (JPEG + PLACE, "image/jpeg"),
    "a text in a PNG": (PNG[:33] + png_part(b"tEXt", PLACE) + PNG[33:], "image/png"),
    "behind a PNG": (PNG + PLACE, "image/png"),
}


def drawn(content: bytes) -> tuple[tuple[int, int], bytes]:
    with Image.open(BytesIO(content)) as image:
        return image.size, image.convert("RGB").tobytes()


@pytest.mark.parametrize("case", TURNED)
def test_of_what_a_camera_tells_only_how_it_was_held_is_kept(case):
    came, mime = TURNED[case]
    kept = stripped(came, mime)
    assert PLACE in came
    assert PLACE not in kept
    with Image.open(BytesIO(kept)) as image:
        assert dict(image.getexif()) == {0x0112: 6}
    assert drawn(kept) == drawn(came)
    assert stripped(kept, mime) == kept


@pytest.mark.parametrize("case", TELLING)
def test_what_tells_may_stand_anywhere(case):
    came, mime = TELLING[case]
    assert stripped(came, mime) == picture(mime)


@pytest.mark.parametrize("tiles", [1, 6])
def test_a_heic_that_stays_one_tells_nothing_either(tiles):
    came, empty = heic(tiles=tiles, told=PLACE), heic(tiles=tiles, told=bytes(len(PLACE)))
    assert stripped(came, "image/heic") == empty


def test_a_recording_is_heard_as_before_without_what_its_phone_calls_it():
    whole = voice("audio/mp4")
    at = whole.index(b"moov") - 4
    name = struct.pack(">I", 8 + len(PLACE)) + b"udta" + PLACE
    [size] = struct.unpack_from(">I", whole, at)
    came = (
        whole[:at]
        + struct.pack(">I", size + len(name))
        + whole[at + 4 : at + size]
        + name
        + whole[at + size :]
    )
    kept = stripped(came, "audio/mp4")
    assert PLACE in came
    assert PLACE not in kept
    assert heard(kept) == heard(came) == heard(whole)


CAME = {**TURNED, "HEIC": (heic(told=PLACE), "image/heic")}


@pytest.mark.parametrize("case", CAME)
def test_of_what_broke_off_anywhere_no_place_is_kept_either(case):
    came, mime = CAME[case]
    for length in range(12, len(came), max(1, len(came) // 200)):
        assert PLACE not in stripped(came[:length], mime)


@pytest.mark.parametrize("case", ["JPEG", "PNG"])
def test_what_has_come_of_a_picture_that_broke_off_is_kept(case):
    came, mime = TURNED[case]
    assert stripped(came[:-100], mime) == stripped(came, mime)[:-100]
