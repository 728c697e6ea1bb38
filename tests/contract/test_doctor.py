"""The doctor finds what is wrong, says how to mend it, changes nothing and shows no secret."""

import os
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from aiohttp import web

from bot.county import card_key, data_file
from bot.doctor import Finding, examine
from bot.settings import Settings, parse_settings
from domain.delivery import Lane, Sending, Settled, Via
from domain.directory import Area, Level, RoleName
from domain.talk import Media, Reply
from domain.triage import parse_lexicon
from storage import media, schema
from storage.database import Database, Tx
from storage.delivery import outbox
from storage.directory import areas, assignments, cards, people
from storage.keys import Keys
from tests.databases import on_connection

NOW = datetime.now(UTC)
AGO = NOW - timedelta(days=1)
TOKEN = "123456:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
SECRETS = (TOKEN, "hook-secret-0123456789", "hunter2")


@pytest.fixture(autouse=True)
def read_the_lexicon_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.doctor.files.parse_lexicon", _parse_once)


_parse_once = lru_cache(parse_lexicon)


def settings(folder: Path, **sections: Any) -> Settings:
    values: dict[str, Any] = {
        "data_dir": str(folder),
        "server": {"port": 0, "public_url": "https://lianxin.example"},
    }
    for name, section in sections.items():
        values[name] = values.get(name, {}) | section if isinstance(section, dict) else section
    return parse_settings(values)


async def look(given: Settings) -> list[Finding]:
    findings = await examine(given)
    shown = repr(findings)
    assert not any(secret in shown for secret in SECRETS)
    assert all(finding.mend for finding in findings if finding.grade != "ok")
    return findings


def found(findings: list[Finding], words: str) -> Finding:
    """The one finding with these words."""
    fitting = [finding for finding in findings if words in finding.what]
    assert len(fitting) == 1, f"{words!r} in {[finding.what for finding in findings]}"
    return fitting[0]


def worst(findings: list[Finding], *expected: str) -> None:
    """Nothing is worse than ok but what is expected here (and the calendar, which depends on today)."""
    odd = [one.what for one in findings if one.grade != "ok" and "public holidays" not in one.what]
    assert len(odd) == len(expected), odd
    for words in expected:
        assert any(words in what for what in odd), (words, odd)


def a_county(tx: Tx) -> None:
    """A county with one village, a cadre who can be reached, and staff."""
    areas.add(
        tx,
        [
            Area("610528", None, Level.COUNTY, "富平县"),
            Area("610528001", "610528", Level.TOWNSHIP, "样例镇"),
            Area("610528001001", "610528001", Level.VILLAGE, "样例村村委会"),
        ],
    )
    cadre = people.add(tx, AGO, name="网格样例", phone="00000000001")
    people.add_role(tx, cadre, RoleName.CADRE, "610528001001", AGO)
    people.add_account(tx, "web", "somewhere", cadre, AGO)
    assignments.assign(tx, "610528001001", cadre, "primary", AGO)
    staff = people.add(tx, AGO, name="职员样例", phone="00000000002")
    people.add_role(tx, staff, RoleName.STAFF, "610528", AGO)


async def test_a_county_in_good_health(database: Database, database_url: str, tmp_path: Path) -> None:
    await database.run(a_county)
    card_key(tmp_path)
    findings = await look(settings(tmp_path, database={"url": database_url}))
    worst(findings)
    kind = "SQLite" if database_url.startswith("sqlite") else "PostgreSQL"
    assert found(findings, f"database: {kind}").what.split()[-1][0].isdigit()
    assert "1 townships, 1 villages" in found(findings, "areas:").what
    assert "keep a copy" in found(findings, "card.key").mend


async def test_an_empty_county(database_url: str, tmp_path: Path) -> None:
    findings = await look(settings(tmp_path, database={"url": database_url}))
    assert found(findings, "no areas are imported").grade == "bad"


async def test_a_county_with_gaps(database: Database, database_url: str, tmp_path: Path) -> None:
    def gaps(tx: Tx) -> None:
        a_county(tx)
        areas.add(tx, [Area(f"61052800100{n}", "610528001", Level.VILLAGE, f"村{n}") for n in (2, 3)])
        silent = people.add(tx, AGO, name="没账号", phone="00000000003")
        assignments.assign(tx, "610528001002", silent, "primary", AGO)
        gone = people.add(tx, AGO, name="调走了", phone="00000000004")
        assignments.assign(tx, "610528001003", gone, "primary", AGO)
        assignments.end_assignments(tx, "610528001003", gone, NOW - timedelta(hours=1))

    await database.run(gaps)
    findings = await look(settings(tmp_path, database={"url": database_url}, county={"code": "610599"}))
    assert found(findings, "610599 is not among the areas").grade == "bad"
    assert found(findings, "1 of 3 villages have no first cadre").grade == "warn"
    assert found(findings, "1 grids have a first cadre without any account").grade == "warn"
    assert not any(name in repr(findings) for name in ("没账号", "00000000003", "网格样例"))


