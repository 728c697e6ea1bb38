"""What stories about suggestions share: more people of the county, and letters."""

import secrets

from domain.directory import Person, RoleName
from domain.suggestions.steps import Outcome, Suggestion
from services.desk import Desk
from services.suggestions import filing, handling, letters
from services.suggestions.filing import Said
from services.suggestions.handling import Answer
from storage import turns
from storage.directory import people
from storage.suggestions import rows
from tests.contract.village import CHANNEL, COUNTY, Village

NOT_NOW = Answer(
    Outcome.NOT, "今年没有这笔钱，明年再列。", reason="今年没有这笔钱，明年再列。", gist="多装路灯"
)


async def joins(village: Village, name: str, role: RoleName, area: str = COUNTY) -> Person:
    """Somebody more of the roster, with an account named like himself."""

    def deed(desk: Desk) -> Person:
        number = people.add(desk.tx, desk.now, name=name, phone="00000000300")
        people.add_role(desk.tx, number, role, area, desk.now)
        turns.open_account(desk.tx, CHANNEL, name, number, desk.now)
        found = people.find(desk.tx, number)
        assert found
        return found

    return await village.do(deed)


async def suggests(village: Village, text: str, by: str = "villager", *, about_person: bool = False) -> int:
    """Number of a signed suggestion."""

    def deed(desk: Desk, person: Person) -> int:
        said = Said(text, (), about_person)
        return filing.file(desk, said, secrets.token_bytes(32), person).id

    return await village.do(deed, by)


async def writes(village: Village, text: str, *media: int, about_person: bool = False) -> str:
    """The code of an anonymous letter that was put into today's box."""

    def deed(desk: Desk) -> str:
        return letters.write(desk, letters.open_box(desk), Said(text, media, about_person))

    return await village.do(deed)


async def numbered(village: Village, number: int) -> Suggestion:
    found = await village.database.read(lambda tx: rows.find(tx, number))
    assert found is not None
    return found


async def told(village: Village, person: Person) -> list[str]:
    query = f"SELECT text FROM outbox WHERE person = {person.id} ORDER BY id"
    return await village.database.read(lambda tx: [row[0] for row in tx.exec_driver_sql(query)])


async def answered(village: Village, number: int, by: str | Person = "staff") -> Suggestion:
    return await village.do(handling.answer, number, by, NOT_NOW)
