"""Pairs: who may see and say what, who takes over, and what is left of somebody who leaves."""

from datetime import datetime, timedelta
from functools import partial

import pytest
import sqlalchemy as sa

from domain.directory import RoleName
from domain.errors import Refusal
from domain.pairs import ALL_YEAR, PairKind, bit_of
from services import directory
from services.pairs import handover, talking
from services.pairs.incoming import import_pairs
from services.roster import Report, read_table
from storage import pairs
from storage.database import Tx
from storage.directory import people
from tests.contract.services.suggesting import joins
from tests.contract.village import COUNTY, ID, TOWNSHIP, Village

HEAD = "结对,联系人,联系人电话,对象,对象电话,季节,开始,结束,归口"
LINE = "困难户,张建国,00000000101,王秀兰,00000000106,,,,"
SUMMER = bit_of(6) | bit_of(7)


async def pair_up(
    village: Village,
    helper: str = "primary",
    helped: str = "villager",
    kind: PairKind = PairKind.HOUSEHOLD,
    office: str = COUNTY,
    months: int = ALL_YEAR,
    valid_to: datetime | None = None,
) -> int:
    return await village.database.run(
        lambda tx: pairs.add(
            tx,
            kind,
            ID[helper],
            ID[helped],
            office=office,
            months=months,
            valid_from=village.now,
            valid_to=valid_to,
        )
    )


async def brought(village: Village, *lines: str, **options: bool) -> Report:
    table = read_table("\n".join((HEAD, *lines)).encode())
    return await village.do(partial(import_pairs, table=table, **options))


async def test_the_two_hear_each_other_and_nobody_else_may(village: Village, look):
    number = await pair_up(village, kind=PairKind.GROWER)
    await village.do(talking.say, number, "villager", "叶子黄了，打啥药", (7,))
    await village.do(talking.say, number, "primary", "明天来看", ())
    assert await village.told("primary") == ["窦村王秀兰问：叶子黄了，打啥药"]
    assert await village.told("villager") == ["张建国（专家）说：明天来看"]
    assert look("SELECT count(*) FROM ticket") == [(0,)]
    for key in ("deputy", "supervisor", "staff", "stranger", "neighbour"):
        with pytest.raises(Refusal, match="没有这个结对"):
            await village.do(talking.say, number, key, "听听", ())
        with pytest.raises(Refusal, match="没有这个结对"):
            await village.do(talking.note, number, key, "看看")


@pytest.mark.parametrize(("office", "keepers"), [(COUNTY, {"staff"}), (TOWNSHIP, {"supervisor"})])
async def test_it_is_seen_by_the_two_and_the_office_that_keeps_it(village: Village, office, keepers):
    number = await pair_up(village, office=office)
    await village.do(talking.note, number, "primary", "送了药")
    for key in ID:
        if key in {"primary", "villager"} | keepers:
            assert (await village.do(talking.notes, number, key)) == ["11月2日 张建国：送了药"]
            assert (await village.do(talking.show, number, key)).choices
        else:
            for deed in (talking.notes, talking.show):
                with pytest.raises(Refusal, match="没有这个结对"):
                    await village.do(deed, number, key)
        assert bool(await village.do(talking.kept_by, key)) == (key in keepers)
        assert bool(await village.do(talking.mine, key)) == (key in {"primary", "villager"})


async def test_only_the_helper_notes(village: Village):
    number = await pair_up(village)
    with pytest.raises(Refusal, match="由结对的干部"):
        await village.do(talking.note, number, "villager", "他来了")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE pair SET helped = helper",
        "UPDATE pair SET months = 0",
        "UPDATE pair SET valid_to = '2020-01-01 00:00:00'",
        "UPDATE pair SET kind = 'poor'",
        """INSERT INTO pair (kind, helper, helped, office, months, valid_from)
             SELECT kind, helper, helped, office, months, valid_from FROM pair""",
    ],
)
async def test_the_database_refuses_what_is_no_pair(village: Village, change):
    await pair_up(village)
    with pytest.raises(sa.exc.IntegrityError):
        await village.database.run(lambda tx: tx.exec_driver_sql(change))


async def test_nobody_takes_over_whom_a_file_would_not_pair(village: Village, look):
    number = await pair_up(village)
    await joins(village, "农技员", RoleName.EXPERT)
    for deed, facts in (
        (handover.hand_over, ("00000000101", "00000000300")),
        (handover.hand_over_one, (number, "staff", "00000000300")),
    ):
        with pytest.raises(Refusal, match="角色不合"):
            await village.do(deed, *facts)
    assert look("SELECT helper FROM pair") == [(ID["primary"],)]


async def test_a_successor_takes_all_in_one_step_and_reads_on(village: Village, look):
    first, second = await pair_up(village), await pair_up(village, helped="neighbour", office=TOWNSHIP)
    await pair_up(village, helper="stranger")  # the successor has one of them already
    await village.do(talking.note, first, "primary", "送了药")
    village.passes(days=3)
    assert (await village.do(handover.hand_over, "00000000101", "00000000105"))[1] == 2
    mine = await village.do(talking.mine, "stranger")
    assert sorted(other.name for _, other in mine) == ["刘大妈", "王秀兰"]
    assert await village.do(talking.mine, "primary") == []
    assert [pair.office for pair, _ in mine if pair.helped == ID["neighbour"]] == [TOWNSHIP]
    hers = next(pair for pair, _ in mine if pair.helped == ID["villager"])
    assert await village.do(talking.notes, hers.id, "stranger") == ["11月2日 张建国：送了药"]
    for number in (first, second):
        with pytest.raises(Refusal):
            await village.do(talking.say, number, "primary", "还在吗", ())
    assert look("SELECT count(*) FROM pair WHERE valid_to IS NULL") == [(2,)]
    assert "您的联系干部现在是周新民，电话00000000105。" in await village.told("villager")
    for phones in (("00000000101", "00000000139"), ("00000000106", "00000000105"), ("00000000105",) * 2):
        with pytest.raises(Refusal):
            await village.do(handover.hand_over, *phones)


