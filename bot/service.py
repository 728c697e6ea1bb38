"""The running service: every part made once, started in order, closed in the opposite order."""

import asyncio
import fcntl
import gc
import logging
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import IO, TypeVar

from aiohttp import web

from bot.broadcasting import Broadcasting, masses_of
from bot.burying import Burying
from bot.calendar_files import CalendarFiles
from bot.channels.contract import Channel
from bot.channels.webchat.api import Personas, WebChatApi
from bot.channels.webchat.channel import WebChat
from bot.clearing import Clearing
from bot.clock import Clock, system_clock
from bot.counting import Counted
from bot.county import KEY_FILE, KEYS_FOLDER, make_county
from bot.delivery import Delivery
from bot.duties_file import put_in_force
from bot.errors import spoken_errors
from bot.journal import Journals
from bot.links import FileLinks
from bot.media import MediaFetcher, MediaStore, Source
from bot.messengers import coding, make_channels
from bot.passive import Passive
from bot.private_media import PrivateMedia
from bot.releasing import Releasing
from bot.report_files import ReportFiles
from bot.settings import Settings
from bot.survey_errands import Errands
from bot.survey_files import SurveyFiles
from bot.turn import Taken, Turns
from console.board import BoardPages
from console.calendar import CalendarFeeds
from domain.county import County
from domain.triage import Triage
from scheduler.clockwork import Clockwork
from services.calendar.files import MADE as CALENDAR
from services.desk import Desk
from services.reports import files as report_files
from services.surveys import incoming
from services.surveys.files import MADE
from storage import jobs
from storage.database import Tx, open_database
from storage.directory import cards
from storage.keys import Keys
from storage.migrate import migrate

log = logging.getLogger(__name__)
T = TypeVar("T")

MAX_BODY = 12 * 1024 * 1024
"""Bytes of one HTTP request: a picture of 10 MB and what is around it."""


_GUARDS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' blob:; media-src 'self' blob:; object-src 'none';"
    " base-uri 'none'; form-action 'self'; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


async def _guard_page(_request: web.Request, response: web.StreamResponse) -> None:
    """What a page may load and who may frame it, on every answer that does not say so itself."""
    for name, value in _GUARDS.items():
        response.headers.setdefault(name, value)


_COLLECT_AFTER = 10_000
"""Objects more than before, at which the collector looks at the young ones: a turn makes hundreds and leaves few."""


class LostKeyError(Exception):
    """The key that seals the cards is gone."""


class AlreadyRunningError(Exception):
    """Another process serves this SQLite file."""