async def test_nobody_is_staff(database: Database, database_url: str, tmp_path: Path) -> None:
    await database.run(a_county)
    over = "UPDATE role SET valid_to = valid_from + interval '1 hour' WHERE role = 'staff'"
    if database_url.startswith("sqlite"):
        over = "UPDATE role SET valid_to = datetime(valid_from, '+1 hour') WHERE role = 'staff'"
    on_connection(database_url, lambda connection: connection.execute(sa.text(over)))
    findings = await look(settings(tmp_path, database={"url": database_url}))
    assert found(findings, "nobody is staff").grade == "bad"


async def test_what_is_stuck_is_counted(database: Database, database_url: str, tmp_path: Path) -> None:
    def stuck(tx: Tx) -> None:
        a_county(tx)
        person = people.add(tx, AGO, name="收信人", phone="")
        account = people.add_account(tx, "web", "her", person, AGO)
        where: dict[str, Any] = {
            "person": person, "channel": "web", "lane": Lane.NOTICE, "now": AGO, "due_at": AGO
        }  # fmt: skip
        outbox.add(tx, [Reply("私事")] * 2, account=None, **where)
        outbox.add(tx, [Reply("私事")], account=account, **where)
        in_hand = outbox.add(tx, [Reply("私事")] * 3, account=account, sender="postman", **where)
        for row, state in zip(in_hand, (Sending.FAILED, Sending.FAILED, Sending.UNCERTAIN), strict=True):
            gone = Settled(row, state, 1, 0, "x", "", Via.ONLY, 0, AGO, NOW)
            outbox.settle(tx, "postman", [gone])
        media.add(tx, "telegram", [Media("image", ref="far-away")], AGO)
        lost = media.add(tx, "telegram", [Media("image", ref="gone")], AGO)
        media.missed(tx, lost[0], lost=True)

    await database.run(stuck)
    findings = await look(settings(tmp_path, database={"url": database_url}))
    assert "2 failed, 1 uncertain" in found(findings, "did not surely arrive").what
    assert "1 messages should have left" in found(findings, "should have left").what
    assert found(findings, "2 messages are held").grade == "ok"
    assert found(findings, "1 attachments are still at the messenger").grade == "warn"
    assert found(findings, "1 attachments were lost").grade == "warn"
    assert "私事" not in repr(findings)


async def test_tables_are_missing(empty_url: str, tmp_path: Path) -> None:
    given = settings(tmp_path, database={"url": empty_url})
    findings = await look(given)
    if empty_url.startswith("sqlite"):
        assert found(findings, "no database file yet").grade == "warn"
        assert os.listdir(tmp_path) == []  # noqa: PTH208
        (tmp_path / "empty.db").write_bytes(b"")
        given = settings(tmp_path, database={"url": f"sqlite:///{tmp_path / 'empty.db'}"})
        findings = await look(given)
    assert found(findings, "no tables yet").mend == "lianxin migrate"


async def test_a_newer_version_was_here(database_url: str, tmp_path: Path) -> None:
    newer = sa.text("UPDATE alembic_version SET version_num = '9999'")
    on_connection(database_url, lambda connection: connection.execute(newer))
    findings = await look(settings(tmp_path, database={"url": database_url}))
    assert found(findings, "a newer version of lianxin").grade == "bad"


async def test_postgres_that_will_not_have_us(postgres_url: str, tmp_path: Path) -> None:
    url = sa.make_url(postgres_url)
    for wrong, words in (
        (url.set(username="stranger", password="hunter2"), "refuses the user or the password"),
        (url.set(database="nowhere"), "has no database 'nowhere'"),
    ):
        given = settings(tmp_path, database={"url": wrong.render_as_string(hide_password=False)})
        assert found(await look(given), words).grade == "bad"


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("postgresql+asyncpg://u:hunter2@no-such-host.invalid/db", "the host name is unknown"),
        ("postgresql+asyncpg://u:hunter2@127.0.0.1:1/db", "no server listens there"),
        ("mysql://u:hunter2@localhost/db", "must begin with sqlite:/// or postgresql+asyncpg://"),
        ("postgresql+asyncpg://u:pa@ss:hunter2@[", "database.url cannot be read"),
        ("hunter2", "database.url cannot be read"),
    ],
)
async def test_a_database_that_is_not_there(tmp_path: Path, url: str, words: str) -> None:
    assert found(await look(settings(tmp_path, database={"url": url})), words).grade == "bad"


