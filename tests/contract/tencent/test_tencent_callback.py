"""Who is believed: the platform as its documents and wechatpy play it, and nobody else."""

import random

import pytest
from wechatpy.crypto import WeChatCrypto
from wechatpy.enterprise.crypto import WeChatCrypto as WeComCrypto

from bot.channels.tencent import markup
from bot.channels.tencent.callback import Callback, ForgedError, StaleError, matches, sign
from bot.channels.tencent.envelope import CallbackRefusedError, Envelope, EnvelopeError
from bot.channels.tencent.markup import NotXmlError
from tests.contract.tencent.samples import (
    KEY,
    NOW,
    OLD_KEY,
    RECEIVER,
    TOKEN,
    message,
    plain_post,
    sealed_post,
    signature,
    xml,
)
from tests.contract.tencent.wording import wording

HELLO = xml(message("text", Content="渠堵了"))


@pytest.fixture
def envelope():
    return Envelope([KEY, OLD_KEY], RECEIVER)


@pytest.fixture
def safe(envelope):
    return Callback(TOKEN, envelope, stale_seconds=300)


@pytest.fixture
def plain():
    return Callback(TOKEN, stale_seconds=300)


# The values that WeCom publishes with its sample code (加解密库, Sample).

ECHO_QUERY = {
    "msg_signature": "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3",
    "timestamp": "1409659589",
    "nonce": "263014780",
    "echostr": "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ==",
}
POST_QUERY = {
    "msg_signature": "477715d11cdb4164915debcba66cb864d751f3e6",
    "timestamp": "1409659813",
    "nonce": "1372623149",
}
POST_BODY = (
    b"<xml><ToUserName><![CDATA[wx5823bf96d3bd56c7]]></ToUserName><Encrypt><![CDATA["
    b"RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg"
    b"3W/sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+k"
    b"DZ+HMZfJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6ti"
    b"WSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p"
    b"8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q=="
    b"]]></Encrypt><AgentID><![CDATA[218]]></AgentID></xml>"
)


def test_the_published_url_check_is_answered(safe):
    assert safe.echo(ECHO_QUERY, 1409659589) == b"1616140317555161061"


def test_the_published_message_is_read(safe):
    assert safe.read(POST_QUERY, POST_BODY, NOW) == {
        "ToUserName": RECEIVER,
        "FromUserName": "mycreate",
        "CreateTime": "1409659813",
        "MsgType": "text",
        "Content": "hello",
        "MsgId": "4561255354251345929",
        "AgentID": "218",
    }


# wechatpy as the other side.


@pytest.mark.parametrize("crypto", [WeChatCrypto, WeComCrypto])
def test_a_thousand_messages_both_ways(safe, envelope, crypto):
    rng = random.Random(7)
    other = crypto(TOKEN, KEY, RECEIVER)
    for _ in range(1000):
        said = wording(rng)
        post = {"Encrypt": envelope.seal(said.encode())}
        stamp, nonce = str(rng.randrange(10**9, 10**10)), str(rng.randrange(10**10))
        ours = sign(TOKEN, stamp, nonce, post["Encrypt"])
        assert other.decrypt_message(post, ours, stamp, nonce) == said

        theirs = markup.read(other.encrypt_message(said, nonce, stamp).encode())
        query = {"msg_signature": theirs["MsgSignature"], "timestamp": stamp, "nonce": nonce}
        safe.check(query, theirs["Encrypt"], int(stamp))
        assert envelope.open(theirs["Encrypt"]).decode() == said


def test_an_answer_is_read_by_the_platform(safe, plain):
    said = {"ToUserName": "a", "CreateTime": NOW, "Content": "好 ]]> 🌾\n二"}
    assert plain.answer(said, NOW) == markup.write(said)
    sealed = safe.answer(said, NOW + 0.9)
    fields = markup.read(sealed)
    assert fields["TimeStamp"] == str(NOW)
    other = WeComCrypto(TOKEN, KEY, RECEIVER)
    opened = other.decrypt_message(sealed, fields["MsgSignature"], str(NOW), fields["Nonce"])
    assert opened.encode() == markup.write(said)


