"""The stand-in of WeCom holds WeCom's rules."""

import asyncio

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from wechatpy.enterprise.crypto import WeChatCrypto

from tests.contract.standins.service import breaks, hangs_up

JPEG = b"\xff\xd8\xff\xe0" + b"picture" * 20
AMR = b"#!AMR\n" + b"\x3c" + bytes(31)


def text_to(names, text="有新工单", **more):
    return {"touser": names, "msgtype": "text", "agentid": 1000002, "text": {"content": text}} | more


async def test_a_message_is_shown_to_each_member(wecom, app_api):
    him, her = wecom.member("zhang"), wecom.member("LiMei")
    answer = await app_api.post("message/send", text_to("zhang|limei|nobody"))
    assert (answer["errcode"], answer["invaliduser"]) == (0, "nobody")
    assert (him.texts, her.texts) == (["有新工单"], ["有新工单"])
    assert him.messages[0].via == "message"


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        (text_to("nobody|else"), 81013),
        (text_to(""), 82001),
        (text_to("zhang") | {"agentid": 7}, 40056),
        (text_to("zhang", " "), 44004),
        (text_to("zhang") | {"msgtype": "card"}, 40008),
        ({"touser": "zhang", "msgtype": "image", "agentid": 1000002, "image": {"media_id": "x"}}, 40007),
    ],
)
async def test_refused_messages(wecom, app_api, body, errcode):
    him = wecom.member("zhang")
    assert (await app_api.post("message/send", body))["errcode"] == errcode
    assert him.messages == []


async def test_a_long_text_is_cut_at_2048_bytes(wecom, app_api):
    him = wecom.member("zhang")
    await app_api.post("message/send", text_to("zhang", "长" * 700))
    assert him.texts == ["长" * 682]
    assert [lost.text for lost in wecom.cut] == ["长" * 700]


async def test_the_same_again_is_swallowed_for_half_an_hour(wecom, app_api, time):
    him, her = wecom.member("zhang"), wecom.member("li")
    checked = {"enable_duplicate_check": 1}
    for names in ("zhang", "zhang", "zhang|li"):
        assert (await app_api.post("message/send", text_to(names, **checked)))["errcode"] == 0
    assert (len(him.texts), len(her.texts), len(wecom.swallowed)) == (1, 1, 2)
    time.passes(seconds=1799)
    await app_api.post("message/send", text_to("zhang", **checked))
    assert len(him.texts) == 1
    time.passes(seconds=1)
    await app_api.post("message/send", text_to("zhang", **checked))
    assert len(him.texts) == 2


async def test_the_interval_of_doubles_can_be_chosen(wecom, app_api, time):
    him = wecom.member("zhang")
    message = text_to("zhang", enable_duplicate_check=1, duplicate_check_interval=60)
    await app_api.post("message/send", message)
    time.passes(seconds=60)
    await app_api.post("message/send", message)
    assert len(him.texts) == 2


async def test_without_the_check_the_same_is_shown_twice(wecom, app_api):
    him = wecom.member("zhang")
    for _ in range(2):
        await app_api.post("message/send", text_to("zhang"))
    assert len(him.texts) == 2


async def test_more_than_30_a_minute_are_dropped_without_a_word(wecom, app_api, time):
    him = wecom.member("zhang")
    answers = [await app_api.post("message/send", text_to("zhang", f"{n}")) for n in range(31)]
    assert {answer["errcode"] for answer in answers} == {0}
    assert (len(him.texts), [lost.text for lost in wecom.dropped]) == (30, ["30"])
    time.passes(minutes=1)
    await app_api.post("message/send", text_to("zhang", "later"))
    assert him.texts[-1] == "later"


async def test_more_than_1000_an_hour_are_dropped_too(wecom, time):
    him = wecom.member("zhang")
    taken = 0
    for _ in range(40):
        taken += sum(him.can_take() for _ in range(30))
        time.passes(minutes=1)
    assert taken == 1000


async def test_a_token_is_the_same_until_it_ends(wecom, app_api, time):
    wanted = {"corpid": wecom.corpid, "corpsecret": wecom.secret}
    first = await app_api.get("gettoken", **wanted)
    time.passes(seconds=7199)
    assert (await app_api.get("gettoken", **wanted))["access_token"] == first["access_token"]
    time.passes(seconds=1)
    assert (await app_api.get("agent/get", agentid="1000002"))["errcode"] == 42001
    assert (await app_api.get("gettoken", **wanted))["access_token"] != first["access_token"]


