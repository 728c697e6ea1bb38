"""Read and check the lexicon: the words staff keep for categories and emergencies, in TOML."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from typing import Any

from domain.triage.examples import Example, parse_examples
from domain.triage.notation import LexiconError, Phrase, expand_form, parse_phrase

OTHER = "其他"
CATEGORIES = (
    "道路出行", "饮水灌溉", "电力通信燃气", "低保救助", "医保看病", "养老社保", "宅基住房", "土地",
    "补贴一卡通", "农技产销", "环境卫生", "邻里家事", "教育就业", "证明代办", "干部作风村务", OTHER,
)  # fmt: skip
"""The first level is the same everywhere, so that counties can be compared; the second differs."""

# Words listed under this name belong to the category as a whole.
WHOLE_CATEGORY = "*"
_SECTIONS = ("groups", "typos", "same", "category", "emergency", "danger")
_LONGEST_ADVICE = 40


@dataclass(frozen=True, slots=True)
class Topic:
    """A second-level category and its phrases; `subcategory` is None for words of the whole category."""

    category: str
    subcategory: str | None
    phrases: tuple[Phrase, ...]


@dataclass(frozen=True, eq=False, slots=True)
class EmergencyRule:
    """What makes an emergency (`any`), what speaks against it, what only raises a doubt (`maybe`).

    `not_now` speaks against it from anywhere near in the sentence, `unless` only in the same clause.
    A rule that is `alone` counts only when no other does. `topic` is the category and subcategory of what
    happened, where that is plain.
    """

    name: str
    numbers: tuple[str, ...]
    advice: str
    any: tuple[Phrase, ...]
    not_now: tuple[Phrase, ...]
    unless: tuple[Phrase, ...]
    maybe: tuple[Phrase, ...]
    topic: tuple[str, str] | None
    alone: bool


@dataclass(frozen=True, slots=True)
class Lexicon:
    """A checked lexicon.

    `sayings` are figures of speech; `past` and `now` tell what is over; `asking` is how people speak when
    they want something arranged, rather than help this minute.
    """

    topics: tuple[Topic, ...]
    emergencies: tuple[EmergencyRule, ...]
    sayings: tuple[Phrase, ...]
    past: tuple[Phrase, ...]
    now: tuple[Phrase, ...]
    asking: tuple[Phrase, ...]
    typos: dict[str, str]
    same: dict[str, tuple[str, ...]]
    """Words that people use for one thing, by the one that stands for all."""
    examples: tuple[Example, ...] = ()


def parse_lexicon(text: str, examples: str = "") -> Lexicon:
    """The lexicon that `text` (TOML) and `examples` (CSV) hold. Without examples it goes by its words alone.

    Raises LexiconError with the place and the remedy.
    """
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise LexiconError(f"词库文件格式不对，多半是少了引号、逗号或括号：{error}") from error
    lexicon = _Reader(text, raw).lexicon()
    if not examples:
        return lexicon
    dangers = [rule.name for rule in lexicon.emergencies]
    return replace(lexicon, examples=parse_examples(examples, CATEGORIES, dangers))


class _Reader:
    """Walks the raw tables; knows the source text so that a complaint can name the line."""

    def __init__(self, text: str, raw: dict[str, Any]) -> None:
        self._lines = text.splitlines()
        unknown = set(raw) - set(_SECTIONS)
        if unknown:
            raise LexiconError(f"不认识的段落 [{min(unknown)}]，只能是 {'、'.join(_SECTIONS)}")
        self._raw = raw
        self._groups: dict[str, tuple[str, ...]] = {}

    def lexicon(self) -> Lexicon:
        for name in self._table(self._raw, "groups", "groups"):
            self._groups[name] = self._group(name)
        danger = self._table(self._raw, "danger", "danger")
        return Lexicon(
            topics=self._topics(),
            emergencies=self._emergencies(),
            sayings=self._phrases(danger, "sayings", "danger"),
            past=self._phrases(danger, "past", "danger"),
            now=self._phrases(danger, "now", "danger"),
            asking=self._phrases(danger, "asking", "danger"),
            typos=self._typos(),
            same=self._same(),
        )

    def _group(self, name: str) -> tuple[str, ...]:
        forms: list[str] = []
        for entry in self._strings(self._raw["groups"], name, "groups"):
            try:
                forms.extend(expand_form(entry, self._groups))
            except LexiconError as error:
                raise self._complaint(f"groups.{name}", entry, str(error)) from error
        if not forms:
            raise self._complaint("groups", name, "词组是空的")
        return tuple(dict.fromkeys(forms))

    def _typos(self) -> dict[str, str]:
        typos = self._table(self._raw, "typos", "typos")
        for wrong, right in typos.items():
            if not wrong or not isinstance(right, str) or not right:
                raise self._complaint("typos", wrong, '要写成 "错字" = "正字"')
        return typos

    def _same(self) -> dict[str, tuple[str, ...]]:
        same: dict[str, tuple[str, ...]] = {}
        known: set[str] = set()
        for name in self._table(self._raw, "same", "same"):
            same[name] = self._strings(self._raw["same"], name, "same")
            twice = next((word for word in (name, *same[name]) if word in known), None)
            if twice:
                raise self._complaint("same", twice, "这个词在别的一行已经有了")
            known |= {name, *same[name]}
        return same

    def _topics(self) -> tuple[Topic, ...]:
        categories = self._table(self._raw, "category", "category")
        missing = [name for name in CATEGORIES if name != OTHER and name not in categories]
        if missing:
            raise LexiconError(f'缺少一级类别“{missing[0]}”，请加上 [category."{missing[0]}"]')
        topics = []
        for category in categories:
            if category not in CATEGORIES:
                raise self._complaint(
                    "category", category, f"一级类别是固定的，只能是：{'、'.join(CATEGORIES)}"
                )
            table = self._table(categories, category, f"category.{category}")
            for name in table:
                phrases = self._phrases(table, name, f"category.{category}")
                topics.append(Topic(category, None if name == WHOLE_CATEGORY else name, phrases))
        return tuple(topics)

    def _emergencies(self) -> tuple[EmergencyRule, ...]:
        tables = self._table(self._raw, "emergency", "emergency")
        return tuple(self._emergency(name, self._table(tables, name, "emergency")) for name in tables)

    def _emergency(self, name: str, table: dict[str, Any]) -> EmergencyRule:
        where = f"emergency.{name}"
        numbers = self._strings(table, "numbers", where)
        if not numbers or not all(number.isdigit() for number in numbers):
            raise self._complaint(where, name, '要有电话，例如 numbers = ["119"]，只能是数字')
        advice = table.get("advice", "")
        if not isinstance(advice, str) or not 0 < len(advice) <= _LONGEST_ADVICE:
            raise self._complaint(where, name, f"advice 要有一句话，不超过 {_LONGEST_ADVICE} 个字")
        any_phrases = self._phrases(table, "any", where)
        if not any_phrases:
            raise self._complaint(where, name, "any 里至少要有一个说法")
        return EmergencyRule(
            name,
            numbers,
            advice,
            any=any_phrases,
            not_now=self._phrases(table, "not_now", where),
            unless=self._phrases(table, "unless", where),
            maybe=self._phrases(table, "maybe", where),
            topic=self._emergency_topic(table, where),
            alone=table.get("alone") is True,
        )

    def _emergency_topic(self, table: dict[str, Any], where: str) -> tuple[str, str] | None:
        topic = self._strings(table, "category", where)
        if not topic:
            return None
        known = self._raw["category"].get(topic[0], {})
        if len(topic) != 2 or topic[1] not in known:  # noqa: PLR2004  a category and its subcategory
            raise self._complaint(where, topic[0], '要写成 category = ["一级类别", "二级类别"]，都是上面有的')
        return topic[0], topic[1]

    def _phrases(self, table: dict[str, Any], key: str, where: str) -> tuple[Phrase, ...]:
        phrases = []
        for entry in self._strings(table, key, where):
            try:
                phrases.append(parse_phrase(entry, self._groups))
            except LexiconError as error:
                raise self._complaint(f"{where}.{key}", entry, str(error)) from error
        return tuple(phrases)

    def _strings(self, table: dict[str, Any], key: str, where: str) -> tuple[str, ...]:
        entries = table.get(key, [])
        if not isinstance(entries, list):
            raise self._complaint(where, key, '要写成一串词：["词一", "词二"]')
        for entry in entries:
            if not isinstance(entry, str) or not entry.strip():
                raise self._complaint(f"{where}.{key}", str(entry), "每个词都要放在引号里，不能为空")
        return tuple(entries)

    def _table(self, parent: dict[str, Any], key: str, where: str) -> dict[str, Any]:
        table = parent.get(key, {})
        if not isinstance(table, dict):
            raise self._complaint(where, key, "这里应该是一段，不是一个值")
        return table

    def _complaint(self, where: str, entry: str, remedy: str) -> LexiconError:
        line = next((number for number, line in enumerate(self._lines, 1) if entry and entry in line), None)
        place = f"第 {line} 行，" if line else ""
        return LexiconError(f"{place}[{where}] 的“{entry}”：{remedy}")
