"""Five thousand mutated callbacks: each is understood, or refused in one of three ways."""

import random
from base64 import b64encode
from collections import Counter
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.tencent import markup
from bot.channels.tencent.callback import Callback
from bot.channels.tencent.envelope import CallbackRefusedError, Envelope, EnvelopeError
from bot.channels.tencent.incoming import NotAMessageError, understand
from bot.channels.tencent.markup import NotXmlError
from tests.contract.tencent.samples import ACCOUNT, KEY, NOW, RECEIVER, TOKEN
from tests.faults.callbacks import Account, mutated

OURS = (CallbackRefusedError, NotXmlError, NotAMessageError)


@pytest.mark.parametrize("sealed", [False, True])
def test_no_callback_breaks_anything(sealed):
    rng = random.Random(2024)
    account = Account(TOKEN, KEY, RECEIVER, ACCOUNT, sealed)
    callback = Callback(TOKEN, Envelope([KEY], RECEIVER) if sealed else None)
    seen = Counter()
    for _ in range(5000):
        query, body = mutated(rng, account, NOW)
        try:
            happened = understand("wechat", callback.read(query, body, NOW), ACCOUNT)
            seen[type(happened).__name__] += 1
        except OURS as refused:
            seen[type(refused).__name__] += 1
        with suppress(CallbackRefusedError):
            callback.echo(query, NOW)
    expected = {
        "Said",
        "Left",
        "Reported",
        "NoneType",
        "ForgedError",
        "StaleError",
        "NotXmlError",
        "NotAMessageError",
    }
    assert set(seen) == expected | ({"EnvelopeError"} if sealed else set())
    assert min(seen.values()) >= 20, seen


@given(
    body=st.binary(max_size=200)
    | st.text(max_size=100).map(lambda text: f"<xml><A>{text}</A></xml>".encode())
)
@settings(deadline=None, derandomize=True, max_examples=500)
def test_any_bytes_are_read_or_refused(body):
    with suppress(NotXmlError):
        markup.read(body)


@given(
    sealed=st.text(st.characters(), max_size=100)
    | st.binary(max_size=100).map(lambda raw: b64encode(raw).decode())
)
@settings(deadline=None, derandomize=True, max_examples=500)
def test_any_text_stays_sealed(sealed):
    with pytest.raises(EnvelopeError):
        Envelope([KEY], RECEIVER).open(sealed)


NAMES = ["CreateTime", "MsgType", "MsgId", "MsgID", "Event", "EventKey", "Content", "MediaId", "Location_X"]
KINDS = ["text", "image", "voice", "location", "link", "event", "subscribe", "scan", "click", "unsubscribe"]


@given(
    fields=st.dictionaries(
        st.sampled_from(NAMES),
        st.text(max_size=8) | st.sampled_from([*KINDS, "1", "gh_1"]),
        max_size=len(NAMES),
    )
)
@settings(deadline=None, derandomize=True, max_examples=500)
def test_any_fields_are_understood_or_refused(fields):
    with suppress(NotAMessageError):
        understand("wechat", {"ToUserName": "gh_1", "FromUserName": "o1"} | fields)
