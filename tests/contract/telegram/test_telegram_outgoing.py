"""What is sent, what the chat shows of it, and what the house believes became of it: tables over real HTTP."""

import time
from dataclasses import replace

import pytest
from aiohttp.test_utils import unused_port

from bot.channels.telegram import TelegramChannel
from bot.channels.telegram.api import RefusedError
from bot.channels.telegram.sending import PHOTO_LIMIT, _refused, keyboard, pieces
from domain.delivery import Sending, StoredFile
from domain.talk import Choice
from tests.contract.telegram.outbox import YES_NO, outgoing
from tests.recordings import heard, voice
from tests.standins.telegram import Limits, TelegramServer

BUTTONS = [("1 对", "f1:yes"), ("2 不对", "f1:no")]


async def test_text_arrives(server, channel):
    chat = server.user(7).chat
    outcome = await channel.send(outgoing("您说：渠堵了。对吗？", YES_NO))
    assert outcome.state is Sending.SENT
    assert outcome.remote_id == str(chat.messages[0].message_id)
    assert chat.texts == ["您说：渠堵了。对吗？"]
    assert chat.messages[0].buttons == BUTTONS


async def test_a_long_text_arrives_whole_with_buttons_under_its_end(server, channel):
    chat = server.user(7).chat
    text = "渠堵了，三组没水。" * 1000
    outcome = await channel.send(outgoing(text, YES_NO))
    assert "".join(chat.texts) == text
    assert all(piece.endswith("。") and len(piece) <= 4096 for piece in chat.texts)
    assert [message.buttons for message in chat.messages] == [[], [], BUTTONS]
    assert outcome.remote_id == str(chat.messages[-1].message_id)


