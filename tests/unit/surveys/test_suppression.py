"""What somebody with a pencil can work out from a table of townships."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.surveys.form import Kind
from domain.surveys.results import REST, Townships, Turnout, summaries, turnouts, unheard
from domain.surveys.suppression import LEAST, hidden
from tests.unit.surveys.forms import YES_NO, form_of, question


@pytest.mark.parametrize(
    ("groups", "unseen"),
    [
        ({}, ""),
        ({"a": 5}, ""),
        ({"a": 4}, "a"),
        ({"a": 5, "b": 5}, ""),
        ({"a": 4, "b": 50}, "ab"),  # one alone would be the rest of the total
        ({"a": 4, "b": 50, "c": 7}, "ac"),  # the smallest other goes with it
        ({"a": 1, "b": 1, "c": 9, "d": 20}, "abc"),  # two, but both together are still no group
        ({"a": 3, "b": 2, "c": 9}, "ab"),  # five together are a group
        ({"a": 0, "b": 9, "c": 9}, "ab"),  # that nobody answered says something of everybody there
        ({"a": 0, "b": 0, "c": 9, "d": 9}, "abc"),
        ({"a": 1, "b": 1}, "ab"),
    ],
)
def test_who_is_hidden(groups: dict[str, int], unseen: str) -> None:
    assert hidden(groups) == set(unseen)


def test_people_of_no_known_place_stand_with_the_hidden() -> None:
    """What an anonymous survey's mixing has taken the place from, is not shown as a place."""
    assert hidden({"a": 0, "b": 0, "c": 7, "d": 20, "": 9}) == {"a", "b", ""}
    parts, unseen = turnouts({"1": 5, "2": 9, "3": 40}, {"3": 20, "": 7}, NAMES)
    assert [(part.name, part.invited, part.answered) for part in parts] == [("丙镇", 40, 20), (REST, 14, 7)]
    assert unseen == {"1", "2"}
    parts, unseen = turnouts({}, {"3": 20, "": 7}, NAMES)
    assert [(part.name, part.answered) for part in parts] == [("丙镇", 20), (REST, 7)]


def test_what_one_table_hides_no_other_shows() -> None:
    first = hidden({"a": 4, "b": 6, "c": 20})
    assert first == {"a", "b"}
    # All of c and most of b were asked the next question: b is large enough, but a would be what is left.
    assert hidden({"a": 4, "b": 6, "c": 20}, first) == {"a", "b"}
    assert hidden({"b": 6, "c": 20}, first) == {"b", "c"}


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 12), min_size=2))
def test_what_is_left_is_a_group(groups: dict[str, int]) -> None:
    """By subtraction one learns of all the hidden together, and they are enough people in two places or more."""
    unseen = hidden(groups)
    left = sum(groups.values()) - sum(size for name, size in groups.items() if name not in unseen)
    assert all(size >= LEAST for name, size in groups.items() if name not in unseen)
    if unseen and unseen != set(groups):
        assert left >= LEAST
        assert len(unseen) >= 2


@given(
    st.lists(st.tuples(st.sampled_from("1234"), st.sampled_from(["yes", "no"])), min_size=8, max_size=60),
    st.data(),
)
def test_two_people_could_change_places(people: list[tuple[str, str]], data: st.DataObject) -> None:
    """Whoever is in a small place may have said what somebody of another place said: every table stays the same."""
    sizes = Counter(place for place, _ in people)
    small = [number for number, (place, _) in enumerate(people) if sizes[place] < LEAST]
    if not small or len(sizes) == 1:
        return
    unseen = hidden(sizes)
    one = data.draw(st.sampled_from(small))
    others = [n for n, (place, _) in enumerate(people) if place in unseen and place != people[one][0]]
    assert others
    other = data.draw(st.sampled_from(others))
    changed = list(people)
    changed[one], changed[other] = (people[one][0], people[other][1]), (people[other][0], people[one][1])
    assert _told(people) == _told(changed)


def _told(people: list[tuple[str, str]]) -> object:
    answered = Counter(place for place, _ in people)
    parts, unseen = turnouts({}, answered, NAMES)
    return parts, summaries(FORM, {"enough": Counter(people)}, Townships(NAMES, unseen), str.split)


FORM = form_of(question("enough", Kind.ONE, options=YES_NO), question("why", Kind.ONE, options=YES_NO))
NAMES = {"1": "甲镇", "2": "乙镇", "3": "丙镇", "4": "丁镇"}


def test_a_small_township_is_in_no_table_nor_left_over_in_any() -> None:
    """甲镇 has 3, 乙镇 6, 丙镇 20: 乙镇 goes with 甲镇, in the turnout and in every question."""
    answered = {"1": 3, "2": 6, "3": 20}
    parts, unseen = turnouts({"1": 10, "2": 10, "3": 30}, answered, NAMES)
    assert [(part.name, part.answered) for part in parts] == [("丙镇", 20), (REST, 9)]
    counts = {
        "enough": Counter({("1", "no"): 3, ("2", "yes"): 6, ("3", "yes"): 15, ("3", "no"): 5}),
        "why": Counter({("1", "no"): 3, ("2", "yes"): 5, ("2", ""): 1, ("3", "yes"): 20}),
    }
    enough, why = summaries(FORM, counts, Townships(NAMES, unseen), str.split)
    assert enough.townships is not None
    assert [(row.name, row.answered) for row in enough.townships.rows] == [("丙镇", 20), (REST, 9)]
    assert why.townships is not None
    assert [(row.name, row.answered) for row in why.townships.rows] == [("丙镇", 20), (REST, 8)]


def test_a_question_few_were_asked() -> None:
    """All townships are large, but of those who were asked why 甲镇 has two."""
    answered = {"1": 10, "2": 10, "3": 10}
    _, unseen = turnouts({}, answered, NAMES)
    assert not unseen
    counts = {"why": Counter({("1", "no"): 2, ("2", "no"): 7, ("3", "yes"): 8})}
    _, why = summaries(FORM, counts, Townships(NAMES, unseen), str.split)
    assert why.townships is not None
    assert [(row.name, row.answered) for row in why.townships.rows] == [("丙镇", 8), (REST, 9)]


def test_places_under_represented_by_more_than_chance() -> None:
    total = Turnout("合计", 1000, 300)
    parts = (
        Turnout("甲镇", 100, 12),  # 30 expected
        Turnout("乙镇", 100, 24),  # within chance
        Turnout("丙镇", 3, 0),
        Turnout(REST, 300, 10),
    )
    assert unheard(total, parts) == ("甲镇：按总的答复率应有约30份，收到12份。",)
    assert unheard(Turnout("合计", 0, 50), parts) == ()
