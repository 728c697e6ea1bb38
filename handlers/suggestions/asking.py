"""Asking what came of a suggestion: by its code on any account, or by the list of what one has signed.

All talk by code is private, whether the suggestion was signed or not: so the talk itself does not tell.
"""

from dataclasses import dataclass

from domain.flow import Answer, Ask, Done, Draft, Invalid, pick
from domain.suggestions import codes, words
from domain.suggestions.steps import STATE_NAMES, State, Suggestion
from domain.talk import Choice, Reply, shorten
from handlers.answers import no_mere_digit, words_or_media
from handlers.engine import Engine
from handlers.scene import Replies, Scene
from handlers.tickets.request import accuses
from services.suggestions import letters, receipts, writer
from services.suggestions.filing import Said

_ADD, _ENOUGH = "补充一句", "好，知道了"
_YES_OR_NO = (Choice("yes", "对"), Choice("no", "不对"))


@dataclass(frozen=True, slots=True)
class Receipt:
    """Where it stands, and whether she wants to say more. draft has "box" and "receipt", "" for a wrong code."""

    status: str
    add: str
    """What the choice to say more is called."""

    def ask(self, draft: Draft) -> Ask | Done:
        if not draft["receipt"]:
            return Ask("again", "没有这个码。请看清楚再发一遍，不查了回“取消”。", read=_no_code)
        if "next" not in draft:
            return Ask("next", self.status, (Choice("add", self.add), Choice("enough", _ENOUGH)))
        if draft["next"] == "enough":
            return Done()
        if draft.get("right") == "no":
            del draft["right"], draft["said"]
        if "said" not in draft:
            return Ask("said", "请说。打字、照片、语音都行。", read=no_mere_digit(words_or_media))
        if "right" not in draft:
            said = shorten(draft["said"]["text"], words.QUOTE) or "图片或语音"
            return Ask("right", f"您说：{said}。对吗？", _YES_OR_NO)
        return Done()


def receipt_flow(scene: Scene) -> Receipt:
    receipt = bytes.fromhex(scene.talk.draft["receipt"])
    found = receipts.of_receipt(scene.desk, receipt) if receipt else None
    if found is None or found.suggestion is None:
        return Receipt(words.SEALED, _ADD)
    return Receipt(_status(scene, found.suggestion), _more(found.suggestion))


def key_of(draft: Draft) -> str:
    return str(draft["box"])


def person_shows_a_code(scene: Scene, engine: Engine) -> Replies | None:
    """Words that hold a receipt code open the private talk about it. None if they hold none."""
    said = codes.said(scene.text)
    if said is None:
        return None
    found = receipts.look_up(scene.desk, scene.account.id, said.code)
    draft: Draft = {"box": letters.open_box(scene.desk), "receipt": found.receipt.hex() if found else ""}
    if found and said.wish == "add":
        draft["next"] = "add"
        if said.words or scene.media:
            draft["said"] = {"text": said.words, "media": list(scene.media)}
    return engine.begin(scene, "receipt", draft)


def is_without_a_code(scene: Scene) -> bool:
    """What she showed was no code, and she is asked for it again."""
    return scene.talk.flow == "receipt" and not scene.talk.draft["receipt"]


def is_about_something_else(scene: Scene) -> bool:
    """She has read how it stands, and speaks of another matter."""
    draft = scene.talk.draft
    if scene.talk.flow != "receipt" or "next" in draft or is_without_a_code(scene):
        return False
    flow = receipt_flow(scene)
    return pick(scene.text, (Choice("add", flow.add), Choice("enough", _ENOUGH))) is None


def writer_has_answered(scene: Scene, draft: Draft) -> Replies:
    if draft["next"] == "enough":
        return [Reply("好。有了变化，再用码来查。")]
    said = Said(draft["said"]["text"], tuple(draft["said"]["media"]), accuses(scene, draft["said"]["text"]))
    found = receipts.of_receipt(scene.desk, bytes.fromhex(draft["receipt"]))
    if found is None or found.suggestion is None or found.anonymous or said.media:
        # Pictures of a private talk are sealed, and come out with its box.
        letters.add(scene.desk, draft["box"], bytes.fromhex(draft["receipt"]), said)
        return [Reply("封好了，和别的信一起拆，县上过两天看到。")]
    writer.add(scene.desk, found.suggestion, said)
    return [Reply("补上了，县上看得到。")]


def writer_sees_hers(scene: Scene) -> Replies:
    """What she signed, by number."""
    mine = writer.mine(scene.desk, scene.person)
    if not mine:
        return [Reply("您没有署名的意见。匿名的，请发“查”和您的码。")]
    choices = tuple(Choice(words.deed(one.id, "mine"), _line(one)) for one in mine)
    return [Reply("您署名提的意见，回数字看：", choices)]


def writer_looks(scene: Scene, number: int) -> Replies:
    found = writer.her_own(scene.desk, number, scene.person)
    return [Reply(_status(scene, found), (Choice(words.deed(number, "add"), _more(found)),))]


def ask_for_more(_: Draft) -> Ask:
    """She who signed says more. The draft has "number"."""
    return Ask("said", "请说。打字、照片、语音都行。", read=no_mere_digit(words_or_media))


def writer_has_added(scene: Scene, draft: Draft) -> Replies:
    text, media = draft["said"]["text"], tuple(draft["said"]["media"])
    found = writer.her_own(scene.desk, draft["number"], scene.person)
    writer.add(scene.desk, found, Said(text, media, accuses(scene, text)))
    return [Reply("补上了，县上看得到。")]


def _status(scene: Scene, suggestion: Suggestion) -> str:
    shown = writer.answered_by(scene.desk, suggestion)
    return words.status(shown, writer.question_to(scene.desk, suggestion))


def _more(suggestion: Suggestion) -> str:
    return "回答" if suggestion.state is State.ASKED else _ADD


def _line(suggestion: Suggestion) -> str:
    return f"{shorten(suggestion.text, 10) or '图片语音'} {STATE_NAMES[suggestion.state]}"


def _no_code(_answer: Answer) -> Invalid:
    return Invalid("这不像查询码。码是八个字母和数字，不查了回“取消”。")
