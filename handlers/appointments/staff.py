"""Staff open times for talks, and see what was made of them."""

from dataclasses import dataclass
from datetime import date, datetime, time

from domain.appointments import words
from domain.appointments.times import check_opening, hours_in, pieces
from domain.delivery import CHINA
from domain.errors import Refusal
from domain.flow import Answer, Ask, Done, Draft, Invalid
from domain.surveys.said import day_in
from domain.talk import Choice, Reply
from domain.tickets.steps import State
from handlers.appointments.booking import person_wants_a_talk
from handlers.appointments.leading import place, place_choices, place_of
from handlers.engine import Engine, Then
from handlers.scene import Replies, Scene
from services.appointments import booking, slots
from services.appointments.slots import Opening
from services.desk import Desk

_FEW = 5
_HOURS = (Choice("9:00-11:00", "上午9点到11点"), Choice("15:00-17:00", "下午3点到5点"))
_RIGHT = (Choice("yes", "对"), Choice("no", "不对，重来"))


def opens_times(scene: Scene) -> bool:
    return scene.works and slots.scope(scene.desk, scene.person) is not None


def talks_are_there(scene: Scene) -> bool:
    """Has 约谈 anything to offer to this person: times to open, talks to come, or a time to book?"""
    return (
        opens_times(scene)
        or (scene.works and bool(slots.arranged(scene.desk, scene.person, 1)))
        or booking.open_one(scene.desk, scene.person) is not None
        or bool(slots.free_for(scene.desk, scene.person, 1))
    )


def person_says_talk(scene: Scene, engine: Engine) -> Replies:
    """约谈: to book one; whoever may be on the other side of the desk is asked what he means."""
    opens = opens_times(scene)
    if not opens and not (scene.works and slots.arranged(scene.desk, scene.person, 1)):
        return person_wants_a_talk(scene, engine)
    opening = (Choice("m:open-slots", "放约谈时间"),) if opens else ()
    choices = (Choice("m:slots", "看约谈安排"), *opening, Choice("m:book-talk", "我要约领导谈"))
    return [Reply("约谈，要做什么？", choices)]


def staff_want_to_open(scene: Scene, engine: Engine) -> Replies:
    area = slots.scope(scene.desk, scene.person)
    if area is None:
        return [Reply("约谈时间由县上工作人员放。要约谈，回“约谈”。")]
    found = slots.leaders(scene.desk, area, _FEW)
    leaders = [(str(one.id), one.name) for one in found]
    return engine.begin(scene, "appointment-open", {"area": area, "leaders": leaders})


@dataclass(frozen=True, slots=True)
class Open:
    """Which leader, at which level if that is not known, which day, which hours, where. The draft has "area", "leaders"."""

    desk: Desk

    def ask(self, draft: Draft) -> Ask | Done:
        return self._who(draft) or self._when(draft) or self._where(draft) or Done()

    def _who(self, draft: Draft) -> Ask | None:
        if "leader" not in draft:
            choices = tuple(Choice(*one) for one in draft["leaders"])
            ask = "放谁的约谈时间？回数字，或打姓名、电话。"
            return Ask("leader", ask, choices, lambda answer: self._leader(answer, draft["area"]))
        leader = int(draft["leader"])
        if "level" not in draft:
            known = slots.level_of(self.desk, leader)
            if known is None:
                levels = self.desk.county.talks.all_levels[:6]
                return Ask("level", "他是哪一级？", tuple(Choice(one, one) for one in levels))
            draft["level"] = known
        return None

    def _leader(self, answer: Answer, area: str) -> str | Invalid:
        found = slots.leaders(self.desk, area, 2, answer.text) if answer.text else []
        if len(found) == 1:
            return str(found[0].id)
        return Invalid("有重名的，请回他的电话。" if found else "花名册里没有这位领导，请核对姓名或电话。")

    def _when(self, draft: Draft) -> Ask | None:
        if "day" not in draft:
            ask = "哪天？回数字，或打日子，比如“12月9号”。"
            return Ask("day", ask, self._next_days(), self._day)
        if "hours" not in draft:
            minutes = self.desk.county.talks.minutes
            ask = f"几点到几点？每{minutes}分钟一个。也可打“9:00-10:30”。"
            return Ask("hours", ask, _HOURS, lambda answer: self._hours(answer, draft["day"]))
        return None

    def _next_days(self) -> tuple[Choice, ...]:
        days, day = [], slots.today(self.desk)
        for _ in range(_FEW):
            day = self.desk.county.days.next_working(day)
            days.append(Choice(day.isoformat(), words.day_of(datetime.combine(day, time(), CHINA))))
        return tuple(days)

    def _day(self, answer: Answer) -> str | Invalid:
        day = day_in(answer.text, slots.today(self.desk))
        return Invalid("没看懂日子，请这样回：12月9号。") if day is None else day.isoformat()

    def _hours(self, answer: Answer, day: str) -> str | Invalid:
        minutes = self.desk.county.talks.minutes
        hours = hours_in(answer.text, minutes)
        if hours is None:
            return Invalid("没看懂时间，请这样回：9:00-10:30。")
        chosen = date.fromisoformat(day)
        try:
            check_opening(chosen, slots.today(self.desk), pieces(chosen, *hours, minutes))
        except Refusal as no:
            return Invalid(no.say)
        return f"{hours[0]:%H:%M}-{hours[1]:%H:%M}"

    def _where(self, draft: Draft) -> Ask | None:
        if "place" not in draft:
            if "places" not in draft:
                draft["places"] = slots.places(self.desk, draft["area"], _FEW)
            ask = "在哪儿谈？回数字，或打地点。" if draft["places"] else "在哪儿谈？打上地点。"
            return Ask("place", ask, place_choices(draft["places"]), place)
        if "right" not in draft:
            return Ask("right", self._read_back(draft), _RIGHT)
        return None

    def _read_back(self, draft: Draft) -> str:
        opening = opening_of(draft)
        found = next((name for number, name in draft["leaders"] if number == draft["leader"]), "")
        start = datetime.combine(opening.day, opening.start, CHINA)
        end = datetime.combine(opening.day, opening.end, CHINA)
        hours = f"{words.day_of(start)}{words.clock_of(start)}到{words.clock_of(end)}"
        return f"{opening.level}{found} {hours}，{opening.place}。对吗？"


