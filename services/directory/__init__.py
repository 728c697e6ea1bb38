"""Who is who, and who looks after what."""

from services.directory.areas import area, areas_below, current_cadre, find_areas, owners, route
from services.directory.cards import issue_card, open_card, revoke_card
from services.directory.leaving import forget, leave_messenger
from services.directory.people import (
    accept_invitation,
    ask_for_a_call,
    end_leave,
    is_invitation,
    is_on_leave,
    join,
    keep_phone,
    looks_like_invitation,
    office_of,
    page_duty,
    roles,
    take_leave,
)

__all__ = [
    "accept_invitation",
    "area",
    "areas_below",
    "ask_for_a_call",
    "current_cadre",
    "end_leave",
    "find_areas",
    "forget",
    "is_invitation",
    "is_on_leave",
    "issue_card",
    "join",
    "keep_phone",
    "leave_messenger",
    "looks_like_invitation",
    "office_of",
    "open_card",
    "owners",
    "page_duty",
    "revoke_card",
    "roles",
    "route",
    "take_leave",
]
