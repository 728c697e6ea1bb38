"""The data folder, the key of the cards, the county's own files, and the hours."""

import shutil
import stat
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from bot.charts import chinese_font
from bot.clock import system_clock
from bot.county import KEY_FILE, examples_text, lexicon_text
from bot.doctor.finding import Finding, bad, ok, warn
from bot.duties_file import read_duties
from bot.settings import Settings, SettingsError, TriageSettings, read_holidays
from domain.delivery import CHINA
from domain.duties.template import TemplateError
from domain.triage import LexiconError, parse_lexicon
from domain.working_days import known_until

MIB = 1024 * 1024
LITTLE, TOO_LITTLE = 1024 * MIB, 200 * MIB
KEY_BYTES = 32
DAYS_AHEAD = 60


def examine_files(settings: Settings, cards: int) -> list[Finding]:
    """`cards`: how many cards were issued, which the key must fit."""
    return [
        *_data_folder(Path(settings.data_dir)),
        _card_key(Path(settings.data_dir) / KEY_FILE, cards),
        _lexicon(settings.triage),
        *_duties(settings.duties.file),
        _font(),
    ]


def examine_hours(settings: Settings) -> list[Finding]:
    return [*_hours(settings), *_working_days(settings, system_clock().astimezone(CHINA).date())]


def _data_folder(folder: Path) -> Iterator[Finding]:
    here = folder.absolute()
    if not here.exists():
        yield warn(f"the data folder {here} is not there yet", "lianxin makes it when it first starts")
        here = next(parent for parent in here.parents if parent.exists())
    try:
        with tempfile.NamedTemporaryFile(dir=here):
            pass
    except OSError as error:
        yield bad(
            f"the folder {here} cannot be written: {error.strerror}",
            f"run lianxin as the folder's owner, or: chown -R USER {here}",
        )
        return
    free = shutil.disk_usage(here).free
    room = f"{free // MIB} MB free"
    if free < TOO_LITTLE:
        yield bad(f"the disk of {here} is full ({room})", "make room; a full disk stops every message")
    elif free < LITTLE:
        yield warn(f"the disk of {here} is nearly full ({room})", "make room for photos and voices")
    elif folder.exists():
        yield ok(f"data folder {here}: can be written, {room}")


def _card_key(file: Path, cards: int) -> Finding:
    """The key is only looked at: making one here could hide that the right one is gone."""
    try:
        key = bytes.fromhex(file.read_text("ascii").strip())
    except FileNotFoundError:
        if cards:
            return bad(
                f"{file} is gone, and {cards} cards were issued with it",
                "restore it from your backup before you start lianxin: with another key every card is void",
            )
        return warn(f"{file} is not there yet", "lianxin makes it when it first starts; then back it up")
    except (OSError, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        return bad(f"{file} cannot be read or is damaged", "restore it from your backup")
    if stat.S_IMODE(file.stat().st_mode) & 0o077:
        return warn(f"{file} can be read by others, who could forge cards", f"chmod 600 {file}")
    return ok(
        f"{file} is there and private",
        "keep a copy away from this machine: without it every printed card is void",
    )


def _lexicon(files: TriageSettings) -> Finding:
    path = files.lexicon or files.examples
    name = path or "the one that comes with lianxin"
    try:
        lexicon = parse_lexicon(lexicon_text(files.lexicon), examples_text(files.examples))
    except (OSError, UnicodeDecodeError):
        return bad(
            f"triage.lexicon or triage.examples: {path} is not there, or is not UTF-8 text",
            "correct the paths, or leave them empty",
        )
    except LexiconError as error:
        return bad(
            f"triage.lexicon or triage.examples: {error}",
            f"correct {path}; `lianxin triage --lexicon … --examples … 渠堵了` tries it",
        )
    counts = f"{len(lexicon.topics)} topics, {len(lexicon.emergencies)} emergencies"
    return ok(f"lexicon: {name}, {counts}, {len(lexicon.examples)} examples")


def _duties(path: str) -> Iterator[Finding]:
    """A fault keeps the old duties in force, so the service works."""
    if not path:
        return
    try:
        found = read_duties(path)
    except TemplateError as error:
        first, *others = error.problems
        more = f" (and {len(others)} more)" if others else ""
        yield warn(
            f"duties.file: {path} cannot be put in force, so the duties stay as they were: {first}{more}",
            f"correct it; lianxin duties check {path} names all that is wrong",
        )
    else:
        yield ok(f"duties: {len(found)} in {path}, in force from the next start on")


def _font() -> Finding:
    font = chinese_font()
    if font is None:
        return warn(
            "no font with Chinese characters: results of surveys have no charts; reports and workbooks have all else",
            "apt install fonts-noto-cjk",
        )
    return ok(f"charts are drawn with {font.name}")


def _hours(settings: Settings) -> Iterator[Finding]:
    hours = settings.hours
    if hours.day_start >= hours.day_end:
        yield bad(
            "hours.day_start is not before hours.day_end",
            "set the hours of the offices, such as 08:00 to 18:00",
        )
    if hours.quiet_start == hours.quiet_end:
        yield warn(
            "quiet hours are off: people are written to at night", "set hours.quiet_start and hours.quiet_end"
        )
    else:
        yield ok(f"quiet hours from {hours.quiet_start}:00 to {hours.quiet_end}:00")


def _working_days(settings: Settings, today: date) -> Iterator[Finding]:
    path, last = settings.hours.holidays, known_until()
    days: dict[date, bool] = {}
    if path:
        try:
            days = read_holidays(Path(path).read_text("utf-8"))
        except (OSError, UnicodeDecodeError):
            yield bad(
                f"hours.holidays: {path} is not there, or is not UTF-8 text",
                "correct the path, or leave it empty",
            )
        except SettingsError as error:
            yield bad(f"{error} ({path})", "correct that line")
        else:
            yield ok(f"the county's own days: {len(days)} in {path}")
    years = {day.year for day in days}
    if (last - today).days > DAYS_AHEAD or last.year + 1 in years:
        yield ok(f"the calendar knows the public holidays up to {last}")
    else:
        yield warn(
            f"the calendar knows the public holidays only up to {last}; after it plain weekends are assumed",
            f"once {last.year + 1} is announced, upgrade lianxin, or write the days into a file at hours.holidays",
        )
