"""The menu's pages: six choices at the most, nothing twice, nothing lost, and nothing that nobody can do."""

from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import event

from domain.directory import Account, Area, Level, RoleName
from domain.quizzes import Question
from domain.talk import Choice, Conversation, Inbound
from handlers.commands import _COMMANDS, COMMANDS, command_word
from handlers.menu import menu, page_at, page_before, page_of
from handlers.scene import Scene
from services.quizzes import practice
from storage.directory import areas, people
from tests.desks import NOW, desk_in_memory

SceneOf = Callable[..., Scene]


@pytest.fixture
def scene_of() -> Iterator[SceneOf]:
    with desk_in_memory() as desk:
        areas.add(desk.tx, [Area("610528", None, Level.COUNTY, "富平县")])

        def scene(*roles: RoleName, offered: tuple[Choice, ...] = ()) -> Scene:
            number = people.add(desk.tx, NOW, name="张建国")
            for role in roles:
                people.add_role(desk.tx, number, role, "610528", NOW)
            person = people.find(desk.tx, number)
            assert person is not None
            talk = Conversation(offered=[(one.id, one.label) for one in offered])
            return Scene(
                desk, Inbound("web", "a", "u"), Account(1, "web", "a", number), person, talk, (), NOW
            )

        yield scene


@pytest.mark.parametrize("count", range(1, 30))
def test_pages(count: int):
    entries = [Choice(f"m:{number}", str(number)) for number in range(count)]
    asked: list[Choice] = []

    def one_by_one() -> Iterator[Choice]:
        for entry in entries:
            asked.append(entry)
            yield entry

    pages = []
    while page := page_at(one_by_one(), len(pages) + 1):
        assert len(asked) <= max(7, 5 * len(pages) + 7)  # nobody looks for what stands on later pages
        pages.append(page)
        asked.clear()
    assert all(len(page) <= 6 for page in pages)
    assert [one for page in pages for one in page if not one.id.startswith("m:page")] == entries
    if len(pages) > 1:
        turns = [(page[-1].label, page_of(page[-1].id)) for page in pages]
        assert turns == [*(("更多", number) for number in range(2, len(pages) + 1)), ("返回", len(pages) - 1)]


QUESTION = Question("安全", "煤气味先做什么？", ("开窗", "开灯"), (0,), "")
WHO = [(), (RoleName.CADRE,), (RoleName.LEADER,), (RoleName.SUPERVISOR,), (RoleName.STAFF, RoleName.OWNER)]


@pytest.mark.parametrize("is_practised", [True, False])
@pytest.mark.parametrize("roles", WHO)
def test_whoever_turns_the_pages_comes_to_the_end_and_back_by_nine(scene_of: SceneOf, roles, is_practised):
    practice.load(scene_of().desk, [QUESTION] if is_practised else [])
    pages = [menu(scene_of(*roles))[0]]
    while pages[-1].choices[-1].label == "更多":
        pages.append(menu(scene_of(*roles), page=page_of(pages[-1].choices[-1].id))[0])
    listed = [one.id for page in pages for one in page.choices if not one.id.startswith("m:page")]
    assert set(listed) <= set(COMMANDS)
    assert max(Counter(listed).values()) == 1
    assert ("m:quiz" in listed) == is_practised
    assert ("m:appointments" in listed) == (RoleName.STAFF in roles)  # who opens times, or has one to take
    said = {one.id: command_word(one.label.split("（")[0]) for page in pages for one in page.choices}
    assert {wire: word for wire, word in said.items() if not wire.startswith("m:page")} == {
        wire: wire for wire in listed
    }
    for page, before in zip(reversed(pages), [*reversed(pages[:-1]), None], strict=True):
        assert len(page.choices) <= 6
        assert len(page.text) + sum(len(f"\n1 {one.label}") for one in page.choices) <= 60
        assert page_before(scene_of(*roles, offered=page.choices)) == (before and [before])


@pytest.mark.parametrize("roles", [one for one in WHO if RoleName.LEADER not in one])  # he has so few entries
def test_the_first_page_looks_for_no_quiz_and_no_talk(scene_of: SceneOf, roles):
    scene, asked = scene_of(*roles), []
    event.listen(scene.desk.tx, "before_cursor_execute", lambda *of: asked.append(of[2]))
    menu(scene)
    assert asked or not roles
    assert not [one for one in asked if "quiz" in one or "slot" in one]


def test_what_is_not_a_page_of_the_menu_has_none_before_it(scene_of: SceneOf):
    assert page_before(scene_of()) is None
    assert page_before(scene_of(offered=(Choice("m:mine", "我报的事"),))) is None
    assert menu(scene_of(), page=99) == menu(scene_of())


def test_each_word_asks_for_one_thing():
    words = Counter(word for one in _COMMANDS for word in one.words.split())
    assert max(words.values()) == 1
    assert len(COMMANDS) == len(_COMMANDS)
    assert command_word("更多。") == "m:menu"
