"""What the two of a pair say to each other, and what the helper notes. The house only carries words: it gives no advice."""

from domain import pairs as words
from domain.directory import Person
from domain.errors import Refusal
from domain.pairs import Pair, PairKind
from domain.talk import About, Choice, Reply
from services import delivery
from services.delivery import tell, within_reach
from services.desk import Desk
from services.duties.standing import pair_is_noted
from services.pairs.access import found_person, his_own, offices, seen
from storage import pairs
from storage.directory import areas


def say(desk: Desk, number: int, person: Person, text: str, media: tuple[int, ...]) -> Pair:
    """Pass words, pictures and sounds on to the other of the two, who may answer. Refused if she can hear nothing.

    Nothing of it is kept with the pair.
    """
    pair = his_own(desk, number, person)
    to = pair.other(person.id)
    check_heard(desk, pair, person)
    asks = person.id == pair.helped and pair.kind is PairKind.GROWER
    verb = "问" if asks else "说"
    said = text or "（图片或语音）"
    reply = Choice(words.deed(number, "say"), "回话")
    tell(desk, to, Reply(f"{_who(desk, pair, person)}{verb}：{said}", (reply,), media, About.WORDS))
    return pair


def check_heard(desk: Desk, pair: Pair, person: Person) -> None:
    if not within_reach(desk, pair.other(person.id)):
        raise Refusal("对方已不用这里了，请打电话或上门。")


def arrives_now(desk: Desk, pair: Pair, person: Person) -> bool:
    """Will it reach the other now, rather than when she next speaks?"""
    return delivery.arrives_now(desk, pair.other(person.id))


def _who(desk: Desk, pair: Pair, person: Person) -> str:
    """By name, and a grower by her village: an expert has many. No account is shown."""
    if person.id == pair.helper:
        return f"{person.name}（{words.HELPER_NAMES[pair.kind]}）"
    return f"{_place(desk, person)}{person.name or words.HELPED_NAMES[pair.kind]}"


def note(desk: Desk, number: int, person: Person, text: str) -> Pair:
    """One line of the helper's own."""
    pair = his_own(desk, number, person)
    check_helps(pair, person)
    pairs.add_note(desk.tx, number, person.id, text, desk.now)
    pair_is_noted(desk, person, pair.kind)
    return pair


def check_helps(pair: Pair, person: Person) -> None:
    if pair.helper != person.id:
        raise Refusal("记录由结对的干部、专家来记。")


def notes(desk: Desk, number: int, person: Person, count: int = 6) -> list[str]:
    """The newest notes, oldest first, a line each: for the two and the office."""
    pair = seen(desk, number, person)
    return [
        f"{words.on_day(one.written_at)} {found_person(desk, one.written_by).name}：{one.text}"
        for one in pairs.notes(desk.tx, pair, count)
    ]


def mine(desk: Desk, person: Person) -> list[tuple[Pair, Person]]:
    """The person's pairs in force, each with the other of the two."""
    return [
        (pair, found_person(desk, pair.other(person.id)))
        for pair in pairs.of_person(desk.tx, person.id, desk.now)
    ]


def kept_by(desk: Desk, person: Person) -> list[tuple[Pair, Person, Person]]:
    """The pairs that the person's office keeps, each with helper and helped."""
    here = offices(desk, person)
    found = pairs.of_offices(desk.tx, here, desk.now) if here else []
    return [(pair, found_person(desk, pair.helper), found_person(desk, pair.helped)) for pair in found]


def show(desk: Desk, number: int, person: Person) -> Reply:
    """A pair as the person sees it: as one of the two, or as the office."""
    pair = seen(desk, number, person)
    if person.id in (pair.helper, pair.helped):
        other = found_person(desk, pair.other(person.id))
        return words.card(pair, person.id, other, _place(desk, other))
    return words.office_card(pair, found_person(desk, pair.helper), found_person(desk, pair.helped))


def _place(desk: Desk, person: Person) -> str:
    """The village of a villager; "" of anybody else."""
    area = areas.find(desk.tx, person.area) if person.area else None
    return area.short_name if area else ""
