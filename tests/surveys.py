"""Small surveys for tests, built without a spreadsheet."""

from datetime import datetime

from domain.surveys.form import Form, Kind, Option, Question
from services.desk import Desk
from services.surveys import opening
from services.surveys.loading import load_survey


def options(*labels: str) -> tuple[Option, ...]:
    """Options named o1, o2, o3 …"""
    return tuple(Option(f"o{number}", {"": label}) for number, label in enumerate(labels, 1))


def question(name: str, kind: Kind, label: str, **more: object) -> Question:
    """One that must not be answered, unless `more` says so."""
    return Question(name, f"/data/{name}", kind, {"": label}, **more)  # type: ignore[arg-type]


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

MARKS = form(
    "打分",
    question("hello", Kind.NOTE, "先看一句：0分最差。"),
    question("mark", Kind.RANGE, "办事打几分？", span=("0", "10", "1"), required="true()"),
    question("again", Kind.RANGE, "态度打几分？", span=("0", "10", "1"), required="true()"),
    question("stars", Kind.RANGE, "村里打几颗星？", span=("1", "5", "1")),
    question("month", Kind.ONE, "几月最忙？", options=options(*(f"{number}月" for number in range(1, 13)))),
    question(
        "months", Kind.SEVERAL, "哪几月闲？", options=options(*(f"{number}月" for number in range(1, 13)))
    ),
    question("order", Kind.RANK, "先修哪个？", options=options("路", "渠", "灯")),
    question("land", Kind.DECIMAL, "几亩地？"),
    question("hour", Kind.TIME, "几点停水？"),
    question("thanks", Kind.NOTE, "快完了。"),
)

SHOWN = form(
    "随手拍",
    question("photo", Kind.IMAGE, "拍一张渠。", required="true()"),
    question("voice", Kind.AUDIO, "说一段。"),
    question("place", Kind.PLACE, "在哪里？"),
)


COUNTED = form(
    "九样",
    *(
        question(f"q{number}", Kind.INTEGER, f"第{number}样有几个？", constraint=". > 0")
        for number in range(1, 10)
    ),
)

HOSTILE = form(
    "怪问卷",
    question("lines", Kind.ONE, "选一个\x07？", options=options("一行\n两行", "x" * 300, "\u202e反的")),
    question("markup", Kind.ONE, "<b>&\"'", options=options('<a href="x">', "=1+1", "9 退出", "0")),
)


def open_survey(
    desk: Desk, made: Form, area: str, *, anonymous: bool = False, closes_at: datetime | None = None
) -> int:
    """Load a form and open it; returns its number."""
    survey = load_survey(desk, made, b"", anonymous=anonymous, area=area)
    opening.open_survey(desk, survey, closes_at)
    return survey
