"""A survey with answers from four townships, and the same things counted independently in plain SQL."""

import random
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from domain.directory import Area, Level
from domain.surveys.form import form_to_json
from storage import schema
from storage.database import Tx
from storage.directory import areas, people
from tests.contract.village import COUNTY, MONDAY
from tests.unit.surveys.forms import FORM

TOWNS = {"610528101": "庄里镇", "610528102": "张桥镇", "610528103": "美原镇", "610528104": "流曲镇"}
SIZES = {"610528101": 40, "610528102": 25, "610528103": 3, "610528104": 9}
"""How many answered: 美原镇 is too small, and 流曲镇 has to go with it."""
INVITED = {"610528101": 60, "610528102": 90, "610528103": 20, "610528104": 12}
SAID = ("村口路灯坏了", "路灯坏了，晚上看不见", "渠堵了浇不上地", "渠堵了，没水浇地", "没意见", "", "=1+1")


def keep_survey(
    tx: Tx, form: Any = FORM, *, anonymous: bool, state: str, title: str = "四季度开门纳谏"
) -> int:
    """A survey of the county without answers; its number."""
    values = {
        "name": form.name,
        "title": title,
        "form": form_to_json(form),
        "sheet": b"",
        "anonymous": anonymous,
        "state": state,
        "area": COUNTY,
        "created_at": MONDAY,
        "closed_at": MONDAY if state in ("closed", "released") else None,
    }
    return int(tx.execute(sa.insert(schema.survey), values).inserted_primary_key[0])  # type: ignore[index]


def keep_towns(tx: Tx) -> None:
    areas.add(tx, [Area(code, COUNTY, Level.TOWNSHIP, name) for code, name in TOWNS.items()])


def keep_answers(tx: Tx, survey: int, *, anonymous: bool, seed: int = 1) -> list[dict[str, Any]]:
    """Answers as they come, and how many were invited. Of a named survey each has somebody behind it."""
    chance = random.Random(seed)
    towns = [code for code, size in SIZES.items() for _ in range(size)]
    chance.shuffle(towns)
    rows = []
    for number, town in enumerate(towns, 1):
        person = None
        if not anonymous:
            person = people.add(tx, MONDAY, name=f"村民{number}", phone=f"000{number:08}")
        rows.append(
            {
                "survey": survey,
                "number": number,
                "person": person,
                "township": town,
                "channel": "" if anonymous else chance.choice(["wechat", "wechat", "telegram"]),
                "answers": _answers(chance),
                "day": date(2026, 11, 1) + timedelta(days=number % 9),
            }
        )
    tx.execute(sa.insert(schema.survey_answer), rows)
    counts = [{"what": "invited", "value": code, "count": count} for code, count in INVITED.items()]
    if anonymous:
        counts.append({"what": "channel", "value": "wechat", "count": 70})
    tx.execute(sa.insert(schema.survey_count), [{"survey": survey} | one for one in counts])
    return rows


def _answers(chance: random.Random) -> dict[str, str]:
    wants = chance.sample(["road", "lamp", "water"], chance.randint(0, 3))
    answers = {
        "enough": chance.choice(["yes", "no", "no", "unsure", ""]),
        "wants": " ".join(wants),
        "order": " ".join(chance.sample(["road", "lamp", "water"], 3)),
        "happy": str(chance.randint(1, 5)),
        "area": f"{chance.randint(0, 90) / 10}",
        "since": (date(2026, 10, 1) + timedelta(days=chance.randint(0, 20))).isoformat(),
        "said": chance.choice(SAID),
    }
    if answers["enough"] == "no":
        answers["people"] = str(chance.randint(1, 9))
    return answers
