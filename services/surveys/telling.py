"""Those who took part hear, once, what came of it: “大家说的……，我们做了……”."""

from dataclasses import dataclass

from domain.broadcasts import Audience
from domain.errors import Refusal
from domain.talk import shorten
from services import broadcasts
from services.desk import Desk
from services.directory.areas import area as area_of
from services.surveys import ballots
from storage import survey_results, survey_runs, surveys
from storage.broadcasts import rows
from storage.surveys import Survey

MOST = 120
"""Characters of each of the two sentences that staff write: people read them on a phone."""
_TITLE = 24


@dataclass(frozen=True, slots=True)
class Whom:
    """Who is told of a survey, and the same in words: “答过的77人”."""

    survey: Survey
    audience: Audience
    in_words: str


def words_of_thanks(title: str, said: str, did: str, *, anonymous: bool) -> str:
    """What they are told. Raises Refusal where one of the sentences is missing or too long.

    Of an anonymous survey nobody knows who of them has said anything.
    """
    said, did = said.strip(), did.strip()
    if not said or not did:
        raise Refusal("请写两句：大家说了什么，我们做了什么。")
    if max(len(said), len(did)) > MOST:
        raise Refusal(f"话太长了，每句最多{MOST}个字。")
    whose = "大家" if anonymous else "您和大家"
    return f"《{shorten(title, _TITLE)}》谢谢您。{whose}说的：{said}\n我们做了：{did}"


def whom(desk: Desk, survey: int) -> Whom:
    """Those who answered a named survey; of an anonymous one all who were asked, for a choice would tell who did.

    Was it sent to nobody, all for whom it was. The survey is held until the transaction ends. Raises Refusal where its
    results may not be read yet, and where they were told already.
    """
    found = surveys.hold(desk.tx, survey)
    if found is None:
        raise Refusal(f"没有{survey}号问卷。")
    if found.state not in ("closed", "released"):
        raise Refusal(f"{survey}号问卷还没截止，截止了再告诉大家。")
    if ballots.are_lost(desk, survey):
        raise Refusal(ballots.LOST)
    if found.anonymous and found.state != "released":
        raise Refusal("这份问卷不记名，要等打乱以后。过几分钟再来。")
    if rows.telling_of(desk.tx, survey) is not None:
        raise Refusal("结果已经告诉过大家了。")
    if not found.anonymous:
        answered = survey_results.people_who_answered(desk.tx, survey)
        return Whom(found, Audience(tag=f"survey-{survey}"), f"答过的{answered}人")
    asking = rows.asking(desk.tx, [survey]).get(survey)
    if asking is None:
        return Whom(found, Audience((found.area,)), f"{area_of(desk, found.area).short_name}所有人")
    reached = sum(broadcasts.reached(desk, one.broadcast) for one in asking)
    at_most = "最多" if len(asking) > 1 else ""  # who was asked twice is told once
    return Whom(found, Audience(asked=survey), f"请过的{at_most}{reached}人")


def tell_results(desk: Desk, survey: int, said: str, did: str, *, by: int | None = None) -> Whom:
    """Tell them, once. Raises Refusal as `whom` and `words_of_thanks` do."""
    told = whom(desk, survey)
    words = words_of_thanks(told.survey.title, said, did, anonymous=told.survey.anonymous)
    if told.audience.tag:
        survey_runs.tag_those_who_answered(desk.tx, survey, told.audience.tag)
    broadcasts.tell_results(desk, survey, words, told.audience, by=by)
    return told
