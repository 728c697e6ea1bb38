"""Somebody suggests something: signed, or anonymously by a sealed letter."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from domain.flow import Answer, Ask, Done, Draft, Invalid
from domain.suggestions import words
from domain.talk import Choice, Reply, shorten
from handlers.answers import no_mere_digit, words_or_media
from handlers.engine import Then
from handlers.scene import Replies, Scene
from handlers.tickets.request import accuses, joined
from services.suggestions import letters
from services.suggestions.access import names_somebody
from services.suggestions.filing import Said, file_signed

_SIGNED = Choice("signed", "署名，答复发给我")
_JOIN = Choice("join", "署名，先登记一下")
_ANONYMOUS = Choice("anonymous", "匿名，凭码查答复")
_OF_A_PERSON = (Choice("person", "对，只给县上看"), Choice("no", "不对，重说"))
_MATTER, _PERSON = Choice("matter", "说事"), Choice("person", "说人，只给县上看")
_NO = Choice("no", "不对，重说")


@dataclass(frozen=True, slots=True)
class Suggest:
    """Signed or not, the words, what they are about. draft has "box", which an anonymous one falls into."""

    known: bool
    """False: she has not agreed that anything of her is kept, so she cannot sign."""
    accuses: Callable[[str], bool]
    """Do words accuse a cadre?"""
    names: Callable[[str], bool]
    """Do words name somebody of the roster? Then it is more likely about him, and that comes first."""

    def ask(self, draft: Draft) -> Ask | Done:
        if "as" not in draft:
            signed = _SIGNED if self.known else _JOIN
            return Ask("as", "有意见请说。署名还是匿名？匿名不留账号和电话。", (signed, _ANONYMOUS))
        if draft["as"] == "join":
            return Done()
        if draft.get("right") == "no":
            del draft["right"], draft["said"]
        if isinstance(draft.get("right"), dict):
            draft["said"] = joined(draft["said"], draft.pop("right"))
        if "said" not in draft:
            return Ask("said", _INVITED[draft["as"]], read=no_mere_digit(words_or_media))
        if "right" not in draft:
            return self._read_back(draft["said"]["text"])
        # Of an anonymous writer each is asked the same number of questions: how many they were can be told.
        if draft["right"] == "person" and draft["as"] == "signed" and "who" not in draft:
            return Ask("who", "说的是谁？请回姓名和单位。", (Choice("unsaid", "不想说"),), _who)
        return Done()

    def _read_back(self, text: str) -> Ask:
        quoted = shorten(text, words.QUOTE)
        told = f"您说：{quoted}。" if quoted else "收到图片或语音。"
        if self.accuses(text):
            return Ask("right", f"{told}对吗？", _OF_A_PERSON, words_or_media)
        which = (_PERSON, _MATTER) if self.names(text) else (_MATTER, _PERSON)
        return Ask("right", f"{told}说的是事还是人？", (*which, _NO), words_or_media)


_INVITED = {
    "signed": "请说您的意见。打字、照片、语音都行。",
    "anonymous": "请说您的意见。说人的，写清姓名单位。平台看得到是您发的，我们不留。",
}


def suggest_flow(scene: Scene) -> Suggest:
    draft = scene.talk.draft
    if "box" not in draft:
        draft["box"] = letters.open_box(scene.desk)
    knows = scene.person.consented or scene.works
    return Suggest(knows, partial(accuses, scene), partial(names_somebody, scene.desk))


def key_of(draft: Draft) -> str:
    """The key under which the talk rests sealed: once it is to be anonymous."""
    return str(draft["box"]) if draft.get("as") == "anonymous" else ""


def person_has_suggested(scene: Scene, draft: Draft) -> Replies | Then:
    if draft["as"] == "join":
        return Then("join", {}, [Reply("登记好后，再发“提建议”。")])
    said = _said(draft)
    if draft["as"] == "anonymous":
        return [words.receipt(letters.write(scene.desk, draft["box"], said), anonymous=True)]
    return [words.receipt(file_signed(scene.desk, scene.person, said), anonymous=False)]


def _said(draft: Draft) -> Said:
    text, who = draft["said"]["text"], draft.get("who", "unsaid")
    about = f"（说的是：{who}）" if who != "unsaid" else ""
    return Said(f"{text}{about}", tuple(draft["said"]["media"]), draft["right"] == "person")


def _who(answer: Answer) -> str | Invalid:
    text = " ".join(answer.text.split())
    return text[:60] if text else Invalid("请用文字说是谁，不想说回1。")
