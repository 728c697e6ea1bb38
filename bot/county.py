"""The county as its settings and files describe it."""

import os
import secrets
from importlib import resources
from pathlib import Path

from bot.doors import chat_page, link_to, speeds
from bot.settings import Settings, SettingsError, read_holidays
from domain.county import County
from domain.delivery import QuietHours
from domain.triage import Triage, parse_lexicon
from domain.working_days import WorkingDays

_KEY_BYTES = 32


def data_file(name: str) -> bytes:
    """A file that comes with the service."""
    return (resources.files("bot") / "data" / name).read_bytes()


def lexicon_text(path: str) -> str:
    """The county's lexicon, or the one that comes with the service."""
    return Path(path).read_text("utf-8") if path else data_file("lexicon.toml").decode()


def examples_text(path: str) -> str:
    """The county's sorted sentences, or those that come with the service."""
    return Path(path).read_text("utf-8") if path else data_file("examples.csv").decode()


KEY_FILE = "card.key"
KEYS_FOLDER = "keys"
"""Of keys that die: never a part of any backup."""


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
    words = settings.triage
    return County(
        triage=triage
        or Triage(parse_lexicon(lexicon_text(words.lexicon), examples_text(words.examples)), str(data_dir)),
        card_key=card_key(data_dir),
        code=settings.county.code,
        name=settings.county.name,
        hotline=settings.county.hotline,
        complaint_lines=tuple(settings.county.complaint_lines),
        limits=settings.limits.limits(),
        suggestion_limits=settings.suggestions.limits(),
        quiet=QuietHours(hours.quiet_start, hours.quiet_end),
        days=WorkingDays(holidays, hours.day_start, hours.day_end),
        door=link_to(settings, ""),
        talks=settings.appointments.rules(),
        public_url=settings.server.public_url.rstrip("/"),
        gives_codes=settings.wechat.mode != "off",
        chat_page=chat_page(settings),
        speeds=speeds(settings),
    )


def card_key(data_dir: Path) -> bytes:
    """The key that seals cards: made once, kept in the data folder. Printed cards are void if it is lost.

    Raises SettingsError for a damaged one.
    """
    path = data_dir / KEY_FILE
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read_key(path)
    with os.fdopen(file, "w") as opened:
        opened.write(secrets.token_hex(_KEY_BYTES) + "\n")
    return _read_key(path)


def _read_key(path: Path) -> bytes:
    try:
        key = bytes.fromhex(path.read_text("ascii").strip())
    except ValueError:
        key = b""
    if len(key) != _KEY_BYTES:  # an empty key would seal cards that anybody can forge
        raise SettingsError([f"{path} is damaged; restore it from your backup"])
    return key
