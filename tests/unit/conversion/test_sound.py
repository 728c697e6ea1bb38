"""A voice goes from any messenger to any other: every pair, the limits, and what is broken or malicious."""

import resource
import struct
from dataclasses import replace

import pytest

from bot.conversion import Accepted, ConversionError, as_accepted, storable
from tests.recordings import VOICES, heard, pitch, voice

MB = 1024 * 1024
TAKEN = {
    "WeChat": Accepted(("audio/amr", "audio/mpeg"), 2 * MB, 60),
    "WeCom": Accepted(("audio/amr",), 2 * MB, 60),
    "Telegram": Accepted(("audio/ogg",), 50 * MB),
    "web chat": Accepted(("audio/mpeg", "audio/mp4", "audio/ogg", "audio/webm"), 10 * MB),
}
MADE = {"audio/amr": ("amrnb", 8_000), "audio/mpeg": ("mp3float", 24_000), "audio/ogg": ("opus", 48_000)}
"""Codec and rate as a player sees them. Opus is always played at 48 kHz."""


@pytest.mark.parametrize("messenger", TAKEN)
@pytest.mark.parametrize("mime", VOICES)
async def test_every_voice_reaches_every_messenger(mime, messenger):
    accepted, came = TAKEN[messenger], voice(mime)
    [made] = await as_accepted(came, mime, accepted)
    if mime in accepted.mimes:
        assert made == (mime, came)
        return
    assert made.mime == accepted.mimes[0]
    codec, seconds, rate, channels = heard(made.content)
    assert (codec, rate, channels) == (*MADE[made.mime], 1)
    assert seconds == pytest.approx(3, abs=0.2)
    assert pitch(made.content) == pytest.approx(440, abs=5)
    assert len(made.content) < 20_000


async def test_amr_begins_as_the_messengers_ask():
    [made] = await as_accepted(voice("audio/webm"), "audio/webm", TAKEN["WeCom"])
    assert made.content.startswith(b"#!AMR\n")
    assert {byte >> 3 & 15 for byte in made.content[6::32]} == {7}, (
        "12.2 kbit/s, frames of 32 bytes (RFC 4867)"
    )


async def test_two_channels_become_one():
    [made] = await as_accepted(voice("audio/wav", channels=2), "audio/wav", TAKEN["WeChat"])
    assert heard(made.content)[1:] == (pytest.approx(3, abs=0.2), 8_000, 1)


@pytest.mark.parametrize("mime", ["audio/ogg", "audio/amr", "audio/mpeg"])
@pytest.mark.parametrize(("seconds", "pieces"), [(9.5, 1), (11, 2), (25, 3)])
async def test_a_long_voice_comes_in_pieces_and_whole(mime, seconds, pieces):
    made = await as_accepted(voice(mime, seconds), mime, replace(TAKEN["WeChat"], seconds=10))
    lengths = [heard(one.content)[1] for one in made]
    assert lengths == [pytest.approx(seconds / pieces, abs=0.2)] * pieces
    assert max(lengths) <= 10


async def test_a_minute_and_a_half_is_two_voices_on_wechat():
    made = await as_accepted(voice("audio/amr", 90), "audio/amr", TAKEN["WeChat"])
    assert [heard(one.content)[1] for one in made] == [pytest.approx(45, abs=0.2)] * 2
    assert all(len(one.content) <= 2 * MB for one in made)


async def test_a_small_limit_makes_more_pieces():
    made = await as_accepted(voice("audio/webm", 20), "audio/webm", Accepted(("audio/amr",), 10_000, 60))
    assert len(made) > 3
    assert all(len(one.content) <= 10_000 for one in made)
    assert sum(heard(one.content)[1] for one in made) == pytest.approx(20, abs=0.2)


async def test_no_limit_of_time_leaves_what_is_taken_unopened():
    assert await as_accepted(b"OggS, and nothing", "audio/ogg", TAKEN["Telegram"]) == [
        ("audio/ogg", b"OggS, and nothing")
    ]


def wav(rate: int, size: int) -> bytes:
    """A WAV header with any rate, of single-byte samples."""
    form = struct.pack("<HHIIHH", 1, 1, rate, rate, 1, 8)
    return (
        b"RIFF"
        + struct.pack("<I", 36 + size)
        + b"WAVEfmt "
        + struct.pack("<I", 16)
        + form
        + b"data"
        + struct.pack("<I", size)
        + bytes(size)
    )


