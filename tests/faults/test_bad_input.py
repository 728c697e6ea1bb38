"""Bad input: a clear short Chinese answer each, a line in the log without personal data, nothing lost."""

import asyncio
import re
from datetime import timedelta

import pytest
from aiohttp import FormData

from services import directory
from storage.directory import assignments, cards
from tests.databases import on_connection, second_look
from tests.faults.asking import plain, post
from tests.scenario.world import JPEG, OTHER, VILLAGE, World

pytestmark = pytest.mark.usefixtures("discreet")


def form(content: bytes | None, name: str = "photo.jpg", kind: str = "image/jpeg", **fields: str) -> FormData:
    made = FormData({"id": fields.pop("id", "f1"), **fields}, default_to_multipart=True)
    if content is not None:
        made.add_field("file", content, filename=name, content_type=kind)
    return made


DEEP = "[" * 100_000
RAW = {"Content-Type": "application/json"}
BAD_BODIES = [
    (400, {"json": []}),
    (400, {"json": "不可外传"}),
    (400, {"json": {"text": "没有编号"}}),
    (400, {"json": {"id": "a" * 65, "text": "编号太长"}}),
    (400, {"json": {"id": "\ud800\x00", "text": "编号不可读"}}),
    (400, {"json": {"id": "x1", "text": "  \x00\ud800 "}}),
    (400, {"data": DEEP, "headers": RAW}),
    (400, {"data": b"\xff\xfe{", "headers": RAW}),
    (400, {"data": b"not json", "headers": {"Content-Type": "text/plain; charset=nonsense"}}),
    (400, {"data": b"--x\r\n", "headers": {"Content-Type": "multipart/form-data"}}),
    (400, {"data": b"no boundary here", "headers": {"Content-Type": "multipart/form-data; boundary=x"}}),
    (413, {"data": b"x" * (13 << 20), "headers": RAW}),
    (400, {"data": form(b"")}),
    (400, {"data": form(b"<html><script>alert(1)</script>")}),
    (
        400,
        {
            "data": form(
                b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "a.svg", "image/svg+xml"
            )
        },
    ),
    (400, {"data": form(b"MZ\x90\x00", "photo.jpg.exe")}),
    (413, {"data": form(JPEG + b"x" * (11 << 20))}),
    (400, {"data": form(JPEG, **{f"field{number}": "" for number in range(100)})}),
]
ODD_WORDS = [
    "长" * 100_000,
    "👨‍👩‍👧‍👦 🏳️‍🌈 \u202e倒着写\u202c \x07\x1b[31m",
    "前\x00后\ud83d",
    "'; DROP TABLE ticket; -- 渠堵了",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "{{7*7}} %s %(name)s ${jndi:ldap://x}",
]


async def test_what_cannot_be_read_is_refused_in_a_sentence(on_web: World, discreet: list[str]) -> None:
    villager = await on_web.villager()
    discreet.append(villager._token)
    for status, body in BAD_BODIES:
        assert (await post(on_web, villager, **body))[0] == status, str(body)[:80]
    for header in ("", "Bearer", "Bearer nobody", "Basic eDp5", "Bearer \xff\udcff"):
        assert (await post(on_web, None, headers={"Authorization": header}, json={}))[0] == 401
    assert (await post(on_web, None, "session", json={"persona": "staff"}))[0] == 403
    await villager.says("帮助")
    await villager.sees("有事直接说")


async def test_odd_words_are_words(on_web: World, discreet: list[str]) -> None:
    villager = await on_web.villager()
    discreet += [villager._token, "DROP TABLE", "jndi"]
    for number, words in enumerate(ODD_WORDS):
        await post(on_web, villager, json={"id": f"odd{number}", "text": words})
        if len(words) > 2000:
            await villager.sees("话太长了")
        await villager.sees("对吗")
        await villager.says("对")
        await villager.sees("记下了")
    url = on_web.service.settings.database_url
    stored = [text for (text,) in second_look(url, "SELECT text FROM ticket ORDER BY id")]
    assert len(stored) == len(ODD_WORDS)
    assert stored[0] == "长" * 2000
    assert stored[2] == "前后"
    assert stored[3:] == ODD_WORDS[3:]


async def test_media_links_open_only_with_their_own_seal(on_web: World) -> None:
    villager = await on_web.villager()
    await villager.sends_photo(JPEG)
    url = f"{on_web.base}/chat/api/messages"
    async with on_web.http.get(url, headers=villager._headers) as response:
        link = next(one["media"][0]["url"] for one in (await response.json())["messages"] if one["media"])
    other = link.replace("/chat/media/1?", "/chat/media/2?")
    refused = [link[:-1], link.partition("?")[0], other, "/chat/media/1?s=%ff", f"/chat/media/{'9' * 5000}"]
    refused += [
        "/chat/media/..%2f..%2fcard.key",
        "/chat/assets/..%2f..%2f..%2f..%2fpyproject.toml",
        "/nowhere",
    ]
    for address in refused:
        async with on_web.http.get(on_web.base + address) as response:
            assert response.status in (403, 404), address
            plain(await response.text())
    async with on_web.http.get(on_web.base + link) as response:
        assert (response.status, await response.read()) == (200, JPEG)
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.content_disposition is not None
        assert response.content_disposition.filename == "照片1.jpg"


