"""The demo: a fresh file, the sample county, one page with two phones."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.clock import system_clock
from bot.county import data_file
from bot.demo import people
from bot.service import Service
from bot.settings import Settings, parse_settings
from domain.directory import Area
from services import directory
from services.desk import Desk

_PAGE = Path(__file__).parent / "page"


def demo_settings(port: int, data_dir: Path) -> Settings:
    """The demo knows no night: quiet hours are off, so that a visitor at ten in the evening sees it work."""
    return parse_settings(
        {
            "data_dir": str(data_dir),
            "server": {"port": port},
            "hours": {"quiet_start": 0, "quiet_end": 0},
            "log_level": "WARNING",
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


def _shown(area: Area) -> dict[str, Any]:
    return {"code": area.code, "name": area.short_name}
