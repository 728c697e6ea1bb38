"""What WeChat and WeCom tell, and what the house makes of it: one table."""

import hashlib
from dataclasses import replace

import pytest

from bot.channels.tencent.incoming import Left, NotAMessageError, Reported, Said, understand
from domain.talk import Inbound, Media
from tests.contract.tencent.samples import ACCOUNT, HEAD, OPENID, event, message

NUMBER = "1234567890123456"


def said(opens="message", **what):
    return Said(Inbound("wechat", OPENID, NUMBER, opens=opens, **what))


def media(kind, **more):
    return said(media=(Media(kind, "M", **more),))


def location(x, y):
    return message("location", Location_X=x, Location_Y=y, Scale="20", Label="富平县")


MESSAGES = {
    "text": (message("text", Content="渠堵了"), said(text="渠堵了")),
    "text, written large": (message("TEXT", Content="渠堵了"), said(text="渠堵了")),
    "lines": (message("text", Content="渠堵了\n三组"), said(text="渠堵了\n三组")),
    "invisible characters": (message("text", Content="渠\x85堵\u200b了"), said(text="渠堵了")),
    "very long": (message("text", Content="渠" * 10_000), said(text="渠" * 10_000)),
    "no words": (message("text", Content=""), None),
    "no content": (message("text"), None),
    "a choice of a question": (
        message("text", Content="1 对", bizmsgmenuid="12:yes"),
        said("tap", choice="12:yes"),
    ),
    "a choice of a ticket": (
        message("text", Content="接单", bizmsgmenuid="t:77:accept"),
        said("tap", choice="t:77:accept"),
    ),
    "a choice of the menu": (
        message("text", Content="报事", bizmsgmenuid="m:leave-of-absence"),
        said("tap", choice="m:leave-of-absence"),
    ),
    "a choice of a survey": (
        message("text", Content="参加", bizmsgmenuid="s:12"),
        said("tap", choice="s:12"),
    ),
    "a choice of staff who run one": (
        message("text", Content="真的截止", bizmsgmenuid="q:12:close-sure"),
        said("tap", choice="q:12:close-sure"),
    ),
    "a choice whose id was lost": (
        message("text", Content="1 对", bizmsgmenuid="0"),
        said("tap", text="1 对"),
    ),
    "a choice of somebody else's": (
        message("text", Content="对", bizmsgmenuid="1234567890:x"),
        said("tap", text="对"),
    ),
    "picture": (message("image", PicUrl="http://u", MediaId="M"), media("image")),
    "voice": (message("voice", MediaId="M", Format="amr"), media("voice", mime="audio/amr")),
    "voice, understood": (
        message("voice", MediaId="M", Format="AMR", Recognition="渠堵了。"),
        media("voice", mime="audio/amr", heard="渠堵了。"),
    ),
    "voice of another kind": (message("voice", MediaId="M", Format="speex"), media("voice")),
    "film": (message("video", MediaId="M", ThumbMediaId="T"), media("video")),
    "short film": (message("shortvideo", MediaId="M", ThumbMediaId="T"), media("video")),
    "file": (message("file", MediaId="M"), media("file")),
    "place": (location("34.75", "109.18"), said(place=(34.75, 109.18))),
    "place in the south-west": (location("-90", "-180"), said(place=(-90.0, -180.0))),
    "link": (
        message("link", Title="通知", Description="长长的", Url="http://u"),
        said(text="通知\nhttp://u"),
    ),
    "link without a title": (message("link", Title="", Url="http://u"), said(text="http://u")),
    "something new": (message("hologram", MediaId="M"), None),
    "a card of a mini program": (message("miniprogrampage", Title="x"), None),
}


@pytest.mark.parametrize(("fields", "event"), MESSAGES.values(), ids=MESSAGES)
def test_messages(fields, event):
    assert understand("wechat", fields) == event


def tapped(**what):
    return Said(Inbound("wechat", OPENID, "e:id", opens="tap", **what))


def without_id(happened):
    match happened:
        case Said(inbound):
            return replace(happened, inbound=replace(inbound, update_id="e:id"))
        case Left():
            return replace(happened, update_id="e:id")
    return happened


