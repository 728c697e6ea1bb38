"""Leaving: by a word, which erases the profile, or by turning away from a messenger, which ends the account too."""

from domain.directory import Account, Person, RoleName
from domain.errors import Refusal
from services.appointments import booking
from services.desk import Desk
from services.directory.people import roles
from services.surveys import belonging
from storage import calendars, pairs, quizzes, reports, webchat
from storage.broadcasts import recipients
from storage.delivery import forgetting, held
from storage.directory import people
from storage.duties import rows as duties
from storage.suggestions import rows as suggestions

_NOT_OF_THE_ROSTER = (RoleName.VILLAGER, RoleName.AGENT)


def forget(desk: Desk, person: Person) -> None:
    """Erase the profile and what was said to her; tickets keep only their content (个人信息保护法 47).

    Raises Refusal for those whose name stands in the roster: what they answer for needs a name.
    """
    if _answers_for_others(desk, person):
        raise Refusal("您是办事干部，要注销请找县上工作人员。")
    _erase(desk, person)


def leave_messenger(desk: Desk, account: Account, person: Person) -> None:
    """The person turned away from a messenger: the account goes, and with her last one what is known of her.

    What waits for her goes to another account of hers. Whoever stands in the roster keeps name and roles, and
    what waits is held until an account is linked again.
    """
    held.withdraw(desk.tx, account.id, desk.now)
    people.drop_account(desk.tx, account.id)
    other = people.best_account(desk.tx, person.id, desk.now)
    if other is not None:
        there, when = other.account, desk.county.quiet.next_allowed(desk.now)
        if held.release(desk.tx, person.id, there.id, there.channel, when):
            desk.told.add(there.channel)
    elif not people.has_account(desk.tx, person.id) and not _answers_for_others(desk, person):
        _erase(desk, person)


def _answers_for_others(desk: Desk, person: Person) -> bool:
    return any(role not in _NOT_OF_THE_ROSTER for role, _ in roles(desk, person))


def _erase(desk: Desk, person: Person) -> None:
    booking.withdraw_all(desk, person)
    calendars.drop(desk.tx, person.id)
    people.erase(desk.tx, person.id)
    belonging.forget(desk, person)
    forgetting.blank(desk.tx, person.id)
    webchat.erase(desk.tx, person.id)
    suggestions.forget_person(desk.tx, person.id)
    pairs.forget_person(desk.tx, person.id)
    reports.forget_own(desk.tx, person.id)
    duties.forget(desk.tx, person.id)
    recipients.forget(desk.tx, person.id, desk.now)
    quizzes.forget(desk.tx, person.id)
