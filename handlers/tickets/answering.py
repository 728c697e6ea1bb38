"""A villager speaks after her cadre has written to her: is it her answer to him, or a new matter?"""

from dataclasses import dataclass

from domain.flow import Ask, Done, Draft
from domain.talk import Choice
from handlers.answers import words_or_media
from handlers.engine import Then
from handlers.scene import Replies, Scene
from handlers.tickets.request import joined
from handlers.tickets.saying import person_has_said
from services.tickets import handling
from services.tickets.steps import her_own


@dataclass(frozen=True, slots=True)
class Answering:
    """draft has "ticket" and "said"; what she goes on to say belongs to it."""

    cadre: str

    def ask(self, draft: Draft) -> Ask | Done:
        if isinstance(draft.get("meant"), dict):
            draft["said"] = joined(draft["said"], draft.pop("meant"))
        if "meant" in draft:
            return Done()
        choices = (Choice("answer", "对"), Choice("new", "不是，是新的事"))
        return Ask("meant", f"这话是回给{self.cadre}的，对吗？", choices, words_or_media)


def answering_flow(scene: Scene) -> Answering:
    ticket = her_own(scene.desk, scene.talk.draft["ticket"], scene.person)
    owner = handling.owner_of(scene.desk, ticket)
    return Answering(owner.name if owner else f"{ticket.id}号的干部")


def villager_has_meant(scene: Scene, draft: Draft) -> Replies | Then:
    if draft["meant"] == "answer":
        return person_has_said(scene, draft | {"deed": "reply"})
    return Then("request", {"said": draft["said"]}, [])
