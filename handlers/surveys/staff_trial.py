"""Staff answer a survey to see how it is: nothing of it is stored."""

from dataclasses import dataclass, replace

from domain.delivery import CHINA
from domain.errors import Refusal
from domain.flow import Ask, Done, Draft
from domain.surveys.form import Kind
from domain.surveys.staffing import DROP, LAUNCH, TRY, deeds
from domain.talk import Choice, Reply
from handlers.engine import Then
from handlers.scene import Replies, Scene
from handlers.surveys.putting import Put
from handlers.surveys.talks import Asking, told
from handlers.surveys.words import CHANGE, LATER, answered, looked_back
from services.surveys import running
from services.surveys.answering import Sitting

_MARK = "【试填】"


@dataclass(frozen=True, slots=True)
class Trial:
    """One question, marked as a trial."""

    asking: Asking

    def ask(self, draft: Draft) -> Ask | Done:
        question = self.asking.ask(draft)
        return replace(question, text=f"{_MARK}{question.text}") if isinstance(question, Ask) else question


def trial(scene: Scene) -> Trial:
    draft = scene.talk.draft
    try:
        sitting = _sitting(scene, draft)
    except Refusal:
        return Trial(Asking(None))
    put = _put(scene, sitting)
    return Trial(Asking(put))


def begin(scene: Scene, survey: int) -> Draft:
    """The draft with which a trial begins. Raises Refusal for whoever does not run the survey."""
    running.try_out(scene.desk, scene.person, survey, {})
    return {"survey": survey, "answers": {}}


def staff_have_answered(scene: Scene, draft: Draft) -> Replies | Then:
    """The next question, behind what is only shown; at the end how it would look before it is sent."""
    sitting, given = _sitting(scene, draft), draft.get("value")
    if isinstance(given, dict) and given.get("deed") == LATER.id:
        return staff_stop(scene, draft)
    put = _put(scene, sitting)
    if isinstance(given, dict) and given.get("deed") == CHANGE:
        sitting.answers.pop(answered(sitting.interview, sitting.answers)[given["which"] - 1].name)
    elif put is not None and given is not None:
        sitting.answers[put.question.name] = put.value(given)
    return _go_on(sitting)


def staff_go_back(scene: Scene, draft: Draft) -> Replies | Then:
    sitting = _sitting(scene, draft)
    asked = answered(sitting.interview, sitting.answers)
    if asked:
        sitting.answers.pop(asked[-1].name)
    return _go_on(sitting)


def staff_stop(scene: Scene, draft: Draft) -> Replies:
    return [Reply(f"{_MARK}停了，什么都没存。", _next(_sitting(scene, draft)))]


def _go_on(sitting: Sitting) -> Replies | Then:
    before = []
    question = sitting.question
    while question is not None and question.kind is Kind.NOTE:
        before.append(Reply(f"{_MARK}{told(sitting, question)}"))
        sitting.answers[question.name] = ""
        question = sitting.question
    survey = sitting.survey.id
    if question is not None:
        return Then("survey-trial", {"survey": survey, "answers": sitting.answers}, before)
    look, _ = looked_back(sitting.interview, sitting.answers)
    return [*before, *map(Reply, look), Reply(f"{_MARK}答完了，什么都没存。", _next(sitting))]


def _next(sitting: Sitting) -> tuple[Choice, ...]:
    names = (LAUNCH, TRY, DROP) if sitting.survey.state == "draft" else ("show", TRY)
    return deeds(sitting.survey.id, *names)


def _sitting(scene: Scene, draft: Draft) -> Sitting:
    return running.try_out(scene.desk, scene.person, draft["survey"], dict(draft["answers"]))


def _put(scene: Scene, sitting: Sitting) -> Put | None:
    question = sitting.question
    if question is None or question.kind is Kind.NOTE:
        return None
    came = scene.inbound.media
    today = scene.desk.now.astimezone(CHINA).date()
    return Put(sitting, question, today, came[0].kind if came else None)
