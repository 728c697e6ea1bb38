"""Faults that whoever runs the service can mend, told apart from faults of the program."""

import errno
import socket

from bot.channels.http import CallError, UnreachableError
from bot.channels.tencent.api import RefusedError
from bot.channels.tencent.codes import words
from bot.service import AlreadyRunningError, LostKeyError
from bot.settings import SettingsError
from domain.triage import LexiconError
from storage.database import DatabaseError


def in_plain_words(error: Exception) -> str | None:
    """What to tell the operator; None for a fault of ours, whose traceback is wanted."""
    if isinstance(error, (AlreadyRunningError, LostKeyError, SettingsError, LexiconError, DatabaseError)):
        return str(error)
    if isinstance(error, CallError):
        return _of_a_call(error)
    if isinstance(error, OSError):
        if error.errno == errno.EADDRINUSE:
            return "another program has this port; stop it, or take another port"
        if isinstance(error, socket.gaierror):
            return "a host of the settings has no address; is its name right (server.host, database.url)?"
        return f"{error.filename}: {error.strerror}" if error.filename else str(error)
    return None


def _of_a_call(error: CallError) -> str:
    if isinstance(error, RefusedError):
        return words(error.code)
    if isinstance(error, UnreachableError):
        return "the messenger cannot be reached; is this machine on the internet, and api_base right?"
    return "the messenger gave no answer that can be read; try again"