BROKEN = {
    "empty": (b"", "audio/ogg"),
    "words": ("渠堵了，三组没水。".encode() * 50, "audio/amr"),
    "words after a good beginning": (b"OggS" + b"words " * 500, "audio/ogg"),
    "a header alone": (b"#!AMR\n", "audio/amr"),
    "another sound than said": (voice("audio/mpeg"), "audio/ogg"),
    "a list of other files": (b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n", "audio/mpeg"),
    "zeros": (bytes(5000), "audio/mp4"),
    "eleven minutes": (wav(8000, 8000 * 660), "audio/wav"),
    "one sample a second": (wav(1, 5000), "audio/wav"),
    "too large": (bytes(20 * MB + 1), "audio/wav"),
    "a film": (b"\0\0\0\x18ftypisom", "video/mp4"),
    "a paper": (b"%PDF-1.7", ""),
}


@pytest.mark.parametrize("case", BROKEN)
@pytest.mark.parametrize("messenger", ["WeChat", "Telegram"])
async def test_what_is_no_voice_is_our_own_error(case, messenger):
    content, mime = BROKEN[case]
    if mime in TAKEN[messenger].mimes and messenger == "Telegram":
        return
    with pytest.raises(ConversionError) as error:
        await as_accepted(content, mime, TAKEN[messenger])
    assert "passwd" not in str(error.value)


@pytest.mark.parametrize("mime", ["audio/mp4", "video/mp4"])
async def test_tables_that_promise_millions_are_not_believed(mime):
    promise = bytearray(voice("audio/mp4"))
    for name, offset, number in (
        (b"stsz", 8, 1),
        (b"stsz", 12, 50_000_000),
        (b"stsc", 16, 50_000_000),
        (b"stts", 12, 50_000_000),
    ):
        place = promise.index(name) + offset
        promise[place : place + 4] = struct.pack(">I", number)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(ConversionError):
        await as_accepted(bytes(promise), "audio/mp4", TAKEN["WeChat"])
    assert await storable(bytes(promise), mime) == (mime, bytes(promise))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024


@pytest.mark.parametrize("mime", VOICES)
@pytest.mark.parametrize("cut", [5, 40, 400, 0.5, 0.9])
async def test_a_voice_cut_off_ends_earlier_or_is_refused(mime, cut):
    whole = voice(mime)
    part = whole[: int(len(whole) * cut) if cut < 1 else cut]
    try:
        made = await as_accepted(
            part, mime, Accepted(("audio/mpeg",) if mime != "audio/mpeg" else ("audio/amr",), MB)
        )
    except ConversionError:
        return
    assert sum(heard(one.content)[1] for one in made) <= 3.2


@pytest.mark.parametrize("mime", VOICES)
async def test_bytes_gone_wrong_do_no_harm(mime):
    whole = bytearray(voice(mime))
    for start in range(0, len(whole), 97):
        spoilt = bytes(whole[:start]) + b"\xff\x00\xa5" + bytes(whole[start + 3 :])
        if start > 97 * 25:
            break
        try:
            await as_accepted(spoilt, mime, Accepted(("audio/amr",), MB, 60))
        except ConversionError:
            continue


async def test_amr_is_kept_as_mp3():
    kept = await storable(voice("audio/amr", 5), "audio/amr")
    assert kept.mime == "audio/mpeg"
    assert heard(kept.content) == ("mp3float", pytest.approx(5, abs=0.2), 24_000, 1)


@pytest.mark.parametrize(
    ("mime", "content", "kept_as"),
    [
        ("audio/amr", b"#!AMR\nbroken", "audio/amr"),
        ("audio/webm", voice("audio/webm"), "audio/webm"),
        ("audio/ogg", b"OggS", "audio/ogg"),
        ("video/mp4", voice("audio/mp4"), "audio/mp4"),
        ("video/mp4", b"\0\0\0\x18ftypisom broken", "video/mp4"),
        ("image/heic", b"\0\0\0\x18ftypheic broken", "image/heic"),
    ],
)
async def test_everything_else_is_kept_as_it_came(mime, content, kept_as):
    assert await storable(content, mime) == (kept_as, content)
