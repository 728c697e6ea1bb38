"""Gathering the results of a survey, once they may be read."""

from dataclasses import replace

from domain.directory import Level, Person, within
from domain.errors import Refusal
from domain.surveys.form import Form, form_from_json
from domain.surveys.results import Results, Summary, Townships, Turnout, summaries, turnouts, unheard
from services.desk import Desk
from services.surveys.access import staffed
from storage import survey_results
from storage.directory import areas
from storage.survey_results import Loaded

MESSENGERS = {"web": "网页", "wechat": "微信", "wecom": "企业微信", "telegram": "Telegram", "paper": "纸上"}
"""What people call the channels."""
_SHOWN = 8


def readable(desk: Desk, survey: int) -> Loaded:
    """The survey. Raises Refusal when there is none, or its answers may not be read yet.

    An anonymous survey may be read only after it was closed and mixed: until then whoever reads twice sees who came
    in between. A named one at any time.
    """
    found = survey_results.find(desk.tx, survey)
    if found is None:
        raise Refusal(f"没有{survey}号问卷。")
    if found.anonymous and found.state != "released":
        raise Refusal("这份问卷不记名，要等截止、打乱以后才能看结果。")
    return found


def check_may_read(desk: Desk, person: Person, survey: int) -> None:
    """Raises Refusal for whoever is not staff of the survey's whole area."""
    found = survey_results.find(desk.tx, survey)
    if found is None or not any(within(found.area, area) for area in staffed(desk, person)):
        raise Refusal(f"没有{survey}号问卷，或不归您看。")


def recent(desk: Desk, person: Person) -> list[Loaded]:
    """The newest surveys whose results the person may read some day."""
    scopes = staffed(desk, person)
    newest = survey_results.newest(desk.tx, 10 * _SHOWN)
    return [one for one in newest if any(within(one.area, area) for area in scopes)][:_SHOWN]


def form_of(survey: Loaded) -> Form:
    return form_from_json(survey.form)


def township_names(desk: Desk) -> dict[str, str]:
    return {area.code: area.name for area in areas.of_level(desk.tx, Level.TOWNSHIP)}


def gather(desk: Desk, survey: int) -> Results:
    """All that is told of a survey. Raises Refusal as `readable` does."""
    found = readable(desk, survey)
    names = township_names(desk)
    answered = survey_results.by_township(desk.tx, survey)
    invited = survey_results.counted(desk.tx, survey, "invited")
    total = Turnout("合计", sum(invited.values()), sum(answered.values()))
    by_township, unseen = turnouts(invited, answered, names)
    by_channel = _by_channel(desk, found, total.answered)
    results = Results(
        title=found.title,
        anonymous=found.anonymous,
        total=total,
        townships=by_township,
        channels=by_channel,
        unheard=(*unheard(total, by_township), *unheard(_together(by_channel), by_channel)),
        summaries=(),
    )
    if results.withheld:
        return results
    told = _summaries(desk, found, Townships(names, unseen))
    return replace(results, summaries=told)


def _summaries(desk: Desk, survey: Loaded, townships: Townships) -> tuple[Summary, ...]:
    form = form_of(survey)
    counts = {one.name: survey_results.counts(desk.tx, survey.id, one.name) for one in form.questions}
    return summaries(form, counts, townships, desk.county.triage.words)


def _by_channel(desk: Desk, survey: Loaded, answers: int) -> tuple[Turnout, ...]:
    """How many can be written to on each messenger, and how many answered there; small ones put together."""
    if survey.anonymous:
        answered = survey_results.counted(desk.tx, survey.id, "channel")
    else:
        answered = survey_results.by_channel(desk.tx, survey.id)
    # the rest came by a messenger so rarely used that it is not named
    answered[""] = answered.get("", 0) + answers - sum(answered.values())
    there = survey_results.people_on_channels(desk.tx, survey.area)
    found, _ = turnouts(there, answered, MESSENGERS)
    return found


def _together(parts: tuple[Turnout, ...]) -> Turnout:
    return Turnout("", sum(one.invited for one in parts), sum(one.answered for one in parts))