@pytest.mark.parametrize(
    ("path", "query", "errcode"),
    [
        ("gettoken", {"corpid": "ww_other", "corpsecret": "x"}, 40013),
        ("gettoken", {"corpid": "ww0000000000000001", "corpsecret": "x"}, 40001),
        ("agent/get", {"access_token": "x"}, 40014),
        ("agent/get", {"access_token": ""}, 41001),
        ("agent/get", {"agentid": "7"}, 40056),
        ("menu/get", {"agentid": "1000002"}, 46003),
        ("no/such", {}, 40066),
    ],
)
async def test_refused_questions(app_api, path, query, errcode):
    assert (await app_api.get(path, **query))["errcode"] == errcode


async def test_an_unknown_ip_gets_nothing_but_a_token(wecom, app_api):
    wecom.whitelist_refuses = True
    assert (await app_api.get("getcallbackip"))["errcode"] == 60020
    wanted = {"corpid": wecom.corpid, "corpsecret": wecom.secret}
    assert (await app_api.get("gettoken", **wanted))["errcode"] == 0


@pytest.mark.parametrize(
    ("kind", "content", "errcode"),
    [
        ("voice", AMR, 0),
        ("voice", b"ID3" + bytes(20), 40005),
        ("voice", b"#!AMR\n" + bytes(2 << 20), 40006),
        ("image", JPEG, 0),
        ("image", b"GIF89a", 40005),
        ("file", b"anything", 0),
        ("file", bytes((20 << 20) + 1), 40006),
        ("sticker", b"x", 40004),
    ],
)
async def test_what_can_be_uploaded(app_api, kind, content, errcode):
    assert (await app_api.upload(kind, content)).get("errcode", 0) == errcode


async def test_media_live_three_days(wecom, app_api, http, time):
    made = await app_api.upload("voice", AMR)
    him = wecom.member("zhang")
    voice = {"touser": "zhang", "msgtype": "voice", "agentid": 1000002}
    assert (await app_api.post("message/send", voice | {"voice": {"media_id": made["media_id"]}}))[
        "errcode"
    ] == 0
    assert him.messages[0].media == AMR
    time.passes(days=3)
    app_api.token = wecom.tokens.current()[0]
    assert (await app_api.get("media/get", media_id=made["media_id"]))["errcode"] == 40007


async def test_a_menu_is_kept(wecom, app_api):
    menu = {"button": [{"name": "待办", "type": "click", "key": "TODO"}]}
    assert (await app_api.post("menu/create", menu, agentid="1000002"))["errcode"] == 0
    assert (await app_api.get("menu/get", agentid="1000002"))["button"] == menu["button"]


async def test_what_a_member_does_comes_sealed(wecom, app_service):
    him = wecom.member("zhang")
    app_service.answer = lambda message: "好" if message.type == "text" else None
    await him.enters()
    await him.says("待办")
    await him.sends_photo(JPEG)
    await him.clicks("TODO")
    await him.leaves()
    assert [(one.type, getattr(one, "event", None)) for one in app_service.messages[1:3]] == [
        ("text", None),
        ("image", None),
    ]
    assert [one._data["Event"] for one in app_service.messages if one.type in ("unknown", "event")] == [
        "enter_agent",
        "click",
        "unsubscribe",
    ]
    assert {(one.source, one.target, one._data["AgentID"]) for one in app_service.messages} == {
        ("zhang", wecom.corpid, "1000002")
    }
    assert {tuple(sorted(query)) for query, _ in app_service.posts} == {
        ("msg_signature", "nonce", "timestamp")
    }
    assert him.texts == ["好"]


async def test_who_has_left_gets_no_more(wecom, app_api, app_service):
    him = wecom.member("zhang")
    await him.leaves()
    assert (await app_api.post("message/send", text_to("zhang")))["errcode"] == 81013
    await him.follows()
    assert (await app_api.post("message/send", text_to("zhang")))["errcode"] == 0


@pytest.mark.parametrize("trouble", [hangs_up, breaks])
async def test_a_message_comes_three_times_and_then_no_more(wecom, app_service, trouble):
    app_service.troubles = [trouble] * 4
    him = wecom.member("zhang")
    await him.says("待办")
    assert len(app_service.posts) == 3
    assert him.messages == []


@pytest.mark.parametrize(("wait", "good"), [(0, True), (1.2, False)])
async def test_the_address_is_checked_within_a_second(wecom, wait, good):
    async def echo(request):
        await asyncio.sleep(wait)
        query = request.query
        crypto = WeChatCrypto(wecom.token, wecom.aes_key, wecom.corpid)
        signed = query["msg_signature"], query["timestamp"], query["nonce"]
        return web.Response(text=crypto.check_signature(*signed, query["echostr"]))

    app = web.Application()
    app.router.add_get("/", echo)
    async with TestServer(app) as service:
        wecom.callback = str(service.make_url("/"))
        assert await wecom.check_url() is good
