"""Gathering the results of a survey, once they may be read."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from domain.directory import Level, Person, within
from domain.errors import Refusal
from domain.surveys.form import Form, form_from_json
from domain.surveys.results import Counts, Results, Townships, Turnout, summaries, turnouts, unheard
from domain.surveys.voices import Cut
from domain.talk import typed
from services.desk import Desk
from services.surveys import ballots, sent
from services.surveys.access import staffed
from services.surveys.sent import SentFile
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
    if ballots.are_lost(desk, survey):
        raise Refusal(ballots.LOST)
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


def township_names(desk: Desk) -> dict[str, str]:
    return {area.code: area.name for area in areas.of_level(desk.tx, Level.TOWNSHIP)}


@dataclass(frozen=True, slots=True)
class Counted:
    """All that the database has to say; what is made of it takes no transaction."""

    survey: Loaded
    form: Form
    townships: Mapping[str, str]
    """Names by code."""
    invited: Mapping[str, int]
    answered: Mapping[str, int]
    """By township."""
    there: Mapping[str, int]
    """How many can be written to, by messenger."""
    came: Mapping[str, int]
    """How many answered, by messenger; "" for those so rarely used that they are not named."""
    counts: Mapping[str, Counts]
    """By the question's name."""
    sent: Mapping[str, Mapping[str, SentFile]]
    """Of an anonymous survey, by question and value: files, in no order that leads to whose they are."""

    @property
    def total(self) -> Turnout:
        return Turnout("合计", sum(self.invited.values()), sum(self.answered.values()))


def count(desk: Desk, survey: int) -> Counted:
    """Let the database count. Raises Refusal as `readable` does."""
    found = readable(desk, survey)
    form = form_from_json(found.form)
    answered = survey_results.by_township(desk.tx, survey)
    counts = {one.name: survey_results.counts(desk.tx, survey, one.name) for one in form.questions}
    given = {name: [value for _, value in of_one] for name, of_one in counts.items()}
    return Counted(
        survey=found,
        form=form,
        townships=township_names(desk),
        invited=survey_results.counted(desk.tx, survey, "invited"),
        answered=answered,
        there=survey_results.people_on_channels(desk.tx, found.area),
        came=_by_channel(desk, found, sum(answered.values())),
        counts=counts,
        sent=sent.unordered(desk.tx, form, given) if found.anonymous else {},
    )


def _by_channel(desk: Desk, survey: Loaded, answers: int) -> dict[str, int]:
    if not survey.anonymous:
        return survey_results.by_channel(desk.tx, survey.id)
    named = survey_results.counted(desk.tx, survey.id, "channel")
    return named | {"": answers - sum(named.values())}


def results_of(counted: Counted, cut: Cut | None) -> Results:
    """All that is told of a survey. Without `cut` nobody listens to what was written, which takes longest."""
    total = counted.total
    by_township, unseen = turnouts(counted.invited, counted.answered, counted.townships)
    by_channel, _ = turnouts(counted.there, counted.came, MESSENGERS)
    results = Results(
        title=typed(counted.survey.title),
        anonymous=counted.survey.anonymous,
        total=total,
        townships=by_township,
        channels=by_channel,
        unheard=(*unheard(total, by_township), *unheard(_together(by_channel), by_channel)),
        summaries=(),
    )
    if results.withheld:
        return results
    told = summaries(counted.form, counted.counts, Townships(counted.townships, unseen), cut)
    return replace(results, summaries=told)


def _together(parts: tuple[Turnout, ...]) -> Turnout:
    return Turnout("", sum(one.invited for one in parts), sum(one.answered for one in parts))
