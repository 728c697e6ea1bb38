"""The county as its settings and files describe it."""

import os
import secrets
from importlib import resources
from pathlib import Path

from bot.settings import Settings, read_holidays
from domain.county import County
from domain.delivery import QuietHours
from domain.triage import Triage, parse_lexicon
from domain.working_days import WorkingDays


def data_file(name: str) -> bytes:
    """A file that comes with the service."""
    return (resources.files("bot") / "data" / name).read_bytes()


def lexicon_text(path: str) -> str:
    """The county's lexicon, or the one that comes with the service."""
    return Path(path).read_text("utf-8") if path else data_file("lexicon.toml").decode()


def cache_dir() -> str:
    """Where jieba keeps its cache when no data folder is at hand: the user's cache folder."""
    path = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "lianxin"
    path.mkdir(parents=True, exist_ok=True)
    return str(path)


def make_county(settings: Settings, triage: Triage | None = None) -> County:
    """The county of these settings. `triage`: one that is loaded already. Raises LexiconError, SettingsError or OSError for a file that does not fit."""
    data_dir = Path(settings.data_dir)
    data_dir.mkdir(parents=True, exist_ok=True)
    hours = settings.hours
    holidays = read_holidays(Path(hours.holidays).read_text("utf-8")) if hours.holidays else {}
    return County(
        triage=triage or Triage(parse_lexicon(lexicon_text(settings.triage.lexicon)), str(data_dir)),
        card_key=card_key(data_dir),
        code=settings.county.code,
        name=settings.county.name,
        hotline=settings.county.hotline,
        complaint_lines=tuple(settings.county.complaint_lines),
        limits=settings.limits.limits(),
        quiet=QuietHours(hours.quiet_start, hours.quiet_end),
        days=WorkingDays(holidays, hours.day_start, hours.day_end),
    )


def card_key(data_dir: Path) -> bytes:
    """The key that seals cards: made once, kept in the data folder. Printed cards are void if it is lost."""
    path = data_dir / "card.key"
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return bytes.fromhex(path.read_text().strip())
    with os.fdopen(file, "w") as opened:
        opened.write(secrets.token_hex(32) + "\n")
    return bytes.fromhex(path.read_text().strip())
