"""What `Database` promises, on both databases."""

import asyncio
import threading

import pytest
import sqlalchemy as sa

from storage import schema
from storage.database import Database, DatabaseError, Tx, UnavailableError, open_database
from tests.databases import new_sqlite, on_connection

_LEASES = sa.select(schema.lease.c.name).order_by(schema.lease.c.name)


def note(name: str):
    """A deed that leaves a row of this name, and answers with the name."""

    def deed(tx: Tx) -> str:
        tx.execute(sa.text("INSERT INTO lease VALUES (:name, 'test', '2026-05-01 00:00:00')"), {"name": name})
        return name

    return deed


def noted(tx: Tx) -> list[str]:
    return list(tx.execute(_LEASES).scalars())


class WrongError(Exception):
    pass


class Unstoppable(BaseException):
    pass


def fail_after_noting(name: str, error: BaseException):
    def deed(tx: Tx) -> None:
        note(name)(tx)
        raise error

    return deed


async def test_deed_is_stored_when_run_returns(database: Database, look):
    assert await database.run(note("a")) == "a"
    assert look(_LEASES) == [("a",)]


async def test_failed_deed_leaves_nothing_and_its_neighbours_stay(database: Database, look):
    deeds = [
        note("a"),
        fail_after_noting("b", WrongError("b")),
        note("c"),
        fail_after_noting("d", WrongError("d")),
        note("e"),
    ]
    outcomes = await asyncio.gather(*map(database.run, deeds), return_exceptions=True)
    assert list(map(str, outcomes)) == ["a", "b", "c", "d", "e"]
    assert [type(outcome) for outcome in outcomes] == [str, WrongError, str, WrongError, str]
    assert look(_LEASES) == [("a",), ("c",), ("e",)]


@pytest.mark.parametrize("error", [asyncio.CancelledError(), Unstoppable(), StopIteration()], ids=repr)
async def test_no_error_whatever_stops_the_next_deed(database: Database, look, error):
    raised, after = await asyncio.gather(
        database.run(fail_after_noting("lost", error)), database.run(note("kept")), return_exceptions=True
    )
    assert isinstance(raised, RuntimeError if isinstance(error, StopIteration) else type(error))
    assert after == "kept"
    assert await database.run(note("later")) == "later"
    assert look(_LEASES) == [("kept",), ("later",)]


async def test_exhausted_iterator_in_a_reading_does_not_hang_its_caller(database: Database):
    with pytest.raises(RuntimeError):
        await asyncio.wait_for(database.read(lambda tx: next(iter(()))), 5)


async def test_an_error_may_be_a_result(database: Database):
    assert isinstance(await database.run(lambda tx: WrongError()), WrongError)
    assert isinstance(await database.read(lambda tx: WrongError()), WrongError)


async def test_two_hundred_deeds_at_once_each_get_their_own_answer(database: Database, look):
    names = [f"{number:03}" for number in range(200)]
    assert await asyncio.gather(*(database.run(note(name)) for name in names)) == names
    assert look(_LEASES) == [(name,) for name in names]


async def test_a_deed_sees_what_was_done_before_it(database: Database):
    await database.run(note("a"))
    assert await database.run(noted) == ["a"]
    assert await database.read(noted) == ["a"]


async def test_reading_sees_only_what_is_committed_and_waits_for_no_writer(database: Database, database_url):
    written, go_on = threading.Event(), threading.Event()

    def slow(tx: Tx) -> None:
        note("slow")(tx)
        written.set()
        go_on.wait(10)

    async def write_elsewhere() -> None:
        other = open_database(database_url)
        await other.run(slow)
        await other.close()

    writing = asyncio.create_task(asyncio.to_thread(lambda: asyncio.run(write_elsewhere())))
    assert await asyncio.to_thread(written.wait, 10)
    assert await asyncio.wait_for(database.read(noted), 5) == []
    go_on.set()
    await writing
    assert await database.read(noted) == ["slow"]


async def test_one_reading_sees_one_moment(database: Database, database_url):
    def twice(tx: Tx) -> list[list[str]]:
        before = noted(tx)
        on_connection(database_url, note("meanwhile"))
        return [before, noted(tx)]

    assert await database.read(twice) == [[], []]
    assert await database.read(noted) == ["meanwhile"]


