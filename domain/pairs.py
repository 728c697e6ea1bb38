"""Pairs (结对): who helps whom, one to one, and in which months.

Who is in difficulty is nobody's business but that of the two and of the office that keeps the pair.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.delivery import CHINA
from domain.directory import Person
from domain.talk import Choice, Reply


class PairKind(StrEnum):
    HOUSEHOLD = "household"
    """A leader and a household in difficulty (领导包联)."""
    GROWER = "grower"
    """An expert and a grower (一对一科技帮扶)."""
    TALENT = "talent"
    """A leader and an expert (领导联系人才)."""


HELPER_NAMES = {PairKind.HOUSEHOLD: "联系干部", PairKind.GROWER: "专家", PairKind.TALENT: "联系领导"}
"""What the helper is to the one who is helped."""
HELPED_NAMES = {PairKind.HOUSEHOLD: "联系户", PairKind.GROWER: "种植户", PairKind.TALENT: "专家"}
"""What the one who is helped is to the helper."""

ALL_YEAR = (1 << 12) - 1
_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Pair:
    """`months`: its season, a bit for each month, January the lowest. `office`: the area whose staff keep it."""

    id: int
    kind: PairKind
    helper: int
    helped: int
    office: str
    months: int
    valid_from: datetime
    valid_to: datetime | None

    def other(self, person: int) -> int:
        return self.helped if person == self.helper else self.helper


_PART = re.compile(r"(\d{1,2})(?:[-–~至到](\d{1,2}))?")


def read_season(text: str) -> int | None:
    """Months as people write them: "3-5月", "11-2", "3、6、9", "全年" or nothing. None if it is none of these."""
    plain = unicodedata.normalize("NFKC", text).replace("月", "").replace(" ", "")
    if plain in ("", "全年"):
        return ALL_YEAR
    season = 0
    for part in re.split("[,、;]", plain):
        found = _PART.fullmatch(part)
        if found is None:
            return None
        first, last = int(found[1]), int(found[2] or found[1])
        if not (1 <= first <= _MONTHS and 1 <= last <= _MONTHS):
            return None
        for step in range((last - first) % _MONTHS + 1):
            season |= bit_of((first - 1 + step) % _MONTHS + 1)
    return season


def bit_of(month: int) -> int:
    """The bit of a month, 1 for January."""
    return 1 << (month - 1)


def season_words(months: int) -> str:
    """Months as people read them: 3–5月, 1、11–12月, 全年."""
    if months == ALL_YEAR:
        return "全年"
    runs: list[list[int]] = []
    for month in range(1, _MONTHS + 1):
        if months & bit_of(month):
            if runs and runs[-1][-1] == month - 1:
                runs[-1].append(month)
            else:
                runs.append([month])
    return "、".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs) + "月"


def on_day(moment: datetime) -> str:
    """The day of a note: 11月30日."""
    local = moment.astimezone(CHINA)
    return f"{local.month}月{local.day}日"


def deed(pair: int, name: str) -> str:
    """Wire id of a button that does one thing with one pair, whenever it is tapped."""
    return f"p:{pair}:{name}"


def role_of_other(pair: Pair, person: int) -> str:
    """What the other one is to the person."""
    return HELPED_NAMES[pair.kind] if person == pair.helper else HELPER_NAMES[pair.kind]


def line(pair: Pair, person: int, other: Person) -> str:
    """A pair in the list of one of the two."""
    return f"{other.name or '（已不用这里）'} {role_of_other(pair, person)}"


def card(pair: Pair, person: int, other: Person, place: str) -> Reply:
    """A pair as one of the two sees it."""
    who = " ".join(filter(None, [other.name, place, other.phone]))
    text = f"您的{role_of_other(pair, person)}：{who}\n{season_words(pair.months)}"
    asks = pair.kind is PairKind.GROWER and person == pair.helped
    choices = [Choice(deed(pair.id, "say"), "问一句" if asks else "说句话")]
    if person == pair.helper:
        choices.append(Choice(deed(pair.id, "note"), "记一笔"))
    return Reply(text, (*choices, Choice(deed(pair.id, "notes"), "看记录")))


def office_card(pair: Pair, helper: Person, helped: Person) -> Reply:
    """A pair as the office that keeps it sees it."""
    text = f"{helper.name} {HELPER_NAMES[pair.kind]}\n{helped.name} {HELPED_NAMES[pair.kind]}\n{season_words(pair.months)}"
    return Reply(text, (Choice(deed(pair.id, "notes"), "看记录"), Choice(deed(pair.id, "hand"), "换人")))
