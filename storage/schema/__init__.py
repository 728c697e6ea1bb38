"""The tables. What must never happen is forbidden here, by keys and checks, rather than hoped for above."""

from storage.schema.appointments import appointment, calendar_feed, slot
from storage.schema.broadcasts import (
    broadcast,
    broadcast_batch,
    broadcast_count,
    broadcast_recipient,
    mass_sent,
    opt_out,
    person_tag,
)
from storage.schema.columns import metadata
from storage.schema.delivery import attachment, outbox, sealed_file, send_window
from storage.schema.directory import (
    account,
    area,
    assignment,
    card,
    invitation,
    leave,
    link_code,
    person,
    role,
)
from storage.schema.duties import (
    duty,
    duty_not_counted,
    duty_note,
    duty_period,
    duty_reminder,
    duty_template,
)
from storage.schema.jobs import job_run, lease
from storage.schema.knowledge import knowledge_bank, knowledge_entry, unanswered_question
from storage.schema.pairs import pair, pair_note
from storage.schema.quizzes import quiz_question, quiz_right
from storage.schema.rectification import rectification, rectification_progress, rectification_reminder
from storage.schema.reports import digest, report, report_remark
from storage.schema.suggestions import (
    suggestion,
    suggestion_about,
    suggestion_event,
    wrong_code,
)
from storage.schema.surveys import (
    ballot,
    ballot_mark,
    dead_key,
    survey,
    survey_answer,
    survey_code,
    survey_count,
    survey_draft,
    survey_preview,
    survey_sheet,
)
from storage.schema.tickets import ticket, ticket_event
from storage.schema.turns import conversation, inbox
from storage.schema.webchat import web_message, web_session
from storage.schema.wechat import access_token, scene_code

__all__ = [
    "access_token",
    "account",
    "appointment",
    "area",
    "assignment",
    "attachment",
    "ballot",
    "ballot_mark",
    "broadcast",
    "broadcast_batch",
    "broadcast_count",
    "broadcast_recipient",
    "calendar_feed",
    "card",
    "conversation",
    "dead_key",
    "digest",
    "duty",
    "duty_not_counted",
    "duty_note",
    "duty_period",
    "duty_reminder",
    "duty_template",
    "inbox",
    "invitation",
    "job_run",
    "knowledge_bank",
    "knowledge_entry",
    "lease",
    "leave",
    "link_code",
    "mass_sent",
    "metadata",
    "opt_out",
    "outbox",
    "pair",
    "pair_note",
    "person",
    "person_tag",
    "quiz_question",
    "quiz_right",
    "rectification",
    "rectification_progress",
    "rectification_reminder",
    "report",
    "report_remark",
    "role",
    "scene_code",
    "sealed_file",
    "send_window",
    "slot",
    "suggestion",
    "suggestion_about",
    "suggestion_event",
    "survey",
    "survey_answer",
    "survey_code",
    "survey_count",
    "survey_draft",
    "survey_preview",
    "survey_sheet",
    "ticket",
    "ticket_event",
    "unanswered_question",
    "web_message",
    "web_session",
    "wrong_code",
]