async def test_reading_cannot_write(database: Database, look):
    with pytest.raises(sa.exc.DBAPIError):
        await database.read(note("a"))
    assert await database.run(note("b")) == "b"
    assert look(_LEASES) == [("b",)]


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO lease VALUES ('taken', 'test', '2026-05-01 00:00:00')",
        "INSERT INTO area VALUES ('610528001', '610528', 'township', '某镇')",
        "INSERT INTO area VALUES ('610528', NULL, 'county', NULL)",
        "INSERT INTO area VALUES ('610528', NULL, 'empire', '某县')",
    ],
    ids=["unique", "reference", "not null", "check"],
)
async def test_what_the_tables_forbid_is_one_kind_of_error(database: Database, statement):
    await database.run(note("taken"))
    with pytest.raises(sa.exc.IntegrityError):
        await database.run(lambda tx: tx.exec_driver_sql(statement))


async def test_errors_do_not_repeat_what_was_said(database: Database):
    nobody = {
        "name": "王秀兰",
        "phone": "00000000009",
        "household": "",
        "area": "nowhere",
        "created_at": None,
    }
    with pytest.raises(sa.exc.DBAPIError) as raised:
        await database.run(lambda tx: tx.execute(sa.insert(schema.person), nobody))
    assert "王秀兰" not in str(raised.value)


async def test_cancelled_callers_leave_whole_deeds_or_none_and_hinder_nobody(database: Database, look):
    def pair(number: int):
        def deed(tx: Tx) -> None:
            note(f"{number:02} a")(tx)
            note(f"{number:02} b")(tx)

        return deed

    callers = [asyncio.create_task(database.run(pair(number))) for number in range(64)]
    await asyncio.sleep(0.005)
    for caller in callers[::2]:
        caller.cancel()
    await asyncio.gather(*callers, return_exceptions=True)
    await asyncio.gather(*(database.run(pair(number)) for number in range(64, 96)))
    rows = [name for (name,) in look(_LEASES)]
    assert {name[:2] for name in rows if name.endswith("a")} == {
        name[:2] for name in rows if name.endswith("b")
    }
    assert {f"{number:02} a" for number in (*range(1, 64, 2), *range(64, 96))} <= set(rows)


async def test_deeds_that_were_done_together_with_one_that_failed_are_done_once(database: Database, look):
    def fails(tx: Tx) -> None:
        note("lost")(tx)
        raise WrongError

    deeds = [fails if number % 5 == 0 else note(f"{number:02}") for number in range(60)]
    outcomes = await asyncio.gather(*map(database.run, deeds), return_exceptions=True)
    kept = [f"{number:02}" for number in range(60) if number % 5]
    assert [outcome for outcome in outcomes if isinstance(outcome, str)] == kept
    assert look(_LEASES) == [(name,) for name in kept]


async def test_close_waits_for_what_was_begun(database_url, look):
    database = open_database(database_url)
    callers = [asyncio.create_task(database.run(note(f"{number:02}"))) for number in range(40)]
    await asyncio.sleep(0)
    await database.close()
    assert look(_LEASES) == [(f"{number:02}",) for number in range(40)]
    assert await asyncio.wait_for(asyncio.gather(*callers), 5) == [f"{number:02}" for number in range(40)]


class TestOneWriterOfSqlite:
    @pytest.fixture
    def database_url(self, tmp_path, sqlite_template):
        return new_sqlite(tmp_path, sqlite_template)

    async def test_deed_nobody_waits_for_is_not_begun(self, database: Database, look):
        wanted = asyncio.create_task(database.run(note("wanted")))
        unwanted = asyncio.create_task(database.run(note("unwanted")))
        await asyncio.sleep(0)  # both wait for their turn now
        unwanted.cancel()
        await wanted
        assert look(_LEASES) == [("wanted",)]

    async def test_when_sqlite_gives_up_the_transaction_no_deed_of_the_group_claims_success(
        self, database: Database, look
    ):
        def disk_full(tx: Tx) -> None:
            tx.exec_driver_sql("ROLLBACK")  # what SQLite does by itself on a full disk
            raise WrongError

        outcomes = await asyncio.gather(
            *map(database.run, [note("a"), disk_full, note("b")]), return_exceptions=True
        )
        assert [type(outcome) for outcome in outcomes] == [DatabaseError] * 3
        assert look(_LEASES) == []
        await database.run(note("c"))
        assert look(_LEASES) == [("c",)]

    async def test_nothing_to_write_with(self, tmp_path):
        (tmp_path / "folder.db").mkdir()
        database = open_database(f"sqlite:///{tmp_path}/folder.db")
        for _ in range(2):
            with pytest.raises(UnavailableError):
                await asyncio.wait_for(database.run(note("a")), 5)
        await database.close()
