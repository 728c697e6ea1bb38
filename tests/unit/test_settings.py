"""config.example.toml is complete and true, and a settings file that cannot be used is told plainly where and why."""

import logging
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from bot.settings import Settings, SettingsError, load_settings, read_holidays

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"
WRITTEN = EXAMPLE.read_text("utf-8")
UNCOMMENTED = re.sub(r"(?m)^#(?=\S| {4})", "", WRITTEN)
"""With the sections that have no default: they stand there as comments without a space after the #."""


def names_of(model: type[BaseModel], place: str = "") -> Iterator[str]:
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from names_of(field.annotation, f"{place}{name}.")
        else:
            yield place + name


def names_in(values: dict[str, Any], model: type[BaseModel], place: str = "") -> Iterator[str]:
    for name, value in values.items():
        field = model.model_fields.get(name)
        section = field.annotation if field else None
        if isinstance(section, type) and issubclass(section, BaseModel):
            yield from names_in(value, section, f"{place}{name}.")
        else:
            yield place + name


def test_the_example_is_the_defaults() -> None:
    assert load_settings(EXAMPLE) == Settings()


def test_the_example_names_every_setting_and_no_other() -> None:
    written = list(names_in(tomllib.loads(UNCOMMENTED), Settings))
    assert sorted(written) == sorted(names_of(Settings))


def test_what_the_example_has_as_comments_can_be_used(tmp_path: Path) -> None:
    settings = load_settings(_file(tmp_path, UNCOMMENTED))
    assert [entry.name for entry in settings.wechat.menu] == ["报事", "更多"]
    assert settings.wechat.notices["answer"].fields["thing2"] == "{text}"


def test_an_empty_file_is_the_defaults(tmp_path: Path) -> None:
    assert load_settings(_file(tmp_path, "")) == Settings()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[county]\nnmae = 'x'", "county.nmae: there is no such setting; see config.example.toml"),
        ("datadir = 'x'", "datadir: there is no such setting; see config.example.toml"),
        ("[countyy]\nname = 'x'", "countyy: there is no such setting; see config.example.toml"),
        ("[server]\nport = 'eighty'", "server.port: Input should be a valid integer"),
        ("[server]\nport = '8080'", "server.port: Input should be a valid integer"),
        ("[server]\nport = true", "server.port: Input should be a valid integer"),
        ("[server]\nport = 70000", "server.port: Input should be less than or equal to 65535"),
        ("[county]\ncode = '6105'", "county.code: String should match pattern"),
        ("[limits]\naccept_hours = 0", "limits.accept_hours: Input should be greater than or equal to 1"),
        (
            "[limits]\nordinary_days = 5000000",
            "limits.ordinary_days: Input should be less than or equal to 365",
        ),
        ("[limits]\nextension_days = 11", "limits.extension_days: Input should be less than or equal to 10"),
        ("[hours]\nquiet_start = 24", "hours.quiet_start: Input should be less than or equal to 23"),
        ("[hours]\nday_start = 'early'", "hours.day_start: Input should be a valid time"),
        ("[telegram]\nmode = 'on'", "telegram.mode: Input should be 'off', 'polling' or 'webhook'"),
        ("[telegram]\nmessages_per_second = -1", "telegram.messages_per_second: Input should be greater"),
        ("[webchat]\nenabled = 'no'", "webchat.enabled: Input should be a valid boolean"),
        ("server = 5", "server: Input should be a valid dictionary"),
        ("log_level = 'LOUD'", "log_level: Input should be 'DEBUG', 'INFO', 'WARNING' or 'ERROR'"),
    ],
)
def test_a_wrong_setting_is_told_with_its_place(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(SettingsError) as raised:
        load_settings(_file(tmp_path, text))
    assert len(raised.value.problems) == 1
    assert raised.value.problems[0].startswith(problem)


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as raised:
        load_settings(_file(tmp_path, "nonsense = 1\n[server]\nport = -1\n[triage]\nlexcon = ''"))
    assert sorted(problem.split(":")[0] for problem in raised.value.problems) == [
        "nonsense",
        "server.port",
        "triage.lexcon",
    ]


def test_a_file_that_is_not_toml(tmp_path: Path) -> None:
    path = _file(tmp_path, "[server\nport = 1")
    with pytest.raises(SettingsError, match=r"not valid TOML: .*line 1"):
        load_settings(path)


def test_a_file_that_is_not_utf8(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes("[county]\nname = '富平县'".encode("gb18030"))
    with pytest.raises(SettingsError, match="not UTF-8"):
        load_settings(path)


@pytest.mark.parametrize("name", ["missing.toml", "."])
def test_a_file_that_is_not_there(tmp_path: Path, name: str) -> None:
    with pytest.raises(SettingsError, match=r"Copy config\.example\.toml to"):
        load_settings(tmp_path / name)


SECRETS = ("123456:TOKENTOKENTOKEN", "HOOKHOOK", "PASSPASS")
WITH_SECRETS = f"""
[telegram]
token = "{SECRETS[0]}"
webhook_secret = "{SECRETS[1]}"
[database]
url = "postgresql+asyncpg://lianxin:{SECRETS[2]}@db.example/lianxin"
"""


def test_secrets_are_not_shown(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    settings = load_settings(_file(tmp_path, WITH_SECRETS))
    logging.getLogger("test").error("%s %r", settings, settings)
    for shown in (
        repr(settings),
        str(settings),
        repr(settings.telegram),
        str(settings.database),
        caplog.text,
    ):
        assert not any(secret in shown for secret in SECRETS)
    assert settings.telegram.token.get_secret_value() == SECRETS[0]
    assert SECRETS[2] in settings.database_url


@pytest.mark.parametrize(
    "text",
    [
        WITH_SECRETS + "[server]\nport = -1",
        f"[telegram]\ntoken = ['{SECRETS[0]}']",
        f"[telegram]\nwebhook_secret = {{ a = '{SECRETS[1]}' }}",
        f"[database]\nurl = ['{SECRETS[2]}']",
        f"[telegram]\ntokn = '{SECRETS[0]}'",
        f"[telegram]\ntoken = '{SECRETS[0]}",
    ],
)
def test_secrets_are_not_in_errors(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingsError) as raised:
        load_settings(_file(tmp_path, text))
    shown = repr(raised.value) + str(raised.value) + str(raised.value.__cause__)
    assert raised.value.__suppress_context__
    assert not any(secret in shown for secret in SECRETS)


def test_the_county_may_have_its_own_days() -> None:
    days = read_holidays("# 2027\n2027-02-08,休\n\n 2027-02-14 , 班  # 调休\n")
    assert list(days.values()) == [False, True]


@pytest.mark.parametrize("line", ["2027-02-30,休", "2027-02-08,放假", "08.02.2027,休", "2027-02-08"])
def test_a_wrong_day_is_told_with_its_line(line: str) -> None:
    with pytest.raises(SettingsError, match=r"hours\.holidays, line 2"):
        read_holidays(f"2027-01-01,休\n{line}\n")


def _file(folder: Path, text: str) -> Path:
    path = folder / "config.toml"
    path.write_text(text, "utf-8")
    return path
