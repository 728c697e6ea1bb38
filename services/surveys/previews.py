"""Counting whom a survey would reach: at once, or where there are many people after the turn, and told when it is counted."""

from collections.abc import Collection
from datetime import datetime

from domain.broadcasts import Audience, Preview
from domain.delivery import CHINA
from domain.directory import Account
from domain.surveys.staffing import joined
from domain.talk import Reply
from services import broadcasts
from services.delivery import tell_here
from services.desk import Desk
from services.surveys.results import MESSENGERS
from storage import survey_previews
from storage.broadcasts.audience import last_person
from storage.survey_previews import Wanted

AT_ONCE = 10_000
"""People in the county who may be counted inside a turn: some 60 ms, in which nobody else can write to SQLite."""


def at_once_or_later(desk: Desk, account: Account, audience: Audience) -> Reply:
    """What was counted; or that it is being counted, and the account will be told."""
    if last_person(desk.tx) <= AT_ONCE:
        return count(desk, audience)
    survey_previews.add(desk.tx, account.id, audience)
    return Reply("正在数人，数好了告诉您。")


def wanted(desk: Desk) -> list[Wanted]:
    return survey_previews.wanted(desk.tx)


def count(desk: Desk, audience: Audience) -> Reply:
    """Whom it would reach and how, until when, and who stays without it and why. It only reads, for seconds perhaps."""
    speeds = desk.county.speeds
    found = broadcasts.preview(desk, audience, [name for name, speed in speeds.items() if speed.mass])
    ends = found.ends_at(desk.now, speeds, desk.county.quiet)
    return Reply(_in_words(found, speeds, ends))


def tell(desk: Desk, wanted: Wanted, counted: Reply) -> None:
    """Nothing is said if another process has said it."""
    if survey_previews.drop(desk.tx, wanted.id):
        tell_here(desk, wanted.account, counted)


def _in_words(found: Preview, running: Collection[str], ends: datetime) -> str:
    """`running`: the messengers that run here."""
    ways = [
        joined((f"{MESSENGERS.get(one, one)}{how}", people) for one, people in way.items() if one in running)
        for way, how in ((found.single, ""), (found.mass, "群发"), (found.waits, "等对方说话"))
    ]
    off = found.switched_off(running)
    reached = found.reached - off
    how = "：" + "、".join(filter(None, ways)) if reached else ""
    told = [f"能送到{reached}人{how}。"]
    missing = joined(
        (("退订", found.refused), ("拉黑", found.blocked), ("没有账号", found.no_account), ("渠道没开", off))
    )
    if missing:
        told.append(f"送不到：{missing}。")
    if reached:
        told.append(f"现在发，约{ends.astimezone(CHINA):%-m月%-d日%H:%M}发完。")
    return "\n".join(told)
