"""Settings: one TOML file, checked as a whole; every fault is told with its place and how to mend it."""

import tomllib
from datetime import date, time
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from domain.appointments.times import TalkRules
from domain.directory import RoleName
from domain.suggestions.clock import Limits as SuggestionLimits
from domain.tickets.clock import Limits


class SettingsError(Exception):
    """The settings cannot be used. `problems` says where and why, a line each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class CountySettings(_Section):
    code: str = Field(default="610528", pattern=r"^\d{6}$")
    name: str = "富平县"
    hotline: str = "12345"
    complaint_lines: list[str] = ["12388", "12380", "12345"]


class ServerSettings(_Section):
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    public_url: str = ""


class DatabaseSettings(_Section):
    url: str = Field(default="", repr=False)
    """Empty: one SQLite file in `data_dir`. May hold a password."""


_YEAR = 365
"""Days that a county may give at the most: a slip of the finger would reach beyond the calendar."""


class LimitSettings(_Section):
    accept_hours: int = Field(default=24, ge=1, le=24 * _YEAR)
    contact_days: int = Field(default=1, ge=1, le=_YEAR)
    ordinary_days: int = Field(default=5, ge=1, le=_YEAR)
    extension_days: int = Field(default=10, ge=1, le=10)
    silence_days: int = Field(default=7, ge=1, le=_YEAR)
    escalated_days: int = Field(default=1, ge=1, le=_YEAR)
    appointment_days: int = Field(default=3, ge=1, le=_YEAR)

    def limits(self) -> Limits:
        return Limits(**self.model_dump())


class SuggestionSettings(_Section):
    answer_days: int = Field(default=15, ge=1, le=_YEAR)
    stage_days: int = Field(default=3, ge=1, le=_YEAR)

    def limits(self) -> SuggestionLimits:
        return SuggestionLimits(**self.model_dump())


LevelName = Annotated[str, Field(min_length=1, max_length=12)]


class AppointmentSettings(_Section):
    minutes: int = Field(default=30, ge=10, le=240)
    levels: dict[Literal["villager", "agent", "cadre", "supervisor", "staff"], list[LevelName]] = {
        "villager": ["科室负责人", "副部长"],
        "agent": ["科室负责人", "副部长"],
        "cadre": ["科室负责人", "副部长"],
        "supervisor": ["副部长", "部长"],
        "staff": ["部长"],
    }
    """By post: which levels of leaders it may turn to."""

    def rules(self) -> TalkRules:
        return TalkRules(self.minutes, {RoleName(post): levels for post, levels in self.levels.items()})


class HoursSettings(_Section):
    quiet_start: int = Field(default=20, ge=0, le=23)
    quiet_end: int = Field(default=8, ge=0, le=23)
    day_start: time = time(8)
    day_end: time = time(18)
    holidays: str = ""
    """CSV with the county's own days: `2027-02-08,休` or `2027-02-14,班`."""


class TriageSettings(_Section):
    lexicon: str = ""
    """Empty: the lexicon that comes with the service."""
    examples: str = ""
    """Empty: the sorted sentences that come with the service."""


class DutySettings(_Section):
    file: str = ""
    """TOML, as bot/data/duties.toml. Empty: what `lianxin duties load` has put in force."""


class TelegramSection(_Section):
    token: SecretStr = SecretStr("")
    bot_name: str = ""
    mode: Literal["off", "polling", "webhook"] = "off"
    api_base: str = "https://api.telegram.org"
    webhook_secret: SecretStr = SecretStr("")
    messages_per_second: float = Field(default=30, ge=0)
    messages_per_chat_second: float = Field(default=1, ge=0)


class NoticeSection(_Section):
    template_id: str
    kind: Literal["template", "subscribe"] = "template"
    fields: dict[str, str]
    """By the template's field: words with {text}, {time} or {county} in them."""


class MenuEntry(_Section):
    """A button of the account's menu: it says something (`key`), opens a page (`url`), or has more below it."""

    name: str
    key: str = ""
    url: str = ""
    below: list["MenuEntry"] = []


class WeChatSection(_Section):
    mode: Literal["off", "plain", "safe"] = "off"
    appid: str = ""
    secret: SecretStr = SecretStr("")
    token: SecretStr = SecretStr("")
    aes_key: SecretStr = SecretStr("")
    previous_aes_key: SecretStr = SecretStr("")
    api_base: str = "https://api.weixin.qq.com"
    stale_seconds: float = Field(default=300, ge=30, le=3600)
    msgmenu: bool = False
    notices: dict[Literal["task", "progress", "answer", "words", "duty"], NoticeSection] = {}
    menu: list[MenuEntry] = []


class WeComSection(_Section):
    enabled: bool = False
    corpid: str = ""
    agentid: int = 0
    secret: SecretStr = SecretStr("")
    token: SecretStr = SecretStr("")
    aes_key: SecretStr = SecretStr("")
    previous_aes_key: SecretStr = SecretStr("")
    api_base: str = "https://qyapi.weixin.qq.com"
    stale_seconds: float = Field(default=300, ge=30, le=3600)
    menu: list[MenuEntry] = []


class WebChatSection(_Section):
    enabled: bool = True


class Settings(_Section):
    """All of config.toml."""

    data_dir: str = "var"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    county: CountySettings = CountySettings()
    server: ServerSettings = ServerSettings()
    database: DatabaseSettings = DatabaseSettings()
    limits: LimitSettings = LimitSettings()
    suggestions: SuggestionSettings = SuggestionSettings()
    appointments: AppointmentSettings = AppointmentSettings()
    hours: HoursSettings = HoursSettings()
    triage: TriageSettings = TriageSettings()
    duties: DutySettings = DutySettings()
    wechat: WeChatSection = WeChatSection()
    wecom: WeComSection = WeComSection()
    telegram: TelegramSection = TelegramSection()
    webchat: WebChatSection = WebChatSection()

    @property
    def database_url(self) -> str:
        return self.database.url or f"sqlite:///{Path(self.data_dir).resolve() / 'lianxin.db'}"


def load_settings(path: Path) -> Settings:
    """The settings of a file. Raises SettingsError."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise SettingsError(
            [f"{path}: {error.strerror}. Copy config.example.toml to {path} and fill it in."]
        ) from None
    except UnicodeDecodeError:
        raise SettingsError([f"{path}: not UTF-8 text; save the file as UTF-8"]) from None
    try:
        return parse_settings(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise SettingsError([f"{path}: not valid TOML: {error}"]) from None


def parse_settings(values: dict[str, Any]) -> Settings:
    """Settings from TOML values. Raises SettingsError."""
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        raise SettingsError([_plain(one) for one in error.errors()]) from None


def _plain(error: Any) -> str:
    place = ".".join(str(part) for part in error["loc"])
    if error["type"] == "extra_forbidden":
        return f"{place}: there is no such setting; see config.example.toml"
    return f"{place}: {error['msg']}"


def read_holidays(text: str) -> dict[date, bool]:
    """The county's own working days and holidays. Raises SettingsError naming the line."""
    days: dict[date, bool] = {}
    for number, line in enumerate(text.splitlines(), 1):
        words = line.partition("#")[0].strip()
        if not words:
            continue
        day, _, kind = (part.strip() for part in words.partition(","))
        try:
            days[date.fromisoformat(day)] = {"班": True, "休": False}[kind]
        except (ValueError, KeyError):
            raise SettingsError(
                [f"hours.holidays, line {number}: write a day as 2027-02-08,休 or ,班"]
            ) from None
    return days
