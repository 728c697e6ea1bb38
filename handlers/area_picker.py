"""Finding one's village: by number, page by page, or by typing part of its name."""

from dataclasses import dataclass

from domain.directory import Area, Level
from domain.flow import Answer, Ask, Draft, Invalid
from domain.talk import Choice
from services import directory
from services.desk import Desk

PAGE = 5
_MORE = Choice("more", "往下看")


@dataclass(frozen=True, slots=True)
class AreaPicker:
    """Fills draft["village"] with a code. draft["within"] is the county, then the township picked so far."""

    desk: Desk

    def ask(self, draft: Draft) -> Ask | None:
        """The next question on the way to a village, or None when it is found."""
        picked = draft.get("village")
        if isinstance(picked, str) and picked != _MORE.id:
            area = directory.area(self.desk, picked)
            if area.level in (Level.VILLAGE, Level.GROUP):
                return None
            draft["within"], draft["page"] = picked, 0
        elif picked == _MORE.id:
            draft["page"] = draft.get("page", 0) + 1
        elif isinstance(picked, dict):
            return self._found(draft, picked["words"])
        draft.pop("village", None)
        return self._page(draft)

    def _found(self, draft: Draft, words: str) -> Ask | None:
        draft.pop("village", None)
        hits = directory.find_areas(self.desk, draft.get("within", self.desk.county.code), words)
        if len(hits) == 1:
            draft["village"] = hits[0].code
            return self.ask(draft)
        if not hits:
            page = self._page(draft)
            return _ask(f"没找到“{words[:10]}”。请再打一次村名，或回数字。", page.choices, missed=True)
        several = tuple(Choice(area.code, self._full_name(area)) for area in hits[:6])
        return _ask("是哪一个？请回数字。", several)

    def _page(self, draft: Draft) -> Ask:
        within = draft.get("within", self.desk.county.code)
        below = directory.areas_below(self.desk, within)
        start = draft.get("page", 0) * PAGE % max(len(below), 1)
        shown = below[start : start + PAGE]
        more = (_MORE,) if len(below) > PAGE else ()
        question = "您在哪个村？" if within != self.desk.county.code else "您在哪个镇、街道？"
        return _ask(f"{question}回数字，或直接打村名。", tuple(_choice(area) for area in shown) + more)

    def _full_name(self, area: Area) -> str:
        township = directory.area(self.desk, area.parent) if area.parent else None
        return f"{township.name}{area.short_name}" if township and area.level is Level.VILLAGE else area.name


def _choice(area: Area) -> Choice:
    return Choice(area.code, area.short_name)


def _ask(text: str, choices: tuple[Choice, ...], *, missed: bool = False) -> Ask:
    return Ask("village", text, choices, read=_read_name, missed=missed)


def _read_name(answer: Answer) -> dict[str, str] | Invalid:
    return {"words": answer.text[:20]} if answer.text else Invalid("请打村名，比如“窦村”。")
