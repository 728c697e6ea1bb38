"""Results on both databases, against the same counted by hand in SQL of another kind."""

import io
from collections.abc import Callable
from csv import DictReader
from hashlib import sha256
from pathlib import Path
from statistics import mean
from typing import Any
from zipfile import ZipFile

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from bot.survey_archive import write_archive
from domain.directory import Person
from domain.errors import Refusal
from domain.surveys.form import Kind
from domain.surveys.results import REST, Results
from domain.talk import Media
from services.surveys import exports, sent
from services.surveys.results import check_may_read, count, recent, results_of
from storage import media, schema, surveys
from tests.contract.services.surveys import INVITED, SIZES, TOWNS, keep_answers, keep_survey, keep_towns
from tests.contract.village import Village
from tests.unit.surveys.forms import FORM, form_of, question

Look = Callable[[Any], list[tuple[Any, ...]]]


async def kept(village: Village, *, anonymous: bool, state: str) -> int:
    def deed(desk: Any) -> int:
        keep_towns(desk.tx)
        survey = keep_survey(desk.tx, anonymous=anonymous, state=state)
        keep_answers(desk.tx, survey, anonymous=anonymous)
        return survey

    return await village.do(deed)


def field(name: str, database_url: str) -> str:
    """How the database itself reads a value out of the answers."""
    if database_url.startswith("sqlite"):
        return f"json_extract(answers, '$.{name}')"
    return f"answers ->> '{name}'"


async def test_counts_are_those_of_plain_sql(village: Village, look: Look, database_url: str) -> None:
    survey = await kept(village, anonymous=True, state="released")
    results = await village.do(gather, survey)
    told = {one.name: one for one in results.summaries}

    enough = field("enough", database_url)
    for value, label in (("yes", "够"), ("no", "不够"), ("unsure", "说不清")):
        [(count,)] = look(f"SELECT count(*) FROM survey_answer WHERE {enough} = '{value}'")
        assert {bar.label: bar.count for bar in told["enough"].bars}[label] == count
    [(skipped,)] = look(f"SELECT count(*) FROM survey_answer WHERE {enough} = ''")
    assert told["enough"].skipped == skipped

    wants = field("wants", database_url)
    for value, label in (("road", "修路"), ("lamp", "路灯"), ("water", "通水")):
        [(count,)] = look(f"SELECT count(*) FROM survey_answer WHERE {wants} LIKE '%{value}%'")
        assert {bar.label: bar.count for bar in told["wants"].bars}[label] == count

    order = field("order", database_url)
    for value, label in (("road", "修路"), ("lamp", "路灯"), ("water", "通水")):
        [(first,)] = look(f"SELECT count(*) FROM survey_answer WHERE {order} LIKE '{value}%'")
        assert [bar.count for bar in told["order"].bars if bar.label.startswith(label)] == [first]

    happy = [int(row[0]) for row in look(f"SELECT {field('happy', database_url)} FROM survey_answer")]
    assert told["happy"].facts[0] == f"平均 {mean(happy):.2f}".rstrip("0")
    assert {bar.label: bar.count for bar in told["happy"].bars} == {
        str(mark): happy.count(mark) for mark in range(1, 6)
    }
    people = look(f"SELECT count(*) FROM survey_answer WHERE {field('people', database_url)} IS NOT NULL")
    assert told["people"].answered == people[0][0]
    assert told["people"].skipped == 0

    said = field("said", database_url)
    [(lamp,)] = look(f"SELECT count(*) FROM survey_answer WHERE {said} LIKE '%路灯%'")
    voices = told["said"].voices
    assert voices is not None
    assert dict(voices.keywords)["路灯"] == lamp
    assert max(group.people for group in voices.groups if "路灯" in group.quotes[0]) == lamp


async def test_townships_and_who_is_not_heard(village: Village) -> None:
    survey = await kept(village, anonymous=True, state="released")
    results = await village.do(gather, survey)
    assert results.total.answered == sum(SIZES.values())
    assert results.total.invited == sum(INVITED.values())
    assert [(one.name, one.invited, one.answered) for one in results.townships] == [
        ("庄里镇", 60, 40),
        ("张桥镇", 90, 25),
        (REST, 32, 12),
    ]
    assert results.unheard == ("张桥镇：按总的答复率应有约38份，收到25份。",)
    assert [(one.name, one.answered) for one in results.channels] == [("微信", 70), (REST, 7)]
    [enough] = [one.townships for one in results.summaries if one.name == "enough"]
    assert enough is not None
    assert [row.name for row in enough.rows] == ["庄里镇", "张桥镇", REST]
    shown = repr(results)
    assert "美原镇" not in shown
    assert "流曲镇" not in shown


