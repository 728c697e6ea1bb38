"""A small form with every kind of question, and answers to it."""

from domain.surveys.form import Form, Kind, Option, Question

YES_NO = (Option("yes", {"": "够"}), Option("no", {"": "不够"}), Option("unsure", {"": "说不清"}))
WANTS = (Option("road", {"": "修路"}), Option("lamp", {"": "路灯"}), Option("water", {"": "通水"}))


def question(name: str, kind: Kind, label: str = "", **more: object) -> Question:
    return Question(name, f"/data/{name}", kind, {"": label or f"{name}？"}, **more)  # type: ignore[arg-type]


def form_of(*questions: Question) -> Form:
    return Form("quarter", "开门纳谏", "1", ("",), questions)


FORM = form_of(
    question("hello", Kind.NOTE, "您好"),
    question("enough", Kind.ONE, "水够不够用？", options=YES_NO),
    question("wants", Kind.SEVERAL, "最想办哪几件？", options=WANTS),
    question("order", Kind.RANK, "先办哪个？", options=WANTS),
    question("happy", Kind.RANGE, "打几分？", span=("1", "5", "1")),
    question("people", Kind.INTEGER, "家里几口人？"),
    question("area", Kind.DECIMAL, "几亩地？"),
    question("since", Kind.DATE, "哪天停的水？"),
    question("hour", Kind.TIME, "几点来水？"),
    question("said", Kind.TEXT, "还想说什么？"),
    question("where", Kind.PLACE, "在哪里？"),
    question("photo", Kind.IMAGE, "拍张照片"),
    question("score", Kind.CALCULATE, "得分"),
    Question("secret", "/data/secret", Kind.CALCULATE),
)
