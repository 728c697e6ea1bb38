"""A survey's beginning and its questions, each of which is a flow of its own.

What was answered is never in the conversation but in the draft, which all messengers of a person share: so what she
has answered on another one, or days ago, is not asked again.
"""

from dataclasses import dataclass, replace

from domain.delivery import CHINA
from domain.errors import Refusal
from domain.flow import Ask, Done, Draft
from domain.surveys.form import Kind, Question
from domain.talk import Choice, Reply
from handlers.engine import Then
from handlers.scene import Replies, Scene
from handlers.surveys.putting import Put
from handlers.surveys.words import CHANGE, LATER, MORE, ONWARD, answered, invitation, looked_back
from services.surveys import answering
from services.surveys.answering import Sitting


@dataclass(frozen=True, slots=True)
class Beginning:
    """What it is, and whether she wants to. Nothing is asked of one who has begun, or cannot."""

    text: str

    def ask(self, draft: Draft) -> Ask | Done:
        if "begin" in draft or not self.text:
            return Done()
        return Ask("begin", self.text, (Choice("yes", "开始答"), Choice("later", "以后再说")))


def seated(scene: Scene, survey: int) -> Sitting:
    """Where she stands, looked up once: a turn holds its person, so what she has said is changed by the turn alone.

    Raises Refusal as `answering.sit_down` does.
    """
    if scene.sitting is None or scene.sitting.survey.id != survey:
        scene.sitting = answering.sit_down(scene.desk, survey, scene.person)
    return scene.sitting


def beginning(scene: Scene) -> Beginning:
    try:
        sitting = seated(scene, scene.talk.draft["survey"])
    except Refusal:
        return Beginning("")
    if sitting.begun:
        return Beginning("")
    asked = [one for one in sitting.interview.form.questions if one.kind not in {Kind.NOTE, Kind.CALCULATE}]
    _, count = sitting.interview.place(asked[0], {})
    survey = sitting.survey
    return Beginning(
        invitation(survey.title, count, len(asked), scene.inbound.channel, anonymous=survey.anonymous)
    )


def person_begins(scene: Scene, draft: Draft) -> Replies | Then:
    try:
        sitting = seated(scene, draft["survey"])
    except Refusal as no:
        page = draft.get("page")
        said = [Reply(no.say)] if page is None else []
        return [*said, *_receipt_again(scene, draft["survey"], page or 0)]
    if draft.get("begin") == "later":
        return [Reply("好，想答的时候回“问卷”。")]
    return go_on(scene, sitting, [Reply("接着上回的答。")] if sitting.begun else [])


def _receipt_again(scene: Scene, survey: int, page: int) -> Replies:
    """What she handed in under her name, if she did: it is hers to see."""
    found = answering.receipt_of(scene.desk, survey, scene.person)
    if found is None:
        return []
    interview, handed_in = found
    page_of_it, more = looked_back(interview, handed_in.answers, page)
    head = () if page else (Reply(f"您交的是第{handed_in.number}份："),)
    onward = (Choice(f"s:{survey}:{page + 1}", ONWARD.label),) if more else ()
    *above, last = page_of_it or [""]
    return [*head, *map(Reply, above), *([Reply(last, onward)] if last else [])]


@dataclass(frozen=True, slots=True)
class Asking:
    """One question. `put` is None when there is nothing to ask: the survey is over, or it was answered elsewhere."""

    put: Put | None

    def ask(self, draft: Draft) -> Ask | Done:
        given = draft.get("value")
        if self.put is None or (isinstance(given, dict) and given.get("deed") in {LATER.id, CHANGE}):
            return Done()
        if isinstance(given, dict) and given.get("deed") == MORE.id:
            del draft["value"]
            draft["page"] = draft.get("page", 0) + 1
            given = None
        if given is None:
            return self.put.ask(draft.get("page", 0))
        problem = self.put.problem(self.put.value(given))
        if problem is None:
            return Done()
        del draft["value"]
        return replace(self.put.ask(), text=problem, missed=True)


def asking(scene: Scene) -> Asking:
    draft = scene.talk.draft
    try:
        sitting = seated(scene, draft["survey"])
    except Refusal:
        return Asking(None)
    question = _question(sitting, draft["question"])
    return Asking(None if question is None else _put(scene, sitting, question))


