"""APScheduler holds plain cron triggers; the ledger makes each period run once.

At start and every hour the present period of every job is claimed if nobody has, so no downtime loses one.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from domain.delivery import CHINA
from scheduler.jobs import JOBS, Job
from services import housekeeping
from services.desk import Desk

log = logging.getLogger(__name__)

RunDeed = Callable[[Callable[[Desk], Any]], Awaitable[Any]]
"""Runs a deed at a desk, in one transaction."""


class Clockwork:
    """Runs the jobs of this process. `after` is called when a job has done something (to wake delivery).

    `longest_rest`: seconds between two parts of a job, at the most. What took longer did not work but wait, for
    another process or for the disk. 0 where nobody talks meanwhile.
    """

    def __init__(
        self,
        run: RunDeed,
        process: str,
        after: Callable[[], None],
        jobs: Sequence[Job] = JOBS,
        longest_rest: float = 0.1,
    ) -> None:
        self._run = run
        self._process = process
        self._after = after
        self._jobs = jobs
        self._longest_rest = longest_rest
        self._scheduler = AsyncIOScheduler(timezone=CHINA)

    async def start(self) -> None:
        for job in self._jobs:
            self._scheduler.add_job(
                self.run_once,
                "cron",
                args=[job],
                **job.cron,
                coalesce=True,
                misfire_grace_time=300,
                max_instances=1,
            )
        self._scheduler.add_job(self.catch_up, "cron", minute="17")
        self._scheduler.start()
        await self.catch_up()

    def close(self) -> None:
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def catch_up(self) -> None:
        """Run every job whose present period nobody has claimed."""

        def claimed(desk: Desk) -> set[str]:
            return housekeeping.claimed_periods(desk, {job.name: job.period(desk.now) for job in self._jobs})

        done = await self._run(claimed)
        for job in self._jobs:
            if job.name not in done:
                await self.run_once(job)

    async def run_once(self, job: Job) -> bool:
        """Do one job for the present period. False: its period was claimed before. Faults are logged, not raised."""

        def claimed(desk: Desk) -> bool | None:
            if not housekeeping.claim_period(desk, job.name, job.period(desk.now), self._process):
                return None
            return job.deed(desk)

        try:
            began = time.monotonic()
            more = await self._run(claimed)
            while more:  # it rests as long as it has worked: whoever talks meanwhile comes first
                await asyncio.sleep(min(time.monotonic() - began, self._longest_rest))
                began = time.monotonic()
                more = await self._run(job.deed)
        except Exception:
            log.exception("job %s failed; what is due stays due", job.name)
            return False
        self._after()
        return more is not None
