"""The XML of both platforms: read as wechatpy reads it, refused where it is hostile, written so that wechatpy reads it."""

import random
import time
from xml.sax.saxutils import escape

import pytest
import xmltodict
from wechatpy import parse_message, replies
from wechatpy.enterprise import parse_message as parse_wecom

from bot.channels.tencent import markup
from bot.channels.tencent.markup import MAX_BYTES, NotXmlError
from tests.contract.tencent.samples import ACCOUNT, HEAD, OPENID, event, message, xml
from tests.contract.tencent.wording import wording

SAMPLES = {
    "text": (message("text", Content="渠堵了"), {"content": "Content"}),
    "lines": (message("text", Content="渠堵了\n三组 👨‍👩‍👧"), {"content": "Content"}),
    "image": (
        message("image", PicUrl="http://u", MediaId="M_1-x"),
        {"media_id": "MediaId", "image": "PicUrl"},
    ),
    "voice": (
        message("voice", MediaId="M", Format="amr", Recognition="渠堵了"),
        {"media_id": "MediaId", "format": "Format", "recognition": "Recognition"},
    ),
    "video": (message("video", MediaId="M", ThumbMediaId="T"), {"media_id": "MediaId"}),
    "short video": (message("shortvideo", MediaId="M", ThumbMediaId="T"), {"media_id": "MediaId"}),
    "location": (
        message("location", Location_X="34.75", Location_Y="109.18", Scale="20", Label="富平县"),
        {"location_x": "Location_X", "location_y": "Location_Y", "label": "Label"},
    ),
    "link": (message("link", Title="题", Description="讲", Url="http://u"), {"title": "Title", "url": "Url"}),
    "follow": (event("subscribe"), {"event": "Event"}),
    "scan": (event("SCAN", EventKey="c_1", Ticket="T"), {"scene_id": "EventKey"}),
    "menu": (event("CLICK", EventKey="m:file"), {"key": "EventKey"}),
    "leave": (event("unsubscribe"), {"event": "Event"}),
    "template": (event("TEMPLATESENDJOBFINISH", MsgID="200", Status="success"), {"status": "Status"}),
    "mass": (event("MASSSENDJOBFINISH", MsgID="100", Status="send success"), {"status": "Status"}),
}


OF_WECHAT_ALONE = {"scan", "template", "mass"}
BOTH = [(name, parse_message) for name in SAMPLES] + [
    (name, parse_wecom) for name in SAMPLES if name not in OF_WECHAT_ALONE
]


@pytest.mark.parametrize(("sample", "parse"), BOTH)
def test_what_the_platforms_send_is_read_as_wechatpy_reads_it(sample, parse):
    fields, named = SAMPLES[sample]
    read = markup.read(xml(fields).encode())
    assert read == fields
    theirs = parse(xml(fields))
    assert (theirs.source, theirs.target) == (read["FromUserName"], read["ToUserName"])
    assert theirs.type == read["MsgType"]
    assert theirs.time == int(read["CreateTime"])
    assert theirs.id == int(read.get("MsgId") or read.get("MsgID") or 0)
    for theirs_name, ours in named.items():
        assert str(getattr(theirs, theirs_name)).lower() == read[ours].lower()


def test_random_words_are_read_as_wechatpy_reads_them():
    rng = random.Random(11)
    for _ in range(1000):
        said = wording(rng)
        escaped = f"<Content>{escape(said)}</Content>"
        split = "<Content><![CDATA[" + said.replace("]]>", "]]]]><![CDATA[>") + "]]></Content>"
        for content in (escaped, split):
            body = xml(message("text")).replace("</xml>", content + "</xml>")
            assert markup.read(body.encode())["Content"] == parse_message(body).content == said


def test_random_words_that_we_write_are_read_by_wechatpy():
    rng = random.Random(12)
    for _ in range(1000):
        said = wording(rng)
        body = markup.write(message("text", Content=said))
        assert parse_message(body.decode()).content == said == markup.read(body)["Content"]


REPLIES = {
    "text": ({"Content": "好，记下了。\n三组"}, replies.TextReply(content="好，记下了。\n三组")),
    "image": ({"Image": {"MediaId": "M_1"}}, replies.ImageReply(media_id="M_1")),
    "voice": ({"Voice": {"MediaId": "M_1"}}, replies.VoiceReply(media_id="M_1")),
}


@pytest.mark.parametrize(("ours", "theirs"), REPLIES.values(), ids=REPLIES)
def test_our_answers_say_what_those_of_wechatpy_say(ours, theirs):
    theirs.source, theirs.target, theirs.time = ACCOUNT, OPENID, 1348831860
    head = {"ToUserName": OPENID, "FromUserName": ACCOUNT, "CreateTime": 1348831860, "MsgType": theirs.type}
    assert xmltodict.parse(markup.write(head | ours)) == xmltodict.parse(theirs.render())


WRITTEN = {
    "what ends CDATA": ("a]]>b", "a]]>b"),
    "what ends it twice": ("]]>]]>", "]]>]]>"),
    "what would end it without the character between": ("]]\x00>", "]]>"),
    "control characters": ("渠\x00堵\x1b了\x0b", "渠堵了"),
    "halves of characters": ("渠\ud800\udfff堵了", "渠堵了"),
    "no characters": ("渠\ufffe\uffff堵了", "渠堵了"),
    "markup": ("<b>&lt;</b>", "<b>&lt;</b>"),
    "nothing": ("", ""),
}


