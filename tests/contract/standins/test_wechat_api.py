"""The stand-in of WeChat holds WeChat's rules."""

import aiohttp
import pytest

from tests.contract.standins.conftest import MORNING, Api
from tests.standins.wechat import WeChatServer

JPEG = b"\xff\xd8\xff\xe0" + b"picture" * 20
AMR_SECOND = (b"\x3c" + bytes(31)) * 50


def text(words="好", to="o1"):
    return {"touser": to, "msgtype": "text", "text": {"content": words}}


def menu(*items, to="o1"):
    choices = [{"id": str(number), "content": item} for number, item in enumerate(items)]
    return {"touser": to, "msgtype": "msgmenu", "msgmenu": {"head_content": "请选", "list": choices}}


@pytest.fixture
def her(wechat, service):
    return wechat.follower("o1", following=True)


async def errcodes(api, sends):
    return [(await api.post("message/custom/send", text(f"{n}")))["errcode"] for n in range(sends)]


# ---- windows ----


async def test_nothing_may_be_sent_before_she_does_something(her, api):
    assert await errcodes(api, 1) == [45015]
    assert (her.sends, her.messages) == (0, [])


async def test_a_message_gives_five_sends_for_48_hours(her, api, time):
    await her.says("在吗")
    assert await errcodes(api, 6) == [0, 0, 0, 0, 0, 45047]
    assert (her.sends, her.texts) == (5, ["0", "1", "2", "3", "4"])
    await her.says("在吗")
    time.passes(hours=47, minutes=59)
    api.token = api.server.tokens.current()[0]
    assert await errcodes(api, 1) == [0]
    time.passes(minutes=1)
    assert await errcodes(api, 1) == [45015]


@pytest.mark.parametrize("act", ["clicks", "scans", "follows"])
async def test_an_act_gives_three_sends_for_a_minute(her, api, time, act):
    await getattr(her, act)("REQ")
    assert await errcodes(api, 4) == [0, 0, 0, 45047]
    await getattr(her, act)("REQ")
    time.passes(minutes=1)
    assert await errcodes(api, 1) == [45015]


async def test_a_tap_on_a_menu_message_counts_as_a_click(her, api):
    await her.says("在吗")
    await api.post("message/custom/send", menu("对", "不对"))
    assert await errcodes(api, 5) == [0, 0, 0, 0, 45047]
    await her.taps("不对")
    assert await errcodes(api, 4) == [0, 0, 0, 45047]


async def test_the_window_that_ends_first_is_used_first(her, api, time):
    await her.says("在吗")
    await her.clicks("REQ")
    assert await errcodes(api, 4) == [0] * 4
    time.passes(minutes=2)
    assert her.windows.left == 4
    assert await errcodes(api, 5) == [0, 0, 0, 0, 45047]


# ---- messages ----


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        (text("长" * 683), 45002),
        (text("长" * 682), 0),
        (text(" "), 44004),
        (text(to="nobody"), 40003),
        ({"touser": "o1", "msgtype": "card", "card": {}}, 40008),
        ({"touser": "o1", "msgtype": "image", "image": {"media_id": "x"}}, 40007),
        ({"touser": "o1", "msgtype": "text"}, 47001),
        (menu(), 47001),
        (menu(""), 47001),
        (menu(*"0123456789"), 0),
        (menu(*"0123456789+"), 45098),
    ],
)
async def test_what_can_be_sent(her, api, body, errcode):
    await her.says("在吗")
    assert (await api.post("message/custom/send", body))["errcode"] == errcode
    assert her.sends == (errcode == 0)


async def test_who_has_gone_or_does_not_want_it_gets_nothing(her, api):
    await her.says("在吗")
    her.receives = False
    assert await errcodes(api, 1) == [48002]
    await her.unfollows()
    assert await errcodes(api, 1) == [43004]
    assert her.messages == []


async def test_escaped_characters_are_shown_as_they_are_written(her, api, http, wechat):
    await her.says("在吗")
    address = f"{wechat.address}/cgi-bin/message/custom/send?access_token={api.token}"
    async with http.post(address, json=text("好\n")) as answer:
        assert (await answer.json(content_type=None))["errcode"] == 0
    assert her.texts == ["\\u597d\n"]


async def test_an_unverified_account_sends_nothing(her, api, wechat):
    await her.says("在吗")
    wechat.verified = False
    assert (await api.post("message/custom/send", menu("对")))["errcode"] == 40200
    assert await errcodes(api, 1) == [48001]
    assert (await api.post("qrcode/create", {}))["errcode"] == 48001


async def test_a_trial_account_sends_all_but_menus(her, api, wechat):
    await her.says("在吗")
    wechat.menus_allowed = False
    assert (await api.post("message/custom/send", menu("对")))["errcode"] == 40200
    assert await errcodes(api, 1) == [0]


# ---- faults ----


async def test_faults_come_when_asked_for(her, api, wechat):
    await her.says("在吗")
    wechat.fail_next("message/custom/send", errcode=45009, times=2)
    wechat.fail_next("/cgi-bin/message/custom/send", errcode=45011)
    assert await errcodes(api, 4) == [45009, 45009, 45011, 0]
    assert wechat.calls["/cgi-bin/message/custom/send"] == 4


