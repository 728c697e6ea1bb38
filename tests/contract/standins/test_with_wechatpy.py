"""wechatpy's clients, which know the real platforms, get along with the stand-ins."""

import asyncio
import io

import pytest
from wechatpy import WeChatClient
from wechatpy.client.api import WeChatMenu
from wechatpy.enterprise import WeChatClient as WeComClient
from wechatpy.exceptions import WeChatClientException

JPEG = b"\xff\xd8\xff\xe0" + b"picture" * 20


def pointed_at(client, server):
    """A client with a token never asks the platform itself for one."""
    client.API_BASE_URL = f"{server.address}/cgi-bin/"
    return client


@pytest.fixture
def client(wechat):
    token = wechat.tokens.current()[0]
    return pointed_at(WeChatClient(wechat.appid, wechat.secret, access_token=token), wechat)


@pytest.fixture
def app_client(wecom):
    token = wecom.tokens.current()[0]
    return pointed_at(WeComClient(wecom.corpid, wecom.secret, access_token=token), wecom)


async def test_wechat(wechat, her, client):
    wechat.templates.contents["T1"] = "事项：{{thing1.DATA}}"
    await her.says("在吗")

    def talk():
        client.message.send_text("o1", "您好")
        photo = client.media.upload("image", ("a.jpg", io.BytesIO(JPEG), "image/jpeg"))["media_id"]
        client.message.send_image("o1", photo)
        client.message.send_template("o1", "T1", {"thing1": {"value": "渠堵了"}})
        client.message.send_mass_text(["o1", "o2"], "停水通知")
        scene = {"action_name": "QR_LIMIT_STR_SCENE", "action_info": {"scene": {"scene_str": "card-1"}}}
        WeChatMenu(client).create({"button": [{"type": "click", "name": "报事", "key": "REQ"}]})
        return client.media.download(photo).content, client.qrcode.create(scene)["url"], client.menu.get()

    content, url, menu = await asyncio.to_thread(talk)
    assert [(shown.via, shown.kind) for shown in her.messages] == [
        ("custom", "text"),
        ("custom", "image"),
        ("template", "template"),
        ("mass", "text"),
    ]
    assert (content, wechat.qrcodes.scanned(url).scene) == (JPEG, "card-1")
    assert menu["menu"]["button"][0]["name"] == "报事"


async def test_wechat_says_no(wechat, her, client):
    with pytest.raises(WeChatClientException) as no:
        await asyncio.to_thread(client.message.send_text, "o1", "您好")
    assert no.value.errcode == 45015


async def test_wecom(wecom, app_client):
    him = wecom.member("zhang")

    def talk():
        app_client.message.send_text(wecom.agentid, "zhang", "有新工单")
        photo = app_client.media.upload("image", ("a.jpg", io.BytesIO(JPEG), "image/jpeg"))["media_id"]
        app_client.message.send_image(wecom.agentid, "zhang", photo)

    await asyncio.to_thread(talk)
    assert [shown.kind for shown in him.messages] == ["text", "image"]
