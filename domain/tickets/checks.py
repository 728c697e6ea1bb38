"""May a step be taken? Each check raises Refusal with a kind sentence; `domain.tickets.steps` has the table."""

from datetime import datetime

from domain.delivery import CHINA
from domain.errors import Refusal
from domain.tickets.steps import IN_HAND, STEPS, STEPS_OF, WAITING, Part, State, Step, Ticket

MAX_RETURNS = 2
MAX_EXTENSIONS = 1


def check_step(ticket: Ticket, step: Step, part: Part) -> State:
    """The state that `step` leads to. Raises Refusal when the ticket's state or the person's part forbids it."""
    rule = STEPS_OF.get(ticket.kind, STEPS).get(step)
    if rule is None or part not in rule.by:
        raise Refusal(f"{ticket.id}号这一步不由您来办。")
    if ticket.state not in rule.start:
        raise Refusal(_why_not(ticket, step))
    return rule.to or ticket.state


def _why_not(ticket: Ticket, step: Step) -> str:
    name = ticket.state_name
    if step is Step.ANSWER and ticket.state in WAITING:
        return f"{ticket.id}号还没签收，请先点“签收”。"
    if step is Step.ACCEPT and ticket.state in IN_HAND:
        return f"{ticket.id}号已经签收过了。"
    if step is Step.CONFIRM and ticket.state is State.CLOSED:
        return f"{ticket.id}号已经办结，谢谢您。"
    return f"{ticket.id}号现在是“{name}”，这一步办不了。"


def check_return(ticket: Ticket) -> None:
    if ticket.returns >= MAX_RETURNS:
        raise Refusal(f"{ticket.id}号已退回{MAX_RETURNS}次，不能再退，请办理或转办。")


def check_extend(ticket: Ticket) -> None:
    if ticket.extensions >= MAX_EXTENSIONS:
        raise Refusal(f"{ticket.id}号已延期过一次，不能再延。")


def check_reason(ticket: Ticket, reason: str) -> None:
    """Who is put off, turned away or given to another is told why, in words."""
    if not reason.strip():
        raise Refusal(f"{ticket.id}号：请用文字说明原因。")


def urged_today(ticket: Ticket, now: datetime) -> bool:
    """Has she urged on this day of China's calendar?"""
    urged = ticket.urged_at
    return urged is not None and urged.astimezone(CHINA).date() == now.astimezone(CHINA).date()


def check_urge(ticket: Ticket, now: datetime) -> None:
    """At most one urging a day."""
    if urged_today(ticket, now):
        raise Refusal(f"{ticket.id}号今天催过了，明天还能再催。")
