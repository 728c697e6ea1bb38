"""Keys that die: files beside the database and never in it, by which what must not be linked is sealed for a while.

A key is 32 random bytes in a file of its own, shared by all processes that share the data folder. When it is
destroyed, whatever was sealed under it is noise, in the database, in its journals and in every backup of it.
Keys are read anew for each use, so that none outlives its file in a process's memory.
"""

import hashlib
import hmac
import os
import re
import secrets
from pathlib import Path

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

ROOM = 8 * 1024
"""Bytes that a sealed text takes up however short it is: the longest message that is read, 2000 characters, fits."""
_BYTES, _NONCE, _LENGTH = 32, 12, 4
_NAME = re.compile(r"^[a-z]+-[0-9-]+$")
_DEAD = bytes(_BYTES)


class SealError(Exception):
    """It was not sealed under this key, or was changed since."""


class Key:
    """Seals and marks. Nothing can be read or compared without it."""

    def __init__(self, secret: bytes) -> None:
        self._cipher = AESGCM(hmac.digest(secret, b"seal", "sha256"))
        self._marks = hmac.digest(secret, b"mark", "sha256")
        self._order = hmac.digest(secret, b"order", "sha256")

    def seal(self, plain: bytes, room: int = ROOM) -> bytes:
        """AES-GCM of `plain`, filled up to a multiple of `room` bytes, so that its length tells nothing."""
        filled = len(plain).to_bytes(_LENGTH) + plain
        filled += bytes(-len(filled) % room)
        nonce = secrets.token_bytes(_NONCE)
        return nonce + self._cipher.encrypt(nonce, filled, None)

    def open(self, sealed: bytes) -> bytes:
        """What was sealed. Raises SealError."""
        try:
            filled = self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], None)
        except (InvalidTag, ValueError):
            raise SealError from None
        return filled[_LENGTH : _LENGTH + int.from_bytes(filled[:_LENGTH])]

    def mark(self, who: str) -> bytes:
        """A sign of somebody, the same each time, that leads back to nobody once the key is gone (HMAC-SHA-256)."""
        return hmac.digest(self._marks, who.encode(), hashlib.sha256)

    def place(self, serial: bytes) -> bytes:
        """Where something of this serial comes: an order as good as chance to whoever has not the key, the same each time."""
        return hmac.digest(self._order, serial, hashlib.sha256)


class Keys:
    """The folder of keys, `data_dir/keys`. A key's name is what it is for, like "survey-12"."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def make(self, name: str) -> None:
        """Make a key, whole or not at all; one that is there already stays. Raises OSError on a full disk."""
        path = self._path(name)
        if path.exists():
            return
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        begun = self._folder / f".{secrets.token_hex(8)}"
        try:
            with os.fdopen(os.open(begun, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(secrets.token_bytes(_BYTES))
                file.flush()
                os.fsync(file.fileno())
            self._name(begun, path)
        finally:
            begun.unlink(missing_ok=True)
        self._flush()

    def find(self, name: str) -> Key | None:
        """The key, None if it is dead or never was."""
        try:
            secret = self._path(name).read_bytes()
        except FileNotFoundError:
            return None
        return Key(secret) if len(secret) == _BYTES and secret != _DEAD else None

    def names(self) -> list[str]:
        """Names of the keys whose files are there."""
        if not self._folder.exists():
            return []
        return sorted(path.name for path in self._folder.iterdir() if _NAME.match(path.name))

    def destroy(self, name: str) -> None:
        """Overwrite the key, then remove its file, and see both to the disk. May be repeated."""
        path = self._path(name)
        try:
            with path.open("r+b") as file:
                file.write(_DEAD)
                file.flush()
                os.fsync(file.fileno())
        except FileNotFoundError:
            return
        path.unlink(missing_ok=True)
        self._flush()

    def _path(self, name: str) -> Path:
        if not _NAME.match(name):
            raise ValueError("that is no name of a key")
        return self._folder / name

    @staticmethod
    def _name(begun: Path, path: Path) -> None:
        try:
            os.link(begun, path)  # unlike a renaming, never over a key that another process has just made
        except FileExistsError:
            return

    def _flush(self) -> None:
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def keys_of(tx: sa.Connection) -> Keys:
    """The folder of keys that was opened together with the database. Raises LookupError if none was."""
    keys = tx.get_execution_options().get("keys")
    if keys is None:
        raise LookupError("this database was opened without a folder of keys")
    found: Keys = keys
    return found
