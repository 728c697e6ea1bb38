"""The ready surveys load, are short enough for an old villager, and do what they are for."""

import pytest

from bot.survey_templates import TEMPLATES, template_table, template_workbook
from domain.surveys.form import Answers, Form, Kind
from domain.surveys.interview import Interview
from services.surveys.xlsform import compile_form
from tests.unit.surveys.sheets import TODAY


def template(name: str) -> Form:
    return compile_form(template_workbook(name), f"{name}.xlsx")


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_loads_and_its_words_are_short(name: str):
    form = template(name)
    assert form.name == name
    assert form == compile_form(template_table(name).encode(), f"{name}.csv")
    words = [question.label.get("", "") for question in form.questions] + [
        question.hint.get("", "") for question in form.questions
    ]
    assert max(map(len, words)) <= 60
    assert all(len(option.label[""]) <= 12 for question in form.questions for option in question.options)
    assert all(len(question.options) <= 6 for question in form.questions)


def heard(name: str, replies: Answers) -> list[str]:
    """All that somebody hears who replies so, and skips the rest."""
    talk = Interview(template(name), TODAY)
    answers: Answers = {}
    words = []
    while (question := talk.next(answers)) is not None:
        words.append(talk.label(question, answers))
        value = replies.get(question.name, "")
        assert talk.problem(question, value, answers) is None, question.name
        answers[question.name] = value
    return words


def test_the_quiz_says_at_once_what_was_right():
    words = heard("quiz", {"fire": "n119", "gas": "light", "papers": "id pin"})
    assert words[1:5] == [
        "家里着火了，打哪个电话？",
        "答对了。着火打119，先跑出来再打。",
        "屋里闻到煤气味，先做什么？",
        "不对。先开窗，不碰开关、不打电话，到外面再打119。",
    ]
    assert words[5:7] == [
        "有人打电话要您手机上的验证码，怎么办？",
        "您报的事，谁说办好了才算办好？",
    ]  # skipped: no word
    assert words[-1] == "5题里您答对了2题。练一练就记住了，谢谢您。"


def test_nobody_is_nominated_without_being_asked():
    for consent in ("no", "not_asked"):
        assert (
            heard("nomination", {"consent": consent})[-1] == "请先问问他本人。他同意了，您再来推荐，谢谢您。"
        )
        talk = Interview(template("nomination"), TODAY)
        assert talk.complete({"consent": consent, "who": "王秀英"}) == {"consent": consent}
    form = template("nomination")
    required = {question.name for question in form.questions if question.required}
    assert required == {"consent", "who", "where", "field", "story", "public"}


def test_who_is_unhappy_is_asked_why():
    assert "哪里不满意？请说一两句。" in heard("quarterly", {"cadres": "1", "urgent": "roads water other"})
    assert "您说的“别的”，是哪件事？" in heard("quarterly", {"urgent": "other"})
    assert "哪里不满意？请说一两句。" not in heard("quarterly", {"cadres": "5"})
    talk = Interview(template("quarterly"), TODAY)
    urgent = next(one for one in talk.form.questions if one.kind is Kind.SEVERAL)
    assert talk.problem(urgent, "roads water clean care", {}) == "最多选三件，请再选一遍。"
