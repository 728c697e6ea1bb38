"""Makes the charts and workbooks that were asked for in the chat."""

import io

from bot.channels.contract import MediaGoneError
from bot.charts import ChartError, blocks_of, draw, pages
from bot.clock import Clock
from domain.county import County
from domain.errors import Refusal
from services.desk import Desk
from services.surveys.exports import write_workbook
from services.surveys.files import CHART, CODE, link_of
from services.surveys.results import gather
from storage.database import Database, Tx

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class SurveyFiles:
    """Gives files as a messenger does: by what stands in the attachment, such as chart:12."""

    def __init__(self, database: Database, county: County, clock: Clock) -> None:
        self._database = database
        self._county = county
        self._clock = clock

    async def fetch(self, ref: str) -> tuple[bytes, str]:
        """Bytes and MIME type. Raises MediaGoneError when it cannot be made."""
        what, _, number = ref.partition(":")
        try:
            if what == CODE:
                return self._code(int(number)), "image/png"
            if what == CHART:
                return await self._chart(int(number)), "image/png"
            return await self._workbook(int(number)), XLSX
        except Refusal as refusal:
            raise MediaGoneError("these results may not be read") from refusal
        except ChartError as error:
            raise MediaGoneError(str(error)) from error

    async def _chart(self, survey: int) -> bytes:
        """What fits on one picture; the workbook has the rest."""
        results = await self._database.read(lambda tx: gather(self._desk(tx), survey))
        [picture] = await draw(results.title, pages(blocks_of(results))[:1])
        return picture

    def _code(self, survey: int) -> bytes:
        from bot.cards import qr_picture  # noqa: PLC0415  printing is loaded only if it is used

        return qr_picture(link_of(self._county, survey))

    async def _workbook(self, survey: int) -> bytes:
        file = io.BytesIO()
        await self._database.read(lambda tx: write_workbook(self._desk(tx), survey, file))
        return file.getvalue()

    def _desk(self, tx: Tx) -> Desk:
        return Desk(tx, self._county, self._clock())
