"""Keeping no more than is needed, no longer than is needed."""

from datetime import timedelta

from services.desk import Desk
from storage import jobs, turns


def forget_the_old(desk: Desk, updates: timedelta, runs: timedelta) -> None:
    """Drop remembered updates and job claims older than these ages."""
    turns.forget_updates(desk.tx, desk.now - updates)
    jobs.forget_runs(desk.tx, desk.now - runs)


def claim_period(desk: Desk, job: str, period: str, process: str) -> bool:
    """Claim one period of a job for this process. False: another has it, or had it."""
    return jobs.claim(desk.tx, job, period, process, desk.now)
