"""Anything at all, a few hundred times: never a 500, nothing of it in the log."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.faults.asking import CHINESE, post
from tests.scenario.world import World

pytestmark = pytest.mark.usefixtures("discreet")

FUZZ = settings(
    max_examples=200,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
ANY = st.text(max_size=40) | st.sampled_from(
    ["1", "0", "9", "帮助", "我的事", "取消", "代办", "王秀兰 00000000139", "1号"]
)
SURROGATES = st.text(st.characters(), max_size=10)
JSONS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY | SURROGATES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY, inner, max_size=3),
    max_leaves=6,
)
WIRES = st.from_regex(r"\A(t:\d{1,30}:\w{1,8}|\d{1,30}:\w{0,6}|m:\w{0,6})\Z") | SURROGATES
MESSAGES = st.fixed_dictionaries(
    {"id": JSONS | st.uuids().map(str)},
    optional={"text": ANY | JSONS, "choice": WIRES | JSONS, "card": JSONS},
)


async def _someone(county: World) -> Any:
    """A person whom all examples share."""
    if not hasattr(county, "fuzzed"):
        county.fuzzed = await county.villager()
    return county.fuzzed


@FUZZ
@given(body=MESSAGES | JSONS)
async def test_any_message_of_a_page_is_answered(on_web: World, body: Any) -> None:
    status, answer = await post(
        on_web, await _someone(on_web), data=json.dumps(body), headers={"Content-Type": "application/json"}
    )
    assert status in (200, 400)
    if status == 200:
        said = [one["text"] for one in answer["messages"] if one["from"] == "bot"]
        assert said
        assert all(CHINESE.search(one) for one in said)


FIELDS = st.dictionaries(
    st.sampled_from(["text", "caption", "photo", "voice", "document", "location", "contact", "from", "chat"]),
    JSONS | ANY,
    max_size=3,
)


@FUZZ
@given(number=st.integers(-10, 10**20), text=ANY | SURROGATES, more=FIELDS, tap=st.none() | WIRES)
async def test_any_update_of_telegram_is_taken_or_refused(
    on_telegram: World, number: int, text: str, more: dict[str, Any], tap: str | None
) -> None:
    person = await _someone(on_telegram)
    message = person._user._message() | {"text": text} | more
    update: dict[str, Any] = {"update_id": number, "message": message}
    if tap is not None:
        query = {
            "id": "1",
            "from": person._user._self(),
            "chat_instance": "1",
            "message": message,
            "data": tap,
        }
        update = {"update_id": number, "callback_query": query}
    headers = {"X-Telegram-Bot-Api-Secret-Token": "scenario_secret", "Content-Type": "application/json"}
    hook = f"{on_telegram.base}/telegram/webhook"
    async with on_telegram.http.post(hook, data=json.dumps(update), headers=headers) as response:
        assert response.status == (200 if 0 <= number < 2**63 else 400)
