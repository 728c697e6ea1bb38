"""An account of the WeChat stand-in: its tokens, media, codes and menu."""

import pytest

from tests.contract.standins.service import MORNING, Api
from tests.standins.wechat import WeChatServer

JPEG = b"\xff\xd8\xff\xe0" + b"picture" * 20
AMR_SECOND = (b"\x3c" + bytes(31)) * 50


def wanted(wechat, **more):
    known = {"grant_type": "client_credential", "appid": wechat.appid, "secret": wechat.secret}
    return known | more


async def test_a_token_is_the_same_until_near_its_end(wechat, api, time):
    first = await api.post("stable_token", wanted(wechat))
    time.passes(minutes=100)
    again = await api.post("stable_token", wanted(wechat))
    assert (first["expires_in"], again["expires_in"]) == (7200, 1200)
    assert again["access_token"] == first["access_token"]
    time.passes(minutes=16)
    later = await api.post("stable_token", wanted(wechat))
    assert later["access_token"] != first["access_token"]
    assert "errcode" not in await api.get("get_api_domain_ip")
    time.passes(minutes=4)
    assert (await api.get("get_api_domain_ip"))["errcode"] == 42001
    assert wechat.calls["/cgi-bin/stable_token"] == 3


async def test_a_forced_token_ends_the_old_one_and_is_given_20_times_a_day(wechat, api, time):
    forced = wanted(wechat, force_refresh=True)
    for _ in range(20):
        assert "access_token" in await api.post("stable_token", forced)
    assert (await api.post("stable_token", forced))["errcode"] == 45009
    assert (await api.get("get_api_domain_ip"))["errcode"] == 40001
    time.passes(days=1)
    assert "access_token" in await api.post("stable_token", forced)


async def test_tokens_can_be_ended_at_once(wechat, api):
    wechat.expire_tokens()
    assert (await api.get("get_api_domain_ip"))["errcode"] == 42001
    assert (await api.get("get_api_domain_ip", access_token=""))["errcode"] == 41001


@pytest.mark.parametrize(
    ("changed", "errcode"), [({"appid": "x"}, 40013), ({"secret": "x"}, 40125), ({"grant_type": "x"}, 40002)]
)
async def test_who_gets_no_token(wechat, api, changed, errcode):
    assert (await api.post("stable_token", wanted(wechat, **changed)))["errcode"] == errcode
    wechat.whitelist_refuses = True
    assert (await api.post("stable_token", wanted(wechat)))["errcode"] == 40164


async def test_calls_of_no_known_kind(api):
    assert (await api.get("no/such"))["errcode"] == 40066
    assert (await api.get("message/custom/send"))["errcode"] == 43002
    assert (await api.post("get_api_domain_ip"))["errcode"] == 43001


async def test_without_a_clock_it_goes_by_real_time(http):
    async with WeChatServer() as server:
        assert server.clock() > MORNING.replace(year=2020)
        assert "ip_list" in await Api(server, http).get("get_api_domain_ip")


@pytest.mark.parametrize(
    ("kind", "content", "errcode"),
    [
        ("image", JPEG, 0),
        ("image", b"GIF89a", 0),
        ("image", b"RIFF0000WEBP", 40005),
        ("image", JPEG + bytes(10 << 20), 40006),
        ("image", b"", 40006),
        ("voice", b"#!AMR\n" + AMR_SECOND * 60, 0),
        ("voice", b"#!AMR\n" + AMR_SECOND * 61, 45007),
        ("voice", b"ID3mp3", 0),
        ("voice", b"OggS", 40005),
        ("voice", b"ID3" + bytes(2 << 20), 40006),
        ("video", b"0000ftypmp42", 0),
        ("file", b"x", 40004),
    ],
)
async def test_what_can_be_uploaded(api, kind, content, errcode):
    assert (await api.upload(kind, content)).get("errcode", 0) == errcode


