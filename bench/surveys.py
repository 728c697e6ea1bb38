"""People answer a survey of three questions on the web chat, each once, named or anonymous."""

import time
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from bench import load
from bench.http import Connection
from bot.county import KEYS_FOLDER, make_county
from bot.settings import parse_settings
from domain.surveys.form import Form, Kind, Option, Question
from services.desk import Desk
from services.surveys import opening
from services.surveys.loading import load_survey
from storage.database import Tx, open_database
from storage.keys import Keys

COUNTY = "610528"
A_MINUTE = 10_000
"""Answers to questions that a minute has to bring in."""
_YES_NO = (Option("yes", {"": "够"}), Option("no", {"": "不够"}))
_WHY = (Option("ditch", {"": "渠堵"}), Option("power", {"": "停电"}), Option("other", {"": "别的"}))
FORM = Form(
    "bench",
    "用水问卷",
    "1",
    (),
    (
        Question("enough", "/data/enough", Kind.ONE, {"": "水够用吗？"}, options=_YES_NO),
        Question("why", "/data/why", Kind.SEVERAL, {"": "为什么？"}, options=_WHY),
        Question("say", "/data/say", Kind.TEXT, {"": "还有什么要说？"}),
    ),
)
QUESTIONS = len(FORM.questions)


async def opens(url: str, data_dir: Path, *, anonymous: bool) -> int:
    """Open a survey for the whole county; its number. `data_dir`: of the process that will serve."""
    database = open_database(url, Keys(data_dir / KEYS_FOLDER))
    county = make_county(parse_settings({"data_dir": str(data_dir)}))

    def deed(tx: Tx) -> int:
        desk = Desk(tx, county, datetime.now(UTC))
        survey = load_survey(desk, FORM, b"", anonymous=anonymous, area=COUNTY)
        opening.open_survey(desk, survey)
        return survey

    try:
        return await database.run(deed)
    finally:
        await database.close()


def answering(survey: int, tokens: Sequence[str]) -> load.Work:
    """Whole sittings: the way in, three answers, the look back, the receipt. Six turns, each waited for."""

    async def work(number: int, connection: Connection) -> AsyncIterator[float]:
        for token in tokens[number :: load.IN_FLIGHT]:
            started = time.perf_counter()
            for said, expected in (
                ({"choice": f"s:{survey}"}, "一共3题"),
                ({"text": "1"}, "水够用吗"),
                ({"text": "2"}, "为什么"),
                ({"text": "1 2"}, "还有什么要说"),
                ({"text": "东头的渠该清了"}, "都答了"),
                ({"text": "1"}, "交上了"),
            ):
                told = await load.say(connection, token, **said)
                if expected not in told:
                    raise AssertionError(f"{said} was answered with {told!r}")
            yield time.perf_counter() - started

    return work
