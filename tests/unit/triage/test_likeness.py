import math

import pytest

from domain.triage import LexiconError
from domain.triage.examples import Example, parse_examples
from domain.triage.likeness import Likeness, pieces_of

HEAD = "批次,句子,类别,紧急\n"


def test_pieces_are_short_runs_and_pairs_a_few_apart():
    assert {"掉", "井里", "^娃掉", "掉…里", "里$"} <= pieces_of("娃掉井里")
    assert "娃…了" not in pieces_of("娃一不小心就掉了")
    assert pieces_of(",。") == pieces_of("") == frozenset()


@pytest.fixture
def likeness():
    sorted_by_hand = [
        ("渠堵了", "水"),
        ("渠里没水", "水"),
        ("灯不亮", "电"),
        ("停电了", "电"),
        ("电压低", "电"),
    ]
    return Likeness((pieces_of(text), label) for text, label in sorted_by_hand)


@pytest.mark.parametrize(
    ("text", "label"), [("渠里堵", "水"), ("没水", "水"), ("没电", "电"), ("灯灭了", "电")]
)
def test_what_shares_pieces_is_alike(likeness, text, label):
    odds = likeness.weigh(text)
    assert max(odds, key=odds.__getitem__) == label
    assert all(math.isfinite(points) for points in odds.values())


def test_what_shares_nothing_says_nothing(likeness):
    assert likeness.weigh("") == {}
    assert Likeness([]).weigh("渠堵了") == {}


def test_it_can_say_why(likeness):
    assert likeness.most_telling("我的渠里没水", "水")[0] in {
        "渠里",
        "里没",
        "没水",
        "渠里没",
        "里没水",
        "渠…没",
        "里…水",
        "渠…水",
    }
    assert likeness.most_telling("渠堵了", "路") == ()


def test_examples_are_read():
    text = "\ufeff" + HEAD + 'a,"渠堵了,浇不成",饮水灌溉,\n\nb,着火了,,火灾\n'
    assert parse_examples(text, ["饮水灌溉"], ["火灾"]) == (
        Example("a", "渠堵了,浇不成", "饮水灌溉", None),
        Example("b", "着火了", None, "火灾"),
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "第一行要写"),
        ("句子,类别\n", "第一行要写"),
        (HEAD + "a,渠堵了,水,\n", "第 2 行：没有“水”这个类别"),
        (HEAD + "a,渠堵了,,水灾\n", "第 2 行：词库里没有“水灾”"),
        (HEAD + "a,好,,\na,渠堵了\n", "第 3 行：要有 4 格"),
        (HEAD + "a, ,,\n", "第 2 行：要有 4 格"),
    ],
)
def test_a_faulty_table_says_where_and_how_to_mend_it(text, says):
    with pytest.raises(LexiconError, match=says):
        parse_examples(text, ["饮水灌溉"], ["火灾"])
