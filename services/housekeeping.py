"""Keeping no more than is needed, no longer than is needed (个人信息保护法 19)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from domain.delivery import CHINA
from services.desk import Desk
from services.knowledge import answering
from storage import digest, jobs, turns, webchat
from storage.delivery import forgetting
from storage.duties import rows as duties


@dataclass(frozen=True, slots=True)
class Keep:
    """How long what is not a ticket is kept."""

    updates: timedelta = timedelta(days=7)
    """By which a repeated delivery is known; messengers repeat within minutes."""
    sent: timedelta = timedelta(days=90)
    transcripts: timedelta = timedelta(days=365)
    """Of the web chat; with the last word of one the page's session goes too."""
    runs: timedelta = timedelta(days=400)
    notes: timedelta = timedelta(days=400)
    """What somebody wrote beside his duties, after their periods are over."""
    made: timedelta = timedelta(days=30)
    """Charts, codes and workbooks that were made for the chat: they hold answers, and are made anew when asked for."""


def forget_the_old(desk: Desk, keep: Keep) -> None:
    """Drop what has been kept for long enough."""
    turns.forget_updates(desk.tx, desk.now - keep.updates)
    forgetting.forget_sent(desk.tx, desk.now - keep.sent)
    webchat.forget(desk.tx, desk.now - keep.transcripts)
    webchat.forget_sessions(desk.tx, desk.now - keep.transcripts)
    jobs.forget_runs(desk.tx, desk.now - keep.runs)
    answering.forget_the_old(desk)
    digest.forget(desk.tx, (desk.now - keep.updates).astimezone(CHINA).date())
    duties.forget_old(desk.tx, (desk.now - keep.notes).date())


def claimed_periods(desk: Desk, periods: Mapping[str, str]) -> set[str]:
    """Those of the jobs whose period, by job, some process has or had."""
    return jobs.claimed(desk.tx, periods)


def claim_period(desk: Desk, job: str, period: str, process: str) -> bool:
    """Claim one period of a job for this process. False: another has it, or had it."""
    return jobs.claim(desk.tx, job, period, process, desk.now)
