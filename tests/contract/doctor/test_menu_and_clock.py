"""Is the menu that people see the one of the settings, and does this machine know what time it is?"""

from datetime import timedelta

import pytest

from bot.channels.wechat.menu import DEFAULT
from bot.clock import system_clock
from tests.contract.doctor.looking import clicks, found, of


@pytest.mark.parametrize(
    ("there", "wanted", "words", "grade"),
    [
        ((), [], "there is no menu below the talk", "warn"),
        (DEFAULT[:2], [], "another than that of the settings", "warn"),
        (DEFAULT, [{"name": "报事", "key": "m:file"}], "another than that of the settings", "warn"),
        (DEFAULT[:1], [{"name": "报事", "key": "m:file"}], "is that of the settings", "ok"),
        (DEFAULT, [{"name": "报事", "key": "m:fly"}], "wechat.menu: 报事: nobody knows the key m:fly", "bad"),
    ],
)
async def test_the_menu_that_people_see(account, examined, there, wanted, words: str, grade: str) -> None:
    account.questions.menu = clicks(there)
    menu = found(await examined(menu=wanted), words)
    assert menu.grade == grade
    assert grade == "ok" or menu.mend.endswith("lianxin wechat menu --push")


async def test_a_menu_that_is_switched_off(account, examined, monkeypatch) -> None:
    kept = {"is_menu_open": 0, "selfmenu_info": {"button": clicks(DEFAULT)}}
    monkeypatch.setattr(account.questions, "_menu_shown", lambda _: kept)
    assert found(await examined(), "there is no menu below the talk").grade == "warn"


@pytest.mark.parametrize(("seconds", "side"), [(400, "ahead of"), (-400, "behind")])
async def test_a_clock_that_is_wrong(examined, monkeypatch, seconds: int, side: str) -> None:
    wrong = timedelta(seconds=seconds)
    monkeypatch.setattr("bot.doctor.tencent.system_clock", lambda: system_clock() + wrong)
    clock = found(await examined(), f"seconds {side} WeChat's")
    assert clock.grade == "bad"
    assert "timedatectl" in clock.mend


async def test_a_clock_that_is_right(examined) -> None:
    assert of(await examined(), "this machine's clock") == []
