"""Import of the roster: people, their roles, and who looks after what."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from domain.directory import Duty, RoleName
from services.desk import Desk
from services.directory import route
from services.roster.entries import COLUMNS, new_invitation, read_entry
from services.roster.members import Member, gather
from services.roster.reading import Table, named_rows
from services.roster.report import Invited, Report
from services.tickets.handover import move_tickets
from storage import turns
from storage.database import Tx
from storage.directory import areas, people, roster
from storage.statements import lock_name

INVITATION_DAYS = 30


@dataclass(slots=True)
class _Plan:
    """The difference between the file and the directory. New people have no id yet, so phones name them."""

    newcomers: list[Member] = field(default_factory=list)
    renamed: list[tuple[int, str]] = field(default_factory=list)
    roles_ended: list[roster.OpenRole] = field(default_factory=list)
    roles_added: list[tuple[str, RoleName, str]] = field(default_factory=list)
    grids_ended: list[roster.OpenAssignment] = field(default_factory=list)
    grids_added: list[tuple[str, str, Duty]] = field(default_factory=list)


def import_roster(desk: Desk, table: Table, *, dry_run: bool = False) -> Report:
    """Make the file the truth for the people in it, known again by their phone; all of it or nothing.

    Nobody else is touched, except that a grid's new first person ends the old one's time there. Whoever loses a
    grid, a township or the county hands over the open tickets to the next on the ladder.
    """
    tx, now, report = desk.tx, desk.now, Report()
    lock_name(tx, "roster")
    rows = named_rows(table, COLUMNS, report)
    if report.problems:
        return report
    known_areas = {area.code: area for area in areas.everywhere(tx)}
    entries = [entry for row in rows if (entry := read_entry(row, known_areas, report)) is not None]
    members = gather(entries, report)
    known = _recognised(tx, members)
    _check_accounts(tx, members, known, report)
    _check_invitations(tx, members, known, now, report)

    plan = _plan(tx, members, known)
    _count(plan, members, known, report)
    if not report.problems and not dry_run:
        ids = _write(tx, plan, known, now)
        _write_accounts(tx, members, ids, now)
        report.invited = _invite(tx, members, ids, now)
        _hand_over(desk, plan, report)
        report.written = True
    report.problems.sort()
    return report


def _recognised(tx: Tx, members: list[Member]) -> dict[str, roster.Known]:
    """Who of the file is already known, by phone.

    A villager may have typed any phone in a talk, so a role above a villager's is given only to somebody whose
    phone came from a roster with such a role before; anybody else becomes a new person and joins by invitation.
    """
    trusted: dict[str, roster.Known] = {}
    anybody: dict[str, roster.Known] = {}
    for one in roster.known(tx):
        anybody.setdefault(one.phone, one)
        if one.trusted:
            trusted.setdefault(one.phone, one)
    found = {m.phone: trusted.get(m.phone) or (None if m.trusted else anybody.get(m.phone)) for m in members}
    return {phone: one for phone, one in found.items() if one is not None}


def _check_accounts(tx: Tx, members: list[Member], known: dict[str, roster.Known], report: Report) -> None:
    for member in members:
        person = known.get(member.phone)
        for account, row in member.accounts.items():
            holder = roster.holder(tx, account.channel, account.address)
            mine = holder is None or holder.blank or (person is not None and holder.person == person.id)
            if not mine:
                report.refuse(row, "账号", "这个账号已经是另一个人的；请改用邀请码")


def _check_invitations(
    tx: Tx, members: list[Member], known: dict[str, roster.Known], now: datetime, report: Report
) -> None:
    owner = {code: person for code, person, _ in roster.invitations(tx, now)}
    for member in members:
        person = known.get(member.phone)
        if member.invitation in owner and (person is None or owner[member.invitation] != person.id):
            report.refuse(member.row, "邀请码", "这个邀请码已经给过另一个人")


def _plan(tx: Tx, members: list[Member], known: dict[str, roster.Known]) -> _Plan:
    by_id = {known[member.phone].id: member for member in members if member.phone in known}
    plan = _Plan(
        newcomers=[member for member in members if member.phone not in known],
        renamed=[
            (known[m.phone].id, m.name) for m in members if m.phone in known and known[m.phone].name != m.name
        ],
    )
    _plan_grids(tx, plan, members, by_id)
    _plan_roles(tx, plan, members, by_id)
    return plan


def _plan_grids(tx: Tx, plan: _Plan, members: list[Member], by_id: dict[int, Member]) -> None:
    taken = {area for member in members for area, duty in member.grids.items() if duty is Duty.PRIMARY}
    kept: set[tuple[str, str]] = set()
    for held in roster.open_assignments(tx):
        member = by_id.get(held.person)
        if member is not None and member.grids.get(held.area) == held.duty:
            kept.add((member.phone, held.area))
        elif member is not None or (held.duty == Duty.PRIMARY and held.area in taken):
            plan.grids_ended.append(held)
    plan.grids_added = [
        (member.phone, area, duty)
        for member in members
        for area, duty in member.grids.items()
        if (member.phone, area) not in kept
    ]


def _plan_roles(tx: Tx, plan: _Plan, members: list[Member], by_id: dict[int, Member]) -> None:
    replaced = {(held.person, held.area) for held in plan.grids_ended if held.person not in by_id}
    kept: set[tuple[str, RoleName, str]] = set()
    for held in roster.open_roles(tx):
        member = by_id.get(held.person)
        if member is not None and (held.role, held.area) in member.roles:
            kept.add((member.phone, held.role, held.area))
        elif member is not None or (held.role is RoleName.CADRE and (held.person, held.area) in replaced):
            plan.roles_ended.append(held)
    wanted = [(member.phone, role, area) for member in members for role, area in sorted(member.roles)]
    plan.roles_added = [role for role in wanted if role not in kept]


def _count(plan: _Plan, members: list[Member], known: dict[str, roster.Known], report: Report) -> None:
    ids = {known[member.phone].id for member in members if member.phone in known}
    gaining = {phone for phone, _, _ in plan.roles_added} | {phone for phone, _, _ in plan.grids_added}
    touched = {person for person, _ in plan.renamed}
    touched |= {held.person for held in plan.roles_ended} | {held.person for held in plan.grids_ended}
    touched |= {known[phone].id for phone in gaining if phone in known}
    touched &= ids  # a replaced cadre who is not in the file is not counted
    report.added = len(plan.newcomers)
    report.changed = len(touched)
    report.unchanged = len(ids) - len(touched)


def _write(tx: Tx, plan: _Plan, known: dict[str, roster.Known], now: datetime) -> dict[str, int]:
    """Carry out the plan, endings first because a grid has one first person at a time. The id of each phone."""
    ids = {phone: one.id for phone, one in known.items()}
    ids |= roster.add_people(tx, [(member.phone, member.name) for member in plan.newcomers], now)
    roster.rename_people(tx, plan.renamed)
    roster.end_roles(tx, [held.id for held in plan.roles_ended], now)
    roster.end_assignments(tx, [held.id for held in plan.grids_ended], now)
    roster.add_roles(tx, [(ids[phone], role, area) for phone, role, area in plan.roles_added], now)
    roster.add_assignments(tx, [(ids[phone], area, duty) for phone, area, duty in plan.grids_added], now)
    return ids


def _write_accounts(tx: Tx, members: list[Member], ids: dict[str, int], now: datetime) -> None:
    for member in members:
        person = ids[member.phone]
        for account in member.accounts:
            holder = roster.holder(tx, account.channel, account.address)
            if holder is None:
                turns.open_account(tx, account.channel, account.address, person, now)
            elif holder.person != person:
                people.move_account(tx, holder.account, person)


def _invite(tx: Tx, members: list[Member], ids: dict[str, int], now: datetime) -> list[Invited]:
    """Codes for everybody of the file who has no account: the one still open, the file's, or a fresh one."""
    reachable = roster.reachable(tx)
    made = roster.invitations(tx, now)
    used_up = {code for code, _, _ in made}
    code_of = {person: code for code, person, still_open in made if still_open}
    fresh: list[tuple[str, int]] = []
    for member in members:
        person = ids[member.phone]
        given = member.invitation if member.invitation not in used_up else ""
        if given or (person not in reachable and person not in code_of):
            code_of[person] = given or new_invitation()
            fresh.append((code_of[person], person))
    roster.add_invitations(tx, fresh, now + timedelta(days=INVITATION_DAYS))
    waiting = [member for member in members if ids[member.phone] in code_of]
    return [Invited(member.name, member.phone, code_of[ids[member.phone]]) for member in waiting]


def _hand_over(desk: Desk, plan: _Plan, report: Report) -> None:
    climbing = {RoleName.SUPERVISOR, RoleName.STAFF}
    left = {(held.area, held.person) for held in plan.grids_ended}
    left |= {(held.area, held.person) for held in plan.roles_ended if held.role in climbing}
    for area, person in sorted(left):
        successors = route(desk, area)
        if not successors:
            report.warn(0, "负责区域", f"{area} 现在没有人负责，原来的工单没有人接手")
        elif successors[0].person.id != person:
            move_tickets(desk, area, person, successors[0].person.id)
