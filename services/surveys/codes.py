"""Invitations to appraise and to nominate: codes that belong to nobody, each good for one answer.

The code takes the place of the person in the box's marks: who answers with it, and whether it was used, is not stored.
"""

from domain.directory import Person
from domain.errors import Refusal
from domain.surveys.codes import code_in, kept, new_code
from domain.surveys.form import Answers
from services.desk import Desk
from services.surveys.ballots import box_of, put_in
from storage import ballots, survey_codes, survey_results
from storage.ballots import BoxClosedError

MOST = 20_000
"""Codes made at once."""
_USED = "这个邀请码已经用过了，一码只答一次。"
_OVER = "这次已经结束了，谢谢您。"


def make(desk: Desk, survey: int, count: int) -> list[str]:
    """So many new codes, in no order. They are told this once: only what `kept` makes of them is stored.

    Raises Refusal when there is no such survey, it is over, or it is not anonymous.
    """
    found = survey_results.find(desk.tx, survey)
    if found is None:
        raise Refusal(f"没有{survey}号问卷。")
    if not found.anonymous:
        raise Refusal("邀请码只用在不记名的问卷上。")
    if found.state not in ("draft", "open"):
        raise Refusal("这份问卷已经结束，不能再发邀请码。")
    if not 1 <= count <= MOST:
        raise Refusal(f"一次可做1到{MOST}个邀请码。")
    codes: set[str] = set()
    while len(codes) < count:
        codes.add(new_code())
    survey_codes.add(desk.tx, survey, [kept(code, desk.county.card_key) for code in codes])
    return list(codes)


def are_needed(desk: Desk, survey: int) -> bool:
    """Does the survey take answers by code alone? So it does once codes were made for it."""
    return bool(survey_codes.among(desk.tx, [survey]))


def is_code(desk: Desk, text: str) -> bool:
    """Are typed words, or a link's payload, a code that was ever made?"""
    return _survey_of(desk, text) is not None


def take(desk: Desk, text: str) -> tuple[int, str]:
    """The survey that a code is for, and the code as `cast` wants it. It is not used up by this.

    Raises Refusal for a code that is unknown or used, and when its survey is not open.
    """
    survey, code = _survey_of(desk, text), code_in(text)
    if survey is None or code is None:
        raise Refusal("这个邀请码不对，请照着再输一遍。")
    standing = ballots.standing(desk.tx, survey)
    if standing is None or standing.state == "draft":
        raise Refusal("这次还没开始，请过些时候再来。")
    if standing.state != "open":
        raise Refusal(_OVER)
    if is_used(desk, survey, code):
        raise Refusal(_USED)
    return survey, code


def is_used(desk: Desk, survey: int, code: str) -> bool:
    """Has somebody answered with it? Raises Refusal when the survey is over: then nobody can tell."""
    try:
        return ballots.is_marked(desk.tx, box_of(survey), _who(code))
    except BoxClosedError:
        raise Refusal(_OVER) from None


def cast(desk: Desk, text: str, answers: Answers, person: Person | None = None, channel: str = "") -> None:
    """Answer with a code, which is used up by it. No township goes along: a code may be anybody's.

    `person`: whose draft is dropped. Raises Refusal as `take` does, also when somebody else was faster.
    """
    survey, code = take(desk, text)
    put_in(desk, survey, _who(code), answers, channel=channel)
    if person is not None:
        ballots.drop_draft(desk.tx, survey, person.id)


def _survey_of(desk: Desk, text: str) -> int | None:
    code = code_in(text)
    return survey_codes.survey_of(desk.tx, kept(code, desk.county.card_key)) if code else None


def _who(code: str) -> str:
    return f"code:{code}"
