"""The callback address of a running service: who is believed, what is stored of what comes, and what is answered."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.contract.messengers.looking import Outbox, event, message, post, server_of
from tests.databases import second_look
from tests.recordings import picture, voice
from tests.scenario.world import World, world
from tests.standins.tencent import xml
from tests.standins.wechat import WeChatServer

NEW_KEY = "Z" * 42 + "E"
DOCTYPE = '<!DOCTYPE xml [<!ENTITY a "渠堵了">]>'


def taken(url: str) -> int:
    """How many updates were taken."""
    return int(second_look(url, "SELECT count(*) FROM inbox")[0][0])


async def test_the_address_is_ours(anywhere: World) -> None:
    assert await server_of(anywhere).check_url()


async def test_a_check_by_somebody_else_is_refused(anywhere: World) -> None:
    server = server_of(anywhere)
    for query in ({}, {"echostr": "1"}, server.signed_query() | {"echostr": "1", "signature": "0" * 40}):
        wrong = {name: value for name, value in query.items() if name != "msg_signature"}
        async with anywhere.http.get(server.callback, params=wrong) as answer:
            assert answer.status == 403
            assert await answer.text() == ""


def forged(query: dict[str, str]) -> dict[str, str]:
    name = "msg_signature" if "msg_signature" in query else "signature"
    return query | {name: query[name][:-1] + ("0" if query[name][-1] != "0" else "1")}


def shifted(seconds: int) -> Any:
    return lambda server, body: server.signed_query(server.seconds() + seconds, body)


QUERIES = {
    "as it should be": (lambda server, body: server.signed_query(body=body), 200),
    "a little early": (shifted(-290), 200),
    "a little late": (shifted(290), 200),
    "stale": (shifted(-310), 403),
    "of the future": (shifted(310), 403),
    "forged": (lambda server, body: forged(server.signed_query(body=body)), 403),
    "unsigned": (lambda _server, _body: {}, 403),
    "of another body": (lambda server, _: server.signed_query(body=server.envelope("<xml></xml>")), 403),
}


@pytest.mark.parametrize("case", QUERIES)
async def test_only_what_the_platform_signed_now_is_believed(
    anywhere: World, url: str, case: str, discreet: list[str]
) -> None:
    server = server_of(anywhere)
    query, expected = QUERIES[case]
    if case == "of another body" and not server.sealed:
        expected = 200  # in plain mode the signature never sees the body
    discreet += ["secret-openid", "渠堵了", server.token, server.aes_key]
    body = server.envelope(xml.write(message(server, "secret-openid", Content="渠堵了")))
    status, _ = await server.post(body, query(server, body))
    assert status == expected
    assert taken(url) == (expected == 200)


BODIES = {
    "no XML": ("渠堵了", 200),
    "nothing": ("", 200),
    "a document type": (DOCTYPE + "<xml><Content>&a;</Content></xml>", 200),
    "an instruction": ("<?php x ?><xml></xml>", 200),
    "another root": ("<html></html>", 200),
    "nothing in it": ("<xml></xml>", 200),
    "no sender": ("<xml><ToUserName>x</ToUserName><MsgType>text</MsgType></xml>", 200),
    "too large": (f"<xml><Content>{'x' * 200_000}</Content></xml>", 413),
    "too deep": (f"<xml>{'<a>' * 3000}{'</a>' * 3000}</xml>", 200),
}


@pytest.mark.parametrize("case", BODIES)
@pytest.mark.parametrize("outside", [False, True], ids=["within the envelope", "instead of it"])
async def test_what_is_no_message_is_answered_with_nothing_and_leaves_nothing(
    safe: World, url: str, case: str, outside: bool, discreet: list[str]
) -> None:
    server = safe.wechat
    text, expected = BODIES[case]
    sealed = server.envelope(text)
    discreet += ["渠堵了", server.token, server.aes_key]
    body = text if outside else sealed
    status, answer = await server.post(body, server.signed_query(body=sealed))
    assert (status, answer) in ((expected, ""), (403, ""))
    assert taken(url) == 0


async def test_the_key_before_is_understood_while_the_keys_are_changed(url: str, tmp_path: Path) -> None:
    keys = {"aes_key": NEW_KEY, "previous_aes_key": WeChatServer().aes_key}
    async with world("wechat-safe", url, tmp_path, wechat=keys) as county:
        server = county.wechat
        body = server.envelope(xml.write(message(server, "o1", Content="渠堵了")))
        status, answer = await server.post(body, server.signed_query(body=body))
        assert status == 200
        assert "不要身份证号" in server._opened(answer)["Content"]  # sealed as what it answers was
        server.aes_key = NEW_KEY
        assert "先回1" in (await post(server, message(server, "o1", Content="路坏了")))[1]
        server.aes_key = "Y" * 42 + "E"
        body = server.envelope(xml.write(message(server, "o1", Content="渠堵了")))
        assert (await server.post(body, server.signed_query(body=body)))[0] == 403


async def test_what_was_captured_and_is_sent_again_is_done_once_and_later_refused(
    anywhere: World, url: str
) -> None:
    server = server_of(anywhere)
    body = server.envelope(xml.write(message(server, "o1", Content="渠堵了")))
    query = server.signed_query(body=body)
    first, again = await server.post(body, query), await server.post(body, query)
    assert [server._opened(one[1])["Content"] for one in (first, again)] == [
        server._opened(first[1])["Content"]
    ] * 2
    await anywhere.later(minutes=6)
    assert await server.post(body, query) == (403, "")
    assert taken(url) == 1


MESSAGES = {
    "text": ("text", {"Content": "渠堵了"}, "您说：渠堵了。对吗？", []),
    "image": ("image", {"MediaId": "image"}, "图片或语音", ["image"]),
    "voice": ("voice", {"MediaId": "voice", "Format": "amr"}, "图片或语音", ["voice"]),
    "voice with words": (
        "voice",
        {"MediaId": "voice", "Format": "amr", "Recognition": "渠堵了"},
        "您说：渠堵了",
        ["voice"],
    ),
    "video": ("video", {"MediaId": "video", "ThumbMediaId": "t"}, "图片或语音", ["video"]),
    "shortvideo": ("shortvideo", {"MediaId": "video", "ThumbMediaId": "t"}, "图片或语音", ["video"]),
    "location": (
        "location",
        {"Location_X": "34.75", "Location_Y": "109.18", "Label": "富平"},
        "位置：34.75000,109.18000",
        [],
    ),
    "link": ("link", {"Title": "看", "Description": "说", "Url": "http://u"}, "看 http://u", []),
    "an unknown kind": ("music", {"MediaId": "image"}, "", []),
}


@pytest.mark.parametrize("case", MESSAGES)
async def test_every_kind_of_message_is_stored_and_answered(safe: World, url: str, case: str) -> None:
    her, server = await safe.villager(), safe.wechat
    contents = {"image": picture("image/jpeg"), "voice": voice("audio/amr"), "video": b"\0\0\0\x18ftypmp42"}
    kept = {kind: server.media.keep(kind, content).media_id for kind, content in contents.items()}
    kind, fields, answered, media = MESSAGES[case]
    fields = {name: kept.get(value, value) for name, value in fields.items()}
    status, answer = await post(server, message(server, her.follower.name, kind, **fields))
    assert status == 200
    assert answered in re.sub(r"<a [^>]*>|</a>", "", answer)
    assert bool(answer) == bool(answered)
    assert [kind for (kind,) in second_look(url, "SELECT kind FROM attachment ORDER BY id")] == media


EVENTS = {
    "follows": ("subscribe", {"EventKey": ""}, "有事直接说", True),
    "follows by a code": ("subscribe", {"EventKey": "qrscene_{card}"}, "有事直接说", True),
    "scans": ("SCAN", {"EventKey": "{card}", "Ticket": "t"}, "有事直接说", True),
    "scans a forged code": ("SCAN", {"EventKey": "x" * 22, "Ticket": "t"}, "卡", True),
    "clicks": ("CLICK", {"EventKey": "m:mine"}, "事", True),
    "views": ("VIEW", {"EventKey": "http://u"}, "", False),
    "reports where she is": ("LOCATION", {"Latitude": "34", "Longitude": "109", "Precision": "1"}, "", False),
    "a notice was sent": ("TEMPLATESENDJOBFINISH", {"MsgID": "7", "Status": "success"}, "", False),
    "a notice was not sent": (
        "TEMPLATESENDJOBFINISH",
        {"MsgID": "7", "Status": "failed:user block"},
        "",
        False,
    ),
    "a broadcast was sent": ("MASSSENDJOBFINISH", {"MsgID": "7", "Status": "send success"}, "", False),
    "something new": ("never_heard_of", {}, "", False),
    "leaves": ("unsubscribe", {"EventKey": ""}, "", True),
}


@pytest.mark.parametrize("case", EVENTS)
async def test_every_event_is_answered_and_only_what_she_did_is_kept(
    safe: World, url: str, case: str, discreet: list[str]
) -> None:
    her, card = await safe.villager(), await safe.card()
    name, fields, answered, is_kept = EVENTS[case]
    fields = {name: value.format(card=card) for name, value in fields.items()}
    discreet += [her.follower.name, card]
    safe.time.now += timedelta(seconds=2)  # what happens in one second is one event
    before = taken(url)
    status, answer = await post(safe.wechat, event(safe.wechat, her.follower.name, name, **fields))
    assert status == 200
    assert answered in answer
    assert bool(answer) == bool(answered)
    assert taken(url) - before == is_kept
    known = Outbox(url).rows_of("account", f"address = '{her.follower.name}'")
    assert known == (case != "leaves")