class Service:
    """All of 连心 in one process. `start`, then `close`."""

    ready = False
    port = 0
    """Where it listens, once it does."""

    def __init__(self, settings: Settings, clock: Clock = system_clock, triage: Triage | None = None) -> None:
        """`triage`: one that is loaded already, instead of that of the settings."""
        self.settings = settings
        self.clock = clock
        self.process = secrets.token_hex(8)
        self._folder = Path(settings.data_dir)
        self._key_is_new = not (self._folder / KEY_FILE).exists()
        self.county: County = make_county(settings, triage)
        self.keys = Keys(self._folder / KEYS_FOLDER)
        self.database = open_database(settings.database_url, self.keys)
        self.store = MediaStore(self._folder / "media")
        self.webchat = WebChat(self.database, clock, self.county.card_key, self.store.root)
        self.channels = self._channels()
        own = {self.webchat.name: self.webchat} if settings.webchat.enabled else {}
        journals = Journals(self._folder / "sending", self.process)
        self.delivery = Delivery(self.database, self.channels, clock, self.process, own, journals)
        self.turns = Turns(
            self.database,
            self.county,
            clock,
            self.process,
            self._deliver,
            own,
            self.delivery.busy,
            {name: channel.traits for name, channel in self.channels.items()},
        )
        self.passive = Passive(self.turns.take, self.delivery)
        self.clockwork = Clockwork(self.run, self.process, self._after_job)
        self.burying = Burying(self.database, self.keys)
        self.releasing = Releasing(self.run, self.look)
        self.clearing = Clearing(self.database, self.store, clock)
        self.errands = Errands(self.run, self.look, self.store)
        self.fetcher = self._fetcher()
        masses = masses_of(self.channels)
        self.broadcasting = Broadcasting(self.database, self.county, clock, self.delivery, masses)
        self.app = web.Application(client_max_size=MAX_BODY, middlewares=[spoken_errors])
        self.app.on_response_prepare.append(_guard_page)
        self._runner: web.AppRunner | None = None
        self._warming: asyncio.Task[None] | None = None
        self._lock: IO[str] | None = None

    def _channels(self) -> dict[str, Channel]:
        """The messengers that are switched on, the web chat among them."""
        settings, key = self.settings, self.county.card_key
        links = FileLinks(key, settings.server.public_url if settings.webchat.enabled else "", self.clock)
        channels = make_channels(
            settings, self.process, self.database, self.clock, self.store.root, links.link
        )
        return channels | ({self.webchat.name: self.webchat} if settings.webchat.enabled else {})

    def _fetcher(self) -> MediaFetcher:
        """What fetches files from the messengers, and makes those that we make ourselves."""
        at = self.database, self.county, self.clock
        made: dict[str, Source] = {
            MADE: SurveyFiles(*at, self.store.root, coding(self.channels)),
            report_files.MADE: ReportFiles(*at),
            CALENDAR: CalendarFiles(*at),
        }
        private = PrivateMedia(self.database, self.channels, self.store)
        return MediaFetcher(self.database, self.channels, self.store, self._files_came, made, private.fetch)

    async def run(self, deed: Callable[[Desk], T]) -> T:
        """Do a deed at a desk of this county, in one transaction; delivery is woken for what it said."""
        desks: list[Desk] = []

        def at_desk(tx: Tx, counted: Counted) -> T:
            desks.append(Desk(tx, self.county, self.clock(), figures=counted))
            return deed(desks[-1])

        result = await self.turns.counting.run(at_desk)
        self.delivery.wake(desks[-1].told)
        return result

    async def look(self, deed: Callable[[Desk], T]) -> T:
        """Do a deed that only reads; it never waits for a writer."""
        return await self.database.read(lambda tx: deed(Desk(tx, self.county, self.clock())))

    async def start(self, personas: Personas | None = None) -> None:
        """Migrate, listen, receive. When this returns people are answered."""
        self.take_lock()
        await migrate(self.settings.database_url)
        await self._check_key()
        if self._lock is not None:
            await self.database.run(jobs.drop_leases)
        if self.settings.duties.file:
            await put_in_force(self.settings.duties.file, self.run)
        self._warming = asyncio.create_task(asyncio.to_thread(self.county.triage.warm))
        if self.settings.webchat.enabled:
            WebChatApi(self.webchat, self.turns, self.store, self._takes_sheets, personas).add_routes(
                self.app
            )
        chat = "/chat" if self.settings.webchat.enabled else ""
        BoardPages(self.look, self.county.name, chat).add_routes(self.app)
        CalendarFeeds(self.look).add_routes(self.app)
        self.app.router.add_get("/healthz", self._healthz)
        self.app.router.add_get("/readyz", self._readyz)
        for channel in self.channels.values():
            channel.add_routes(self.app)
        await self.delivery.start()
        self.fetcher.start()
        self.errands.start()
        self.burying.start()
        self.releasing.start()
        self.clearing.start()
        for channel in self.channels.values():
            await channel.start(self.turns.take, self.passive.exchange)
        gc.freeze()  # what was made at start-up lives for ever: the collector need not look at it again
        gc.set_threshold(_COLLECT_AFTER, *gc.get_threshold()[1:])
        gc.enable()
        await self._listen()
        await self.clockwork.start()
        self.broadcasting.start()
        self.ready = True

    async def close(self) -> None:
        """Stop receiving, finish what is in hand, write what became of it."""
        self.ready = False
        self.clockwork.close()
        for channel in self.channels.values():
            await channel.close()
        if self._runner is not None:
            await self._runner.cleanup()
        await self.passive.close()
        await self.fetcher.close()
        await self.errands.close()
        await self.burying.close()
        await self.releasing.close()
        await self.clearing.close()
        await self.broadcasting.close()
        await self.delivery.close()
        if self._warming is not None:
            await self._warming
        await self.database.close()
        if self._lock is not None:
            self._lock.close()

    def _after_job(self) -> None:
        """A job may have said something, and opened a box with pictures in it."""
        self.delivery.wake()
        self.fetcher.wake()

    def _deliver(self, taken: Taken) -> None:
        if taken.answers and not taken.arrived and not self.channels[taken.answers[0].channel].traits.passive:
            self.delivery.send_soon(taken.answers)
        if taken.told:
            self.delivery.wake(taken.told)
        if taken.media or any(answer.media for answer in taken.answers):
            self.fetcher.wake()
        if taken.media:
            self.errands.wake()

    def _files_came(self) -> None:
        self.delivery.departure.files_came()
        self.errands.wake()

    async def _takes_sheets(self, address: str) -> bool:
        return await self.look(lambda desk: incoming.may_send(desk, self.webchat.name, address))

    async def _listen(self) -> None:
        server = self.settings.server
        self._runner = web.AppRunner(self.app, access_log=None, shutdown_timeout=2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, server.host, server.port)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def _check_key(self) -> None:
        """A new key beside cards that were printed under another would make every card void."""
        if self._key_is_new and await self.database.read(cards.count) > 0:
            (self._folder / KEY_FILE).unlink()
            raise LostKeyError(
                f"{KEY_FILE} is gone and cards were issued with it: restore it from your backup"
            )

    def take_lock(self) -> None:
        """One process a SQLite file: what another left half sent can then be taken back at once.

        `start` takes it, if nobody did before. Raises AlreadyRunningError.
        """
        if self._lock is not None or not self.settings.database_url.startswith("sqlite"):
            return
        lock = (self._folder / "serving.lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.close()
            raise AlreadyRunningError(
                f"another lianxin serves {self.settings.data_dir}; stop it, or use PostgreSQL for several processes"
            ) from None
        self._lock = lock

    async def _healthz(self, _request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def _readyz(self, _request: web.Request) -> web.Response:
        """Ready when started and the database answers."""
        try:
            async with asyncio.timeout(2):
                await self.database.read(lambda tx: jobs.living(tx, self.clock()))
        except Exception:
            log.exception("the database does not answer")
            return web.json_response({"status": "database does not answer"}, status=503)
        status = 200 if self.ready else 503
        return web.json_response({"status": "ready" if self.ready else "starting"}, status=status)
