"""What Telegram tells, and what the house makes of it: one table."""

import pytest

from bot.channels.telegram.updates import NotAnUpdateError, understand
from domain.talk import Inbound, Media

PERSON = {"id": 7, "is_bot": False, "first_name": "村民"}
ROBOT = {"id": 8, "is_bot": True, "first_name": "机器"}
PRIVATE = {"id": 7, "type": "private", "first_name": "村民"}
GROUP = {"id": -5, "type": "supergroup", "title": "三组"}


def message(chat=PRIVATE, sender=PERSON, **content):
    return {"message_id": 3, "date": 1767225600, "chat": chat, "from": sender} | content


def said(**content):
    return {"message": message(**content)}


def tapped(data="f3:yes", below=None, sender=PERSON):
    below = below or message(sender=ROBOT, text="对吗？")
    query = {"id": "99", "from": sender, "chat_instance": "1", "message": below}
    return {"callback_query": query | ({"data": data} if data else {})}


def size(ref, width, height):
    return {"file_id": ref, "file_unique_id": ref, "width": width, "height": height, "file_size": width}


def file(**more):
    return {"file_id": "F", "file_unique_id": "F", "file_size": 9, "duration": 1} | more


def did(**what):
    return Inbound("telegram", "7", "1001", **what)


HEARD = {
    "text": (said(text="渠堵了"), did(text="渠堵了")),
    "lines": (said(text="渠堵了\n三组"), did(text="渠堵了\n三组")),
    "control characters": (said(text="渠\x00堵\x1b了\r\n三组\x85\x7f"), did(text="渠堵了\n三组")),
    "half a character": (said(text="渠\ud800堵了"), did(text="渠堵了")),
    "very long": (said(text="渠" * 10_000), did(text="渠" * 10_000)),
    "emoji of several parts": (said(text="👨‍👩‍👧"), did(text="👨‍👩‍👧")),
    "start": (said(text="/start"), did(text="/start")),
    "start with the bot's name": (said(text="/start@lianxin_bot"), did(text="/start")),
    "card": (said(text="/start c_Ab-9"), did(link="c_Ab-9")),
    "card, 64 characters": (said(text="/start " + "x" * 64), did(link="x" * 64)),
    "a damaged card": (said(text="/start c_Ab%9 "), did(link="c_Ab%9")),
    "other command": (said(text="/mine"), did(text="/mine")),
    "photo, the largest": (
        said(photo=[size("S", 90, 67), size("L", 1280, 960), size("M", 320, 240)], caption="塌了"),
        did(text="塌了", media=(Media("image", "L", mime="image/jpeg", size=1280),)),
    ),
    "voice": (
        said(voice=file(mime_type="audio/ogg")),
        did(media=(Media("voice", "F", mime="audio/ogg", size=9),)),
    ),
    "voice of unknown type": (
        said(voice=file()),
        did(media=(Media("voice", "F", mime="audio/ogg", size=9),)),
    ),
    "sound file": (
        said(audio=file(mime_type="audio/mpeg")),
        did(media=(Media("voice", "F", mime="audio/mpeg", size=9),)),
    ),
    "video": (
        said(video=file(width=1, height=1, mime_type="video/mp4")),
        did(media=(Media("video", "F", mime="video/mp4", size=9),)),
    ),
    "round video": (
        said(video_note=file(length=240)),
        did(media=(Media("video", "F", mime="video/mp4", size=9),)),
    ),
    "document": (
        said(document=file(mime_type="application/pdf"), caption="证明"),
        did(text="证明", media=(Media("file", "F", mime="application/pdf", size=9),)),
    ),
    "place": (
        said(location={"latitude": 34.75, "longitude": 109.18}),
        did(place=(34.75, 109.18)),
    ),
    "place at zero": (said(location={"latitude": 0, "longitude": 0}), did(place=(0.0, 0.0))),
    "tap": (tapped(), did(choice="f3:yes")),
    "tap under a message too old to be shown": (
        tapped(below={"message_id": 3, "date": 0, "chat": PRIVATE}),
        did(choice="f3:yes"),
    ),
    "a field that Telegram adds tomorrow": (said(text="好", mood={"kind": "glad"}), did(text="好")),
}

IGNORED = {
    "group": said(chat=GROUP, text="渠堵了"),
    "another bot": said(sender=ROBOT, text="渠堵了"),
    "no sender": said(sender=None, text="渠堵了"),
    "channel post": {"channel_post": message(chat={"id": -9, "type": "channel"}, text="渠堵了")},
    "edit": {"edited_message": message(text="渠通了") | {"edit_date": 1767225700}},
    "sticker": said(
        sticker={"file_id": "F", "file_unique_id": "F", "type": "regular", "width": 1, "height": 1}
        | {"is_animated": False, "is_video": False}
    ),
    "nothing but control characters": said(text="\x00\x01\ud800"),
    "tap in a group": tapped(below=message(chat=GROUP, sender=ROBOT, text="对吗？")),
    "tap on nothing": tapped(data=None),
    "tap of a bot": tapped(sender=ROBOT),
    "blocked by the person": {
        "my_chat_member": {"chat": PRIVATE, "from": PERSON, "date": 1767225600}
        | {"old_chat_member": {"status": "member", "user": ROBOT}}
        | {"new_chat_member": {"status": "kicked", "user": ROBOT, "until_date": 0}}
    },
    "kind of update not yet invented": {"telepathy": {"id": 1}},
    "message of a strange shape": {"message": "渠堵了"},
    "date out of any calendar": {"message": message(text="好") | {"date": 10**30}},
}


@pytest.mark.parametrize("case", HEARD)
def test_heard(case):
    raw, inbound = HEARD[case]
    assert understand({"update_id": 1001} | raw).inbound == inbound


@pytest.mark.parametrize("case", IGNORED)
def test_ignored(case):
    assert understand({"update_id": 1001} | IGNORED[case]) is None


def test_only_a_tap_waits_to_be_answered():
    assert understand({"update_id": 1} | tapped()).tap == "99"
    assert understand({"update_id": 1} | said(text="好")).tap == ""


@pytest.mark.parametrize(
    "raw", [None, 3, "x", [], {}, {"update_id": "1"}, {"update_id": True}, {"update_id": None}]
)
def test_no_update(raw):
    with pytest.raises(NotAnUpdateError):
        understand(raw)
