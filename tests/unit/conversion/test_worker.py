"""The process that converts may end; the service does not."""

import os
import time
from functools import partial

import pytest

from bot.conversion import Accepted, ConversionError, as_accepted, conversion
from tests.recordings import voice


@pytest.mark.parametrize("fate", [partial(os._exit, 1), partial(time.sleep, 60)], ids=["crash", "for ever"])
async def test_a_file_that_stops_ffmpeg_stops_nothing_else(fate, monkeypatch):
    """What FFmpeg's C code may come to; the next file is converted all the same."""
    monkeypatch.setattr(conversion, "PATIENCE", 2)
    with pytest.raises(ConversionError, match="too much"):
        await conversion._aside(fate)
    monkeypatch.setattr(conversion, "PATIENCE", 60)
    [made] = await as_accepted(voice("audio/webm", 1), "audio/webm", Accepted(("audio/mpeg",), 1 << 20))
    assert made.mime == "audio/mpeg"