def is_spoken_of(scene: Scene, text: str) -> bool:
    """Does she say nothing but words of the options that she was shown, though it may be no answer?"""
    put = asking(scene).put if scene.talk.flow == "survey" else None
    return put is not None and put.is_spoken_of(text)


def _question(sitting: Sitting, name: str) -> Question | None:
    """The question, if it still is one: asked as things stand, and not answered."""
    question = next((one for one in sitting.interview.form.questions if one.name == name), None)
    if question is None or name in sitting.answers:
        return None
    return question if sitting.interview.relevant(question, sitting.answers) else None


def _put(scene: Scene, sitting: Sitting, question: Question) -> Put:
    came = scene.inbound.media
    today = scene.desk.now.astimezone(CHINA).date()
    return Put(sitting, question, today, came[0].kind if came else None)


def person_has_answered(scene: Scene, draft: Draft) -> Replies | Then:
    """Her answer is kept, and the next question is put."""
    try:
        sitting = seated(scene, draft["survey"])
    except Refusal as no:
        return [Reply(no.say)]
    question, given = _question(sitting, draft["question"]), draft.get("value")
    if question is None:
        return go_on(scene, sitting, [Reply("这题您在别处答过了，不用再答。")])
    if isinstance(given, dict) and given.get("deed") == LATER.id:
        return [paused(sitting)]
    if given is None:
        return go_on(scene, sitting, [])
    if isinstance(given, dict) and given.get("deed") == CHANGE:
        take_back(scene, sitting, answered(sitting.interview, sitting.answers)[given["which"] - 1].name)
        return go_on(scene, sitting, [])
    sitting.answers[question.name] = _put(scene, sitting, question).value(given)
    answering.keep(scene.desk, sitting, scene.person)
    return go_on(scene, sitting, [])


def go_on(scene: Scene, sitting: Sitting, before: Replies) -> Then:
    """The next question, behind what only has to be shown; the look back when there is none."""
    question = sitting.question
    while question is not None and question.kind is Kind.NOTE:
        before.append(Reply(told(sitting, question)))
        sitting.answers[question.name] = ""
        question = sitting.question
        answering.keep(scene.desk, sitting, scene.person)
    draft: Draft = {"survey": sitting.survey.id, "private": sitting.private}
    if question is not None and question.name in sitting.answers:  # what she chose cannot be chosen any more
        take_back(scene, sitting, question.name)
    if question is None:
        return look_back(sitting, before)
    return Then("survey", draft | {"question": question.name}, before)


def look_back(sitting: Sitting, before: Replies, page: int = 0) -> Then:
    """A page of what she has answered, and whether it is as she meant it."""
    page_of_it, _ = looked_back(sitting.interview, sitting.answers, page)
    draft = {"survey": sitting.survey.id, "private": sitting.private, "page": page}
    return Then("survey-review", draft, [*before, *map(Reply, page_of_it)])


def told(sitting: Sitting, note: Question) -> str:
    """What a note says."""
    words = (sitting.interview.label(note, sitting.answers), sitting.interview.hint(note, sitting.answers))
    return "\n".join(filter(None, words))


def person_goes_back(scene: Scene, draft: Draft) -> Replies | Then:
    """9: what she answered last is asked again. What was shown to her need not be shown twice."""
    try:
        sitting = seated(scene, draft["survey"])
    except Refusal as no:
        return [Reply(no.say)]
    asked = {question.name for question in answered(sitting.interview, sitting.answers)}
    last = next((name for name in reversed(sitting.answers) if name in asked), None)
    if last is not None:
        take_back(scene, sitting, last)
    return go_on(scene, sitting, [])


def take_back(scene: Scene, sitting: Sitting, name: str) -> None:
    """An answer is to be given anew."""
    del sitting.answers[name]
    answering.keep(scene.desk, sitting, scene.person)


def person_pauses(scene: Scene, draft: Draft) -> Replies:
    """取消: what she has answered is kept until the survey is over."""
    try:
        return [paused(seated(scene, draft["survey"]))]
    except Refusal as no:
        return [Reply(no.say)]


def paused(sitting: Sitting) -> Reply:
    count = len(answered(sitting.interview, sitting.answers))
    kept = f"答了的{count}题都记着。" if count else ""
    return Reply(f"好，{kept}回“问卷”接着答。")


def nobody_understands(_scene: Scene) -> Replies:
    """Twice not understood: the ways on. A person is called only if she says so."""
    return [Reply("没听明白。要停下回“等会儿”，找人说“找人”。")]
