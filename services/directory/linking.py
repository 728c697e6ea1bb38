"""One person, several accounts: a code asked for on one, typed on another, and a yes on both."""

from dataclasses import dataclass, replace

from domain.directory import Account, Person
from domain.errors import Refusal
from domain.linking import CODE_LASTS, new_code
from services.desk import Desk
from services.surveys import belonging
from storage import calendars, pairs, quizzes
from storage.broadcasts import recipients
from storage.delivery import held
from storage.directory import links, people
from storage.directory.links import Link


def _void() -> Refusal:
    return Refusal("这个码用过了，或过时了。要合账号，再回“关联”。")


def code_for(desk: Desk, account: Account) -> str:
    """A new code of the account, in force for `CODE_LASTS`; one that it had before is void."""
    links.drop_expired(desk.tx, desk.now)
    links.drop_of_account(desk.tx, account.id)
    code = new_code()
    while not links.add(desk.tx, code, account.id, desk.now + CODE_LASTS):
        code = new_code()
    return code


def asker(desk: Desk, code: str) -> Account | None:
    """The account that asked for a code, if the code is in force and was not typed anywhere yet."""
    link = links.find(desk.tx, code, desk.now)
    return link.asker if link and link.claimed_by is None else None


def check_joinable(desk: Desk, account: Account, person: Person, other: Account) -> None:
    """Raises Refusal where there is nothing to join, or two who answer for others would become one."""
    if account.id == other.id:
        raise Refusal("这个码要在您另一个账号上回，不是这里。")
    if person.id == other.person:
        raise Refusal("这两个账号已经是一个人了，不用再合。")
    if links.of_the_roster(desk.tx, person.id) and links.of_the_roster(desk.tx, other.person):
        raise Refusal("两个账号都是办事干部的，请找县上工作人员来合。")


def claim(desk: Desk, code: str, account: Account, person: Person) -> Account:
    """The person says that the account which asked for the code is hers too. Returns that account.

    Raises Refusal if the code is void, was claimed on another account, or there is nothing to join.
    """
    link = _in_force(desk, code)
    if link.claimed_by not in (None, account.id):
        raise _void()
    check_joinable(desk, account, person, link.asker)
    if link.claimed_by == account.id:
        raise Refusal("已经去那边问了，请到那个账号上回一声。")
    links.claim(desk.tx, code, account.id, desk.now + CODE_LASTS)
    return link.asker


def claimant(desk: Desk, code: str, person: Person) -> Account:
    """Who wants to be joined to the person, on whose account the code was asked for.

    Raises Refusal if the code is void, not typed yet, or somebody else's.
    """
    return _claimed(desk, _in_force(desk, code), person)


@dataclass(frozen=True, slots=True)
class Joined:
    """The person who is left, and the account on which the code was typed."""

    person: Person
    other: Account


def join(desk: Desk, code: str, person: Person) -> Joined:
    """The person says yes on the first account too: the two become one, and the code is used up.

    Kept is the one of the roster, else the one known longer. Raises Refusal as `claimant` does, and where there is
    nothing to join.
    """
    link = _in_force(desk, code)
    other = _claimed(desk, link, person)
    links.lock_people(desk.tx, (person.id, other.person))
    _check_unchanged(desk, other)
    check_joinable(desk, other, _found(desk, other.person), link.asker)
    kept, gone = sorted(
        (person.id, other.person), key=lambda one: (not links.of_the_roster(desk.tx, one), one)
    )
    links.hand_over_everything(desk.tx, gone, kept)
    pairs.hand_over_everything(desk.tx, gone, kept)
    belonging.join(desk, gone, kept)
    recipients.hand_over(desk.tx, gone, kept)
    calendars.drop(desk.tx, gone)
    quizzes.hand_over(desk.tx, gone, kept)
    links.fill_gaps(desk.tx, gone, kept)
    people.erase(desk.tx, gone)
    links.drop(desk.tx, code)
    _send_what_waited(desk, kept)
    return Joined(_found(desk, kept), replace(other, person=kept))


def refuse(desk: Desk, code: str, account: Account, person: Person) -> Account | None:
    """A no on either side: the code is void. Returns the account of the other side, if there is one by now.

    Raises Refusal if the code is void already, or a matter of others.
    """
    link = _in_force(desk, code)
    asked = person.id == link.asker.person
    if not asked and link.claimed_by not in (None, account.id):
        raise _void()
    links.drop(desk.tx, code)
    if not asked:
        return link.asker
    return links.account(desk.tx, link.claimed_by) if link.claimed_by else None


def _in_force(desk: Desk, code: str) -> Link:
    link = links.lock(desk.tx, code, desk.now)
    if link is None:
        raise _void()
    return link


def _claimed(desk: Desk, link: Link, person: Person) -> Account:
    other = links.account(desk.tx, link.claimed_by) if link.claimed_by else None
    if other is None or link.asker.person != person.id:
        raise _void()
    return other


def _check_unchanged(desk: Desk, other: Account) -> None:
    """Another joining may have been done while this one waited for its turn."""
    if links.account(desk.tx, other.id) != other:
        raise Refusal("刚刚账号有变动，请再点一次。")


def _send_what_waited(desk: Desk, person: int) -> None:
    """What could not arrive on one account goes to the one where it can."""
    best = people.best_account(desk.tx, person, desk.now)
    if best is not None and best.open:
        there, when = best.account, desk.county.quiet.next_allowed(desk.now)
        if held.release(desk.tx, person, there.id, there.channel, when):
            desk.told.add(there.channel)


def _found(desk: Desk, person: int) -> Person:
    found = people.find(desk.tx, person)
    if found is None:
        raise LookupError(f"person {person} is gone")
    return found
