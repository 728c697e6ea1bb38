"""Talk of pairs: `p:<number>:<deed>` does what it says whenever it is tapped, or says why it cannot."""

from collections.abc import Callable
from dataclasses import dataclass

from domain import pairs as words
from domain.flow import Answer, Ask, Done, Draft, Invalid, OneQuestion
from domain.pairs import PairKind
from domain.talk import Choice, Reply
from handlers import shown
from handlers.answers import words_only, words_or_media
from handlers.engine import Engine, Talk, Then
from handlers.scene import Replies, Scene
from handlers.tickets.request import accuses, joined
from services.pairs import handover, talking
from services.pairs.access import found_person, his_own, kept

PAGE = 5


def pairs_deed(scene: Scene, engine: Engine, number: int, deed: str) -> Replies:
    """Do the deed of a button. Deeds that need words open the flow that asks for them."""
    if deed == "more":
        return office_sees_pairs(scene, number)
    if deed in _CHECKS:
        _CHECKS[deed](scene, number)
        return engine.begin(scene, f"pair-{deed}", {"pair": number})
    if deed == "notes":
        told = talking.notes(scene.desk, number, scene.person)
        return [Reply("\n".join(["记录：", *told]) if told else "还没有记录。")]
    if deed == "show":
        return [talking.show(scene.desk, number, scene.person)]
    return [Reply("这个按钮用不了了，回“帮助”看看能办什么。")]


def _may_say(scene: Scene, number: int) -> None:
    talking.check_heard(scene.desk, his_own(scene.desk, number, scene.person), scene.person)


def _may_note(scene: Scene, number: int) -> None:
    talking.check_helps(his_own(scene.desk, number, scene.person), scene.person)


def _may_hand(scene: Scene, number: int) -> None:
    kept(scene.desk, number, scene.person)


_CHECKS: dict[str, Callable[[Scene, int], None]] = {"say": _may_say, "note": _may_note, "hand": _may_hand}
"""Before words are asked for: may this person do it, so that nobody types in vain."""


def person_sees_pairs(scene: Scene) -> Replies:
    """我的结对: with whom, and how to speak to each other."""
    found = talking.mine(scene.desk, scene.person)
    if not found:
        return [Reply("您没有结对。")]
    if len(found) == 1:
        return [talking.show(scene.desk, found[0][0].id, scene.person)]
    listed = found[:6]
    head = (
        "您的结对，回数字打开："
        if len(found) <= len(listed)
        else f"您的结对{len(found)}对，先看{len(listed)}对："
    )
    return [
        Reply(
            head,
            tuple(
                Choice(words.deed(pair.id, "show"), words.line(pair, scene.person.id, other))
                for pair, other in listed
            ),
        )
    ]


def grower_wants_to_ask(scene: Scene, engine: Engine) -> Replies:
    """问专家: at once, where there is one expert to ask."""
    mine = [
        (pair, other)
        for pair, other in talking.mine(scene.desk, scene.person)
        if pair.kind is PairKind.GROWER and pair.helped == scene.person.id
    ]
    if not mine:
        return [Reply("还没有给您配专家。农技的事可直接说，或打12316。")]
    if len(mine) == 1:
        return pairs_deed(scene, engine, mine[0][0].id, "say")
    choices = (Choice(words.deed(pair.id, "say"), other.name) for pair, other in mine[:6])
    return [Reply("想问哪位专家？", tuple(choices))]


def office_sees_pairs(scene: Scene, start: int = 0) -> Replies:
    """结对台账: what the office keeps, page by page."""
    found = talking.kept_by(scene.desk, scene.person)
    shown = found[start : start + PAGE]
    if not shown:
        return [Reply("没有您单位管的结对。")]
    choices = [
        Choice(words.deed(pair.id, "show"), f"{helper.name}—{helped.name or '（已不用这里）'}")
        for pair, helper, helped in shown
    ]
    if start + PAGE < len(found):
        choices.append(Choice(words.deed(start + PAGE, "more"), "往下看"))
    return [Reply(f"您单位管的结对{len(found)}对：", tuple(choices))]