async def test_a_file_must_be_called_media(api):
    assert (await api.upload("image", JPEG, field="file"))["errcode"] == 41005


async def test_media_live_three_days(her, api, wechat, service, http, time):
    await her.sends_photo(JPEG)
    [photo] = service.messages
    address = f"{wechat.address}/cgi-bin/media/get"
    query = {"access_token": api.token, "media_id": photo.media_id}
    async with http.get(address, params=query) as answer:
        assert (answer.content_type, await answer.read()) == ("image/jpeg", JPEG)
        assert photo.media_id in answer.headers["Content-disposition"]
    time.passes(days=3)
    api.token = wechat.tokens.current()[0]
    assert (await api.get("media/get", media_id=photo.media_id))["errcode"] == 40007


async def test_of_a_video_only_its_address_is_given(her, api, service, http):
    await her.sends_video(b"0000ftypmp42")
    told = await api.get("media/get", media_id=service.messages[0].media_id)
    async with http.get(told["video_url"]) as answer:
        assert await answer.read() == b"0000ftypmp42"


def code(scene="card-1", name="QR_LIMIT_STR_SCENE", **more):
    return {"action_name": name, "action_info": {"scene": {"scene_str": scene}}} | more


async def test_lasting_codes_are_few(api, wechat):
    wechat.qrcodes.permanent_limit = 2
    first = await api.post("qrcode/create", code("a"))
    assert first["url"].startswith("http://weixin.qq.com/q/")
    await api.post("qrcode/create", code("b"))
    assert (await api.post("qrcode/create", code("c")))["errcode"] == 45029
    assert await api.post("qrcode/create", code("a")) == first
    assert "url" in await api.post("qrcode/create", code("c", "QR_STR_SCENE", expire_seconds=2_592_000))


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        (code(""), 40053),
        (code("s" * 65), 40053),
        (code(name="QR_OTHER"), 40052),
        (code(name="QR_STR_SCENE", expire_seconds=2_592_001), 40053),
        ({"action_name": "QR_LIMIT_STR_SCENE"}, 40053),
    ],
)
async def test_codes_that_cannot_be(api, body, errcode):
    assert (await api.post("qrcode/create", body))["errcode"] == errcode


def button(name="报事", **more):
    return {"type": "click", "name": name, "key": "REQ"} | more


@pytest.mark.parametrize(
    ("buttons", "errcode"),
    [
        ([button(), button(), button()], 0),
        ([button()] * 4, 40016),
        ([], 40016),
        ([button("六个汉字长了")], 40018),
        ([button(key="k" * 129)], 40019),
        ([button(type="view", url="")], 40020),
        ([button(type="call")], 40017),
        ([{"name": "办事", "sub_button": [button()] * 5}], 0),
        ([{"name": "办事", "sub_button": [button()] * 6}], 40023),
        ([{"name": "办事", "sub_button": [button("长" * 21)]}], 40025),
        ([{"name": "办事", "sub_button": [button(key="")]}], 40026),
    ],
)
async def test_menus_that_can_be(api, buttons, errcode):
    assert (await api.post("menu/create", {"button": buttons}))["errcode"] == errcode
    kept = await api.get("menu/get")
    assert kept == ({"menu": {"button": buttons}} if not errcode else kept)
    assert (await api.get("get_current_selfmenu_info"))["is_menu_open"] == (errcode == 0)


async def test_a_service_can_ask_how_it_stands(api, wechat):
    assert (await api.get("menu/get"))["errcode"] == 46003
    checked = await api.post("callback/check", {"action": "all", "check_operator": "DEFAULT"})
    assert checked["ping"][0]["package_loss"] == "0%"
    quota = await api.post("openapi/quota/get", {"cgi_path": "/cgi-bin/menu/get"})
    assert quota["quota"]["used"] == 1
    assert (await api.post("openapi/quota/get", {"cgi_path": "/cgi-bin/none"}))["errcode"] == 76021
    assert await api.get("customservice/getkflist") == {"kf_list": []}
