"""Anonymous letters: sealed until they are opened together, and afterwards nobody's."""

import pytest

from domain.errors import Refusal
from domain.suggestions import codes
from domain.talk import Media
from scheduler.clockwork import Clockwork
from scheduler.jobs import JOBS
from services.desk import Desk
from services.suggestions import letters, receipts
from services.suggestions.filing import Said
from storage import ballots, media, private_media, schema
from storage.keys import keys_of
from tests.contract.services.suggesting import numbered, writes
from tests.contract.village import Village

BOX = "letters-2026-11-02"


async def everything(village: Village) -> dict[str, str]:
    """All that is stored, as text, by table."""

    def read(tx) -> dict[str, str]:
        return {
            table.name: repr([tuple(row) for row in tx.execute(table.select())])
            for table in schema.metadata.sorted_tables
        }

    return await village.database.read(read)


async def test_a_letter_says_nothing_until_it_is_opened(village: Village):
    code = await writes(village, "村口多装路灯")
    stored = await everything(village)
    mark = codes.mark(code, village.county.card_key)
    assert not [name for name, rows in stored.items() if "路灯" in rows or code in rows or repr(mark) in rows]
    assert await village.do(letters.open_due) == 0
    village.passes(days=1)
    assert await village.do(letters.open_due) == 0  # one alone waits for others
    village.passes(days=2)
    assert await village.do(letters.open_due) == 1
    stored = await everything(village)
    assert {name for name, rows in stored.items() if "路灯" in rows} == {"suggestion", "outbox"}
    assert stored["ballot"] == "[]"
    found = await numbered(village, 1)
    assert (found.person, found.area, str(found.day)) == (None, None, "2026-11-05")
    assert await village.database.read(lambda tx: ballots.dead(tx, [BOX])) == [BOX]


async def test_who_catches_up_in_the_evening_leaves_the_letters_for_the_morning(village: Village):
    for number in range(6):
        await writes(village, f"第{number}封")
    works = Clockwork(village.do, "one", lambda: None, [one for one in JOBS if one.name == "letters"])
    village.passes(days=1, hours=11)  # it is 21 o'clock: nothing ran all day
    await works.catch_up()
    assert (await everything(village))["suggestion"] == "[]"
    village.passes(hours=11)
    await works.catch_up()
    assert (await everything(village))["ballot"] == "[]"
    assert (await numbered(village, 6)).text.startswith("第")


async def test_letters_are_opened_in_an_order_that_chance_makes(village: Village):
    texts = [f"第{number}封" for number in range(12)]
    for text in texts:
        await writes(village, text)
    village.passes(days=1)
    assert await village.do(letters.open_due) == 12
    opened = [(await numbered(village, number)).text for number in range(1, 13)]
    assert sorted(opened) == sorted(texts)
    assert opened != texts  # once in 479 million


async def test_a_code_finds_its_letter_before_and_its_suggestion_after(village: Village):
    code = await writes(village, "村口多装路灯")
    found = await village.do(receipts.look_up, 1, code)
    assert found.suggestion is None
    await village.do(lambda desk: letters.add(desk, letters.open_box(desk), found.receipt, Said("还有三组")))
    village.passes(days=3)
    assert await village.do(letters.open_due) == 2
    found = await village.do(receipts.look_up, 1, code)
    assert found.suggestion.text == "村口多装路灯"
    assert [text for text in await village.told("staff") if "补充：还有三组" in text]


async def test_pictures_lose_their_hour_and_their_messenger(village: Village, look):
    def sent(desk: Desk) -> list[int]:
        came = [Media("image", "ref-1"), Media("voice", "never-came")]
        new = media.add(desk.tx, "telegram", came, desk.now)
        private_media.hide(desk.tx, new, letters.open_box(desk))
        private_media.keep(desk.tx, new[0], BOX, private_media.Found("image", "image/jpeg", b"drawn anew"))
        return new

    old = await village.do(sent)
    await writes(village, "", *old)
    village.passes(days=3)
    await village.do(letters.open_due)
    stored = look("SELECT id, kind, channel, ref, private, created_at FROM attachment")
    assert [row[1:5] for row in stored] == [("image", private_media.RELEASED, "", "")]
    assert stored[0][0] not in old
    assert str(stored[0][5]).startswith("2026-11-04 16:00:00")  # midnight in China
    assert look("SELECT media FROM suggestion_event")[0][0] in ([stored[0][0]], f"[{stored[0][0]}]")


async def test_a_letter_that_comes_too_late_is_refused_rather_than_lost(village: Village):
    box = await village.do(letters.open_box)
    village.passes(days=1)
    await village.do(letters.open_due)
    with pytest.raises(Refusal, match="作废"):
        await village.do(letters.write, box, Said("村口多装路灯"))


async def test_the_box_of_a_talk_without_a_letter_is_closed_the_next_day(village: Village):
    box = await village.do(letters.open_box)
    assert box == BOX
    await village.do(letters.open_due)
    assert await village.database.read(lambda tx: ballots.dead(tx, [BOX])) == []
    village.passes(days=1)
    await village.do(letters.open_due)
    assert await village.database.read(lambda tx: ballots.dead(tx, [BOX])) == [BOX]


async def test_a_letter_that_cannot_be_delivered_waits_and_holds_up_no_other(village: Village, monkeypatch):
    deliver = letters._deliver

    def fails(desk, letter):
        if "毒" in letter["text"]:
            raise ValueError(letter["text"])
        deliver(desk, letter)

    for text in ("毒", "村口多装路灯", "班车太少"):
        await writes(village, text)
    village.passes(days=1)
    monkeypatch.setattr(letters, "_deliver", fails)
    await village.do(letters.open_due)
    monkeypatch.setattr(letters, "_deliver", deliver)
    village.passes(days=3)
    await village.do(letters.open_due)
    assert {(await numbered(village, number)).text for number in (1, 2)} == {"村口多装路灯", "班车太少"}
    assert (await numbered(village, 3)).text == "毒"


async def test_a_lost_key_loses_its_letters_and_stops_nothing(village: Village):
    await writes(village, "村口多装路灯")
    await village.database.run(lambda tx: keys_of(tx).destroy(BOX))
    village.passes(days=3)
    assert await village.do(letters.open_due) == 0
    await writes(village, "班车太少")
    village.passes(days=3)
    assert await village.do(letters.open_due) == 1
