"""What becomes of answers when somebody leaves, or when two turn out to be one."""

from domain.directory import Person
from domain.surveys.form import form_from_json
from domain.surveys.spoken import without_voices
from services.broadcasts import survey_is_answered
from services.desk import Desk
from services.surveys import ballots
from storage import surveys


def forget(desk: Desk, person: Person) -> None:
    """What she began and did not send is dropped; what she handed in stays, without her and without her voice."""
    for answered in surveys.handed_in_by(desk.tx, person.id):
        kept = without_voices(form_from_json(answered.form), answered.answers)
        if kept != answered.answers:
            surveys.rewrite(desk.tx, answered.survey, answered.number, kept)
    surveys.forget_person(desk.tx, person.id)


def join(desk: Desk, gone: int, kept: int) -> None:
    """Two become one, who has one answer to each survey. Where both had one, that of `kept` stays.

    Of anonymous ballots none can be taken out; but who has cast as either has cast.
    """
    surveys.hand_over(desk.tx, gone, kept)
    for answered in surveys.open_and_answered_by(desk.tx, kept):
        survey_is_answered(desk, answered, kept)
    for survey in surveys.open_ballots(desk.tx):
        if ballots.has_cast(desk, survey, gone):
            ballots.note_cast(desk, survey, kept)
            surveys.drop_draft(desk.tx, survey, kept)
