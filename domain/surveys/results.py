"""What came of a survey: counts, averages, places, words. Pure; the counting of rows is the database's."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from domain.surveys.form import Form, Kind, Question
from domain.surveys.reading import Bar, Read, label_of, read_counts
from domain.surveys.spoken import is_spoken
from domain.surveys.suppression import LEAST, hidden
from domain.surveys.voices import Cut, Voices, listen

Counts = Mapping[tuple[str, str], int]
"""Of one question: how many answered so, by township ("" where none is known) and value."""

_BY_TOWNSHIP = {Kind.ONE, Kind.SEVERAL, Kind.RANGE, Kind.INTEGER, Kind.DECIMAL}
_UNSEEN = {Kind.NOTE}
_MOST_COLUMNS = 12
REST = "未单列的合计"
"""The row of all townships that are not shown by themselves, and of those whose township is not known."""
_NOWHERE = frozenset([""])


@dataclass(frozen=True, slots=True)
class Row:
    """What one township said: how many answered, and a cell for each column."""

    name: str
    answered: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A question by township. The last row is that of all which are too small to be shown."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """What came of one question. `skipped`: it was put and not answered."""

    name: str
    kind: Kind
    title: str
    answered: int
    skipped: int
    bars: tuple[Bar, ...]
    facts: tuple[str, ...]
    townships: Table | None = None
    voices: Voices | None = None


@dataclass(frozen=True, slots=True)
class Turnout:
    """How many of those invited answered. `invited` is 0 where nobody counted it."""

    name: str
    invited: int
    answered: int

    @property
    def rate(self) -> float | None:
        return self.answered / self.invited if self.invited else None


@dataclass(frozen=True, slots=True)
class Results:
    """All that is told of a survey. Nothing in it belongs to a person."""

    title: str
    anonymous: bool
    total: Turnout
    townships: tuple[Turnout, ...]
    """Those too small to be shown are the last one, together."""
    channels: tuple[Turnout, ...]
    unheard: tuple[str, ...]
    """Sentences: which townships and messengers are under-represented."""
    summaries: tuple[Summary, ...]

    @property
    def withheld(self) -> bool:
        """Too few answered an anonymous survey: nothing of what they said is shown."""
        return self.anonymous and self.total.answered < LEAST


@dataclass(frozen=True, slots=True)
class Townships:
    """The townships of a survey: names, and which are not shown by themselves."""

    names: Mapping[str, str]
    hidden: frozenset[str]

    def name(self, code: str) -> str:
        return self.names.get(code, code)


def summaries(
    form: Form, counts: Mapping[str, Counts], townships: Townships, cut: Cut | None
) -> tuple[Summary, ...]:
    """What came of every question that can be told of. `counts` by the question's name.

    Without `cut` nobody listens to what was written: it is only counted.
    """
    told = [question for question in form.questions if question.kind not in _UNSEEN]
    found = [_summary(form, question, counts.get(question.name, {}), townships, cut) for question in told]
    return tuple(one for one in found if one is not None)


def _summary(
    form: Form, question: Question, counts: Counts, townships: Townships, cut: Cut | None
) -> Summary | None:
    values = _values(counts)
    skipped = values.pop("", 0)
    answered, heard = values.total(), _heard(question, values)
    read = read_counts(form, question, values)
    if read is None:
        return None
    return Summary(
        name=question.name,
        kind=question.kind,
        title=label_of(form, question.label) or question.name,
        answered=answered,
        skipped=skipped,
        bars=read.bars,
        facts=(*read.facts, f"其中{heard}段是语音") if heard else read.facts,
        townships=_by_township(form, question, counts, townships),
        voices=listen(values, cut) if cut and question.kind is Kind.TEXT else None,
    )


def _heard(question: Question, values: Counter[str]) -> int:
    """Take the voices out of what was written, and count them."""
    voices = [value for value in values if question.kind is Kind.TEXT and is_spoken(value)]
    return sum(values.pop(value) for value in voices)


def _values(counts: Counts, within: frozenset[str] | None = None) -> Counter[str]:
    """How many gave a value, everywhere or in some townships."""
    values = Counter[str]()
    for (township, value), people in counts.items():
        if within is None or township in within:
            values[value] += people
    return values


def _by_township(form: Form, question: Question, counts: Counts, townships: Townships) -> Table | None:
    """None where there is nothing to compare."""
    if question.kind not in _BY_TOWNSHIP:
        return None
    sizes = Counter[str]()
    for (township, value), people in counts.items():
        sizes[township] += people if value else 0
    unseen = hidden(sizes, townships.hidden) | (_NOWHERE & sizes.keys())
    shown = sorted(sizes.keys() - unseen)
    if not shown:
        return None
    whole = read_counts(form, question, _answered(_values(counts)))
    groups = [(townships.name(code), frozenset([code])) for code in shown]
    if unseen:
        groups.append((REST, unseen))
    if whole is None or len(whole.columns) > _MOST_COLUMNS:
        return None
    rows = []
    for name, within in groups:
        values = _answered(_values(counts, within))
        read = read_counts(form, question, values)
        rows.append(Row(name, values.total(), _cells(whole, read)))
    return Table(whole.columns, tuple(rows))


def _answered(values: Counter[str]) -> Counter[str]:
    return Counter({value: people for value, people in values.items() if value})


def _cells(whole: Read, read: Read | None) -> tuple[str, ...]:
    return tuple((read.cells if read else {}).get(column, "—") for column in whole.columns)


def turnouts(
    invited: Mapping[str, int], answered: Mapping[str, int], names: Mapping[str, str]
) -> tuple[tuple[Turnout, ...], frozenset[str]]:
    """How each township took part, those too small put together at the end; and which are too small.

    A township counts when somebody there was invited or answered.
    """
    codes = {code for code, count in [*invited.items(), *answered.items()] if count}
    sizes = {code: answered.get(code, 0) for code in codes}
    unseen = hidden(sizes) | (_NOWHERE & codes)
    shown = sorted(codes - unseen)
    places = Townships(names, unseen)
    found = [Turnout(places.name(code), invited.get(code, 0), sizes[code]) for code in shown]
    if unseen:
        rest = (sum(invited.get(code, 0) for code in unseen), sum(sizes[code] for code in unseen))
        found.append(Turnout(REST, *rest))
    return tuple(found), unseen - _NOWHERE


def unheard(total: Turnout, parts: tuple[Turnout, ...]) -> tuple[str, ...]:
    """Sentences about the parts from which clearly fewer answered than all together would make one expect.

    Clearly: by more than two standard deviations of chance (binomial).
    """
    rate = total.rate
    if rate is None:
        return ()
    told = []
    for part in parts:
        expected = part.invited * rate
        chance = (expected * (1 - min(rate, 1))) ** 0.5
        if part.name != REST and part.answered < expected - 2 * chance and expected - part.answered >= 1:
            told.append(f"{part.name}：按总的答复率应有约{expected:.0f}份，收到{part.answered}份。")
    return tuple(told)
