"""Makes the charts and workbooks that were asked for in the chat."""

import asyncio
import io
from functools import partial

from bot.channels.contract import MediaGoneError
from bot.charts import ChartError, blocks_of, draw, pages
from bot.clock import Clock
from bot.conversion import XLSX
from domain.county import County
from domain.errors import Refusal
from domain.surveys.results import Results
from services.desk import Desk
from services.surveys.files import CHART, CODE, MOST_ROWS, link_of
from services.surveys.results import Counted, count, results_of
from storage import survey_results
from storage.database import Database
from storage.survey_results import Answered


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
        results = await self._results(await self._count(survey))
        [picture] = await draw(results.title, pages(blocks_of(results))[:1])
        return picture

    def _code(self, survey: int) -> bytes:
        from bot.cards import qr_picture  # noqa: PLC0415  printing is loaded only if it is used

        return qr_picture(link_of(self._county, survey))

    async def _workbook(self, survey: int) -> bytes:
        """Row by row aside from the event loop, so that nobody's talk waits for it."""
        from services.surveys.exports import write_workbook  # noqa: PLC0415  openpyxl, only where it is needed

        counted = await self._count(survey)
        if counted.total.answered > MOST_ROWS:
            raise MediaGoneError("so many answers are had with `lianxin survey results`")
        results, answered, file = await self._results(counted), await self._answers(survey), io.BytesIO()
        await asyncio.to_thread(write_workbook, counted, results, answered, file)
        return file.getvalue()

    async def _count(self, survey: int) -> Counted:
        return await self._database.read(lambda tx: count(Desk(tx, self._county, self._clock()), survey))

    async def _results(self, counted: Counted) -> Results:
        return await asyncio.to_thread(results_of, counted, self._county.triage.words)

    async def _answers(self, survey: int) -> list[Answered]:
        answered: list[Answered] = []
        while found := await self._database.read(
            partial(survey_results.page, survey=survey, after=answered[-1].number if answered else -1)
        ):
            answered += found
        return answered