FAULTS = {
    # fault: state, seconds to wait, charged, messages in the chat
    429: (Sending.QUEUED, 1, False, 0),
    401: (Sending.QUEUED, 60, True, 0),
    404: (Sending.QUEUED, 60, True, 0),
    400: (Sending.FAILED, 0, True, 0),
    413: (Sending.FAILED, 0, True, 0),
    403: (Sending.BLOCKED, 0, True, 0),
    500: (Sending.QUEUED, 0, True, 0),
    502: (Sending.QUEUED, 0, True, 0),
    "drop_before": (Sending.UNCERTAIN, 0, True, 0),
    "drop_after": (Sending.UNCERTAIN, 0, True, 1),
    "garbage": (Sending.UNCERTAIN, 0, True, 1),
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_faults(server, channel, fault):
    chat = server.user(7).chat
    server.next_faults.append(("sendMessage", fault))
    outcome = await channel.send(outgoing("渠堵了"))
    assert (outcome.state, outcome.wait, outcome.charged, len(chat.messages)) == FAULTS[fault]
    assert outcome.reason


async def test_an_answer_that_comes_too_late_leaves_doubt(server, settings, tmp_path):
    server.user(7)
    server.slow_seconds = 0.6
    server.next_faults.append(("sendMessage", "slow"))
    channel = TelegramChannel(replace(settings, timeout=0.2), tmp_path)
    assert (await channel.send(outgoing("好"))).state is Sending.UNCERTAIN
    await channel.close()


@pytest.mark.parametrize("base", ["http://127.0.0.1:{}", "http://no-such-host.invalid:{}", "nowhere{}"])
async def test_no_connection_means_later(settings, tmp_path, base):
    channel = TelegramChannel(replace(settings, api_base=base.format(unused_port())), tmp_path)
    outcome = await channel.send(outgoing("好"))
    assert outcome.state is Sending.QUEUED
    assert outcome.charged
    await channel.close()


async def test_who_cannot_be_reached(server, channel):
    server.user(7)
    server.blocked.add(7)
    assert (await channel.send(outgoing("好"))).state is Sending.BLOCKED
    never_started = await channel.send(outgoing("好", address="999"))
    assert never_started.state is Sending.BLOCKED


@pytest.mark.parametrize("message", [outgoing(""), outgoing("好", [Choice("x" * 65, "好")])])
async def test_what_telegram_will_never_take(server, channel, message):
    server.user(7)
    outcome = await channel.send(message)
    assert outcome.state is Sending.FAILED
    assert outcome.reason.startswith("400 Bad Request: ")


async def test_a_reason_quotes_nobody():
    reason = _refused(RefusedError(400, 'Bad Request: can\'t parse "渠堵了" of 00000000138 王')).reason
    assert "渠" not in reason
    assert "138" not in reason


async def test_a_wrong_token_waits_for_the_operator(server, settings, tmp_path):
    channel = TelegramChannel(replace(settings, token="123456:" + "B" * 35), tmp_path)
    outcome = await channel.send(outgoing("好"))
    assert (outcome.state, outcome.wait, outcome.reason) == (Sending.QUEUED, 60, "token refused")
    await channel.close()


@pytest.mark.parametrize("fault", [400, 502, "drop_before", "drop_after"])
async def test_half_a_message_is_in_doubt(server, channel, stored, fault):
    chat = server.user(7).chat
    photo = stored("image", "image/jpeg", b"jpeg")
    server.next_faults.append(("sendMessage", fault))
    outcome = await channel.send(outgoing("长" * 2000, files=[photo]))
    assert outcome.state is Sending.UNCERTAIN
    assert chat.messages[0].media == b"jpeg"


async def test_the_second_half_waits_where_it_is_told_to_slow_down(server, channel, stored):
    chat = server.user(7).chat
    server.next_faults.append(("sendMessage", 429))
    outcome = await channel.send(outgoing("长" * 2000, files=[stored("image", "image/jpeg", b"jpeg")]))
    assert outcome.state is Sending.SENT
    assert len(chat.messages) == 2


MEDIA = {
    "picture": ("image", "image/jpeg", "photo"),
    "voice": ("voice", "audio/ogg", "voice"),
    "sound": ("voice", "audio/mpeg", "audio"),
    "sound that cannot be read": ("voice", "audio/amr", "document"),
    "video": ("video", "video/mp4", "video"),
    "paper": ("file", "application/pdf", "document"),
    "paper of unknown type": ("file", "", "document"),
}


@pytest.mark.parametrize("case", MEDIA)
async def test_files_arrive_with_caption_and_buttons(server, channel, stored, case):
    kind, mime, shown_as = MEDIA[case]
    chat = server.user(7).chat
    outcome = await channel.send(outgoing("通了，满意吗？", YES_NO, [stored(kind, mime, b"\x00bytes\xff")]))
    assert outcome.state is Sending.SENT
    [message] = chat.messages
    assert (message.kind, message.media, message.text) == (shown_as, b"\x00bytes\xff", "通了，满意吗？")
    assert message.buttons == BUTTONS


@pytest.mark.parametrize("mime", ["audio/webm", "audio/amr", "audio/wav"])
async def test_a_voice_of_another_messenger_arrives_as_a_voice(server, channel, stored, mime):
    chat = server.user(7).chat
    outcome = await channel.send(outgoing("通了，满意吗？", YES_NO, [stored("voice", mime, voice(mime))]))
    assert outcome.state is Sending.SENT
    [message] = chat.messages
    assert (message.kind, message.text, message.buttons) == ("voice", "通了，满意吗？", BUTTONS)
    assert message.media.startswith(b"OggS")
    assert heard(message.media) == ("opus", pytest.approx(3, abs=0.2), 48_000, 1)


async def test_a_caption_that_looks_like_code(server, channel, stored):
    person = server.user(7)
    await channel.send(outgoing("[三组] {渠}", files=[stored("image", "image/jpeg", b"x")]))
    assert person.chat.texts == ["[三组] {渠}"]


async def test_several_files_then_the_words(server, channel, stored):
    chat = server.user(7).chat
    files = [stored("image", "image/jpeg", b"one"), stored("image", "image/jpeg", b"two")]
    await channel.send(outgoing("短", YES_NO, files))
    await channel.send(outgoing("长" * 1025, YES_NO, files))
    shown = [(message.media, len(message.text), bool(message.buttons)) for message in chat.messages]
    assert shown == [
        (b"one", 0, False),
        (b"two", 1, True),
        (b"one", 0, False),
        (b"two", 0, False),
        (None, 1025, True),
    ]


async def test_a_huge_picture_goes_as_a_document(server, channel, stored):
    chat = server.user(7).chat
    await channel.send(outgoing(files=[stored("image", "image/png", b"x" * (PHOTO_LIMIT + 1))]))
    assert (chat.messages[0].kind, len(chat.messages[0].media)) == ("document", PHOTO_LIMIT + 1)


async def test_a_file_missing_from_the_folder(server, channel):
    outcome = await channel.send(outgoing("好", files=[StoredFile(1, "image", "image/jpeg", "ab" * 32)]))
    assert outcome.state is Sending.FAILED
    assert server.user(7).chat.messages == []


async def test_faster_than_allowed(settings, tmp_path):
    async with TelegramServer(Limits(per_chat_second=1, burst=2)) as strict:
        channel = TelegramChannel(replace(settings, api_base=strict.address), tmp_path)
        strict.user(7)
        outcomes = [await channel.send(outgoing("好")) for _ in range(3)]
        await channel.close()
    assert [outcome.state for outcome in outcomes] == [Sending.SENT, Sending.SENT, Sending.QUEUED]
    assert (outcomes[2].wait, outcomes[2].charged) == (1, False)


def test_short_labels_lie_side_by_side():
    labels = ["对", "不对", "再想想", "给网格员打电话说", "好", "好"]
    rows = keyboard(tuple(Choice(str(n), label) for n, label in enumerate(labels)))["inline_keyboard"]
    assert [[button["text"] for button in row] for row in rows] == [
        ["1 对", "2 不对"],
        ["3 再想想"],
        ["4 给网格员打电话说"],
        ["5 好", "6 好"],
    ]


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("", [""]),
        ("一二三四五六七八九十", ["一二三四五六七八九十"]),
        ("一二三四五六七八九。十一", ["一二三四五六七八九。", "十一"]),
        ("一二三四五六七八九十十一", ["一二三四五六七八九十", "十一"]),
        ("一。三四五六七八九十十一", ["一。三四五六七八九十", "十一"]),
        ("一二三四五六。\n八九十十一", ["一二三四五六。", "八九十十一"]),
    ],
)
def test_pieces_end_with_a_sentence(text, made):
    assert list(pieces(text, limit=10)) == made


async def test_sending_is_quick(server, channel):
    server.user(7)
    await channel.send(outgoing("热身"))
    began = time.perf_counter()
    for _ in range(100):
        await channel.send(outgoing("渠堵了，三组没水", YES_NO))
    assert (time.perf_counter() - began) / 100 < 0.02
