"""The stand-in of WeChat calls a service as WeChat does: signed, sealed, three times at most."""

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from wechatpy.crypto import WeChatCrypto
from wechatpy.exceptions import InvalidSignatureException
from wechatpy.replies import ImageReply, TextReply, create_reply
from wechatpy.utils import check_signature

from tests.contract.standins.service import babbles, breaks, hangs_up, is_slow, served
from tests.standins.wechat.people import BROKEN, CODE_ENDED

JPEG = b"\xff\xd8\xff\xe0" + b"picture" * 20


async def test_a_message_goes_out_and_its_reply_comes_on_the_screen(either_mode):
    async with served(either_mode) as service:
        service.answer = lambda message: f"{len(message.content)}个字：<渠>&"
        her = either_mode.follower("o1", following=True)
        await her.says("渠堵了]]>")
    [(query, message)] = service.posts
    assert (message.type, message.source, message.target) == ("text", "o1", either_mode.original_id)
    assert message.content == "渠堵了]]>"
    assert (query["openid"], message.time) == ("o1", either_mode.seconds())
    assert [(shown.text, shown.kind, shown.via) for shown in her.messages] == [
        ("6个字：<渠>&", "text", "passive")
    ]


@pytest.mark.parametrize("trouble", [hangs_up, is_slow, breaks, babbles])
async def test_a_message_comes_again_until_it_is_answered(wechat, service, trouble):
    wechat.patience = 0.5
    service.troubles = [trouble, trouble]
    service.answer = lambda message: "收到"
    her = wechat.follower("o1", following=True)
    await her.says("渠堵了")
    assert len({message.id for message in service.messages}) == 1
    assert len({query["nonce"] for query, _ in service.posts}) == 3
    assert her.texts == ["收到"]


async def test_after_three_deliveries_the_person_reads_that_the_service_is_broken(wechat, service):
    service.troubles = [breaks] * 4
    her = wechat.follower("o1", following=True)
    await her.says("渠堵了")
    assert len(service.posts) == 3
    assert her.texts == [BROKEN]
    assert [delivery.status for delivery in wechat.deliveries] == [502] * 3


@pytest.mark.parametrize("answer", [None, "success"])
async def test_an_empty_answer_ends_the_exchange(wechat, service, answer):
    her = wechat.follower("o1", following=True)
    await her.says("渠堵了")
    assert len(service.posts) == 1
    assert her.messages == []


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"target": "o2"}, "ToUserName"),
        ({"source": "gh_other"}, "FromUserName"),
        ({"content": "长" * 700}, "content size out of limit"),
    ],
)
async def test_a_wrong_reply_is_no_answer(wechat, service, changed, complaint):
    def answer(message):
        fields = {"target": message.source, "source": message.target, "content": "好"}
        return TextReply(**(fields | changed))

    service.answer = answer
    her = wechat.follower("o1", following=True)
    await her.says("渠堵了")
    assert her.texts == [BROKEN]
    assert all(complaint in said for said in wechat.complaints)
    assert len(wechat.complaints) == 3


async def test_an_unsealed_reply_in_safe_mode_is_no_answer(wechat, service):

    service.answer = lambda message: web.Response(text=create_reply("好", message, render=True))
    her = wechat.follower("o1", following=True)
    await her.says("渠堵了")
    assert her.texts == [BROKEN]


async def test_a_reply_sealed_for_another_account_is_no_answer(wechat, service):

    other = WeChatCrypto(wechat.token, wechat.aes_key, "wx_other")
    service.answer = lambda message: web.Response(
        text=other.encrypt_message(create_reply("好", message, render=True), "1", "1")
    )
    her = wechat.follower("o1", following=True)
    await her.says("渠堵了")
    assert her.texts == [BROKEN]
    assert "InvalidAppId" in wechat.complaints[0]


async def test_a_picture_in_a_reply_is_an_uploaded_one(wechat, service, api):
    made = await api.upload("image", JPEG)
    service.answer = lambda message: ImageReply(message=message, media_id=made["media_id"])
    her = wechat.follower("o1", following=True)
    await her.says("二维码")
    assert (her.messages[0].kind, her.messages[0].media) == ("image", JPEG)


