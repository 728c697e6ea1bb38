"""What a process that was killed had begun to send."""

from pathlib import Path

import pytest

from bot.journal import Journals
from domain.delivery import Outgoing, failed, in_doubt, sent, try_later


def message(row: int, channel: str = "box") -> Outgoing:
    return Outgoing(row, 1, 1, channel, "a", "x")


@pytest.fixture
def journals(tmp_path: Path) -> Journals:
    return Journals(tmp_path / "sending", "one")


def test_what_became_of_each(journals: Journals):
    ends = {1: sent("r"), 2: in_doubt("?"), 3: try_later("502"), 4: failed("400")}
    for row, outcome in ends.items():
        journals.begins([message(row)])
        journals.ends([message(row)], outcome)
    journals.begins([message(5)])
    told = {1: "sent", 2: "in doubt", 3: "untouched", 4: "untouched", 5: "in doubt"}
    assert journals.fates("one", "box") == told


def test_one_that_is_begun_again_is_in_doubt_again(journals: Journals):
    for outcome in (try_later("502"), None):
        journals.begins([message(1)])
        if outcome:
            journals.ends([message(1)], outcome)
    assert journals.fates("one", "box") == {1: "in doubt"}


def test_only_what_is_in_hand_is_kept(journals: Journals):
    for row in (1, 2, 3):
        journals.begins([message(row)])
    journals.begins([message(9, "other")])
    journals.keep_only("box", {2})
    journals.begins([message(4)])
    assert journals.fates("one", "box") == {2: "in doubt", 4: "in doubt"}
    assert journals.fates("one", "other") == {9: "in doubt"}


def test_of_another_start_of_the_machine_nothing_is_known(
    journals: Journals, monkeypatch: pytest.MonkeyPatch
):
    journals.begins([message(1)])
    monkeypatch.setattr("bot.journal._boot", lambda: "another")
    assert journals.fates("one", "box") is None


@pytest.mark.parametrize("content", [None, "", "nonsense"])
def test_without_a_journal_nothing_is_known(journals: Journals, content: str | None):
    if content is not None:
        journals.folder.mkdir()
        (journals.folder / "one.box").write_text(content)
    assert journals.fates("one", "box") is None


def test_a_line_that_was_cut_off_does_no_harm(journals: Journals):
    journals.begins([message(1)])
    with (journals.folder / "one.box").open("a") as file:
        file.write("2 se")
    assert journals.fates("one", "box") == {1: "in doubt", 2: "untouched"}
    journals.keep_only("box", {1, 2})


def test_those_of_the_dead_are_dropped(journals: Journals):
    journals.begins([message(1)])
    other = Journals(journals.folder, "two")
    other.begins([message(2)])
    other.forget_all_but({"two"})
    assert journals.fates("one", "box") is None
    assert other.fates("two", "box") == {2: "in doubt"}
