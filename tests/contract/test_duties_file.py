"""The file of duties that the settings name: in force when the service starts, if it has changed and is right."""

import asyncio
import logging
from pathlib import Path
from typing import Any

import pytest

from bot.county import data_file
from bot.duties_file import put_in_force
from bot.service import Service
from bot.settings import parse_settings
from services.duties import templates
from tests import learned
from tests.contract.village import Village

ONE = '[[duty]]\nkey = "study"\nsystem = "三个一"\nname = "学习"\nrule = "FREQ=MONTHLY;BYMONTHDAY=1"\nroles = ["cadre"]\n'


async def in_force(folder: Path, **sections: Any) -> list[str]:
    """Names of the duties, once a service has started with these settings."""
    values = {"data_dir": str(folder), "server": {"port": 0}, **sections}
    service = Service(parse_settings(values), triage=learned.triage())
    await service.start()
    try:
        return [one.name for one in await service.look(templates.in_force)]
    finally:
        await service.close()


async def test_a_start_puts_the_file_in_force(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    file = tmp_path / "ours.toml"
    ours = {"duties": {"file": str(file)}}
    assert await in_force(tmp_path) == []
    file.write_text(ONE, "utf-8-sig")
    assert await in_force(tmp_path, **ours) == ["学习"]
    file.write_text(ONE.replace("学习", "学两次"), "utf-8")
    assert await in_force(tmp_path, **ours) == ["学两次"]
    file.write_text(ONE.replace("roles", "score"), "utf-8")
    assert await in_force(tmp_path, **ours) == ["学两次"]
    assert "第1项 study：没有 score 这个设置" in caplog.text
    file.unlink()
    assert await in_force(tmp_path, **ours) == ["学两次"]
    assert "what was in force stays: 打不开这个文件" in caplog.text
    assert await in_force(tmp_path) == ["学两次"]  # the setting is gone, the duties are not


async def test_processes_that_start_together_load_it_once(
    village: Village, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.INFO)
    file = tmp_path / "ours.toml"
    file.write_bytes(data_file("duties.toml"))
    await asyncio.gather(*(put_in_force(str(file), village.do) for _ in range(4)))
    assert len(await village.do(templates.in_force)) == 13
    assert caplog.text.count("is in force, which changes: meeting, study") == 1
