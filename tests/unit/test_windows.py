"""A budget of sends for each person, and what leaves together so that it costs one of them."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.channels.wording import in_words, utf8
from domain.delivery import (
    Outgoing,
    Sending,
    StoredFile,
    Via,
    held,
    in_doubt,
    joined,
    sent,
    settle,
    together,
    try_later,
)
from domain.talk import Choice
from domain.windows import Window, opened, spend, unspend

NOW = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
HOURS, MINUTE = timedelta(hours=48), timedelta(minutes=1)


def windows(message: int | None, tap: int | None, *, ended: str = "") -> list[Window]:
    """So many sends left in each, None for one that was never opened; `ended` is over by now."""
    made = [("message", message, HOURS), ("tap", tap, MINUTE)]
    return [
        Window(opener, left, NOW if opener == ended else NOW + lasts)
        for opener, left, lasts in made
        if left is not None
    ]


def left(made: list[Window] | None) -> dict[str, int] | None:
    return None if made is None else {one.opened_by: one.remaining for one in made}


@pytest.mark.parametrize(("opener", "sends", "lasting"), [("message", 5, HOURS), ("tap", 3, MINUTE)])
def test_what_a_person_does_opens_a_window(opener, sends, lasting):
    assert opened(opener, NOW) == Window(opener, sends, NOW + lasting)


@pytest.mark.parametrize(
    ("before", "sends", "changed"),
    [
        (windows(None, None), 1, None),
        (windows(5, None), 1, {"message": 4}),
        (windows(5, None), 5, {"message": 0}),
        (windows(5, None), 6, None),
        (windows(0, None), 1, None),
        (windows(5, 3), 1, {"tap": 2}),  # what ends first is used first
        (windows(5, 3), 4, {"tap": 0, "message": 4}),
        (windows(5, 3), 8, {"tap": 0, "message": 0}),
        (windows(5, 3), 9, None),
        (windows(5, 3, ended="tap"), 1, {"message": 4}),
        (windows(5, 3, ended="tap"), 6, None),
        (windows(5, 3, ended="message"), 4, None),
        (windows(5, 3), 0, {}),
    ],
)
def test_sends_are_taken_from_what_ends_first_or_not_at_all(before, sends, changed):
    assert left(spend(before, sends, NOW)) == changed


@pytest.mark.parametrize(
    ("before", "sends", "changed"),
    [
        (windows(4, None), 1, {"message": 5}),
        (windows(5, None), 1, {}),  # she wrote meanwhile: it is whole already
        (windows(5, 2), 1, {"tap": 3}),
        (windows(3, 2), 2, {"tap": 3, "message": 4}),
        (windows(4, 0, ended="tap"), 1, {"message": 5}),
        (windows(0, None, ended="message"), 2, {}),
        (windows(None, None), 2, {}),
    ],
)
def test_what_was_not_used_comes_back_and_never_makes_more_than_there_was(before, sends, changed):
    assert left(unspend(before, sends, NOW)) == changed


@pytest.mark.parametrize("sends", range(9))
def test_what_is_taken_and_given_back_leaves_the_windows_as_they_were(sends):
    taken = {one.opened_by: one for one in spend(windows(5, 3), sends, NOW)}
    after = [taken.get(one.opened_by, one) for one in windows(5, 3)]
    given = {one.opened_by: one for one in unspend(after, sends, NOW)}
    assert [given.get(one.opened_by, one) for one in after] == windows(5, 3)


def said(
    text: str = "话", *labels: str, media: tuple[int, ...] = (), files: int = 0, number: int = 1
) -> Outgoing:
    choices = tuple(Choice(f"t:1:{label}", label) for label in labels)
    stored = tuple(StoredFile(one, "image", "image/jpeg", "") for one in range(files))
    return Outgoing(number, 1, 1, "wechat", "o1", text, choices, media, stored)


WORDS, ASKING, PICTURE = said(), said("问", "是", "否"), said("看", media=(1,))


@pytest.mark.parametrize(
    ("messages", "count"),
    [
        ([WORDS], 1),
        ([WORDS] * 5, 5),
        ([WORDS, ASKING], 2),
        ([WORDS, ASKING, WORDS], 2),  # a number must mean the last that is shown
        ([ASKING, WORDS], 1),
        ([ASKING, ASKING], 1),
        ([PICTURE, WORDS], 1),
        ([WORDS, PICTURE, WORDS], 1),
        ([WORDS, said(files=1)], 1),
        ([said("长" * 700)], 1),  # it is alone, and cut by its channel
        ([said("长" * 300), said("长" * 300), said("长" * 300)], 2),
        ([WORDS, said("长" * 680), WORDS], 2),
        ([WORDS, said("长" * 681)], 1),
        ([WORDS, said("问", *["一个很长的选择" * 12] * 9)], 1),
    ],
)
def test_what_leaves_as_one(messages, count):
    assert together(messages, 2048) == count


@pytest.mark.parametrize(
    "messages", [[WORDS] * 9, [WORDS, ASKING], [said("长" * 300), said("问" * 300, "是" * 20)]]
)
def test_what_leaves_as_one_fits_and_says_all(messages):
    whole = joined(messages[: together(messages, 2048)])
    shown = in_words([whole])
    assert utf8(shown) <= 2048
    assert shown == "\n\n".join(in_words([one]) for one in messages)
    assert whole.id == messages[0].id
    assert whole.choices == messages[-1].choices


@pytest.mark.parametrize(
    ("via", "outcome", "after"),
    [
        (Via.PASSIVE, sent(via=Via.PASSIVE), (Sending.SENT, Via.PASSIVE)),
        (
            Via.PASSIVE,
            in_doubt("died"),
            (Sending.QUEUED, Via.SERVICE),
        ),  # nobody listens for a response any more
        (Via.PASSIVE, try_later("stopped"), (Sending.QUEUED, Via.SERVICE)),
        (Via.ONLY, try_later("502"), (Sending.QUEUED, Via.ONLY)),
        (Via.SERVICE, try_later("502"), (Sending.QUEUED, Via.SERVICE)),
        (Via.TEMPLATE, held("she was told"), (Sending.HELD, Via.TEMPLATE)),
        (Via.ONLY, sent(via=Via.SERVICE), (Sending.SENT, Via.SERVICE)),
    ],
)
def test_by_which_way_it_goes_next(via, outcome, after):
    message = Outgoing(1, 1, 1, "wechat", "o1", "话", via=via)
    settled = settle(message, outcome, NOW)
    assert (settled.state, settled.via) == after
