"""An interview as a villager lives it: what comes next depends on what was said."""

import json
import time

import pytest

from domain.surveys.form import Answers, Kind, form_from_json, form_to_json
from domain.surveys.interview import Interview
from domain.surveys.spoken import spoken
from tests.surveys import form as made_of
from tests.surveys import question
from tests.unit.surveys.sheets import TODAY, YES_NO, form, interview

WATER = (
    ("type", "name", "label", "relevant", "constraint", "constraint_message", "required", "calculation"),
    ("note", "hello", "说说吃水。"),
    ("select_one yn", "enough", "水够不够？", "", "", "", "yes"),
    ("begin group", "dry", "缺水", "${enough} = 'no'"),
    ("integer", "days", "一周停几天？", "", ". >= 1 and . <= 7", "一周只有七天。", "yes"),
    ("begin group", "long", "停得久", "${days} > 3"),
    ("text", "since", "停了${days}天，从什么时候起？"),
    ("end group",),
    ("calculate", "lost", "", "", "", "", "", "${days} * 2"),
    ("end group",),
    ("text", "wish", "您答的是“${enough}”。还想说啥？"),
)


@pytest.fixture
def water() -> Interview:
    return interview(WATER, YES_NO)


def asked(one: Interview, replies: Answers) -> list[str]:
    """The names of the questions in the order in which they came, each answered as `replies` says, else skipped."""
    answers: Answers = {}
    order = []
    while (question := one.next(answers)) is not None:
        order.append(question.name)
        assert len(order) < 100
        value = replies.get(question.name, "")
        assert not value or one.problem(question, value, answers) is None
        answers[question.name] = value
    return order


def test_groups_hide_all_that_is_in_them(water: Interview):
    assert asked(water, {"enough": "yes"}) == ["hello", "enough", "wish"]
    assert asked(water, {"enough": "no", "days": "2"}) == ["hello", "enough", "days", "wish"]
    assert asked(water, {"enough": "no", "days": "5"}) == ["hello", "enough", "days", "since", "wish"]


def test_the_third_of_four(water: Interview):
    questions = {question.name: question for question in water.form.questions}
    said = {"hello": "", "enough": "no", "days": "5"}
    assert water.place(questions["since"], said) == (3, 4)
    assert water.place(questions["hello"], {}) == (0, 2)
    assert water.place(questions["enough"], {}) == (1, 2)


def test_words_take_in_what_was_said(water: Interview):
    questions = {question.name: question for question in water.form.questions}
    said = {"enough": "no", "days": "5"}
    assert water.label(questions["since"], said) == "停了5天，从什么时候起？"
    assert water.label(questions["wish"], said) == "您答的是“不是”。还想说啥？"
    assert water.label(questions["wish"], said | {"wish": "${days}"}) == "您答的是“不是”。还想说啥？"


def test_what_cannot_be_taken_is_said_kindly(water: Interview):
    questions = {question.name: question for question in water.form.questions}
    said = {"enough": "no"}
    assert water.problem(questions["days"], "9", said) == "一周只有七天。"
    assert water.problem(questions["days"], "x", said) == "请回复一个整数，比如：3。"
    assert water.problem(questions["days"], "", said) == "这道题要回答，谢谢您。"
    assert water.problem(questions["days"], "7", said) is None
    assert water.problem(questions["wish"], "", said) is None


def test_an_answer_that_was_changed_takes_its_consequences_along(water: Interview):
    said = {"hello": "", "enough": "no", "days": "5", "since": "上月", "wish": "水"}
    assert water.complete(said) == {"enough": "no", "days": "5", "since": "上月", "lost": "10", "wish": "水"}
    assert water.complete(said | {"enough": "yes"}) == {"enough": "yes", "wish": "水"}
    assert water.complete(said | {"days": "1"}) == {"enough": "no", "days": "1", "lost": "2", "wish": "水"}
    assert said == {"hello": "", "enough": "no", "days": "5", "since": "上月", "wish": "水"}


def test_what_stands_later_may_decide_about_what_stands_before():
    circle = interview(
        (
            ("type", "name", "label", "relevant", "calculation"),
            ("calculate", "double", "", "", "${total} * 2"),
            ("calculate", "total", "", "", "${one} + ${two}"),
            ("integer", "one", "一？"),
            ("integer", "two", "二？"),
            ("text", "much", "${double}，这么多？", "${double} > 10"),
        )
    )
    assert asked(circle, {"one": "1", "two": "2"}) == ["one", "two"]
    assert asked(circle, {"one": "3", "two": "4"}) == ["one", "two", "much"]
    assert circle.complete({"one": "3", "two": "4"}) == {"double": "14", "total": "7", "one": "3", "two": "4"}


def test_what_turns_in_a_circle_comes_to_an_end():
    snake = interview(
        (
            ("type", "name", "label", "calculation"),
            ("calculate", "head", "", "coalesce(${tail}, 0) + 1"),
            ("calculate", "tail", "", "coalesce(${head}, 0) + 1"),
            ("text", "q", "好？"),
        )
    )
    assert snake.next({"q": ""}) is None


def test_choices_follow_what_was_chosen_before():
    places = interview(
        (
            ("type", "name", "label", "choice_filter"),
            ("select_one towns", "town", "哪个镇？", ""),
            ("select_one villages", "village", "哪个村？", "town = ${town}"),
        ),
        (
            ("list_name", "name", "label", "town"),
            ("towns", "t1", "王寮镇", ""),
            ("towns", "t2", "刘集镇", ""),
            ("villages", "v1", "甲村", "t1"),
            ("villages", "v2", "乙村", "t2"),
            ("villages", "v3", "丙村", "t2"),
        ),
    )
    town, village = places.form.questions
    assert [one.name for one in places.options(town, {})] == ["t1", "t2"]
    assert [one.name for one in places.options(village, {"town": "t2"})] == ["v2", "v3"]
    assert places.options(village, {}) == ()
    assert places.problem(village, "v1", {"town": "t2"}) == "没有这个选项，请回复选项前面的数字。"
    assert places.next({"town": "t1", "village": "v1"}) is None
    assert places.next({"town": "t2", "village": "v1"}) == village  # her village is not in that town


