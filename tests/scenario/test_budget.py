"""What a villager's matter costs of the few messages that WeChat lets us send to her unasked."""

from pathlib import Path

import pytest

from tests.databases import new_sqlite
from tests.scenario.people import OnWeChat
from tests.scenario.talking import accepts, answers, files
from tests.scenario.world import world

AT_MOST = 2


@pytest.mark.parametrize("channel", ["wechat-plain", "wechat-safe"])
async def test_a_whole_request_costs_two_sends_at_most(
    channel: str, tmp_path: Path, sqlite_template: str
) -> None:
    async with world(channel, new_sqlite(tmp_path, sqlite_template), tmp_path) as county:
        cadre, villager = await county.worker("cadre"), await county.villager()
        assert isinstance(villager, OnWeChat)
        before = villager.follower.sends
        await files(villager, "渠堵了，浇不成地")
        await cadre.sees("渠堵了")
        await accepts(cadre)
        await villager.sees("由张建国接了")
        await answers(cadre, "渠已经疏通，今晚就能浇")
        await villager.sees("渠已经疏通")
        await villager.sees("您的事解决了吗？")
        await villager.taps("解决了")
        await villager.sees("办得怎么样")
        await villager.taps("满意")
        await villager.sees("谢谢")
        await cadre.sees("群众确认解决")
        assert villager.follower.sends - before <= AT_MOST
        sent = [message.via for message in villager.follower.messages]
        assert sent.count("custom") == villager.follower.sends
