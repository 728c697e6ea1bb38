"""What can go wrong with a database: what passes by itself, and what may be written of it in a log."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa


class DatabaseError(Exception):
    """The database cannot be used; the message says why, for the operator."""


class UnavailableError(DatabaseError):
    """Nothing can be stored just now (unreachable, locked, full). The deed is not at fault: try it again later."""


_CLASHES = frozenset({"40001", "40P01"})
"""Serialization failure and deadlock: the database undid one of two transactions so that the other could go on."""
_AWAY = re.compile(r"08|53|57P")
"""Classes of SQLSTATE: connection, resources, shutting down or starting (PostgreSQL, appendix A)."""
_BROKEN = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_NOTADB,
    }
)
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'|\d{4,}|[^\x20-\x7e]+")


def clashed(error: BaseException) -> bool:
    """Was the transaction undone only because another one was in its way?"""
    return _sqlstate(error) in _CLASHES


def away(error: BaseException) -> bool:
    """Is it the database that cannot be used, rather than the deed that is wrong?"""
    if isinstance(error, OSError | TimeoutError | sa.exc.TimeoutError):
        return True
    if isinstance(error, sa.exc.DBAPIError) and error.connection_invalidated:
        return True
    code = getattr(_origin(error), "sqlite_errorcode", 0)
    return code & 0xFF in _BROKEN or bool(_AWAY.match(_sqlstate(error)))


@contextmanager
def plain_faults() -> Iterator[None]:
    """A database that cannot be used is an UnavailableError; other errors lose what they quote of people's words."""
    try:
        yield
    except UnavailableError:
        raise
    except Exception as error:
        if away(error) or clashed(error):
            raise UnavailableError(type(_origin(error)).__name__) from None
        if isinstance(error, sa.exc.StatementError):
            error.args = (_QUOTED.sub("*", str(error.args[0]).partition("\n")[0]), *error.args[1:])
            raise error from None
        raise


def _origin(error: BaseException) -> BaseException:
    return (error.orig or error) if isinstance(error, sa.exc.StatementError) else error


def _sqlstate(error: BaseException) -> str:
    return getattr(_origin(error), "sqlstate", None) or ""