async def test_cards_and_invitations(on_web: World, discreet: list[str]) -> None:
    good = await on_web.card()
    discreet.append(good)
    revoked = await on_web.card(OTHER)
    await on_web.service.run(lambda desk: directory.revoke_card(desk, revoked))
    for card in (good[:-1] + ("A" if good[-1] != "A" else "B"), "x" * 22, "一" * 22, "\ud800" * 22, revoked):
        her = await on_web.someone("stranger").opens(card)
        said = (await her.texts())[-1]
        assert re.search("认不出来|停用|邀请码不对|只给办事干部看", said), said
    await on_web.worker("cadre")
    expired = "EXPJRED2"
    await on_web.service.run(
        lambda desk: cards.add_invitation(desk.tx, expired, 1, desk.now - timedelta(seconds=1))
    )
    for code in ("CADREA22", expired):
        thief = await on_web.someone("thief").opens(code)
        await thief.sees("邀请码不对，或用过了")


async def test_whoever_is_there_gets_what_nobody_else_can_take(on_web: World) -> None:
    """A village without a cadre, a cadre on leave, one who is gone, and at last nobody at all."""
    service, now = on_web.service, on_web.time.now
    url = service.settings.database_url
    villager = await on_web.villager()
    url_owner = "SELECT p.name FROM ticket t LEFT JOIN person p ON p.id = t.owner ORDER BY t.id DESC LIMIT 1"

    async def files(words: str) -> str | None:
        await villager.says(words)
        await villager.sees("对吗")
        await villager.says("对")
        await villager.sees("记下了")
        return second_look(url, url_owner)[0][0]

    assert await files("渠堵了") == "张建国"
    await service.run(lambda desk: assignments.add_leave(desk.tx, 1, now, now + timedelta(days=3)))
    assert await files("路坏了") == "李小军"
    on_web.time.now = now + timedelta(minutes=1)
    await service.run(lambda desk: assignments.end_assignments(desk.tx, VILLAGE, 2, desk.now))
    assert await files("灯坏了") == "赵督办"
    end = "UPDATE role SET valid_to = '2026-11-02 02:00:30' WHERE role IN ('supervisor', 'staff')"
    on_connection(url, lambda connection: connection.exec_driver_sql(end))
    assert await files("井坏了") is None
    await villager.says("0")
    await villager.sees("12345")
    stranger = await on_web.someone("no village").opens()
    await stranger.says("0")
    await stranger.sees("12345")


async def test_two_at_once_and_other_peoples_tickets(on_web: World) -> None:
    villager, neighbour = await on_web.villager("a"), await on_web.villager("b")
    first, second = await on_web.worker("cadre"), await on_web.worker("deputy")
    stranger = await on_web.worker("successor")
    await asyncio.gather(villager.says("渠堵了"), neighbour.says("路坏了"))
    await villager.sees("渠堵了")
    await neighbour.sees("路坏了")
    old = await villager.old_button("不对")
    await asyncio.gather(villager.says("对"), neighbour.says("对"))
    number = int(re.search(r"(\d+)号", (await villager.sees("记下了")).text)[1])
    await villager.taps_old(old)
    await villager.sees("这个问题已经答过了")
    await asyncio.gather(
        *(post(on_web, him, json={"id": "acc", "choice": f"t:{number}:accept"}) for him in (first, second))
    )
    answers = [(await him.texts())[-1] for him in (first, second)]
    assert sorted("您接了" in answer for answer in answers) == [False, True]
    assert any("已由" in answer for answer in answers)
    for person in (neighbour, stranger):
        for deed in (
            "look",
            "show",
            "story",
            "accept",
            "answer",
            "solved",
            "withdraw",
            "rate1",
            "extend",
            "no",
        ):
            for ticket in (number, 999):
                wire = {"id": f"{deed}{ticket}", "choice": f"t:{ticket}:{deed}"}
                said = (await post(on_web, person, json=wire))[1]["messages"][-1]["text"]
                expected = "按钮用不了" if deed == "no" else "没有"
                assert expected in said.replace(str(ticket), ""), (deed, said)
    for wire in (f"t:{'9' * 60}:accept", f"{'9' * 60}:yes", "t:-1:show", "m:../..", "\x00", "\ud800:x"):
        await post(on_web, villager, json={"id": f"w{hash(wire)}", "choice": wire, "text": "帮助"})


async def test_a_number_with_two_menus_open_asks_which(on_web: World) -> None:
    cadre = await on_web.worker("cadre")
    for name, words in (("a", "渠堵了"), ("b", "路坏了")):
        villager = await on_web.villager(name)
        await villager.says(words)
        await villager.sees("对吗")
        await villager.says("对")
        await cadre.sees(words)
    await cadre.says("1")
    await cadre.sees("您指哪一件")
    url = on_web.service.settings.database_url
    assert second_look(url, "SELECT count(*) FROM ticket WHERE accepted_at IS NOT NULL") == [(0,)]


async def test_forged_webhooks_and_no_updates(on_telegram: World, caplog: pytest.LogCaptureFixture) -> None:
    hook, headers = (
        f"{on_telegram.base}/telegram/webhook",
        {"X-Telegram-Bot-Api-Secret-Token": "scenario_secret"},
    )
    update = {"update_id": 5, "message": {"text": "不可外传"}}
    bodies = [
        b"[]",
        b"\xff",
        b"{",
        DEEP.encode(),
        b'{"update_id": true}',
        b'{"update_id": %s}' % (b"9" * 300),
    ]
    cases = [(401, {"json": update}), (401, {"json": update, "headers": dict.fromkeys(headers, "wrong")})]
    cases += [(400, {"data": body, "headers": headers}) for body in bodies]
    cases += [
        (413, {"data": b" " * (2 << 20), "headers": headers}),
        (200, {"json": update, "headers": headers}),
    ]
    for status, body in cases:
        async with on_telegram.http.post(hook, **body) as response:
            assert response.status == status, str(body)[:60]
    assert "without the secret was refused" in caplog.text
    assert second_look(on_telegram.service.settings.database_url, "SELECT count(*) FROM inbox") == [(0,)]