async def test_events_of_a_follower(wechat, service):
    her = wechat.follower("o1")
    await her.follows("card-1")
    await her.scans("card-2")
    await her.clicks("REQ")
    await her.views("http://127.0.0.1/")
    await her.unfollows()
    await her.scans("card-3")
    events = [(one.event, getattr(one, "scene_id", None)) for one in service.messages]
    assert events == [
        ("subscribe_scan", "card-1"),
        ("scan", "card-2"),
        ("click", None),
        ("view", None),
        ("unsubscribe", None),
        ("subscribe_scan", "card-3"),
    ]
    assert len({one.create_time for one in service.messages}) == 6


async def test_what_a_follower_can_send(wechat, service, http):
    her = wechat.follower("o1", following=True)
    await her.sends_photo(JPEG)
    await her.sends_voice(b"#!AMR\nvoice")
    await her.sends_video(b"0000ftypmp42")
    await her.sends_location(34.5, 109.1, "窦村")
    await her.sends_link("http://127.0.0.1/a", "标题")
    photo, voice, video, place, link = service.messages
    async with http.get(photo.image) as answer:
        assert await answer.read() == JPEG
    assert (voice.format, voice.recognition) == ("amr", None)
    assert wechat.media.get(video.media_id).content == b"0000ftypmp42"
    assert (float(place.location_x), place.label) == (34.5, "窦村")
    assert link.url == "http://127.0.0.1/a"


async def test_a_code_is_scanned_by_its_address(wechat, service, api, time):
    def wanted(name, **more):
        return {"action_name": name, "action_info": {"scene": {"scene_str": name}}} | more

    lasting = await api.post("qrcode/create", wanted("QR_LIMIT_STR_SCENE"))
    short = await api.post("qrcode/create", wanted("QR_STR_SCENE", expire_seconds=3600))
    her = wechat.follower("o1")
    await her.scans(lasting["url"])
    await her.scans(short["url"])
    time.passes(hours=1)
    await her.scans(short["url"])
    assert [(one.scene_id, one.ticket) for one in service.messages] == [
        ("QR_LIMIT_STR_SCENE", lasting["ticket"]),
        ("QR_STR_SCENE", short["ticket"]),
    ]
    assert her.texts[-1] == CODE_ENDED


@pytest.mark.parametrize(("as_zero", "item"), [(False, "2"), (True, "0")])
async def test_a_tap_on_a_menu_message_comes_as_text(wechat, service, api, as_zero, item):
    her = wechat.follower("o1", following=True)
    await her.says("在吗")
    menu = {
        "head_content": "满意吗",
        "list": [{"id": "1", "content": "1 满意"}, {"id": "2", "content": "2 不满意"}],
    }
    await api.post("message/custom/send", {"touser": "o1", "msgtype": "msgmenu", "msgmenu": menu})
    await her.taps("不满意", as_zero=as_zero)
    tap = service.messages[-1]
    assert (tap.type, tap.content, tap._data["bizmsgmenuid"]) == ("text", "2 不满意", item)


async def test_links_in_a_text_can_be_tapped_too(wechat, service):
    service.answer = lambda message: (
        '对吗？<a href="weixin://bizmsgmenu?msgmenucontent=对&msgmenuid=y">1 对</a>'
        if message.content == "渠堵了"
        else None
    )
    her = wechat.follower("o1", following=True)
    await her.says("渠堵了")
    assert her.texts == ["对吗？1 对"]
    await her.taps("对")
    assert service.messages[-1].content == "对"


async def test_forged_calls_can_be_made(wechat, service):
    body = wechat.envelope("<xml><ToUserName>a</ToUserName></xml>")
    query = wechat.signed_query(timestamp=1, body=body)
    assert (query["timestamp"], query["encrypt_type"]) == ("1", "aes")
    status, _ = await wechat.post(body, query | {"msg_signature": "0" * 40})
    assert status == 500


async def test_the_address_is_checked(either_mode, http):

    async def echo(request):
        query = request.query
        try:
            check_signature(either_mode.token, query["signature"], query["timestamp"], query["nonce"])
        except InvalidSignatureException:
            return web.Response(status=403)
        return web.Response(text=query["echostr"])

    app = web.Application()
    app.router.add_get("/", echo)
    async with TestServer(app) as service:
        either_mode.callback = str(service.make_url("/"))
        assert await either_mode.check_url()


async def test_nobody_writes_to_an_account_she_does_not_follow(wechat):
    with pytest.raises(AssertionError):
        await wechat.follower("o1").says("在吗")
