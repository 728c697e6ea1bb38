"""Small surveys for tests, built without a spreadsheet."""

from datetime import datetime

from domain.surveys.form import Form, Kind, Option, Question
from services.desk import Desk
from services.surveys import opening
from services.surveys.loading import load_survey


def option(name: str, label: str) -> Option:
    return Option(name, {"": label})


def options(*labels: str) -> tuple[Option, ...]:
    """Options named a, b, c …"""
    return tuple(option(f"o{number}", label) for number, label in enumerate(labels, 1))


def question(name: str, kind: Kind, label: str, **more: object) -> Question:
    words = {key: {"": value} for key, value in more.items() if key == "hint"}
    return Question(name, f"/data/{name}", kind, {"": label}, **(more | words))  # type: ignore[arg-type]


def form(title: str, *questions: Question) -> Form:
    return Form("test", title, "1", (), questions)


WATER = form(
    "用水问卷",
    question("enough", Kind.ONE, "水够用吗？", options=options("够", "不够"), required="true()"),
    question(
        "why",
        Kind.SEVERAL,
        "为什么不够？",
        options=options("渠堵", "泵坏", "停电", "没修好", "别的"),
        relevant=("/data/enough = 'o2'",),
    ),
    question("people", Kind.INTEGER, "家里几口人？", constraint=". >= 0 and . <= 20"),
    question("since", Kind.DATE, "哪天开始的？"),
    question("say", Kind.TEXT, "还有什么要说？"),
)


def open_survey(
    desk: Desk, made: Form, area: str, *, anonymous: bool = False, closes_at: datetime | None = None
) -> int:
    """Load a form and open it; returns its number."""
    survey = load_survey(desk, made, b"", anonymous=anonymous, area=area)
    opening.open_survey(desk, survey, closes_at)
    return survey
