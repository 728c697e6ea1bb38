"""`python -m bench`: every row in turn, several rounds, so that what else runs on the machine hits all alike."""

import asyncio
import gc
import shutil
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bench import broadcast, duties, load, processes, surveys, wechat
from bench.botapi import TOKEN, BotApi
from bench.report import ECHO, WEROBOT, Report
from bench.seed import FIRST, Seeded, seed
from tests.databases import new_postgres, new_sqlite, postgres_server

FOLDER = Path("build/bench")
SMALL, MIDDLE, LARGE = 10_000, 100_000, 1_000_000
DATABASES = ("SQLite", "PostgreSQL")
ROUNDS = 3
LIFECYCLES, TURNS, WEB = "lifecycles", "Telegram turns", "web chat turns"


@dataclass(slots=True)
class Bench:
    report: Report
    api: BotApi
    postgres: str
    seconds: float

    async def all(self, *, scale: bool) -> None:
        await self.starts()
        async with self.county(SMALL) as counties:
            for _ in range(ROUNDS):
                await self.echo()
                for database, (url, seeded) in counties.items():
                    await self.service(database, url, seeded, scaled=False)
                for mode in ("plain", "safe"):
                    await self.wechat(mode, *counties["SQLite"])
            await self.echo()
            for database, (url, seeded) in counties.items():
                await self.surveys(database, url, seeded)
                await self.broadcast(database, url, seeded)
        await self.duties()
        if not scale:
            async with self.county(MIDDLE) as counties:
                await self.queueing(counties)
        else:
            self.report.show()
            async with self.county(LARGE) as counties:
                await self.queueing(counties)
                for _ in range(ROUNDS):
                    for database, (url, seeded) in counties.items():
                        await self.service(database, url, seeded, scaled=True)

    async def echo(self) -> None:
        async with processes.yardstick("bench.echo", self.api.base, TOKEN) as process:
            people = list(range(FIRST, FIRST + 1000))
            await load.run(process, load.telegram(self.api, people), self.seconds, self.report.row(ECHO))

    async def service(self, database: str, url: str, seeded: Seeded, *, scaled: bool) -> None:
        """All rows of one database, one process for all, as it would be."""
        report, telegram = self.report, processes.telegram_section(self.api.base)
        async with processes.serve(FOLDER / database, url, telegram) as process:
            await load.first_telegram_answer(self.api, process, seeded.telegram[0])
            for name, work in (
                (TURNS, load.telegram(self.api, seeded.telegram)),
                (WEB, load.web_turns(seeded.web)),
                (LIFECYCLES, load.lifecycles(seeded)),
            ):
                await load.run(process, work, self.seconds, report.row(f"{name}, {database}", scaled=scaled))
            now, peak = process.memory()
        report.fact(f"memory after the load, {database}", now, "MB", 250)
        report.fact(f"memory at its peak, {database}", peak, "MB", 250)

    async def surveys(self, database: str, url: str, seeded: Seeded) -> None:
        """Answers come in, under their names and sealed."""
        people = {"named": seeded.sitting[::2], "anonymous": seeded.sitting[1::2]}
        for kind, tokens in people.items():
            survey = await surveys.opens(url, FOLDER / database, anonymous=kind == "anonymous")
            row = self.report.row(f"whole sittings at a survey, {kind}, {database}")
            async with processes.serve(FOLDER / database, url, "") as process:
                await load.first_web_answer(process, tokens[-1])
                await load.run(process, surveys.answering(survey, tokens), self.seconds, row)
            self.report.fact(
                f"short of {surveys.A_MINUTE} answers a minute, {kind}, {database}",
                max(0, surveys.A_MINUTE - row.rate * surveys.QUESTIONS * 60),
                "answers",
                0,
            )

    async def queueing(self, counties: dict[str, tuple[str, Seeded]]) -> None:
        """A broadcast to everybody finds its recipients."""
        for database, (url, _) in counties.items():
            queued = await broadcast.queue(url)
            name = f"queueing a broadcast for {queued.recipients}, {database}"
            self.report.fact(name, queued.seconds, "s", 20 * queued.recipients / LARGE)
            self.report.fact(f"{name}: its longest transaction", queued.longest * 1000, "ms", 200)
            self.report.fact(f"{name}: memory more", queued.grown, "MB", 20)

    async def duties(self) -> None:
        """A month for 100 000 cadres, and a year of a county, in which whatever is wrong ends the bench."""
        for database, url in self.empty("month"):
            month = await duties.month(url)
            name = f"a month of duties for {month.cadres} cadres, {database}"
            self.report.fact(f"opening {name}", month.opened, "s", 10)
            self.report.fact(f"opening {name}: its longest transaction", month.longest * 1000, "ms", 200)
            self.report.fact(f"telling of {name}", month.told, "s", 120)
            self.report.fact(
                f"telling of {name}: its longest transaction", month.longest_told * 1000, "ms", 200
            )
            self.report.fact(f"{name}: memory more", month.grown, "MB", 20)
        for database, url in self.empty("year"):
            lived, took = await duties.year(url, duties.COUNTY_CADRES, duties.VILLAGES)
            self.report.fact(f"a year of duties, {lived.messages} reminders, {database}", took, "s", 180)

    def empty(self, name: str) -> Iterator[tuple[str, str]]:
        """A new database of each kind."""
        (FOLDER / name).mkdir()
        yield "SQLite", new_sqlite(FOLDER / name)
        with new_postgres(self.postgres) as url:
            yield "PostgreSQL", url

    async def broadcast(self, database: str, url: str, seeded: Seeded) -> None:
        """A broadcast on Telegram, whose limits are enforced, while people talk on the web."""
        seconds = self.seconds * ROUNDS
        people = seeded.telegram[: int((seconds + 5) * broadcast.PER_SECOND)]
        talk = self.report.row(f"{WEB} of a few during a broadcast, {database}")
        async with broadcast.Enforcing() as server:
            for person in people:
                server.user(person)
            await broadcast.begin(url, people)
            settings = broadcast.section(server)
            async with processes.serve(FOLDER / database, url, settings) as process:
                await load.first_web_answer(process, seeded.web[0])
                work = load.web_turns(seeded.web)
                rate, _ = await asyncio.gather(
                    broadcast.steady(server, seconds),
                    load.run(process, work, seconds, talk, at_once=broadcast.TALKING),
                )
            await broadcast.stop(url)
        lacking = 100 - 100 * rate / broadcast.PER_SECOND
        self.report.fact(f"broadcast on Telegram: short of the allowed rate, {database}", lacking, "%", 2)
        self.report.fact(
            f"broadcast on Telegram: answered with 429, {database}", server.refused, "messages", 0
        )
        self.report.fact(f"talks during a broadcast, p99, {database}", talk.p99, "ms", 200)

    async def wechat(self, mode: str, url: str, seeded: Seeded) -> None:
        """Answers by the response, of three who sign and seal alike: ours stores a turn, WeRoBot a dictionary."""
        sealed = mode == "safe"
        words = "AES" if sealed else "plain"
        work = wechat.turns(seeded.wechat, sealed=sealed)
        settings, session = wechat.section(mode, self.api.base), str(FOLDER / "werobot.sqlite3")
        async with processes.serve(FOLDER / "SQLite", url, settings) as process:
            await wechat.first_answer(process, seeded.wechat[0], sealed=sealed)
            await load.run(process, work, self.seconds, self.report.row(f"WeChat turns, {words}, SQLite"))
        others = (
            (f"{WEROBOT}, {words}", "bench.by_werobot", (mode, session, "shipped")),
            (f"the same on aiohttp and uvloop, {words}", "bench.by_werobot", (mode, session, "aiohttp")),
            (f"wechatpy in bare aiohttp, nothing stored, {words}", "bench.by_wechatpy", (mode,)),
        )
        for name, module, arguments in others:
            async with processes.yardstick(module, *arguments) as process:
                await load.run(process, work, self.seconds, self.report.row(name))

    @asynccontextmanager
    async def county(self, count: int) -> AsyncIterator[dict[str, tuple[str, Seeded]]]:
        """The same county on both databases."""
        with new_postgres(self.postgres) as postgres:
            urls = dict(zip(DATABASES, (new_sqlite(FOLDER), postgres), strict=True))
            yield {name: (url, await self.seed(name, url, count)) for name, url in urls.items()}

    async def seed(self, name: str, url: str, count: int) -> Seeded:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=self.report.console) as progress:
            task = progress.add_task(f"{name}: people and tickets", total=count)
            started = time.perf_counter()
            seeded = await seed(url, count, lambda done: progress.advance(task, done))
        if count == LARGE:
            self.report.fact(f"seeding, {name}", time.perf_counter() - started, "s", 180)
        return seeded

    async def starts(self) -> None:
        """From the start of a process to its first answer."""
        (FOLDER / "start").mkdir()
        url = new_sqlite(FOLDER / "start")
        seeded = await seed(url, 100, lambda _: None)
        for _ in range(2):  # the second time, as always but once: what Python and jieba keep is there
            started = time.perf_counter()
            telegram = processes.telegram_section(self.api.base)
            async with processes.serve(FOLDER / "start", url, telegram) as process:
                await load.first_telegram_answer(self.api, process, seeded.telegram[0])
                took = time.perf_counter() - started
            self.report.fact("start to first answer, serve with Telegram", took, "s", 3)
            started = time.perf_counter()
            async with processes.demo(FOLDER / "demo") as process:
                await load.first_demo_answer(process)
                took = time.perf_counter() - started
            self.report.fact("start to first answer, demo", took, "s", 3)


async def bench(report: Report, seconds: float, *, scale: bool) -> None:
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    try:
        with postgres_server(durable=True) as postgres:
            async with BotApi() as api:
                gc.freeze()
                await Bench(report, api, postgres, seconds).all(scale=scale)
    finally:
        report.write(Path("build/bench.json"))
        shutil.rmtree(FOLDER, ignore_errors=True)


def main(
    seconds: Annotated[float, typer.Option(help="Of each row in each round.")] = 3.5,
    scale: Annotated[bool, typer.Option(help="Also with 1 000 000 people and 1 000 000 tickets.")] = False,
) -> None:
    """How fast is it on this machine? About ten minutes, half of them two simulated years; with --scale three more."""
    report = Report(Console(width=130))
    asyncio.run(bench(report, seconds, scale=scale))
    report.show()
    sys.exit(0)


if __name__ == "__main__":
    typer.run(main)
