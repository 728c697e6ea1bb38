"""The reckoning after a bad day: what is stored, seen through a connection of its own, against what people were told."""

import asyncio
import time
from collections import Counter, defaultdict

from bot.channels.webchat.channel import update_id
from tests.databases import second_look
from tests.faults.crowd import Crowd

SETTLED_WITHIN = 20


async def all_settled(url: str) -> None:
    """Wait until nothing is on its way any more."""
    until = time.monotonic() + SETTLED_WITHIN
    while (left := being_sent(url)) or _count(url, "state = 'queued'"):
        assert time.monotonic() < until, f"{left} messages are still being sent"
        await asyncio.sleep(0.1)


def being_sent(url: str, channel: str = "%") -> int:
    return _count(url, f"state = 'sending' AND channel LIKE '{channel}'")


def in_doubt(url: str) -> int:
    """Messages whose sending was ever in doubt."""
    return _count(url, "doubts > 0")


def check_tickets(url: str, crowd: Crowd) -> None:
    """None lost, none doubled, events numbered without gaps."""
    stored = Counter(text for (text,) in second_look(url, "SELECT text FROM ticket"))
    lost = [words for words in crowd.filed if stored[words] == 0]
    doubled = [words for words, times in stored.items() if times > 1]
    assert (lost, doubled) == ([], [])
    numbers = defaultdict(list)
    for ticket, number in second_look(url, "SELECT ticket, number FROM ticket_event ORDER BY ticket, number"):
        numbers[ticket].append(number)
    counted = dict(second_look(url, "SELECT id, events FROM ticket"))
    assert numbers == {ticket: list(range(1, events + 1)) for ticket, events in counted.items()}


def check_answers(url: str, crowd: Crowd) -> None:
    """Every acknowledged update was done once and is answered; every answer arrived."""
    taken = Counter(update for (update,) in second_look(url, "SELECT channel || ':' || update_id FROM inbox"))
    answered = {answers for (answers,) in second_look(url, "SELECT DISTINCT answers FROM outbox")}
    acknowledged = {f"telegram:{number}" for number, status in crowd.telegram.deliveries if status == 200}
    addresses = [address for (address,) in second_look(url, "SELECT DISTINCT address FROM web_session")]
    on_web = {one for her in crowd.on_web for one in her.acknowledged}
    acknowledged |= {f"web:{update_id(a, one)}" for a in addresses for one in on_web} & set(taken)
    assert len(acknowledged & set(taken)) == len(acknowledged)
    assert sum(one.startswith("web:") for one in acknowledged) == len(on_web)
    assert acknowledged <= answered
    states = dict(second_look(url, "SELECT state, count(*) FROM outbox GROUP BY state"))
    assert set(states) <= {"sent"}, states
    check_arrivals(url, crowd)


def check_arrivals(url: str, crowd: Crowd) -> None:
    rows = second_look(
        url,
        "SELECT o.id, o.channel, a.address, o.text, o.lane, o.doubts FROM outbox o"
        " JOIN account a ON a.id = o.account ORDER BY o.id",
    )
    shown = [row[0] for row in second_look(url, "SELECT outbox FROM web_message WHERE sender = 'bot'")]
    assert sorted(shown) == [row[0] for row in rows if row[1] == "web"]
    owed = Counter((row[2], row[3]) for row in rows if row[1] == "telegram")
    doubted = Counter((row[2], row[3]) for row in rows if row[1] == "telegram" for _ in range(row[5]))
    arrived = Counter((a, text) for a in {a for a, _ in owed} for text in crowd.telegram.chat(int(a)).texts)
    assert not owed - arrived, f"never came: {owed - arrived}"
    twice = {text for _, text in arrived - owed - doubted}
    assert not twice, f"came twice, and its sending was never in doubt: {twice}"
    check_order(url, crowd, rows)


def check_order(url: str, crowd: Crowd, rows: list[tuple]) -> None:
    """What was said to one person in answer to her came in the order in which it was said."""
    transcripts = defaultdict(list)
    query = "SELECT address, outbox FROM web_message WHERE sender = 'bot' ORDER BY id"
    lanes = {row[0]: row[4] for row in rows}
    for address, row in second_look(url, query):
        if lanes[row] == 0:
            transcripts[address].append(row)
    answers = [row for row in rows if row[1] == "telegram" and row[4] == 0]
    once = Counter((row[2], row[3]) for row in answers)
    said = {(row[2], row[3]): row[0] for row in answers if once[row[2], row[3]] == 1}
    for address in {address for address, _ in said}:
        texts = dict.fromkeys(crowd.telegram.chat(int(address)).texts)  # the first arrival of each
        transcripts[address] = [said[address, text] for text in texts if (address, text) in said]
    for address, ids in transcripts.items():
        assert ids == sorted(ids), f"out of order for {address}"


def _count(url: str, condition: str) -> int:
    return int(second_look(url, f"SELECT count(*) FROM outbox WHERE {condition}")[0][0])
