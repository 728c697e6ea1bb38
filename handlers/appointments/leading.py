"""The leader's side of an appointment: it holds, it is moved, it is called off."""

from dataclasses import dataclass
from datetime import datetime

from domain.appointments import words
from domain.appointments.times import PLACE_LENGTH
from domain.delivery import CHINA
from domain.flow import Answer, Ask, Done, Draft, Invalid, number_in
from domain.surveys.said import moment_in
from domain.talk import Choice, Reply
from domain.tickets.steps import State
from handlers.answers import NO_SUCH_DIGIT
from handlers.appointments.booking import reason
from handlers.engine import Engine
from handlers.scene import Replies, Scene
from services.appointments import access, answering, slots
from services.appointments.answering import Done as Settled
from services.desk import Desk
from services.tickets import handling

_PAGE = 5
_WHY = ["临时有会", "下乡了", "外出公务"]
_WHY_CHOICES = tuple(Choice(why, why) for why in _WHY)


def leader_looks(scene: Scene, ticket: int) -> Replies:
    access.leaders(scene.desk, ticket, scene.person)
    return [handling.card(scene.desk, ticket, scene.person)]


def leader_fixes(scene: Scene, ticket: int) -> Replies:
    return _told("定了", answering.fix(scene.desk, ticket, scene.person))


def leader_moves(scene: Scene, engine: Engine, ticket: int) -> Replies:
    found, appointment = access.leaders(scene.desk, ticket, scene.person)
    access.check_changeable(found, appointment, scene.desk)
    free = slots.free_of_leader(scene.desk, appointment.slot, _PAGE)
    shown = [(str(one.id), words.time_of(one)) for one in free]
    return engine.begin(scene, "appointment-move", {"ticket": ticket, "shown": shown})


@dataclass(frozen=True, slots=True)
class Move:
    """To which time, and why. The draft has "ticket", and "shown": the leader's other times."""

    desk: Desk

    def ask(self, draft: Draft) -> Ask | Done:
        if "to" not in draft:
            choices = tuple(Choice(*one) for one in draft["shown"])
            how = "回数字，或打时间" if choices else "请打时间"
            return Ask("to", f"改到什么时候？{how}，比如“12月9号10点”。", choices, self._moment)
        if "why" not in draft:
            return Ask("why", "为什么改？会告诉对方。", _WHY_CHOICES, reason)
        return Done()

    def _moment(self, answer: Answer) -> dict[str, str] | Invalid:
        moment = moment_in(answer.text, slots.today(self.desk), CHINA)
        if moment is None:
            return Invalid("没看懂时间，请这样回：12月9号10点。")
        return {"at": moment.isoformat()} if moment > self.desk.now else Invalid("这个时间过了，请另回一个。")


def leader_has_moved(scene: Scene, draft: Draft) -> Replies:
    to = draft["to"]
    when = datetime.fromisoformat(to["at"]) if isinstance(to, dict) else int(to)
    return _told("改了", answering.move(scene.desk, draft["ticket"], scene.person, when, _why(draft)))


def leader_changes_place(scene: Scene, engine: Engine, ticket: int) -> Replies:
    found, appointment = access.leaders(scene.desk, ticket, scene.person)
    access.check_changeable(found, appointment, scene.desk)
    known = slots.places(scene.desk, appointment.slot.area, _PAGE + 1)
    others = [place for place in known if place != appointment.slot.place][:_PAGE]
    draft = {"ticket": ticket, "places": others, "fixed": found.state is State.ACCEPTED}
    return engine.begin(scene, "appointment-place", draft)


@dataclass(frozen=True, slots=True)
class Place:
    """Where; and why, if she was told another place before."""

    @staticmethod
    def ask(draft: Draft) -> Ask | Done:
        if "place" not in draft:
            return Ask("place", "改到哪儿谈？回数字，或打地点。", place_choices(draft["places"]), place)
        if draft["fixed"] and "why" not in draft:
            return Ask("why", "为什么改？会告诉对方。", _WHY_CHOICES, reason)
        return Done()


def leader_has_changed_place(scene: Scene, draft: Draft) -> Replies:
    where = place_of(draft["place"], draft["places"])
    why = _why(draft) if draft["fixed"] else ""
    settled = answering.put_place(scene.desk, draft["ticket"], scene.person, where, why)
    return _told("改了" if draft["fixed"] else "定了", settled)


def leader_wants_to_cancel(scene: Scene, engine: Engine, ticket: int) -> Replies:
    found, appointment = access.leaders(scene.desk, ticket, scene.person)
    access.check_changeable(found, appointment, scene.desk)
    return engine.begin(scene, "appointment-call-off", {"ticket": ticket, "choices": _WHY})


def leader_has_cancelled(scene: Scene, draft: Draft) -> Replies:
    ticket, file = answering.cancel(scene.desk, draft["ticket"], scene.person, _why(draft))
    return [Reply(f"约谈{ticket.id}号取消了，已告诉对方。", media=(file,) if file else ())]


def place_choices(places: list[str]) -> tuple[Choice, ...]:
    return tuple(Choice(f"p{number}", name) for number, name in enumerate(places))


def place(answer: Answer) -> dict[str, str] | Invalid:
    if number_in(answer.text) is not None:
        return NO_SUCH_DIGIT
    return {"text": answer.text[:PLACE_LENGTH]} if answer.text else Invalid("请打字说地点，或回数字。")


def place_of(value: str | dict[str, str], places: list[str]) -> str:
    return value["text"] if isinstance(value, dict) else places[int(value.removeprefix("p"))]


def _why(draft: Draft) -> str:
    why = draft["why"]
    return str(why["text"] if isinstance(why, dict) else why)


def _told(head: str, settled: Settled) -> Replies:
    ticket, slot, file = settled
    said = f"约谈{ticket.id}号{head}，已告诉对方：{words.time_of(slot)}，{slot.place}。"
    return [Reply(said, words.leaders_choices(ticket), (file,))]
