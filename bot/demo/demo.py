"""The demo: a fresh file, the sample county, one page with two phones."""

from pathlib import Path
from typing import Any

from aiohttp import web
from rich.console import Console

from bot.clock import system_clock
from bot.demo import people
from bot.sample import import_sample
from bot.service import Service
from bot.serving import stop_on_signals
from bot.settings import Settings, parse_settings
from domain.directory import Area
from services import directory
from services.desk import Desk
from storage.migrate import migrate

_PAGE = Path(__file__).parent / "page"


def demo_settings(port: int, data_dir: Path) -> Settings:
    """The demo knows no night: quiet hours are off, so that a visitor at ten in the evening sees it work."""
    return parse_settings(
        {
            "data_dir": str(data_dir),
            "server": {"port": port},
            "hours": {"quiet_start": 0, "quiet_end": 0},
        }
    )


class Demo:
    """A service over the sample county, whose visitors choose who they are."""

    def __init__(self, port: int, data_dir: Path) -> None:
        self.service = Service(demo_settings(port, data_dir), system_clock)

    async def start(self) -> None:
        app = self.service.app
        app.router.add_get("/", self._page)
        app.router.add_static("/demo/assets", _PAGE)
        app.router.add_get("/demo/api/areas", self._areas)
        await migrate(self.service.settings.database_url)
        await self.service.run(import_sample)
        await self.service.start(self)

    async def open(self, persona: str, area: str) -> tuple[str, str, bool]:
        return await self.service.run(lambda desk: people.become(desk, persona, area))

    async def _page(self, _request: web.Request) -> web.StreamResponse:
        return web.FileResponse(_PAGE / "demo.html")

    async def _areas(self, _request: web.Request) -> web.Response:
        def listed(desk: Desk) -> list[dict[str, Any]]:
            county = desk.county.code
            return [
                _shown(township)
                | {"villages": [_shown(one) for one in directory.areas_below(desk, township.code)]}
                for township in directory.areas_below(desk, county)
            ]

        return web.json_response(await self.service.run(listed))


async def run_demo(port: int, data_dir: Path, console: Console) -> None:
    """A fresh database, the sample county, and the page, until the process is asked to end."""
    stop = stop_on_signals()
    running = Demo(port, data_dir)
    running.service.take_lock()  # first: another demo's file is not ours to clear away
    _clear(data_dir)
    await running.start()
    console.print(
        f"连心 demo: open http://127.0.0.1:{running.service.port}/ (Ctrl-C ends it)", highlight=False
    )
    await stop.wait()
    await running.service.close()


def _clear(data_dir: Path) -> None:
    """Only the database is made afresh: cards printed from the demo stay good."""
    for leftover in data_dir.glob("lianxin.db*"):
        leftover.unlink()


def _shown(area: Area) -> dict[str, Any]:
    return {"code": area.code, "name": area.short_name}
