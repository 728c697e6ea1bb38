"""Finding one's village: by number, page by page, or by typing part of its name."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from domain.directory import Area, Level, chain
from domain.errors import Refusal
from domain.flow import Answer, Ask, Draft, Invalid
from domain.talk import Choice
from services import directory
from services.desk import Desk

PAGE = 5
_LONGEST = 40
"""Characters of an address."""
_MORE = Choice("more", "往下看")


def read_name(answer: Answer) -> dict[str, Any] | Invalid:
    return {"words": answer.text[:_LONGEST]} if answer.text else Invalid("请打村名，比如“窦村”。")


@dataclass(frozen=True, slots=True)
class AreaPicker:
    """Fills draft["township"], then draft["village"], with codes.

    Beside them the draft keeps what is on show: "page", or "hits" of a name that fits several areas.
    """

    desk: Desk
    of: str = "您"
    """What is somewhere."""

    read: Callable[[Answer], dict[str, Any] | Invalid] = read_name
    """Words as {"words": …}, of which a name is sought."""

    def ask(self, draft: Draft) -> Ask | None:
        """The next question on the way to a village, or None when it is found. Raises Refusal where there are none."""
        unknown = None
        for key in ("township", "village"):
            settled = self._settle(draft, key)
            unknown = unknown if settled is None else settled
        if "village" in draft:
            return None
        key = "village" if "township" in draft else "township"
        choices = self._shown(draft)
        if not choices:
            raise Refusal(f"这里的村名还没录进来，请先打{self.desk.county.hotline}。")
        if unknown is not None:
            not_found = f"没找到“{unknown}”。" if unknown else ""
            return Ask(key, f"{not_found}请再打一次村名，或回数字。", choices, self.read, missed=True)
        if draft.get("hits"):
            return Ask(key, "是哪一个？请回数字。", choices, self.read)
        where = f"{self.of}在哪个{'村' if key == 'village' else '镇、街道'}？"
        return Ask(key, f"{where}回数字，或直接打村名。", choices, self.read)

    def _settle(self, draft: Draft, key: str) -> str | None:
        """Turn an answer under `key` into codes. Returns typed words that fit no area."""
        answer = draft.get(key)
        if answer == _MORE.id:
            del draft[key]
            draft["page"] = draft.get("page", 0) + 1
        elif isinstance(answer, dict):
            del draft[key]
            hits = directory.find_areas(self.desk, self._within(draft), answer["words"])
            if not hits:
                return str(answer["words"])[:10]
            draft["hits"] = [area.code for area in hits[:6]]
            if len(hits) == 1:
                self._take(draft, hits[0].code)
        elif answer is not None:
            self._take(draft, answer)
        return None

    def _take(self, draft: Draft, code: str) -> None:
        area = directory.area(self.desk, code)
        key = "township" if area.level is Level.TOWNSHIP else "village"
        if draft.get(key) != code or "hits" in draft:
            draft.pop("hits", None)
            draft.pop("page", None)
        draft[key] = code

    def _within(self, draft: Draft) -> str:
        township = draft.get("township")
        return township if isinstance(township, str) else self.desk.county.code

    def _shown(self, draft: Draft) -> tuple[Choice, ...]:
        if draft.get("hits"):
            return tuple(Choice(code, self._full_name(code)) for code in draft["hits"])
        below = directory.areas_below(self.desk, self._within(draft))
        start = draft.get("page", 0) * PAGE
        start = 0 if start >= len(below) else start
        more = (_MORE,) if len(below) > PAGE else ()
        return tuple(Choice(area.code, area.short_name) for area in below[start : start + PAGE]) + more

    def _full_name(self, code: str) -> str:
        """Two villages may share a name: its township tells them apart."""
        around: list[Area] = [directory.area(self.desk, one) for one in reversed(chain(code)[:-1])]
        return "".join(area.short_name for area in around)