def test_messages_of_both_modes_are_read(safe, plain):
    assert safe.read(*sealed_post(HELLO), NOW)["Content"] == "渠堵了"
    assert plain.read(*plain_post(HELLO), NOW)["Content"] == "渠堵了"


def test_the_key_before_still_opens_and_the_new_one_seals(safe, envelope):
    assert safe.read(*sealed_post(HELLO, key=OLD_KEY), NOW)["Content"] == "渠堵了"
    sealed = envelope.seal(b"x")
    assert Envelope([KEY], RECEIVER).open(sealed) == b"x"
    _, body = sealed_post(HELLO, key=OLD_KEY)
    answer = markup.read(safe.answer({"Content": "收到"}, NOW, body))  # sealed as what it answers was
    assert b"\xe6\x94\xb6\xe5\x88\xb0" in Envelope([OLD_KEY], RECEIVER).open(answer["Encrypt"])
    with pytest.raises(EnvelopeError):
        Envelope([OLD_KEY], RECEIVER).open(sealed)


# Who is refused.


def without(name):
    return lambda query: {key: value for key, value in query.items() if key != name}


def with_(**changes):
    return lambda query: query | changes


QUERIES = {
    "no query at all": lambda _: {},
    "no timestamp": without("timestamp"),
    "no nonce": without("nonce"),
    "empty nonce": with_(nonce=""),
    "another nonce": with_(nonce="1372623140"),
    "a time that is no number": with_(timestamp="now"),
    "another time": with_(timestamp=str(NOW + 1)),
    "a time with a sign": with_(timestamp=f"+{NOW}"),
    "a time with a point": with_(timestamp=f"{NOW}.0"),
    "a time with a space": with_(timestamp=f" {NOW}"),
    "a time in other digits": with_(timestamp="１４０９６５９８１３"),
    "a time too long": with_(timestamp="1" * 5000),
    "digits moved from the nonce": with_(timestamp=f"1{NOW}", nonce="372623149"),
}
SIGNATURES = {
    "empty": "",
    "short": "4777",
    "of zeros": "0" * 40,
    "not ASCII": "签名",
    "half a character": "\ud800",
    "very long": "a" * 100_000,
    "with NUL": "\x00" * 40,
}


@pytest.mark.parametrize("change", QUERIES.values(), ids=QUERIES)
def test_a_wrong_query_is_forged(safe, plain, change):
    query, body = sealed_post(HELLO)
    with pytest.raises(ForgedError):
        safe.read(change(query), body, NOW)
    query, body = plain_post(HELLO)
    with pytest.raises(ForgedError):
        plain.read(change(query), body, NOW)


@pytest.mark.parametrize(
    "stamp", ["", "now", f"+{NOW}", f"{NOW}.0", f" {NOW}", f"0{NOW}", "１４０９６５９８１３", "9" * 5000]
)
def test_an_odd_time_is_forged_whoever_signed_it(safe, plain, stamp):
    with pytest.raises(ForgedError):
        safe.read(*sealed_post(HELLO, now=stamp), NOW)
    with pytest.raises(ForgedError):
        plain.read(*plain_post(HELLO, now=stamp), NOW)


def test_without_a_nonce_it_is_forged_whoever_signed_it(safe, plain):
    with pytest.raises(ForgedError):
        safe.read(*sealed_post(HELLO, nonce=""), NOW)
    with pytest.raises(ForgedError):
        plain.read(*plain_post(HELLO, nonce=""), NOW)


@pytest.mark.parametrize("wrong", SIGNATURES.values(), ids=SIGNATURES)
def test_a_wrong_signature_is_forged(safe, plain, wrong):
    query, body = sealed_post(HELLO)
    with pytest.raises(ForgedError):
        safe.read(query | {"msg_signature": wrong}, body, NOW)
    query, body = plain_post(HELLO)
    with pytest.raises(ForgedError):
        plain.read(query | {"signature": wrong}, body, NOW)


