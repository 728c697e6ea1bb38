"""Makes the pictures and workbooks of monthly reports that were asked for in the chat."""

import asyncio

from bot.channels.contract import MediaGoneError
from bot.charts import ChartError, draw, pages
from bot.charts.report_blocks import report_blocks
from bot.clock import Clock
from bot.conversion import XLSX
from domain.county import County
from domain.reports.report import Reading
from services.desk import Desk
from services.reports.files import PICTURE
from services.reports.reading import read
from storage import reports
from storage.database import Database


class ReportFiles:
    """Gives files as a messenger does: by what stands in the attachment, such as picture:12."""

    def __init__(self, database: Database, county: County, clock: Clock) -> None:
        self._database = database
        self._county = county
        self._clock = clock

    async def fetch(self, ref: str) -> tuple[bytes, str]:
        """Bytes and MIME type. Raises MediaGoneError when it cannot be made."""
        what, _, number = ref.partition(":")
        reading = await self._database.read(
            lambda tx: _read(Desk(tx, self._county, self._clock()), int(number))
        )
        if reading is None:
            raise MediaGoneError("there is no such report any more")
        if what == PICTURE:
            try:
                [picture] = await draw(reading.title, pages(report_blocks(reading))[:1])
            except ChartError as error:
                raise MediaGoneError(str(error)) from error
            return picture, "image/png"
        from services.reports.workbook import workbook  # noqa: PLC0415  openpyxl, only where it is needed

        return await asyncio.to_thread(workbook, reading), XLSX


def _read(desk: Desk, number: int) -> Reading | None:
    found = reports.find(desk.tx, number)
    return None if found is None else read(desk, found)