def open_flow(scene: Scene) -> Open:
    return Open(scene.desk)


def opening_of(draft: Draft) -> Opening:
    start, _, end = draft["hours"].partition("-")
    return Opening(
        int(draft["leader"]),
        draft["level"],
        date.fromisoformat(draft["day"]),
        time.fromisoformat(start.zfill(5)),
        time.fromisoformat(end.zfill(5)),
        place_of(draft["place"], draft["places"]),
        draft["area"],
    )


def staff_have_opened(scene: Scene, draft: Draft) -> Replies | Then:
    if draft["right"] == "no":
        return Then("appointment-open", {key: draft[key] for key in ("area", "leaders")}, [])
    opened = slots.open_times(scene.desk, opening_of(draft))
    known = f"有{opened.known}个和他别的约谈重了，没放。" if opened.known else ""
    absent = (
        ""
        if slots.is_reached(scene.desk, int(draft["leader"]))
        else "他还没接上账号，请在约谈安排里替他答复。"
    )
    choices = (Choice("m:open-slots", "再放一段"), Choice("m:slots", "看约谈安排"))
    return [Reply(f"放了{opened.new}个时间。{known}{absent}回“约谈”就能约。", choices)]


def staff_see_arrangements(scene: Scene, skip: int = 0) -> Replies:
    """约谈安排: what is to come, open or taken, by number."""
    found = slots.arranged(scene.desk, scene.person, _FEW + 1, skip)
    if not found:
        return [Reply("没有要谈的。要放时间，回“放约谈时间”。" if opens_times(scene) else "没有要谈的。")]
    choices = []
    for slot, ticket, state in found[:_FEW]:
        how = "空着" if ticket is None else "约好了" if state == State.ACCEPTED else "等答复"
        wire = words.slot_deed(slot.id, "show") if ticket is None else words.deed(ticket, "show")
        choices.append(Choice(wire, f"{words.line(slot)} {how}"))
    if len(found) > _FEW:
        choices.append(Choice(words.slot_deed(skip + _FEW, "after"), "看后面的"))
    return [Reply("约谈安排，回数字打开：", tuple(choices))]


def slot_deed(scene: Scene, number: int, deed: str) -> Replies:
    """A button on a time that nobody has booked."""
    if deed == "after":
        return staff_see_arrangements(scene, number)
    if deed == "withdraw":
        slot = slots.withdraw(scene.desk, number, scene.person)
        return [Reply(f"撤下了：{words.line(slot)}。")]
    slots.check_free(scene.desk, number, scene.person)
    return [Reply("这个时间空着，还没人约。", (Choice(words.slot_deed(number, "withdraw"), "撤下不放了"),))]
