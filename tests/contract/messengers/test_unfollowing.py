"""Who unfollows the account is forgotten at once; what she reported stays, without her."""

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from storage.schema import metadata
from tests.contract.messengers.looking import (
    Outbox,
    event,
    is_told,
    message,
    person_of,
    post,
    server_of,
    shown,
    until,
)
from tests.databases import new_postgres, on_connection
from tests.scenario.talking import accepts, files
from tests.scenario.world import JPEG, World, world

PHONE = "00000000777"


def stored(url: str, fragment: str) -> list[str]:
    """Tables and columns in which this can be read anywhere, in any form."""

    def look(connection: sa.Connection) -> list[str]:
        found = []
        for table in metadata.sorted_tables:
            for row in connection.execute(sa.select(table)).mappings():
                found += [f"{table.name}.{name}" for name, value in row.items() if fragment in str(value)]
        return found

    return on_connection(url, look)


async def leaves(her: Any) -> None:
    person = person_of(her)
    await (person.unfollows() if hasattr(person, "unfollows") else person.leaves())


async def comes_back(her: Any) -> None:
    await person_of(her).follows()


async def with_a_matter(county: World) -> Any:
    """A villager who has filed a request with a photo, then left her phone, and begun to say something else.

    (The card that a cadre got keeps what it said, as the privacy notice tells.)
    """
    her = await county.villager()
    await her.sends_photo(JPEG)
    await her.says("1")
    await her.sees("记下了")
    await her.says(PHONE)
    await her.sees("电话记下了")
    await her.says("路灯也不亮")
    await her.sees("对吗")
    return her


async def test_what_is_known_of_her_goes_at_once(anywhere: World, url: str, discreet: list[str]) -> None:
    her = await with_a_matter(anywhere)
    name = person_of(her).name
    discreet += [name, PHONE]
    assert stored(url, name)
    assert stored(url, PHONE)
    await leaves(her)
    assert stored(url, name) == []
    assert stored(url, PHONE) == []
    assert stored(url, "路灯也不亮") == []
    assert Outbox(url).rows_of("conversation") == Outbox(url).rows_of("send_window") == 0


async def test_on_postgresql_too(tmp_path: Path, postgres_url: str, postgres_template: str) -> None:
    with new_postgres(postgres_url, postgres_template) as url:
        async with world("wechat-safe", url, tmp_path) as county:
            her = await with_a_matter(county)
            assert stored(url, PHONE)
            await leaves(her)
            assert stored(url, person_of(her).name) == stored(url, PHONE) == []


async def test_what_she_reported_is_seen_to_all_the_same(anywhere: World, outbox: Outbox) -> None:
    cadre, her = await anywhere.worker("cadre"), await anywhere.villager()
    await files(her, "渠堵了")
    await leaves(her)
    await cadre.sees("渠堵了")
    await accepts(cadre)
    await cadre.taps("答复")
    await cadre.sees("用一句话答复")
    await cadre.says("通了")
    await cadre.sees("群众已不用这里了")
    await outbox.settles()
    assert outbox.count("state NOT IN ('sent')") == 0
    assert outbox.rows_of("ticket", "text = '渠堵了'") == 1
    assert outbox.rows_of("account", f"address = '{person_of(her).name}'") == 0


async def test_who_comes_back_starts_anew(anywhere: World) -> None:
    her = await with_a_matter(anywhere)
    await leaves(her)
    anywhere.time.now = anywhere.time.now.replace(minute=30)
    await comes_back(her)
    assert "不要身份证号" in person_of(her).texts[-1]
    await her.says("我的事")
    assert "1号" not in person_of(her).texts[-1]
    await her.says("1")
    assert "对吗" not in person_of(her).texts[-1]


async def test_what_waited_for_her_is_never_said(safe: World, url: str, outbox: Outbox) -> None:
    her = await safe.villager()
    safe.time.now = safe.time.now.replace(day=5)
    await is_told(safe, her, "给她的话")
    await until(lambda: outbox.count("state = 'held'"))
    await leaves(her)
    assert stored(url, "给她的话") == []
    await comes_back(her)
    await her.says("1")
    await outbox.settles()
    assert shown(her, "给她的话") == 0


async def test_what_is_on_its_way_when_she_leaves_is_dropped(safe: World, url: str, outbox: Outbox) -> None:
    her = await safe.villager()
    safe.wechat.fail_next("message/custom/send", delay=0.2, errcode=43004)
    await is_told(safe, her, "给她的话", "还有一句")
    await until(lambda: safe.wechat.calls["/cgi-bin/message/custom/send"])
    await leaves(her)
    await outbox.settles()
    assert stored(url, her.follower.name) == []
    assert stored(url, "给她的话") == stored(url, "还有一句") == []
    assert safe.wechat.calls["/cgi-bin/message/custom/send"] == 1


async def test_an_answer_on_its_way_when_she_leaves_is_dropped(anywhere: World, url: str) -> None:
    """It is held back because nobody heard it, and would go another way later."""
    her, server = await anywhere.villager(), server_of(anywhere)
    anywhere.service.passive._repeats_for = 0.1
    hold = anywhere.service.delivery.hand.settled
    anywhere.service.delivery.hand.settled = lambda *_: None
    await post(server, message(server, person_of(her).name, Content="渠堵了"))
    anywhere.service.delivery.hand.settled = hold
    await leaves(her)
    assert stored(url, person_of(her).name) == []
    await anywhere.service.delivery.take_back()
    await anywhere.service.delivery.take_back()
    assert Outbox(url).count("state IN ('sending', 'queued', 'held')") == 0


@pytest.mark.parametrize("times", [2, 3])
async def test_told_again_that_she_left_nothing_happens(anywhere: World, url: str, times: int) -> None:
    her, server = await anywhere.villager(), server_of(anywhere)
    left = event(server, person_of(her).name, "unsubscribe", EventKey="")
    assert [await post(server, left) for _ in range(times)] == [(200, "")] * times
    assert stored(url, person_of(her).name) == []


async def test_a_stranger_who_leaves_leaves_nothing(anywhere: World, url: str) -> None:
    server = server_of(anywhere)
    assert await post(server, event(server, "nobody", "unsubscribe", EventKey="")) == (200, "")
    assert stored(url, "nobody") == []
    assert Outbox(url).rows_of("account") == 0
