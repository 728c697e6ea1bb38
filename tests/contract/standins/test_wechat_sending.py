"""Customer messages to followers: when, what, and what goes wrong on demand."""

import aiohttp
import pytest


def text(words="好", to="o1"):
    return {"touser": to, "msgtype": "text", "text": {"content": words}}


def menu(*items, to="o1"):
    choices = [{"id": str(number), "content": item} for number, item in enumerate(items)]
    return {"touser": to, "msgtype": "msgmenu", "msgmenu": {"head_content": "请选", "list": choices}}


async def errcodes(api, sends):
    return [(await api.post("message/custom/send", text(f"{n}")))["errcode"] for n in range(sends)]


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
        await http.post(address, json=text(), timeout=aiohttp.ClientTimeout(total=0.5))
    assert her.sends == 2
