"""What one county has decided for itself: names, limits, hours, numbers. Values, never switches on people."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.appointments.times import TalkRules
from domain.broadcasts import Speed
from domain.delivery import QuietHours
from domain.suggestions.clock import Limits as SuggestionLimits
from domain.tickets.clock import Limits
from domain.triage import Triage
from domain.working_days import WorkingDays


@dataclass(frozen=True, slots=True)
class County:
    """The county that this service serves, and the rules its staff have set."""

    triage: Triage
    card_key: bytes = field(repr=False)
    code: str = ""
    name: str = ""
    hotline: str = "12345"
    complaint_lines: tuple[str, ...] = ("12388", "12380", "12345")
    """Official numbers for complaints about cadres, named beside our own restricted queue."""
    limits: Limits = field(default_factory=Limits)
    suggestion_limits: SuggestionLimits = field(default_factory=SuggestionLimits)
    quiet: QuietHours = field(default_factory=QuietHours)
    days: WorkingDays = field(default_factory=WorkingDays)
    door: str = ""
    """Beginning of the link by which people come in, to be ended by what they come with; "" where there is none."""
    talks: TalkRules = field(default_factory=TalkRules)
    public_url: str = ""
    """Where phones reach this server, without a slash at the end; "" where they cannot."""
    gives_codes: bool = False
    """Is there a service account of WeChat, which gives codes that lead to a survey?"""
    chat_page: str = ""
    """Address of the web chat, "" where the county has none."""
    speeds: Mapping[str, Speed] = field(default_factory=dict)
    """How fast each messenger that is switched on may be sent to."""
