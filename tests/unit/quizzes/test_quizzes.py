"""Quiz questions: their file, what is right, what is told."""

import pytest

from domain.quizzes import Question, told
from services.quizzes.reading import read_questions
from services.quizzes.writing import quiz_workbook

ONE = Question("安全", "着火打哪个？", ("119", "120"), (0,), "先跑出来。")
SEVERAL = Question("防骗", "哪些不能给？", ("密码", "菜价", "验证码"), (0, 2), "")
HEAD = "主题,题目,A,B,C,D,E,F,正确答案,解析\n"


def findings(line: str) -> list[tuple[int, str, str]]:
    checked = read_questions((HEAD + line).encode())
    assert not checked.questions
    return [(one.row, one.column, one.reason) for one in checked.report.problems]


def test_a_file_comes_back_as_it_was_written():
    assert read_questions(quiz_workbook((ONE, SEVERAL))).questions == (ONE, SEVERAL)


@pytest.mark.parametrize(("typed", "places"), [("AC", (0, 2)), ("a、c", (0, 2)), ("Ｂ", (1,)), ("A,A", (0,))])
def test_letters_of_the_right_options(typed, places):
    line = f'安全,题？,一,二,三,,,,"{typed}",\n'
    assert read_questions((HEAD + line).encode()).questions[0].correct == places


@pytest.mark.parametrize(
    ("line", "finding"),
    [
        (",题？,一,二,,,,,A,", (2, "主题", "不能空着")),
        ("安全,,一,二,,,,,A,", (2, "题目", "不能空着")),
        ("安全,题？,一,,,,,,A,", (2, "A", "至少要有A、B两个选项")),
        ("安全,题？,一,二,,四,,,A,", (2, "D", "前面空了一个选项")),
        ("安全,题？,一,一,,,,,A,", (2, "B", "有两个选项一样")),
        ("安全,题？,一,二,,,,,,", (2, "正确答案", "不能空着")),
        ("安全,题？,一,二,,,,,C,", (2, "正确答案", "要写选项的字母，比如 B，几个都对写 AC")),
        ("安全,题？,一,二,,,,,1,", (2, "正确答案", "要写选项的字母，比如 B，几个都对写 AC")),
        (f"安全,{'题' * 51},一,二,,,,,A,", (2, "题目", "太长，最多50个字")),
        ("安全,题？,一,二,,,,,A,\n安全,题？,一,二,,,,,A,", (3, "题目", "第2行已经有这道题")),
    ],
)
def test_what_is_wrong_is_told_by_row_and_column(line, finding):
    assert finding in findings(line)


@pytest.mark.parametrize(
    ("question", "chosen", "said"),
    [
        (ONE, [0], ["对了。先跑出来。"]),
        (ONE, [1], ["不对，是“119”。先跑出来。"]),
        (SEVERAL, [2, 0], ["对了。"]),
        (SEVERAL, [0], ["不对，是“密码、验证码”。"]),
        (SEVERAL, [0, 1, 2], ["不对，是“密码、验证码”。"]),
    ],
)
def test_what_is_told_at_once(question, chosen, said):
    assert told(question, chosen) == said