def _say_flow(scene: Scene) -> OneQuestion:
    """The words. draft has "pair"."""
    text = f"想跟{_other(scene)}说什么？说话、拍照、发语音都行。"
    return OneQuestion(lambda _: Ask("said", text, read=words_or_media))


def _other(scene: Scene) -> str:
    """The name of the other one of the pair that is talked of."""
    pair = his_own(scene.desk, scene.talk.draft["pair"], scene.person)
    return found_person(scene.desk, pair.other(scene.person.id)).name or "对方"


def person_has_said(scene: Scene, draft: Draft) -> Replies:
    said = draft["said"]
    pair = talking.say(scene.desk, draft["pair"], scene.person, said["text"], tuple(said["media"]))
    more = (Choice(words.deed(pair.id, "say"), "再说一句"),)
    if not talking.arrives_now(scene.desk, pair, scene.person):
        return [Reply("记下了，对方来说话时才看得到。急事请打电话。", more)]
    return [Reply("话带到了。", more)]


def _ask_for_a_line(_: Draft) -> Ask:
    return Ask("said", "记一句什么？只有你们两人和主管单位看得到。", read=words_only)


def helper_has_noted(scene: Scene, draft: Draft) -> Replies:
    talking.note(scene.desk, draft["pair"], scene.person, draft["said"]["text"][:200])
    return [Reply("记下了。", (Choice(words.deed(draft["pair"], "notes"), "看记录"),))]


def _ask_who_succeeds(_: Draft) -> Ask:
    return Ask("phone", "换成谁？请打他的电话，他要在花名册里。", read=_phone)


def office_has_handed(scene: Scene, draft: Draft) -> Replies:
    successor = handover.hand_over_one(scene.desk, draft["pair"], scene.person, draft["phone"])
    return [Reply(f"交给{successor.name}了，两边都告诉了。")]


def _phone(answer: Answer) -> str | Invalid:
    return answer.text.replace(" ", "")[:20] if answer.text else Invalid("请打他的电话号码。")


@dataclass(frozen=True, slots=True)
class Meant:
    """After the other one of a pair has written: is it an answer? draft has "pair" and "said"."""

    name: str
    works: bool

    def ask(self, draft: Draft) -> Ask | Done:
        if isinstance(draft.get("meant"), dict):
            draft["said"] = joined(draft["said"], draft.pop("meant"))
        if "meant" in draft:
            return Done()
        choices = (Choice("answer", "对"), Choice("new", "不是" if self.works else "不是，是新的事"))
        return Ask("meant", f"这话是说给{self.name}的，对吗？", choices, words_or_media)


def answered(scene: Scene, engine: Engine, said: Draft) -> Replies | None:
    """Free words after the other one of a pair has written, or after words to him; never where they accuse a cadre."""
    pair = shown.pair_that_spoke(scene)
    if pair is None or accuses(scene, said["text"]):
        return None
    return engine.begin(scene, "pair-meant", {"pair": pair, "said": said})


def _meant_flow(scene: Scene) -> Meant:
    return Meant(_other(scene), scene.works)


def person_has_meant(scene: Scene, draft: Draft) -> Replies | Then:
    if draft["meant"] == "answer":
        return person_has_said(scene, draft)
    if scene.works:
        return [Reply("好。要办什么，回“帮助”看看。")]
    return Then("request", {"said": draft["said"]}, [])


TALKS = {
    "pair-say": Talk(_say_flow, person_has_said),
    "pair-note": Talk(lambda _: OneQuestion(_ask_for_a_line), helper_has_noted),
    "pair-hand": Talk(lambda _: OneQuestion(_ask_who_succeeds), office_has_handed),
    "pair-meant": Talk(_meant_flow, person_has_meant),
}


def entries(scene: Scene) -> tuple[Choice, ...]:
    """The way into pairs, for whoever has one."""
    found = [pair for pair, _ in talking.mine(scene.desk, scene.person)] if scene.serves else []
    asks = any(pair.kind is PairKind.GROWER and pair.helped == scene.person.id for pair in found)
    if asks:
        return (Choice("m:ask-expert", "问专家"),)
    return (Choice("m:pairs", "我的结对"),) if found else ()
