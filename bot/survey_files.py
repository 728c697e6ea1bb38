"""Makes the charts and workbooks that were asked for in the chat."""

import asyncio
import io
from functools import partial
from pathlib import Path
from typing import Protocol, runtime_checkable

from bot.channels.contract import MediaGoneError
from bot.channels.http import CallError
from bot.channels.tencent.api import RefusedError
from bot.charts import ChartError, blocks_of, draw, pages
from bot.clock import Clock
from bot.conversion import XLSX, ZIP
from bot.survey_archive import MOST_BYTES, write_archive
from domain.county import County
from domain.errors import Refusal
from domain.surveys.results import Results
from services.desk import Desk
from services.surveys import sent
from services.surveys.files import CHART, CODE, MOST_ROWS, SENT, WECHAT_CODE, link_of
from services.surveys.results import Counted, count, results_of
from storage.database import Database
from storage.survey_results import Answered


@runtime_checkable
class Coding(Protocol):
    """A messenger that gives codes which lead to itself."""

    async def code(self, scene: str) -> str:
        """The address in a code whose scan brings `scene` with it. Raises CallError."""
        ...


class SurveyFiles:
    """Gives files as a messenger does: by what stands in the attachment, such as chart:12."""

    def __init__(
        self, database: Database, county: County, clock: Clock, media: Path, wechat: Coding | None = None
    ) -> None:
        """`media`: where files rest. `wechat`: where a service account may give codes of its own."""
        self._media = media
        self._wechat = wechat
        self._database = database
        self._county = county
        self._clock = clock

    async def fetch(self, ref: str) -> tuple[bytes, str]:
        """Bytes and MIME type. Raises MediaGoneError when it cannot be made."""
        what, _, number = ref.partition(":")
        try:
            if what == CODE:
                return _drawn(link_of(self._county, int(number))), "image/png"
            if what == WECHAT_CODE:
                return _drawn(await self._coded(f"s{int(number)}")), "image/png"
            if what == CHART:
                return await self._chart(int(number)), "image/png"
            if what == SENT:
                return await self._sent(int(number)), ZIP
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

    async def _coded(self, scene: str) -> str:
        """Raises OSError, by which it is tried again, and MediaGoneError for an account that may not."""
        if self._wechat is None:
            raise MediaGoneError("there is no service account")
        try:
            return await self._wechat.code(scene)
        except RefusedError as refused:
            raise MediaGoneError(f"no code: {refused}") from refused
        except CallError as fault:
            raise OSError(str(fault)) from fault

    async def _workbook(self, survey: int) -> bytes:
        """Row by row aside from the event loop, so that nobody's talk waits for it."""
        from services.surveys.exports import write_workbook  # noqa: PLC0415  openpyxl, only where it is needed

        counted = await self._count(survey)
        if counted.total.answered > MOST_ROWS:
            raise MediaGoneError("so many answers are had with `lianxin survey results`")
        results, answered, file = await self._results(counted), await self._answers(counted), io.BytesIO()
        await asyncio.to_thread(write_workbook, counted, results, answered, file)
        return file.getvalue()

    async def _sent(self, survey: int) -> bytes:
        """As much as fits; the archive names what does not."""
        from services.surveys.exports import sent_files  # noqa: PLC0415  as for the workbook

        counted = await self._count(survey)
        found = await self._database.read(lambda tx: list(sent_files(tx, counted)))
        file = io.BytesIO()
        if not await asyncio.to_thread(write_archive, file, found, self._media, MOST_BYTES):
            raise MediaGoneError("none of what was sent has come")
        return file.getvalue()

    async def _count(self, survey: int) -> Counted:
        return await self._database.read(lambda tx: count(Desk(tx, self._county, self._clock()), survey))

    async def _results(self, counted: Counted) -> Results:
        return await asyncio.to_thread(results_of, counted, self._county.triage.words)

    async def _answers(self, counted: Counted) -> list[Answered]:
        answered: list[Answered] = []
        while found := await self._database.read(
            partial(
                sent.page,
                survey=counted.survey.id,
                form=counted.form,
                after=answered[-1].number if answered else -1,
            )
        ):
            answered += found
        return answered


def _drawn(address: str) -> bytes:
    from bot.qr import qr_picture  # noqa: PLC0415  printing is loaded only if it is used

    return qr_picture(address)