def test_defaults_stand_until_something_is_said():
    filled = interview(
        (
            ("type", "name", "label", "default", "relevant", "calculation"),
            ("integer", "people", "家里几口人？", "3"),
            ("date", "day", "哪一天？", "today()"),
            ("text", "many", "人多吗？", "", "${people} > 4"),
            ("today", "asked", ""),
            ("hidden", "source", "", "chat"),
        )
    )
    people, day = filled.form.questions[:2]
    assert filled.default(people, {}) == "3"
    assert filled.default(day, {}) == "2026-11-24"
    assert filled.complete({}) == {
        "people": "3",
        "day": "2026-11-24",
        "asked": "2026-11-24",
        "source": "chat",
    }
    assert filled.complete({"people": "", "day": "2026-01-01"}) == {
        "people": "", "day": "2026-01-01", "asked": "2026-11-24", "source": "chat",
    }  # fmt: skip


def test_languages_with_what_is_not_translated():
    survey = (
        (
            "type",
            "name",
            "label::中文",
            "label::English",
            "hint::中文",
            "constraint",
            "constraint_message::English",
        ),
        ("select_one yn", "ok", "好不好？", "Is it good?", "想想再答", "", ""),
        ("integer", "n", "几个？", "", "", ". < 5", "Fewer than five."),
    )
    choices = (
        ("list_name", "name", "label::中文", "label::English"),
        ("yn", "yes", "好", "Yes"),
        ("yn", "no", "不好", ""),
    )
    settings = (("form_title", "form_id", "default_language"), ("好", "good", "中文"))
    chinese = interview(survey, choices, settings)
    english = interview(survey, choices, settings, language="English")
    ok, n = chinese.form.questions
    assert chinese.form.languages == ("中文", "English")
    assert (chinese.label(ok, {}), chinese.hint(ok, {})) == ("好不好？", "想想再答")
    assert (english.label(ok, {}), english.hint(ok, {})) == ("Is it good?", "想想再答")
    assert [english.says(one.label) for one in ok.options] == ["Yes", "不好"]
    assert (chinese.label(n, {}), english.label(n, {})) == ("几个？", "几个？")
    assert chinese.problem(n, "7", {}) == "Fewer than five."


def test_the_label_of_a_choice_can_be_had():
    named = interview(
        (
            ("type", "name", "label", "calculation"),
            ("select_multiple yn", "which", "哪些？", ""),
            ("calculate", "first", "", "jr:choice-name(selected-at(${which}, 0), '${which}')"),
            ("note", "so", "第一个是${first}，全部是${which}。", ""),
        ),
        YES_NO,
    )
    assert named.label(named.form.questions[2], {"which": "no yes"}) == "第一个是不是，全部是不是、是。"


def test_a_note_may_tell_what_was_calculated():
    told = interview(
        (
            ("type", "name", "label", "calculation", "readonly"),
            ("integer", "people", "家里几口人？"),
            ("text", "water", "一天用水（桶）：", "${people} * 2", "yes"),
        )
    )
    note = told.form.questions[1]
    assert told.label(note, {"people": "4", "water": ""}) == "一天用水（桶）： 8"
    assert told.complete({"people": "4", "water": ""}) == {"people": "4", "water": "8"}


def test_a_form_is_the_same_after_it_was_kept_as_json(water: Interview):
    kept = json.loads(json.dumps(form_to_json(water.form)))
    assert form_from_json(kept) == water.form


def test_a_turn_is_quick():
    """Thirty questions in five groups, with conditions and calculations: a turn takes about a millisecond."""
    rows = [("type", "name", "label", "relevant", "calculation"), ("text", "q0", "开始？", "", "")]
    for group in range(5):
        rows.append(("begin group", f"g{group}", "组", "${q0} != 'never'", ""))
        for number in range(group * 6 + 1, group * 6 + 7):
            rows.append(("text", f"q{number}", f"${{q0}}，第{number}题？", f"${{q{number - 1}}} != 'zz'", ""))
        rows.append(("calculate", f"c{group}", "", "", f"string-length(${{q{group * 6 + 1}}}) + 1"))
        rows.append(("end group", "", "", "", ""))
    one = form(rows)
    answers = {f"q{number}": "好" for number in range(25)}
    Interview(one, TODAY).next(answers)  # expressions are parsed once
    spent = []
    for _ in range(20):
        began = time.process_time()
        talk = Interview(one, TODAY)
        question = talk.next(answers)
        talk.label(question, answers), talk.hint(question, answers), talk.options(question, answers)
        assert talk.place(question, answers) == (26, 31)
        spent.append(time.process_time() - began)
    assert sorted(spent)[10] < 0.004, "a median turn of 1 ms where this was written"


def test_a_voice_is_an_answer_of_which_no_constraint_is_asked() -> None:
    said = question("said", Kind.TEXT, "想说什么？", constraint="string-length(.) < 3")
    more = question("more", Kind.TEXT, "您说的${said}，还有吗？", relevant=("string-length(/data/said) > 0",))
    heard = Interview(made_of("说", said, more), TODAY)
    assert heard.problem(said, "渠堵了水下不来", {})
    assert heard.problem(said, spoken(77), {}) is None
    answers = {"said": spoken(77)}
    assert heard.next(answers) == more
    assert heard.label(more, answers) == "您说的（语音），还有吗？"