@pytest.mark.parametrize(("text", "read"), WRITTEN.values(), ids=WRITTEN)
def test_any_text_can_be_written(text, read):
    assert markup.read(markup.write({"Content": text}))["Content"] == read


def body(inside):
    return f"<xml>{inside}</xml>".encode()


READ = {
    "an xml declaration": (b'<?xml version="1.0" encoding="UTF-8"?>' + body("<A>1</A>"), {"A": "1"}),
    "a byte order mark": (b"\xef\xbb\xbf" + body("<A>1</A>"), {"A": "1"}),
    "comments": (body("<!-- a --><A>1<!-- b -->2</A>"), {"A": "12"}),
    "attributes": (body('<A b="c">1</A>'), {"A": "1"}),
    "empty fields": (body("<A/><B></B><C><![CDATA[]]></C>"), {"A": "", "B": "", "C": ""}),
    "the first of two": (body("<A>1</A><A>2</A>"), {"A": "1"}),
    "spaces inside a field stay": (body("<A><![CDATA[ 1\n ]]></A>"), {"A": " 1\n "}),
    "what people paste and XML forbids": (body("<A><![CDATA[渠\x02堵\x1d了]]></A>"), {"A": "渠堵了"}),
    "nothing": (b"<xml/>", {}),
    "fields below fields": (
        body(
            "<Event>pic_weixin</Event><SendPicsInfo><Count>1</Count><PicList><item><PicMd5Sum>5</PicMd5Sum>"
            "</item></PicList></SendPicsInfo><ScanCodeInfo><ScanType>qrcode</ScanType><MsgType>x</MsgType>"
            "</ScanCodeInfo><MsgType>event</MsgType><MenuId>7</MenuId>"
        ),
        {"Event": "pic_weixin", "MsgType": "event", "MenuId": "7"},
    ),
}


@pytest.mark.parametrize(("sent", "fields"), READ.values(), ids=READ)
def test_unusual_messages_are_read(sent, fields):
    assert markup.read(sent) == fields


LAUGHS = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
REFUSED = {
    "nothing": b"",
    "text": "渠堵了".encode(),
    "JSON": b'{"MsgType": "text"}',
    "a form": b"a=1&b=2",
    "another root": b"<html><MsgType>text</MsgType></html>",
    "two roots": b"<xml/><xml/>",
    "something behind": b"<xml/>x",
    "truncated": xml(message("text", Content="渠")).encode()[:-20],
    "crossed": b"<xml><A><B></A></B></xml>",
    "doctype": b"<!DOCTYPE xml>" + body("<A>1</A>"),
    "entities": b'<!DOCTYPE xml [<!ENTITY a "b">]>' + body("<A>&a;</A>"),
    "a file": b'<!DOCTYPE xml [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + body("<A>&a;</A>"),
    "a DTD from elsewhere": b'<!DOCTYPE xml SYSTEM "http://127.0.0.1:9/x.dtd">' + body("<A>1</A>"),
    "billion laughs": f'<!DOCTYPE xml [<!ENTITY l0 "ha">{LAUGHS}]>'.encode() + body("<A>&l9;</A>"),
    "an unknown entity": body("<A>&nbsp;</A>"),
    "a forbidden character by its number": body("<A>&#0;</A>"),
    "half a character by its number": body("<A>&#xD800;</A>"),
    "a processing instruction": body("<?php echo 1 ?><A>1</A>"),
    "a style sheet": b'<?xml-stylesheet href="x"?>' + body("<A>1</A>"),
    "not UTF-8": "<xml><A>渠</A></xml>".encode("gbk"),
    "UTF-16": "<xml><A>1</A></xml>".encode("utf-16"),
    "half a character in UTF-8": b"<xml><A>\xed\xa0\x80</A></xml>",
    "another encoding": b'<?xml version="1.0" encoding="GBK"?>' + body("<A>1</A>"),
    "too deep": body("<A>" * 8 + "</A>" * 8),
    "very deep": b"<xml>" + b"<A>" * 20_000,
    "too many elements": body("<A/>" * 500),
    "too large": body("x" * MAX_BYTES),
    "a second sender": xml(HEAD | {"MsgType": "text"})
    .replace("</xml>", "<FromUserName>x</FromUserName></xml>")
    .encode(),
}


@pytest.mark.parametrize("sent", REFUSED.values(), ids=REFUSED)
def test_what_is_no_message_is_refused_at_once(sent):
    begun = time.perf_counter()
    with pytest.raises(NotXmlError):
        markup.read(sent)
    assert time.perf_counter() - begun < 1


@pytest.mark.parametrize("name", ["FromUserName", "ToUserName", "MsgType", "CreateTime", "MsgId"])
def test_a_person_cannot_write_the_platforms_own_fields(name):
    """The platform has been seen to leave `]]>` in a text as it is."""
    said = f"]]></Content><{name}>1</{name}><Content><![CDATA["
    with pytest.raises(NotXmlError):
        markup.read(xml(message("text", Content=said)).encode())