async def test_a_sqlite_file_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "lianxin.db").write_bytes(b"this is a letter, not a database" * 200)
    assert found(await look(settings(tmp_path)), "this is no SQLite database").grade == "bad"


async def test_a_sqlite_file_that_is_locked(
    tmp_path: Path, sqlite_template: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.probe.PATIENCE", 0.1)
    with closing(sqlite3.connect(sqlite_template.removeprefix("sqlite:///"))) as holder:
        holder.execute("BEGIN IMMEDIATE")
        findings = await look(settings(tmp_path, database={"url": sqlite_template}))
        assert "close whatever" in found(findings, "another program holds the file").mend


async def test_the_key_of_the_cards(database: Database, database_url: str, tmp_path: Path) -> None:
    given = settings(tmp_path, database={"url": database_url})
    key = tmp_path / "card.key"
    assert found(await look(given), "card.key is not there yet").grade == "warn"

    await database.run(a_county)
    await database.run(lambda tx: cards.add(tx, "ABCDEFGH", "610528001001", "", AGO))
    lost = found(await look(given), "card.key is gone")
    assert lost.grade == "bad"
    assert "restore" in lost.mend
    assert not key.exists()

    secret = card_key(tmp_path).hex()
    findings = await look(given)
    assert found(findings, "card.key").grade == "ok"
    assert secret not in repr(findings)
    key.chmod(0o644)
    assert found(await look(given), "card.key").mend == f"chmod 600 {key}"
    key.write_text("rusty")
    assert found(await look(given), "card.key").grade == "bad"


async def test_the_key_of_an_open_survey(database: Database, database_url: str, tmp_path: Path) -> None:
    await database.run(lambda tx: areas.add(tx, [Area("610528", None, Level.COUNTY, "富平县")]))
    asked = {"name": "q", "title": "用水", "form": {}, "sheet": b"", "anonymous": True, "created_at": NOW}
    added = sa.insert(schema.survey).values(id=7, state="open", area="610528", **asked)
    on_connection(database_url, lambda connection: connection.execute(added))
    keys = Keys(tmp_path / "keys")
    keys.make("survey-7")
    given = settings(tmp_path, database={"url": database_url}, county={"code": "610528"})
    assert not [one for one in await look(given) if "survey-7" in one.what]
    keys.destroy("survey-7")
    assert found(await look(given), "no key for survey-7").grade == "bad"


async def test_a_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "var").touch()
    assert found(await look(settings(tmp_path / "var")), "cannot be written").grade == "bad"


async def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    findings = await look(settings(tmp_path / "a" / "b"))
    assert found(findings, "the data folder").grade == "warn"
    assert not (tmp_path / "a").exists()


@pytest.mark.parametrize(("free", "grade"), [(10 << 20, "bad"), (500 << 20, "warn"), (50 << 30, "ok")])
async def test_room_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, grade: str
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": free}))
    assert found(await look(settings(tmp_path)), "MB free").grade == grade


async def test_files_of_the_county(tmp_path: Path) -> None:
    (tmp_path / "lexicon.toml").write_text("x = [")
    (tmp_path / "holidays.csv").write_text("2027-02-08,休\n2027-02-09,也休\n")
    (tmp_path / "duties.toml").write_text('[[duty]]\nkey = "study"\nscore = 5\n')
    files = {
        "duties": {"file": str(tmp_path / "duties.toml")},
        "triage": {"lexicon": str(tmp_path / "lexicon.toml")},
        "hours": {"holidays": str(tmp_path / "holidays.csv")},
    }
    findings = await look(settings(tmp_path, **files))
    assert found(findings, "triage.lexicon").grade == "bad"
    assert found(findings, "hours.holidays, line 2").grade == "bad"
    told = found(findings, "duties.file")
    assert told.grade == "warn"
    assert "第1项 study：没有 score 这个设置" in told.what
    assert "lianxin duties check" in told.mend

    (tmp_path / "duties.toml").write_bytes(data_file("duties.toml"))
    assert found(await look(settings(tmp_path, **files)), "duties: 13 in").grade == "ok"

    for name in ("lexicon.toml", "holidays.csv", "duties.toml"):
        (tmp_path / name).unlink()
    findings = await look(settings(tmp_path, **files))
    assert found(findings, "triage.lexicon").grade == "bad"
    assert found(findings, "hours.holidays").grade == "bad"
    assert "打不开这个文件" in found(findings, "duties.file").what