async def test_who_has_still_to_visit(village: Village):
    year = await pair_up(village)
    await pair_up(village, helped="neighbour", months=SUMMER)
    await pair_up(village, helper="deputy", kind=PairKind.GROWER)
    await pair_up(village, helper="stranger", valid_to=village.now + timedelta(days=1))
    start = village.now
    village.passes(days=2)

    async def owes(key: str, month: int, since: datetime) -> bool:
        return await village.database.read(
            lambda tx: pairs.owes(tx, ID[key], PairKind.HOUSEHOLD, month, since, village.now)
        )

    assert [await owes(key, 11, start) for key in ("primary", "deputy", "stranger")] == [True, False, False]
    await village.do(talking.note, year, "primary", "送了药")
    assert not await owes("primary", 11, start)
    assert await owes("primary", 7, start)
    assert await owes("primary", 11, village.now + timedelta(seconds=1))


async def test_who_leaves_is_in_no_pair_and_nothing_noted_of_her_stays(village: Village, look):
    number = await pair_up(village)
    await village.do(talking.note, number, "primary", "送了药")
    await village.do(directory.forget, "villager")
    assert look("SELECT count(*) FROM pair") == [(0,)]
    assert look("SELECT count(*) FROM pair_note") == [(0,)]


async def test_of_two_who_turn_out_to_be_one_each_pair_is_had_once(village: Village, look):
    await pair_up(village)
    await pair_up(village, helped="neighbour")
    await pair_up(village, helper="deputy", helped="neighbour")
    await village.database.run(lambda tx: pairs.hand_over_everything(tx, ID["neighbour"], ID["villager"]))
    assert look("SELECT helper, helped FROM pair ORDER BY helper") == [
        (ID["primary"], ID["villager"]),
        (ID["deputy"], ID["villager"]),
    ]


async def test_a_file_comes_in_once_and_its_changes_after(village: Village, look):
    assert (await brought(village, LINE, dry_run=True)).added == 1
    assert look("SELECT count(*) FROM pair") == [(0,)]
    assert (await brought(village, LINE)).added == 1
    assert (await brought(village, LINE)).unchanged == 1
    village.passes(days=1)
    changed = LINE.replace(",,,,", f",6-7月,,2026-12-31,{TOWNSHIP}")
    assert (await brought(village, changed)).changed == 1
    [(months, office)] = look("SELECT months, office FROM pair")
    assert (months, office) == (SUMMER, TOWNSHIP)
    assert await village.told("villager") == []


@pytest.mark.parametrize(
    ("line", "column"),
    [
        (LINE.replace("困难户", "穷人"), "结对"),
        (LINE.replace("00000000106", "00000000139"), "对象电话"),
        (LINE.replace("张建国,00000000101", "刘大妈,00000000107"), "联系人电话"),
        (LINE.replace("王秀兰,00000000106", "李小军,00000000102"), "对象电话"),
        (LINE.replace("王秀兰", "刘大妈"), "对象"),
        (LINE.replace("困难户", "人才"), "对象电话"),
        (LINE.replace(",,,,", ",13月,,,"), "季节"),
        (LINE.replace(",,,,", ",,春天,,"), "开始"),
        (LINE.replace(",,,,", ",,2026-12-01,2026-11-30,"), "结束"),
        (LINE.replace(",,,,", ",,,2026-10-01,"), "结束"),
        (LINE.replace(",,,,", ",,,,610528001200"), "归口"),
        (f"{LINE}\n{LINE}", "对象"),
    ],
)
async def test_every_fault_is_named_and_nothing_is_written(village: Village, look, line, column):
    report = await brought(
        village, LINE.replace("00000000106", "00000000107").replace("王秀兰", "刘大妈"), line
    )
    assert [one.column for one in report.problems] == [column]
    assert look("SELECT count(*) FROM pair") == [(0,)]


async def test_an_expert_and_a_leader_are_of_the_roster(village: Village):
    def deed(tx: Tx) -> None:
        for name, phone, role in (
            ("周农艺", "00000000120", RoleName.EXPERT),
            ("冯书记", "00000000121", RoleName.LEADER),
        ):
            people.add_role(
                tx, people.add(tx, village.now, name=name, phone=phone), role, COUNTY, village.now
            )

    await village.database.run(deed)
    report = await brought(
        village,
        "人才,冯书记,00000000121,周农艺,00000000120,,,,",
        "种植户,周农艺,00000000120,王秀兰,00000000106,3-11,,,",
        "困难户,冯书记,00000000121,刘大妈,00000000107,,,,",
    )
    assert (report.added, report.problems) == (3, [])


async def test_a_pair_is_not_handed_to_the_one_who_is_helped(village: Village, look):
    number = await pair_up(village, helped="deputy", kind=PairKind.TALENT)
    with pytest.raises(Refusal, match="李小军就是结对的对象"):
        await village.do(handover.hand_over_one, number, "staff", "00000000102")
    assert look("SELECT helper FROM pair") == [(ID["primary"],)]
    assert await village.told("deputy") == []
