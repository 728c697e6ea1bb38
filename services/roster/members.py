"""The people of a roster file: the rows of one phone put together, and checked against each other."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field

from domain.directory import Duty, RoleName
from services.roster.entries import Account, Entry
from services.roster.report import Report


@dataclass(slots=True)
class Member:
    """One person of the file, and everything the file says of them."""

    row: int
    name: str
    phone: str
    roles: set[tuple[RoleName, str]] = field(default_factory=set)
    grids: dict[str, Duty] = field(default_factory=dict)
    accounts: dict[Account, int] = field(default_factory=dict)
    """Each with the row that names it."""
    invitation: str = ""

    @property
    def trusted(self) -> bool:
        """Does the file give more than a villager's role?"""
        return any(role is not RoleName.VILLAGER for role, _ in self.roles)


def gather(entries: Iterable[Entry], report: Report) -> list[Member]:
    """The people of the file in its order. Refuses what two rows claim against each other."""
    members: dict[str, Member] = {}
    owners = _Owners(report)
    for entry in entries:
        member = members.setdefault(entry.phone, Member(entry.row, entry.name, entry.phone))
        if entry.name != member.name:
            report.refuse(entry.row, "姓名", f"同一个电话有两个姓名：第 {member.row} 行的姓名不同")
        member.roles.update((entry.role, area) for area in entry.areas)
        if entry.role is RoleName.CADRE:
            _take_grids(member, entry, owners, report)
        if entry.account is not None:
            owners.claim(entry.account, entry, "账号", "这个账号在第 {row} 行是另一个人的")
            member.accounts.setdefault(entry.account, entry.row)
        if entry.invitation:
            owners.claim(("邀请码", entry.invitation), entry, "邀请码", "这个邀请码在第 {row} 行是另一个人的")
            member.invitation = entry.invitation
    return list(members.values())


class _Owners:
    """What only one person can have: who had it first in the file."""

    def __init__(self, report: Report) -> None:
        self._first: dict[Hashable, Entry] = {}
        self._report = report

    def claim(self, thing: Hashable, entry: Entry, column: str, reason: str) -> None:
        first = self._first.setdefault(thing, entry)
        if first.phone != entry.phone:
            self._report.refuse(entry.row, column, reason.format(row=first.row))


def _take_grids(member: Member, entry: Entry, owners: _Owners, report: Report) -> None:
    for area in entry.areas:
        if member.grids.setdefault(area, entry.duty) is not entry.duty:
            report.refuse(entry.row, "主副", f"{area} 已经写了另一种职责：同一个人不能又主又副")
        if entry.duty is Duty.PRIMARY:
            reason = f"{area} 有两个第一责任人：第 {{row}} 行已有一个"
            owners.claim(("网格", area), entry, "负责区域", reason)