@pytest.mark.parametrize(
    ("anonymous", "state", "readable"),
    [(True, "draft", False), (True, "open", False), (True, "closed", False), (True, "released", True)]
    + [(False, state, True) for state in ("draft", "open", "closed", "released")],
)
async def test_when_answers_may_be_read(
    village: Village, anonymous: bool, state: str, readable: bool
) -> None:
    survey = await village.do(lambda desk: keep_survey(desk.tx, anonymous=anonymous, state=state))
    if readable:
        assert (await village.do(gather, survey)).total.answered == 0
        return
    with pytest.raises(Refusal):
        await village.do(gather, survey)


async def test_a_survey_that_is_not_there(village: Village) -> None:
    with pytest.raises(Refusal):
        await village.do(gather, 99)


async def test_only_staff_of_the_whole_area_read(village: Village) -> None:
    survey = await kept(village, anonymous=False, state="open")

    async def may(who: str) -> bool:
        def deed(desk: Any, person: Person) -> bool:
            try:
                check_may_read(desk, person, survey)
            except Refusal:
                assert recent(desk, person) == []
                return False
            return [one.id for one in recent(desk, person)] == [survey]

        return await village.do(deed, who)

    assert [await may(who) for who in ("staff", "supervisor", "primary", "villager")] == [
        True,
        False,
        False,
        False,
    ]


async def test_the_csv_of_an_anonymous_survey(village: Village) -> None:
    survey = await kept(village, anonymous=True, state="released")
    rows = read_csv(await written(village, write_csv, survey))
    assert len(rows) == sum(SIZES.values())
    assert set(rows[0]) >= {"编号", "enough", "wants", "wants/road", "happy"}
    assert not {"said", "where-Latitude", "photo", "乡镇", "日期", "姓名"} & set(rows[0])
    assert all(row["wants/road"] == str(int("road" in row["wants"])) for row in rows if row["wants"])
    freely = read_csv(await written(village, write_open, survey))
    said = [row["回答"] for row in freely]
    assert said == sorted(said, key=lambda one: one.lstrip("'"))
    assert "'=1+1" in said
    assert "=1+1" not in said


async def test_the_csv_of_a_named_survey(village: Village) -> None:
    survey = await kept(village, anonymous=False, state="open")
    content = await written(village, write_csv, survey)
    assert content.startswith(b"\xef\xbb\xbf")
    rows = read_csv(content)
    assert rows[0]["姓名"] == "村民1"
    assert rows[0]["乡镇"] in TOWNS.values()
    assert {row["渠道"] for row in rows} == {"微信", "Telegram"}
    assert {"said", "where-Latitude"} <= set(rows[0])
    assert "'=1+1" in {row["said"] for row in rows}


@pytest.mark.parametrize("anonymous", [True, False])
async def test_the_workbook(village: Village, anonymous: bool) -> None:
    survey = await kept(village, anonymous=anonymous, state="released")
    book = load_workbook(io.BytesIO(await written(village, write_workbook, survey)))
    sheets = ["说明", "统计", "参与", "分乡镇", "答案", "答案（中文）"]
    assert book.sheetnames == [*sheets, "文字回答"] if anonymous else sheets
    answers = book["答案"]
    assert answers.max_row == 1 + sum(SIZES.values())
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    hostile = [cell for cell in cells if cell.value == "=1+1"]
    assert hostile
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in hostile)
    words = book["答案（中文）"]
    titles = [cell.value for cell in words[1]]
    assert {"水够不够用？", "最想办哪几件？：修路"} <= set(titles)
    place = titles.index("水够不够用？")
    assert {row[place].value for row in words.iter_rows(min_row=2)} <= {"够", "不够", "说不清", None}
    if anonymous:
        assert not {"美原镇", "流曲镇", "村民1"} & {cell.value for cell in cells}


async def test_four_anonymous_answers_are_neither_shown_nor_exported(village: Village) -> None:
    def deed(desk: Any) -> int:
        survey = keep_survey(desk.tx, anonymous=True, state="released")
        keep_towns(desk.tx)
        keep_answers(desk.tx, survey, anonymous=True)
        return survey

    survey = await village.do(deed)
    await village.do(lambda desk: forget_all_but(desk.tx, 4))
    results = await village.do(gather, survey)
    assert results.withheld
    assert results.summaries == ()
    for write in (write_csv, write_open, write_workbook):
        with pytest.raises(Refusal):
            await written(village, write, survey)