async def test_a_font_for_the_charts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.doctor.files.chinese_font", lambda: None)
    finding = found(await look(settings(tmp_path)), "no font with Chinese characters")
    assert (finding.grade, finding.mend) == ("warn", "apt install fonts-noto-cjk")
    monkeypatch.setattr("bot.doctor.files.chinese_font", lambda: Path("/fonts/NotoSansCJK-Regular.ttc"))
    assert (
        found(await look(settings(tmp_path)), "charts are drawn with NotoSansCJK-Regular.ttc").grade == "ok"
    )


async def test_hours_that_make_no_sense(tmp_path: Path) -> None:
    hours = {"quiet_start": 9, "quiet_end": 9, "day_start": _time("19:00"), "day_end": _time("08:00")}
    findings = await look(settings(tmp_path, hours=hours))
    assert found(findings, "quiet hours are off").grade == "warn"
    assert found(findings, "day_start is not before").grade == "bad"


@pytest.mark.parametrize(
    ("today", "own_days", "grade"),
    [("2026-09-01", "", "ok"), ("2026-11-20", "", "warn"), ("2026-11-20", "2027-01-01,休", "ok")],
)
async def test_the_calendar_runs_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, today: str, own_days: str, grade: str
) -> None:
    at = datetime.fromisoformat(f"{today}T04:00:00+00:00")
    monkeypatch.setattr("bot.doctor.files.system_clock", lambda: at)
    monkeypatch.setattr("bot.doctor.files.known_until", lambda: datetime(2026, 12, 31).date())  # noqa: DTZ001
    holidays = tmp_path / "holidays.csv"
    holidays.write_text(own_days)
    hours = {"holidays": str(holidays) if own_days else ""}
    assert found(await look(settings(tmp_path, hours=hours)), "public holidays").grade == grade


@pytest.mark.parametrize(
    ("url", "words", "grade"),
    [
        ("", "public_url is empty", "warn"),
        ("http://lianxin.example", "public_url is http", "bad"),
        ("lianxin.example", "is no web address", "bad"),
        ("https://lianxin.example:port", "is no web address", "bad"),
        ("https://", "is no web address", "bad"),
        ("http://127.0.0.1:8080", "phones come by", "ok"),
        ("https://lianxin.example/", "phones come by", "ok"),
    ],
)
async def test_the_public_address(tmp_path: Path, url: str, words: str, grade: str) -> None:
    assert found(await look(settings(tmp_path, server={"public_url": url})), words).grade == grade


async def test_no_way_in(tmp_path: Path) -> None:
    findings = await look(settings(tmp_path, webchat={"enabled": False}, server={"host": "0.0.0.0"}))
    assert found(findings, "no messenger is on").grade == "bad"
    assert found(findings, "without encryption").grade == "warn"


async def test_the_port(tmp_path: Path) -> None:
    async with _serving({"/healthz": {"status": "ok"}}) as port:
        findings = await look(settings(tmp_path, server={"port": port}))
        assert found(findings, f"lianxin is serving at 127.0.0.1:{port}").grade == "ok"
    assert (
        found(await look(settings(tmp_path, server={"port": port})), f"127.0.0.1:{port} is free").grade
        == "ok"
    )
    async with _serving({"/": {}}) as port:
        findings = await look(settings(tmp_path, server={"port": port}))
        assert found(findings, f"another program has 127.0.0.1:{port}").grade == "bad"
    findings = await look(settings(tmp_path, server={"host": "192.0.2.1", "port": 8080}))
    assert found(findings, "is not an address of this machine").grade == "bad"


def a_bot(api_base: str = "http://127.0.0.1:1", **more: Any) -> dict[str, Any]:
    return {"token": TOKEN, "bot_name": "lianxin_bot", "mode": "polling", "api_base": api_base} | more


ME = {"ok": True, "result": {"id": 123456, "is_bot": True, "username": "lianxin_bot"}}
UNAUTHORIZED = object()
HOOK = "https://lianxin.example/telegram/webhook"


