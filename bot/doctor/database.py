"""The database: reachable, of the right tables, and with what a county needs in it."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bot.clock import system_clock
from bot.county import KEYS_FOLDER
from bot.doctor.finding import Finding, bad, ok, warn
from bot.settings import Settings
from domain.delivery import Sending
from domain.directory import Level, RoleName
from services.surveys.ballots import box_of
from storage import ballots, media, surveys
from storage.database import Database, DatabaseError, Tx, open_database
from storage.delivery import overview
from storage.directory import areas, assignments, cards, people
from storage.keys import Keys
from storage.migrate import Standing, standing
from storage.probe import Unusable, probe

LATE = timedelta(minutes=10)
"""A message that waits longer than this past its time was not even tried."""

STANDINGS = {
    Standing.EMPTY: bad("the database has no tables yet", "lianxin migrate"),
    Standing.BEHIND: bad(
        "the database's tables are older than this version", "back it up, then: lianxin migrate"
    ),
    Standing.CURRENT: ok("the database has the tables of this version"),
    Standing.AHEAD: bad(
        "a newer version of lianxin has changed this database",
        "install that version again, or restore the backup made before the upgrade",
    ),
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What was counted in one look."""

    areas: dict[Level, int]
    county_known: bool
    unassigned: int
    unreachable: int
    staff: int
    cards: int
    messages: dict[str, int]
    overdue: int
    attachments: dict[str, int]
    keyless: list[str]
    """Boxes of what was said anonymously, that are still to be opened and have no key."""


async def examine_database(settings: Settings) -> tuple[list[Finding], int]:
    """Findings, and how many cards were issued (0 if that cannot be known)."""
    url = settings.database_url
    try:
        found = await probe(url)
        if not found.found:
            return [
                warn("there is no database file yet", "lianxin migrate makes it; lianxin serve does so too")
            ], 0
        stands = STANDINGS[await standing(url)]
    except Unusable as error:
        return [bad(str(error), error.mend)], 0
    except DatabaseError as error:
        return [bad(str(error), "correct database.url")], 0
    findings = [ok(f"database: {found.kind} {found.version}"), stands]
    if stands.grade != "ok":
        return findings, 0
    facts = await _look(settings, system_clock())
    return [*findings, *_directory(settings, facts), *_delivery(facts), *_keys(settings, facts)], facts.cards


@asynccontextmanager
async def usable_database(settings: Settings) -> AsyncIterator[Database | None]:
    """Open, if the service could work with it; else None, and `examine_database` says why."""
    url = settings.database_url
    try:
        usable = (await probe(url)).found and await standing(url) is Standing.CURRENT
    except DatabaseError:
        usable = False
    if not usable:
        yield None
        return
    database = open_database(url)
    try:
        yield database
    finally:
        await database.close()


async def _look(settings: Settings, now: datetime) -> Facts:
    def look(tx: Tx) -> Facts:
        messages: dict[str, int] = {}
        for _, state, count, _ in overview.counts(tx):
            messages[state] = messages.get(state, 0) + count
        return Facts(
            areas=areas.count(tx),
            county_known=areas.find(tx, settings.county.code) is not None,
            unassigned=assignments.villages_without_primary(tx, now),
            unreachable=assignments.grids_without_account(tx, now),
            staff=people.count_with_role(tx, [RoleName.STAFF], now),
            cards=cards.count(tx),
            messages=messages,
            overdue=overview.overdue(tx, now - LATE),
            attachments=media.counts(tx),
            keyless=sorted(_awaiting_their_keys(tx) - set(keys.names())),
        )

    keys = Keys(Path(settings.data_dir) / KEYS_FOLDER)
    database = open_database(settings.database_url, keys)
    try:
        return await database.read(look)
    finally:
        await database.close()


def _directory(settings: Settings, facts: Facts) -> Iterator[Finding]:
    townships, villages = facts.areas[Level.TOWNSHIP], facts.areas[Level.VILLAGE]
    if not sum(facts.areas.values()):
        yield bad("no areas are imported: nobody can pick a village", "lianxin import areas FILE")
        return
    if not facts.county_known:
        code = settings.county.code
        yield bad(
            f"county.code {code} is not among the areas", "correct county.code, or import the right areas"
        )
    yield ok(f"areas: {townships} townships, {villages} villages, {facts.areas[Level.GROUP]} groups")
    if facts.unassigned:
        yield warn(
            f"{facts.unassigned} of {villages} villages have no first cadre",
            "add them to the roster: lianxin import roster FILE",
        )
    if facts.unreachable:
        yield warn(
            f"{facts.unreachable} grids have a first cadre without any account: what is said to him is held",
            "give him his invitation code again (lianxin import roster prints those still unused)",
        )
    if facts.staff:
        yield ok(f"staff: {facts.staff}")
    else:
        yield bad(
            "nobody is staff: complaints and what climbs to the top have no owner",
            "add 工作人员 to the roster: lianxin import roster FILE",
        )


def _delivery(facts: Facts) -> Iterator[Finding]:
    lost = {state: facts.messages.get(state, 0) for state in (Sending.FAILED, Sending.UNCERTAIN)}
    if any(lost.values()):
        told = ", ".join(f"{count} {state}" for state, count in lost.items() if count)
        yield warn(f"messages that did not surely arrive: {told}", "lianxin outbox says why")
    if facts.overdue:
        yield warn(
            f"{facts.overdue} messages should have left over {LATE.seconds // 60} minutes ago",
            "is lianxin serve running, and the messenger switched on? lianxin outbox says more",
        )
    if held := facts.messages.get(Sending.HELD, 0):
        yield ok(f"{held} messages are held until their people come")
    if not any(lost.values()) and not facts.overdue:
        yield ok("outbox: nothing is stuck")
    if pending := facts.attachments.get("pending", 0):
        yield warn(f"{pending} attachments are still at the messenger", "is lianxin serve running?")
    if gone := facts.attachments.get("lost", 0):
        yield warn(f"{gone} attachments were lost", "the log says why; ask those people to send them again")


def _awaiting_their_keys(tx: Tx) -> set[str]:
    """Boxes that hold something, and those of anonymous surveys that are not released."""
    unreleased = [*surveys.open_ballots(tx), *surveys.still_sealed(tx)]
    return {*ballots.filled(tx), *map(box_of, unreleased)}


def _keys(settings: Settings, facts: Facts) -> Iterator[Finding]:
    folder = Path(settings.data_dir) / KEYS_FOLDER
    if facts.keyless:
        yield bad(
            f"{folder} has no key for {', '.join(facts.keyless)}: nobody can answer, and what was said there is lost",
            "was data_dir moved? Bring its keys folder back; else close those surveys and ask once more",
        )
