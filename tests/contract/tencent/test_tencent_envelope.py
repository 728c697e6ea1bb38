"""The envelope by itself: what is sealed is opened, by us and by wechatpy, and nothing else is."""

import random
from base64 import b64decode, b64encode
from contextlib import suppress

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from wechatpy.crypto import WeChatCrypto

from bot.channels.tencent.envelope import Envelope, EnvelopeError, aes_key
from tests.contract.tencent.samples import KEY, OLD_KEY, RECEIVER, TOKEN, message, signature, xml

HELLO = xml(message("text", Content="渠堵了"))


@pytest.fixture
def envelope():
    return Envelope([KEY, OLD_KEY], RECEIVER)


def test_any_length_is_filled_up_and_opened(envelope):
    other = WeChatCrypto(TOKEN, KEY, RECEIVER)
    for length in range(1, 70):
        sealed = envelope.seal(b"x" * length)
        assert envelope.open(sealed) == b"x" * length
        signed = signature(TOKEN, "1", "2", sealed)
        assert other.decrypt_message({"Encrypt": sealed}, signed, "1", "2") == "x" * length


def test_the_same_message_is_never_sealed_alike(envelope):
    assert envelope.seal(b"x") != envelope.seal(b"x")


@pytest.mark.parametrize("sealed", ["", "=", "渠", "\ud800", "AAAA", "A" * 44, "A" * 64 + "\n", "?" * 64])
def test_what_is_no_envelope_is_refused(envelope, sealed):
    with pytest.raises(EnvelopeError):
        envelope.open(sealed)


def sealed_frame(fill, length=2, receiver=RECEIVER):
    """`hi` with such a filling behind it, in our key."""
    raw = b64decode(KEY + "=")
    framed = bytes(16) + length.to_bytes(4) + b"hi" + receiver.encode() + fill
    encryptor = Cipher(AES(raw), CBC(raw[:16])).encryptor()
    return b64encode(encryptor.update(framed) + encryptor.finalize()).decode()


@pytest.mark.parametrize("fill", [bytes([8]) * 8, bytes([24]) * 24])
def test_a_filling_of_whole_blocks_is_right(envelope, fill):
    assert len(RECEIVER) == 18
    assert envelope.open(sealed_frame(fill)) == b"hi"


@pytest.mark.parametrize(
    "fill",
    [bytes([0]) * 8, bytes([40]) * 40, bytes([255]) * 8, bytes(7) + bytes([8]), bytes(23) + bytes([24])],
)
def test_another_filling_is_refused(envelope, fill):
    with pytest.raises(EnvelopeError):
        envelope.open(sealed_frame(fill))


@pytest.mark.parametrize("length", [0, 1, 3, 20, 21, 2**31, 2**32 - 1])
def test_another_length_is_refused(envelope, length):
    with pytest.raises(EnvelopeError):
        envelope.open(sealed_frame(bytes([8]) * 8, length))


@pytest.mark.parametrize("more", ["\n", " ", "!", "AAAA"])
def test_more_than_the_envelope_is_refused(envelope, more):
    sealed = sealed_frame(bytes([8]) * 8)
    for changed in (sealed + more, more + sealed, sealed[:20] + more + sealed[20:]):
        with pytest.raises(EnvelopeError):
            envelope.open(changed)


def test_an_envelope_with_any_byte_changed_or_cut_off_is_refused_or_opened_never_broken(envelope):
    sealed = envelope.seal(HELLO.encode())
    rng = random.Random(3)
    for _ in range(500):
        at = rng.randrange(len(sealed))
        for damaged in (sealed[:at], sealed[:at] + "A" + sealed[at + 1 :]):
            with suppress(EnvelopeError):
                envelope.open(damaged)


def test_a_key_is_made_of_43_characters():
    assert len(aes_key(KEY)) == 32


@pytest.mark.parametrize("wrong", ["", KEY[:-1], KEY + "=", KEY + "\n", "-" * 43, "渠" * 43])
def test_what_is_no_key_is_said_so(wrong):
    with pytest.raises(ValueError, match="43"):
        aes_key(wrong)
    with pytest.raises(ValueError, match="43"):
        Envelope([KEY, wrong], RECEIVER)


@pytest.mark.parametrize(("keys", "receiver"), [([], RECEIVER), ([KEY], "")])
def test_an_envelope_needs_a_key_and_a_receiver(keys, receiver):
    with pytest.raises(ValueError, match="appid"):
        Envelope(keys, receiver)
