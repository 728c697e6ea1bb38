"""What is remembered of areas, people and who looks after what."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from domain.directory import Area, Level, RoleName, Rung, chain, ladder
from domain.windows import Window
from storage import schema
from storage.database import Database, Tx
from storage.delivery import windows
from storage.directory import areas, assignments, cards, people

NOW = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)
DAY = timedelta(days=1)
MOMENT = timedelta(microseconds=1)
COUNTY = Area("610528", None, Level.COUNTY, "富平县")
TOWN = Area("610528001", "610528", Level.TOWNSHIP, "某镇")
VILLAGE = Area("610528001200", "610528001", Level.VILLAGE, "窦村村委会")
OTHER = Area("610528001201", "610528001", Level.VILLAGE, "东村村委会")


@pytest.fixture
async def county(database: Database) -> Database:
    await database.run(lambda tx: areas.add(tx, [COUNTY, TOWN, VILLAGE, OTHER]))
    return database


def named(tx: Tx, name: str) -> int:
    return people.add(tx, NOW, name=name)


def seen(tx: Tx, account: int, at: datetime) -> None:
    tx.execute(sa.insert(schema.conversation), {"account": account, "state": {}, "seen_at": at})


async def test_areas(county: Database):
    def deed(tx: Tx) -> None:
        assert areas.find(tx, VILLAGE.code) == VILLAGE
        assert areas.find(tx, "999999") is None
        assert areas.children(tx, TOWN.code) == [VILLAGE, OTHER]
        assert areas.of_level(tx, Level.COUNTY) == [COUNTY]
        areas.rename(tx, TOWN.code, "新名镇")
        assert areas.of_level(tx, Level.TOWNSHIP)[0].name == "新名镇"
        areas.add(tx, [])

    await county.run(deed)


async def test_person_is_bound_to_a_village_by_consenting(county: Database):
    def deed(tx: Tx) -> None:
        wang = named(tx, "王秀兰")
        person = people.find(tx, wang)
        assert person is not None
        assert (person.name, person.area, person.consented) == ("王秀兰", None, False)
        people.bind(tx, wang, VILLAGE.code, "3-12", NOW)
        people.set_phone(tx, wang, "00000000138")
        person = people.find(tx, wang)
        assert person is not None
        assert (person.phone, person.area, person.consented) == ("00000000138", VILLAGE.code, True)
        assert people.find(tx, wang + 1) is None

    await county.run(deed)


async def test_one_address_of_a_messenger_is_one_account(database: Database):
    person = await database.run(lambda tx: named(tx, "王秀兰"))
    await database.run(lambda tx: people.add_account(tx, "wechat", "openid", person, NOW))
    await database.run(lambda tx: people.add_account(tx, "telegram", "openid", person, NOW))
    with pytest.raises(sa.exc.IntegrityError):
        await database.run(lambda tx: people.add_account(tx, "wechat", "openid", person, NOW))


async def test_best_account_is_where_the_person_was_last_seen(database: Database):
    def deed(tx: Tx) -> None:
        wang, li = named(tx, "王秀兰"), named(tx, "李建国")
        assert people.best_account(tx, wang, NOW) is None
        first = people.add_account(tx, "wechat", "a", wang, NOW)
        second = people.add_account(tx, "telegram", "b", wang, NOW)
        people.add_account(tx, "web", "never seen", wang, NOW)
        seen(tx, first, NOW)
        seen(tx, second, NOW + DAY)
        assert _newest(tx, wang) == (second, NOW + DAY)
        people.mark_blocked(tx, second, blocked=True)
        assert _newest(tx, wang) == (first, NOW)
        people.mark_blocked(tx, second, blocked=False)
        people.move_account(tx, second, li)
        assert _newest(tx, wang) == (first, NOW)
        assert _newest(tx, li) == (second, NOW + DAY)

    await database.run(deed)


async def test_best_account_is_where_a_message_can_arrive(database: Database):
    def deed(tx: Tx) -> None:
        wang = named(tx, "王秀兰")
        counted, free = (
            people.add_account(tx, "wechat", "a", wang, NOW),
            people.add_account(tx, "web", "b", wang, NOW),
        )
        seen(tx, free, NOW)
        seen(tx, counted, NOW + DAY)
        windows.open_window(tx, counted, wang, Window("message", 1, NOW + 2 * DAY))
        assert _best(tx, wang, NOW + DAY) == (counted, NOW + DAY, True)
        assert windows.take(tx, counted, 1, NOW + DAY)
        assert _best(tx, wang, NOW + DAY) == (free, NOW, True)
        windows.open_window(tx, counted, wang, Window("tap", 3, NOW + 2 * DAY))
        assert _best(tx, wang, NOW + DAY) == (counted, NOW + DAY, True)
        assert _best(tx, wang, NOW + 3 * DAY) == (free, NOW, True)
        people.mark_blocked(tx, free, blocked=True)
        assert _best(tx, wang, NOW + 3 * DAY) == (counted, NOW + DAY, False)

    await database.run(deed)


def _newest(tx: Tx, person: int) -> tuple[int, datetime]:
    return _best(tx, person, NOW)[:2]


def _best(tx: Tx, person: int, now: datetime) -> tuple[int, datetime, bool]:
    found = people.best_account(tx, person, now)
    assert found is not None
    return found.account.id, found.seen_at, bool(found.open)


async def test_role_is_in_force_from_its_first_moment_until_its_last(county: Database):
    def deed(tx: Tx) -> None:
        wang = named(tx, "王秀兰")
        people.add_role(tx, wang, RoleName.CADRE, VILLAGE.code, NOW)
        tx.execute(sa.update(schema.role).values(valid_to=NOW + DAY))
        people.add_role(tx, wang, RoleName.STAFF, COUNTY.code, NOW + DAY)
        assert people.roles(tx, wang, NOW - MOMENT) == []
        assert people.roles(tx, wang, NOW) == [(RoleName.CADRE, VILLAGE.code)]
        assert people.roles(tx, wang, NOW + DAY - MOMENT) == [(RoleName.CADRE, VILLAGE.code)]
        assert people.roles(tx, wang, NOW + DAY) == [(RoleName.STAFF, COUNTY.code)]

    await county.run(deed)


async def test_candidates_are_those_who_look_after_the_area_now(county: Database):
    def deed(tx: Tx) -> None:
        deputy, primary, boss, clerk = (named(tx, name) for name in ("副", "正", "领导", "科员"))
        stranger, former = named(tx, "外村"), named(tx, "前任")
        assignments.assign(tx, VILLAGE.code, former, "primary", NOW - DAY)
        assert assignments.end_assignments(tx, VILLAGE.code, former, NOW) == 1
        assert assignments.end_assignments(tx, VILLAGE.code, former, NOW) == 0
        assignments.assign(tx, VILLAGE.code, deputy, "deputy", NOW)
        assignments.assign(tx, VILLAGE.code, primary, "primary", NOW)
        assignments.assign(tx, OTHER.code, stranger, "primary", NOW)
        people.add_role(tx, boss, RoleName.SUPERVISOR, TOWN.code, NOW)
        people.add_role(tx, clerk, RoleName.STAFF, COUNTY.code, NOW)
        people.add_role(tx, stranger, RoleName.VILLAGER, VILLAGE.code, NOW)
        assignments.add_leave(tx, primary, NOW + DAY, NOW + 2 * DAY)

        around = chain(VILLAGE.code)
        everybody = [deputy, primary, boss, clerk]
        found = assignments.candidates(tx, around, NOW)
        assert sorted(one.person.id for one in found) == everybody
        assert [one.person.id for one in ladder(found)] == [primary, deputy, boss, clerk]
        assert [one.rung for one in ladder(found)] == list(Rung)
        assert [one.area for one in ladder(found)] == [VILLAGE.code, VILLAGE.code, TOWN.code, COUNTY.code]
        for away, at in (
            (False, NOW),
            (True, NOW + DAY),
            (True, NOW + 2 * DAY - MOMENT),
            (False, NOW + 2 * DAY),
        ):
            leave = {one.person.id: one.on_leave for one in assignments.candidates(tx, around, at)}
            assert leave == dict.fromkeys(everybody, False) | {primary: away}
        assert [one.person.id for one in assignments.candidates(tx, around, NOW - MOMENT)] == [former]
        assert assignments.candidates(tx, (), NOW) == []
        assert assignments.areas_of(tx, primary, NOW) == [(VILLAGE.code, "primary")]
        assert assignments.areas_of(tx, former, NOW) == []

    await county.run(deed)


async def test_an_area_has_one_primary_at_a_time(county: Database):
    def assign(tx: Tx) -> None:
        assignments.assign(tx, VILLAGE.code, named(tx, "正"), "primary", NOW)

    await county.run(assign)
    with pytest.raises(sa.exc.IntegrityError):
        await county.run(assign)


async def test_card_in_force_is_the_newest_not_revoked(county: Database):
    def deed(tx: Tx) -> None:
        assert cards.of_area(tx, VILLAGE.code) is None
        for serial, household in (("aaaaaaaa", ""), ("bbbbbbbb", ""), ("cccccccc", "3-12")):
            cards.add(tx, serial, VILLAGE.code, household, NOW)
        newest = cards.of_area(tx, VILLAGE.code)
        assert newest is not None
        assert newest.serial == "bbbbbbbb"
        assert cards.revoke(tx, "bbbbbbbb", NOW)
        assert not cards.revoke(tx, "bbbbbbbb", NOW)
        assert not cards.revoke(tx, "zzzzzzzz", NOW)
        left = [cards.of_area(tx, VILLAGE.code), cards.of_area(tx, VILLAGE.code, "3-12")]
        assert [card and card.serial for card in left] == ["aaaaaaaa", "cccccccc"]
        revoked = cards.find(tx, "bbbbbbbb")
        assert revoked is not None
        assert revoked.revoked_at == NOW
        assert cards.find(tx, "zzzzzzzz") is None

    await county.run(deed)


async def test_invitation_is_used_once_even_when_many_try(database: Database, look):
    wang = await database.run(lambda tx: named(tx, "王秀兰"))
    await database.run(lambda tx: cards.add_invitation(tx, "come", wang, NOW + DAY))
    tries = (database.run(lambda tx: cards.use_invitation(tx, "come", NOW)) for _ in range(12))
    assert sorted(await asyncio.gather(*tries), key=bool) == [None] * 11 + [wang]
    assert look("SELECT used_at IS NOT NULL FROM invitation") == [(True,)]


async def test_invitation_unknown_or_too_late(database: Database):
    def deed(tx: Tx) -> None:
        cards.add_invitation(tx, "come", named(tx, "王秀兰"), NOW)
        assert cards.use_invitation(tx, "come", NOW) is None
        assert cards.use_invitation(tx, "gone", NOW) is None
        assert cards.use_invitation(tx, "come", NOW - MOMENT) is not None

    await database.run(deed)
