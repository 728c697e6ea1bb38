"""Which answers are alike, and which words recur."""

import pytest

from bot.county import lexicon_text
from domain.surveys.voices import listen
from domain.triage import Triage, parse_lexicon


@pytest.fixture(scope="module")
def cut(tmp_path_factory: pytest.TempPathFactory):
    return Triage(parse_lexicon(lexicon_text(""), ""), str(tmp_path_factory.mktemp("jieba"))).words


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("村口路灯坏了", "路灯坏了，晚上看不见", True),
        ("路灯坏了", "路坏了", False),
        ("渠堵了没水浇地", "渠堵了，地浇不上水", True),
        ("合疗报销太慢", "希望合疗报销快一点", True),
        ("渠堵了", "合疗报销太慢", False),
    ],
)
def test_alike(cut, one: str, other: str, alike: bool) -> None:
    """Among others, so that words of either recur."""
    among = {one: 1, other: 1, "路灯不亮": 1, "路不平，坏了没人修": 1, "水渠漏水": 1, "药费报销慢": 1}
    groups = [group.quotes for group in listen(among, cut).groups]
    assert any({one, other} <= set(quotes) for quotes in groups) is alike, groups


def test_groups_quote_what_people_really_wrote(cut) -> None:
    texts = {
        "村口路灯坏了": 2,
        "路灯坏了，晚上看不见": 1,
        "渠堵了": 1,
        "没意见": 3,
        "路灯 坏了": 1,
        "。。": 1,
    }
    voices = listen(texts, cut)
    assert voices.groups[0].people == 4
    assert set(voices.groups[0].quotes) <= set(texts)
    assert voices.groups[1].people == 3
    assert voices.groups[1].quotes == ("没意见",)
    assert set(voices.alone) == {"渠堵了", "。。"}
    assert dict(voices.keywords)["路灯"] == 4
    assert sum(group.people for group in voices.groups) + len(voices.alone) == sum(texts.values())
    assert voices.unsorted == 0


def test_the_order_in_which_people_wrote_changes_nothing(cut) -> None:
    texts = {f"第{number}户门前路灯坏了": 1 for number in range(30)} | {"渠堵了": 2, "水管漏水": 1}
    assert listen(texts, cut) == listen(dict(reversed(texts.items())), cut)


def test_nobody_wrote(cut) -> None:
    assert listen({}, cut).groups == ()


def test_very_many_are_cut_off_and_counted(cut, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("domain.surveys.voices.MOST_SORTED", 10)
    voices = listen({f"意见{number}号：{'路' * number}": 1 for number in range(1, 31)}, cut)
    assert voices.unsorted == 20
