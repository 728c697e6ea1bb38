"""All flows of the house, and the engine that runs them."""

from domain.flow import OneQuestion
from handlers import directory, emergency, reports, standing
from handlers.appointments import talks as appointments
from handlers.duties import talks as duties
from handlers.engine import Engine, Talk
from handlers.knowledge import asking as knowledge
from handlers.quizzes import talks as quizzes
from handlers.suggestions import talks as suggestions
from handlers.surveys import aside
from handlers.surveys import staff as survey_staff
from handlers.tickets import saying
from handlers.tickets.answering import answering_flow, villager_has_meant
from handlers.tickets.request import request_flow, villager_confirms

ENGINE = Engine(
    {
        "join": Talk(directory.join_flow, directory.villager_joins),
        "danger": Talk(lambda _: emergency.Danger(), emergency.danger_is_answered),
        "request": Talk(request_flow, villager_confirms),
        "say": Talk(lambda _: OneQuestion(saying.ask_for_words), saying.person_has_said),
        "transfer": Talk(lambda _: saying.Transfer(), saying.cadre_transfers),
        "leave": Talk(lambda _: directory.Leave(), directory.cadre_takes_leave),
        "meaning": Talk(saying.meaning_flow, saying.cadre_has_meant),
        "answering": Talk(answering_flow, villager_has_meant),
        **suggestions.TALKS,
        **standing.TALKS,
        **appointments.TALKS,
        **duties.TALKS,
        **aside.TALKS,
        **survey_staff.TALKS,
        **knowledge.TALKS,
        **quizzes.TALKS,
        **reports.TALKS,
    },
    directory.person_wants_a_human,
)

HER_OWN_WORDS = frozenset({"join", "danger", "request", "answering", "suggest", "pair-meant"})
"""Flows that hold what somebody has said and not yet filed."""

GIVES_WAY = frozenset({*knowledge.TALKS, *quizzes.TALKS})
"""Flows that lose nothing when they end: words that do not fit their question are another matter, and are heard as one."""