@pytest.mark.parametrize(("drop", "shown"), [("before", 0), ("after", 1)])
async def test_a_dropped_call_is_done_or_not(her, api, wechat, drop, shown):
    await her.says("在吗")
    wechat.fail_next("message/custom/send", drop=drop)
    with pytest.raises(aiohttp.ClientError):
        await errcodes(api, 1)
    assert (len(her.messages), her.sends) == (shown, shown)


async def test_other_troubles_of_a_server(her, api, wechat, http):
    await her.says("在吗")
    address = f"{wechat.address}/cgi-bin/message/custom/send?access_token={api.token}"
    wechat.fail_next("message/custom/send", status=502)
    wechat.fail_next("message/custom/send", garbage=True)
    for status in (502, 200):
        async with http.post(address, json=text()) as answer:
            assert answer.status == status
            assert "<html>" in await answer.text()
    wechat.fail_next("message/custom/send", delay=1)
    with pytest.raises(TimeoutError):
        await http.post(address, json=text(), timeout=aiohttp.ClientTimeout(total=0.1))
    assert her.sends == 2


# ---- tokens ----


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


# ---- media ----


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


# ---- codes and menus ----


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


# ---- templates, notices, mass messages ----


def template(value="渠堵了", template="T1", to="o1", **more):
    return {"touser": to, "template_id": template, "data": {"thing1": {"value": value}} | more}


@pytest.fixture
def templates(wechat):
    wechat.templates.contents = {"T1": "事项：{{thing1.DATA}}", "T2": "时间：{{time1.DATA}}"}


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        (template(), 0),
        (template("长" * 20), 0),
        (template("长" * 21), 47003),
        (template(""), 47003),
        (template(template="T9"), 40037),
        (template(to="nobody"), 40003),
        (template(template="T2", time1={"value": "2026年11月2日 10:00"}), 0),
        (template(template="T2", time1={"value": "明天"}), 47003),
    ],
)
async def test_template_messages_that_can_be(her, api, templates, body, errcode):
    assert (await api.post("message/template/send", body))["errcode"] == errcode
    assert [shown.via for shown in her.messages] == ["template"] * (errcode == 0)


async def test_what_became_of_a_template_message_is_told(her, api, wechat, service, templates):
    sent = await api.post("message/template/send", template())
    await wechat.finishes(sent["msgid"])
    her.template_fate = "failed:user block"
    sent = await api.post("message/template/send", template("第二件"))
    await wechat.finishes(sent["msgid"])
    assert [(one.event, one.status) for one in service.messages] == [
        ("templatesendjobfinish", "success"),
        ("templatesendjobfinish", "failed:user block"),
    ]
    assert her.texts == ["事项：渠堵了"]
    assert len((await api.get("template/get_all_private_template"))["template_list"]) == 2


async def test_one_consent_is_one_notice(her, api, templates):
    assert (await api.post("message/subscribe/bizsend", template()))["errcode"] == 43101
    await her.agrees("T1")
    await her.agrees("T1", accept=False)
    answers = [(await api.post("message/subscribe/bizsend", template()))["errcode"] for _ in range(2)]
    assert answers == [0, 43101]
    assert [(shown.via, shown.text) for shown in her.messages] == [("subscribe", "事项：渠堵了")]


def to_all(*names, **more):
    return {"touser": list(names), "msgtype": "text", "text": {"content": "停水通知"}} | more


async def test_a_mass_message_comes_four_times_a_month(her, api, wechat, service, time):
    for _ in range(5):
        sent = await api.post("message/mass/send", to_all("o1", "nobody"))
    assert her.texts == ["停水通知"] * 4
    await wechat.finishes(sent["msg_id"])
    told = service.messages[-1]._data
    assert (told["Event"], told["TotalCount"], told["SentCount"], told["ErrorCount"]) == (
        "MASSSENDJOBFINISH",
        "2",
        "0",
        "1",
    )
    time.passes(days=30)
    api.token = wechat.tokens.current()[0]
    await api.post("message/mass/send", to_all("o1", "nobody"))
    assert len(her.texts) == 5


async def test_a_mass_message_is_taken_once_in_24_hours(her, api, wechat, time):
    first = await api.post("message/mass/send", to_all("o1", "o2", clientmsgid="notice-1"))
    again = await api.post("message/mass/send", to_all("o1", "o2", clientmsgid="notice-1"))
    assert (again["errcode"], again["msg_id"], her.texts) == (45065, first["msg_id"], ["停水通知"])
    time.passes(days=1)
    api.token = wechat.tokens.current()[0]
    assert (await api.post("message/mass/send", to_all("o1", "o2", clientmsgid="notice-1")))["errcode"] == 0


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        (to_all("o1"), 40130),
        (to_all(*map(str, range(10_001))), 40032),
        (to_all("o1", "o2", clientmsgid="x" * 65), 45067),
        (to_all("o1", "o2", msgtype="card"), 40008),
    ],
)
async def test_mass_messages_that_cannot_be(api, body, errcode):
    assert (await api.post("message/mass/send", body))["errcode"] == errcode


async def test_without_a_clock_it_goes_by_real_time(http):
    async with WeChatServer() as server:
        assert server.clock() > MORNING.replace(year=2020)
        assert "ip_list" in await Api(server, http).get("get_api_domain_ip")
