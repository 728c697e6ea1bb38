"""What this process has begun to send of broadcasts, in a file: a line before a message leaves, a line after it.

A process that is killed loses nothing that it wrote to a file, though the disk may not have it yet. So whoever takes
over what it had claimed knows which message is in doubt, and that the others are not, without a transaction for each
message. After a power cut the files are of another start of the machine, and say nothing.
"""

import os
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from domain.delivery import Outcome, Outgoing, Sending

Fate = Literal["untouched", "sent", "in doubt"]
_BOOT = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True)
class Journals:
    """Those of all processes that share a data folder, one file for a process and a channel."""

    folder: Path
    process: str

    def keep_only(self, channel: str, rows: Collection[int]) -> None:
        """What was noted of other rows than these is not needed any more: what became of them is written."""
        self.folder.mkdir(parents=True, exist_ok=True)
        file = self._file(self.process, channel)
        lines = file.read_text().splitlines()[1:] if file.exists() else []
        kept = [line for line in lines if int(line.split(" ", 1)[0]) in rows]
        new = file.with_suffix(".new")
        new.write_text("".join(f"{line}\n" for line in [_boot(), *kept]))
        new.replace(file)  # at once: killed in between, the one or the other is there

    def begins(self, messages: Iterable[Outgoing]) -> None:
        """They are about to leave."""
        for message in messages:
            self._add(message, "begun")

    def ends(self, messages: Iterable[Outgoing], outcome: Outcome) -> None:
        """It is known what became of them."""
        word = {Sending.SENT: "sent", Sending.UNCERTAIN: "begun"}.get(outcome.state, "back")
        for message in messages:
            self._add(message, word)

    def fates(self, process: str, channel: str) -> dict[int, Fate] | None:
        """What a process that is no more had noted, by row; rows that are not there it had not touched.

        None: nothing is known, and everything it had is in doubt.
        """
        try:
            boot, *lines = self._file(process, channel).read_text().splitlines()
        except (OSError, ValueError):
            return None
        if boot != _boot():
            return None
        said = dict(line.split(" ", 1) for line in lines if " " in line)
        fates: dict[str, Fate] = {"sent": "sent", "begun": "in doubt"}
        return {int(row): fates.get(word, "untouched") for row, word in said.items()}

    def forget_all_but(self, processes: Collection[str]) -> None:
        """Of other processes nothing is left to be judged."""
        for file in self.folder.glob("*"):
            if file.name.split(".")[0] not in processes:
                file.unlink(missing_ok=True)

    def _add(self, message: Outgoing, word: str) -> None:
        path = self._file(self.process, message.channel)
        if not path.exists():
            self.keep_only(message.channel, ())
        file = os.open(path, os.O_WRONLY | os.O_APPEND)
        try:
            os.write(file, f"{message.id} {word}\n".encode())
        finally:
            os.close(file)

    def _file(self, process: str, channel: str) -> Path:
        return self.folder / f"{process}.{channel}"


def _boot() -> str:
    """Which start of the machine this is; unknown, and unlike any other, where it does not say."""
    try:
        return _BOOT.read_text().strip()
    except OSError:
        return os.urandom(8).hex()