@asynccontextmanager
async def _telegram(me: Any = ME, **hook: Any) -> AsyncIterator[str]:
    answers = {"getMe": me, "getWebhookInfo": {"ok": True, "result": {"url": ""} | hook}}
    async with _serving({f"/bot{TOKEN}/{name}": body for name, body in answers.items()}) as port:
        yield f"http://127.0.0.1:{port}"


async def test_telegram_in_good_health(tmp_path: Path) -> None:
    async with _telegram() as base:
        findings = await look(settings(tmp_path, telegram=a_bot(base)))
        assert found(findings, "Telegram").what == "Telegram knows the bot as @lianxin_bot"
    hook = {"mode": "webhook", "webhook_secret": SECRETS[1]}
    async with _telegram(url=HOOK) as base:
        findings = await look(settings(tmp_path, telegram=a_bot(base, **hook)))
        assert found(findings, "webhook is set to this server").grade == "ok"


@pytest.mark.parametrize(
    ("changed", "words", "grade"),
    [
        ({"mode": "off"}, "telegram.mode is off", "warn"),
        ({"token": ""}, "telegram.token is empty", "bad"),
        ({"token": "hunter2"}, "does not look like a token", "bad"),
        ({}, "cannot be reached", "bad"),
        ({"mode": "webhook"}, "webhook_secret needs", "bad"),
        ({"mode": "webhook", "webhook_secret": "short"}, "webhook_secret is short", "warn"),
    ],
)
async def test_telegram_settings(tmp_path: Path, changed: dict[str, str], words: str, grade: str) -> None:
    assert found(await look(settings(tmp_path, telegram=a_bot(**changed))), words).grade == grade


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://lianxin.example", "no https address"),
        ("https://lianxin.example:port", "no https address"),
        ("https://lianxin.example:8444", "only the ports"),
    ],
)
async def test_an_address_that_telegram_does_not_call(tmp_path: Path, url: str, words: str) -> None:
    telegram = a_bot(mode="webhook", webhook_secret=SECRETS[1])
    findings = await look(settings(tmp_path, telegram=telegram, server={"public_url": url}))
    assert found(findings, words).grade == "bad"


@pytest.mark.parametrize(
    ("me", "words", "grade"),
    [
        (UNAUTHORIZED, "does not know telegram.token", "bad"),
        ({"ok": True, "result": {"username": "other_bot"}}, "cards would lead to another bot", "bad"),
        ({"ok": True, "result": []}, "does not answer like a Bot API", "bad"),
        ("<html>", "cannot be reached", "bad"),
    ],
)
async def test_what_telegram_says_of_the_bot(tmp_path: Path, me: Any, words: str, grade: str) -> None:
    async with _telegram(me) as base:
        assert found(await look(settings(tmp_path, telegram=a_bot(base))), words).grade == grade


async def test_a_bot_without_a_name_on_the_cards(tmp_path: Path) -> None:
    async with _telegram() as base:
        findings = await look(settings(tmp_path, telegram=a_bot(base, bot_name="")))
        assert found(findings, "bot_name is empty").mend == 'set it to "lianxin_bot"'


async def test_where_telegram_sends(tmp_path: Path) -> None:
    async with _telegram(url="https://other.example/hunter2") as base:
        findings = await look(settings(tmp_path, telegram=a_bot(base)))
        assert "https://other.example" in found(findings, "polling gets nothing").what
    hook = {"mode": "webhook", "webhook_secret": SECRETS[1]}
    async with _telegram() as base:
        findings = await look(settings(tmp_path, telegram=a_bot(base, **hook)))
        assert found(findings, "has no webhook yet").grade == "warn"
    said = "Wrong response from the webhook: 502 Bad Gateway"
    async with _telegram(url=HOOK, last_error_message=said, pending_update_count=500) as base:
        findings = await look(settings(tmp_path, telegram=a_bot(base, **hook)))
        assert said in found(findings, "could not reach the webhook").what
        assert found(findings, "500 updates wait").grade == "warn"


@asynccontextmanager
async def _serving(answers: dict[str, Any]) -> AsyncIterator[int]:
    """A server that answers these paths with this JSON (or text), and with 401 where it is told so."""

    async def answer(request: web.Request) -> web.Response:
        body = answers.get(request.path)
        if isinstance(body, str):
            return web.Response(text=body)
        if body is UNAUTHORIZED:
            return web.json_response({"ok": False, "description": "Unauthorized"}, status=401)
        return web.json_response(body, status=200 if body is not None else 404)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


def _time(text: str) -> Any:
    return datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007
