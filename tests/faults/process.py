"""`lianxin serve` as a process of its own, that can be killed, and the county that it serves."""

import asyncio
import json
import multiprocessing
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import unused_port

from bot.county import make_county
from bot.settings import parse_settings
from services import directory
from services.desk import Desk
from tests import learned
from tests.databases import on_connection
from tests.scenario.world import OTHER, VILLAGE, settle_county
from tests.standins.telegram import TelegramServer

SECRET = "kill_secret"
LEASE = 3.0
"""Seconds without a sign of life after which another process takes over: 30 for real, too long for a test."""
MASS = 20
"""Recipients of one mass message: 10 000 for real, too many for a test."""
_FORKS = multiprocessing.get_context("forkserver")
_LOADED = ["bot.cli", "bot.serving", "bot.channels.telegram", "storage.migrate", "tests.faults.loaded"]
"""Loaded once, and every process forked from there: aiogram alone takes seconds to load."""
READY_WITHIN = 40


def started(target: Callable[..., None], *args: str) -> Any:
    """A process of its own that does `target(*args)`, forked from one in which everything is loaded."""
    _FORKS.set_forkserver_preload(
        _LOADED
    )  # only here: files are converted in processes forked from there, too
    process = _FORKS.Process(target=target, args=args, daemon=True)
    process.start()
    return process


def _serve(config: str, log: str) -> None:
    """What the process does: `lianxin serve`."""
    import bot.channels.wechat.channel  # noqa: PLC0415
    import bot.delivery  # noqa: PLC0415  nothing of this is needed where the tests run
    from bot.cli import app  # noqa: PLC0415

    file = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.dup2(file, 1)
    os.dup2(file, 2)
    bot.delivery.LEASE = timedelta(seconds=LEASE)
    bot.channels.wechat.channel.MASS = MASS
    learned.learn_once(pytest.MonkeyPatch())
    sys.exit(app(["serve", "--config", config]))


def settled(url: str, data_dir: Path) -> dict[str, str]:
    """Put areas and roster into the database; the card of each village."""
    county = make_county(parse_settings({"data_dir": str(data_dir)}))

    def settle(tx) -> dict[str, str]:
        desk = Desk(tx, county, datetime.now(UTC) - timedelta(hours=1))
        settle_county(desk)
        return {area: directory.issue_card(desk, area) for area in (VILLAGE, OTHER)}

    return on_connection(url, settle)


class Serving:
    """One process over `url`. `start` it, `kill` it, `start` it again; it always listens at the same address."""

    def __init__(
        self, url: str, data_dir: Path, telegram: TelegramServer | None, **more: dict[str, Any]
    ) -> None:
        """`more`: sections of the settings beside those that every test has."""
        self.port = unused_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.hook = {"url": f"{self.address}/telegram/webhook", "secret_token": SECRET}
        self._config = data_dir / f"config{self.port}.toml"
        self._log = data_dir / f"log{self.port}.txt"
        self._process: Any = None
        sections = {
            "server": {"port": self.port},
            "database": {"url": url},
            "hours": {"quiet_start": 0, "quiet_end": 0},
        } | more
        if telegram is not None:
            sections["telegram"] = {
                "mode": "webhook",
                "token": telegram.token,
                "api_base": telegram.address,
                "webhook_secret": SECRET,
                "messages_per_second": 0,
                "messages_per_chat_second": 0,
            }
        lines = [f"data_dir = {json.dumps(str(data_dir))}", 'log_level = "DEBUG"']
        for name, values in sections.items():
            lines += [f"[{name}]", *(f"{key} = {json.dumps(value)}" for key, value in values.items())]
        self._config.write_text("\n".join(lines), encoding="utf-8")

    async def start(self) -> None:
        self._process = started(_serve, str(self._config), str(self._log))
        async with asyncio.timeout(READY_WITHIN), aiohttp.ClientSession() as http:
            while not await self._ready(http):
                assert self._process.is_alive(), self.log()[-2000:]
                await asyncio.sleep(0.05)

    def kill(self) -> None:
        """kill -9, of this very process; nothing happens if it does not run."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process = None

    def memory(self) -> float:
        """MB that the process occupies now."""
        lines = Path(f"/proc/{self._process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS:"))

    def log(self) -> str:
        return self._log.read_text("utf-8")

    async def _ready(self, http: aiohttp.ClientSession) -> bool:
        try:
            async with http.get(f"{self.address}/readyz") as response:
                return response.status == 200
        except aiohttp.ClientError:
            return False