def forget_all_but(tx: Any, few: int) -> None:
    tx.execute(sa.text(f"DELETE FROM survey_answer WHERE number > {few}"))


def gather(desk: Any, survey: int) -> Results:
    return results_of(count(desk, survey), desk.county.triage.words)


def write_csv(desk: Any, survey: int, file: Any) -> None:
    exports.write_csv(count(desk, survey), sent.answers(desk.tx, survey, FORM), file)


def write_open(desk: Any, survey: int, file: Any) -> None:
    exports.write_open(count(desk, survey), file)


def write_workbook(desk: Any, survey: int, file: Any) -> None:
    answered = sent.answers(desk.tx, survey, FORM)
    exports.write_workbook(count(desk, survey), gather(desk, survey), answered, file)


async def written(village: Village, write: Callable[..., None], survey: int) -> bytes:
    file = io.BytesIO()
    await village.do(write, survey, file)
    return file.getvalue()


def read_csv(content: bytes) -> list[dict[str, str]]:
    return list(DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("anonymous", [True, False])
async def test_what_was_sent_is_packed_under_the_names_of_the_table(
    village: Village, tmp_path: Path, anonymous: bool
) -> None:
    """Of an anonymous survey in an order that has nothing to do with that of the answers."""
    survey = await kept(village, anonymous=anonymous, state="released")
    sent_in = [f"picture {number}".encode() for number in range(12)]
    await village.do(lambda desk: send_pictures(desk, survey, tmp_path, sent_in))
    file = io.BytesIO()
    found = await village.do(lambda desk: list(exports.sent_files(desk.tx, count(desk, survey))))
    assert write_archive(file, found, tmp_path) == len(sent_in)
    archive = ZipFile(file)
    assert {one.date_time[0] for one in archive.infolist()} == {1980}
    if not anonymous:
        rows = read_csv(await written(village, write_csv, survey))[: len(sent_in)]
        assert [archive.read(row["photo"]) for row in rows] == sent_in
        assert rows[0]["photo"] == "0001-photo.jpg"
        return
    rows = read_csv(await written(village, write_open, survey))
    assert sorted(row["回答"] for row in rows if row["问题"] == "拍张照片") == sorted(archive.namelist())
    assert "photo" not in read_csv(await written(village, write_csv, survey))[0]
    in_order = [archive.read(name) for name in sorted(archive.namelist())]
    assert in_order == sorted(sent_in, key=lambda one: sha256(one).digest())
    assert in_order != sent_in


async def test_what_does_not_fit_into_the_archive_is_named_in_it(village: Village, tmp_path: Path) -> None:
    survey = await kept(village, anonymous=False, state="open")
    await village.do(lambda desk: send_pictures(desk, survey, tmp_path, [bytes(400), bytes(2000), b""]))
    file = io.BytesIO()
    found = await village.do(lambda desk: list(exports.sent_files(desk.tx, count(desk, survey))))
    assert write_archive(file, found, tmp_path, 1500) == 1
    archive = ZipFile(file)
    assert archive.read("没装下的.txt").decode() == "0002-photo.jpg"
    rows = read_csv(await written(village, write_csv, survey))
    assert rows[2]["photo"] == "0003-photo（没收到）"


async def test_files_of_two_questions_never_have_one_name(village: Village) -> None:
    names = ["photo.1", "photo_1", "a" * 40, f"{'a' * 40}_001"]
    survey = await kept(village, anonymous=False, state="open")
    form = form_of(*(question(name, Kind.IMAGE) for name in names))
    await village.do(lambda desk: surveys.rewrite(desk.tx, survey, 1, dict.fromkeys(names, "9")))
    files = await village.do(lambda desk: list(sent.files(desk.tx, survey, form)))
    assert len({one.name for one in files}) == len(names)


def send_pictures(desk: Any, survey: int, folder: Path, pictures: list[bytes]) -> None:
    """The first answers have one each; an empty one never came."""
    for number, content in enumerate(pictures, 1):
        name = sha256(content).hexdigest()
        path = folder / name[:2] / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        sent_one = Media("image", "r", name if content else "", "image/jpeg", len(content))
        [attachment] = media.add(desk.tx, "box", [sent_one], desk.now)
        of_it = (schema.survey_answer.c.survey == survey, schema.survey_answer.c.number == number)
        said = desk.tx.execute(sa.select(schema.survey_answer.c.answers).where(*of_it)).scalar_one()
        surveys.rewrite(desk.tx, survey, number, said | {"photo": str(attachment)})