EVENTS = {
    "follow": (event("subscribe"), tapped(text="开始")),
    "follow, empty key": (event("subscribe", EventKey=""), tapped(text="开始")),
    "follow by a card": (event("subscribe", EventKey="qrscene_c_Ab-9", Ticket="T"), tapped(link="c_Ab-9")),
    "follow by a card, 64 characters": (
        event("subscribe", EventKey="qrscene_" + "x" * 64),
        tapped(link="x" * 64),
    ),
    "follow by no card of ours": (event("subscribe", EventKey="qrscene_" + "x" * 65), tapped(text="开始")),
    "follow after a payment": (event("subscribe", EventKey="last_trade_no_1"), tapped(text="开始")),
    "follow by an empty code": (event("subscribe", EventKey="qrscene_"), tapped(text="开始")),
    "scan": (event("SCAN", EventKey="c_Ab-9", Ticket="T"), tapped(link="c_Ab-9")),
    "scan, written small": (event("scan", EventKey="c_Ab-9"), tapped(link="c_Ab-9")),
    "menu": (event("CLICK", EventKey="m:file"), tapped(choice="m:file")),
    "menu of WeCom": (event("click", EventKey="m:tasks", AgentID="1"), tapped(choice="m:tasks")),
    "menu without a key": (event("CLICK", EventKey=""), None),
    "leave": (event("unsubscribe"), Left(OPENID, "e:id")),
    "template sent": (
        event("TEMPLATESENDJOBFINISH", MsgID="200163836", Status="success"),
        Reported("template", "200163836", "success"),
    ),
    "template refused": (
        event("TEMPLATESENDJOBFINISH", MsgID="200163840", Status="failed:user block"),
        Reported("template", "200163840", "failed:user block"),
    ),
    "mass send": (
        event("MASSSENDJOBFINISH", MsgID="1000001625", Status="send success", SentCount="80"),
        Reported("mass", "1000001625", "send success", 80),
    ),
    "position reported by itself": (event("LOCATION", Latitude="34.75", Longitude="109.18"), None),
    "page opened": (event("VIEW", EventKey="http://u"), None),
    "app opened in WeCom": (event("enter_agent", EventKey="", AgentID="1"), None),
    "picture sent from the menu": (event("pic_weixin", EventKey="m:file"), None),
    "something new": (event("teleported"), None),
}


@pytest.mark.parametrize(("fields", "understood"), EVENTS.values(), ids=EVENTS)
def test_events(fields, understood):
    assert without_id(understand("wechat", fields)) == understood


def test_the_channel_is_named_as_asked():
    assert understand("wecom", message("text", Content="好")).inbound.channel == "wecom"


def test_an_event_has_an_id_of_its_own_that_does_not_name_the_person():
    pressed = understand("wechat", event("CLICK", EventKey="m:file")).inbound.update_id
    named = f"{OPENID}\n1348831860\nCLICK\nm:file"
    assert pressed == "e:" + hashlib.sha256(named.encode()).hexdigest()[:32]
    again = understand("wechat", event("CLICK", EventKey="m:file")).inbound.update_id
    others = {
        understand("wechat", event("CLICK", EventKey="m:file") | other).inbound.update_id
        for other in ({"EventKey": "m:mine"}, {"CreateTime": "1348831861"}, {"FromUserName": "other"})
    }
    assert again == pressed
    assert len(others | {pressed}) == 4


def test_who_we_are_is_checked_when_it_is_known():
    fields = message("text", Content="好")
    assert understand("wechat", fields, ACCOUNT)
    with pytest.raises(NotAMessageError):
        understand("wechat", fields, "gh_another")


TEXT = message("text", Content="好")
REFUSED = {
    "nothing": {},
    "no sender": TEXT | {"FromUserName": ""},
    "a sender too long": TEXT | {"FromUserName": "x" * 129},
    "a sender of spaces": TEXT | {"FromUserName": "a b"},
    "no receiver": TEXT | {"ToUserName": ""},
    "no kind": TEXT | {"MsgType": ""},
    "no number": TEXT | {"MsgId": ""},
    "a number that is none": TEXT | {"MsgId": "12a"},
    "a number in other digits": TEXT | {"MsgId": "１２"},
    "a number too long": TEXT | {"MsgId": "1" * 21},
    "a picture without a handle": message("image", MediaId=""),
    "a voice without a handle": message("voice"),
    "a handle too long": message("image", MediaId="M" * 513),
    "a handle of two lines": message("image", MediaId="M\nN"),
    "a place nowhere": location("90.1", "0"),
    "a place nowhere else": location("0", "-180.1"),
    "a place that is no number": location("nan", "0"),
    "a place at the end of the world": location("0", "inf"),
    "a place of words": location("北", "东"),
    "half a place": location("34.75", ""),
    "an event without a name": HEAD | {"MsgType": "event"},
    "a follower at no time": event("subscribe", CreateTime=""),
    "a leaver at no time": event("unsubscribe", CreateTime="soon"),
    "a report of nothing": event("TEMPLATESENDJOBFINISH", Status="success"),
}


@pytest.mark.parametrize("fields", REFUSED.values(), ids=REFUSED)
def test_what_the_platform_would_never_send_is_refused(fields):
    with pytest.raises(NotAMessageError):
        understand("wechat", fields)