@pytest.mark.parametrize("away", [-301, 301, 10**6, -(10**8)])
def test_another_time_is_stale(safe, plain, away):
    with pytest.raises(StaleError):
        safe.read(*sealed_post(HELLO, now=NOW + away), NOW)
    with pytest.raises(StaleError):
        plain.read(*plain_post(HELLO, now=NOW + away), NOW)


@pytest.mark.parametrize("away", [-300, 0, 300])
def test_a_clock_a_little_off_is_borne(safe, away):
    assert safe.read(*sealed_post(HELLO, now=NOW + away), NOW)


def test_signed_with_another_token_is_forged(safe, plain):
    with pytest.raises(ForgedError):
        safe.read(*sealed_post(HELLO, token="another"), NOW)
    with pytest.raises(ForgedError):
        plain.read(*plain_post(HELLO, token="another"), NOW)


def test_another_body_is_forged(safe):
    query, _ = sealed_post(HELLO)
    _, body = sealed_post(xml(message("text", Content="别的")))
    with pytest.raises(ForgedError):
        safe.read(query, body, NOW)


def test_safe_mode_believes_nothing_plain(safe):
    query, body = plain_post(HELLO)
    for asked in (query, query | {"msg_signature": query["signature"]}):
        with pytest.raises(ForgedError):
            safe.read(asked, body, NOW)
        with pytest.raises(ForgedError):
            safe.read(asked, b"<xml><Encrypt></Encrypt></xml>", NOW)


@pytest.mark.parametrize(
    "other", [{"key": "B" * 42 + "E"}, {"receiver": "wx0000000000000000"}, {"receiver": RECEIVER + "x"}]
)
def test_a_wrong_key_or_receiver_stays_sealed(safe, other):
    with pytest.raises(EnvelopeError):
        safe.read(*sealed_post(HELLO, **other), NOW)


def test_what_signed_people_may_not_send_is_no_message(safe):
    with pytest.raises(NotXmlError):
        safe.read(*sealed_post("渠堵了"), NOW)


# The question whether this address is ours.


def test_wechat_asks_in_plain_words(plain, safe):
    query, _ = plain_post("")
    asked = query | {"echostr": "5927782489442352469"}
    assert plain.echo(asked, NOW) == b"5927782489442352469"
    assert safe.echo(asked, NOW) == b"5927782489442352469"


@pytest.mark.parametrize("change", QUERIES.values(), ids=QUERIES)
def test_strangers_hear_no_echo(safe, plain, change):
    query, _ = plain_post("")
    with pytest.raises(ForgedError):
        plain.echo(change(query | {"echostr": "1"}), NOW)
    with pytest.raises(CallbackRefusedError):
        safe.echo(change(ECHO_QUERY), NOW)


def test_an_old_question_hears_no_echo(safe, plain):
    with pytest.raises(StaleError):
        safe.echo(ECHO_QUERY, NOW + 3600)
    query, _ = plain_post("")
    with pytest.raises(StaleError):
        plain.echo(query | {"echostr": "1"}, NOW + 3600)


# Signatures and settings by themselves.


def test_signatures_agree_with_wechatpy():
    rng = random.Random(5)
    for _ in range(1000):
        parts = [wording(rng) for _ in range(rng.randrange(1, 5))]
        assert sign(*parts) == signature(*parts)
        assert matches(signature(*parts), *reversed(parts))


@pytest.mark.parametrize("wrong", SIGNATURES.values(), ids=SIGNATURES)
def test_nothing_odd_matches(wrong):
    assert not matches(wrong, TOKEN, "1", "2")
    assert not matches(wrong, TOKEN, wrong, "2")


def test_nothing_secret_is_shown(safe, envelope):
    assert not any(secret in repr([safe, envelope]) for secret in (TOKEN, KEY, OLD_KEY))
