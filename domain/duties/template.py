"""Templates of duties, as a county writes them in a file: what, whose, when, reminded of on which days."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from dateutil.rrule import rrulestr

from domain.directory import RoleName, normal_code
from domain.duties.calendar import ANCHOR


class Audience(StrEnum):
    """How those whose duty it is are found."""

    ROLE = "role"
    """Who has one of the roles in one of the areas."""
    GRID = "grid"
    """Who looks after a grid there, as primary or deputy."""
    RECTIFICATION = "rectification"
    """Who owns a rectification there that is neither proposed to be ticked off nor ticked off."""
    REPORT = "report"
    """Who leads a township or the county there whose newest report is written and waits for a yes."""
    HOUSEHOLD = "household"
    """Who helps a household, in a pair that is in season and kept by an office there; so also the next two."""
    GROWER = "grower"
    TALENT = "talent"


@dataclass(frozen=True, slots=True)
class Template:
    """One duty that comes again and again."""

    key: str
    """By which it is known when its words or days are changed."""
    name: str
    system: str
    """The system that it belongs to, such as 三个一: duties of one system are shown together."""
    rule: str
    """When its periods begin (RFC 5545 RRULE)."""
    remind: tuple[int, ...] = ()
    """Days of a period: 1 is its first, -1 its last."""
    audience: Audience = Audience.ROLE
    roles: tuple[RoleName, ...] = ()
    areas: tuple[str, ...] = ()
    """Codes of areas; none: the whole county."""
    days: int = 0
    """How long a period is; 0: until the next one begins."""
    counts: tuple[str, ...] = ()
    """Categories of tickets, or category/subcategory, one of which does it when it is answered in the period."""


@dataclass(frozen=True, slots=True)
class TemplateError(Exception):
    """A file of templates cannot be used. `problems` says where and why, a line each."""

    problems: tuple[str, ...] = field(default=())

    def __str__(self) -> str:
        return "\n".join(self.problems)


_KEY = re.compile(r"[a-z][a-z0-9-]{0,19}")
_RULE = re.compile(r"FREQ=(?:WEEKLY|MONTHLY|YEARLY)(?:;[A-Z]+=[A-Z0-9,+-]+)*")
_FIELDS = {"key", "name", "system", "rule", "remind", "audience", "roles", "areas", "days", "counts"}
_LONGEST_NAME, _LONGEST_SYSTEM, _LONGEST_RULE, _LONGEST = 20, 10, 200, 400


def parse_templates(text: str) -> list[Template]:
    """The templates of a TOML file, in its order. Raises TemplateError with everything that is wrong."""
    try:
        listed = tomllib.loads(text).get("duty", [])
    except tomllib.TOMLDecodeError as error:
        raise TemplateError((f"不是能读的 TOML：{error}",)) from None
    if not isinstance(listed, list) or not listed or not all(isinstance(one, dict) for one in listed):
        raise TemplateError(("文件里没有 [[duty]]，至少要有一项。",))
    problems: list[str] = []
    found: dict[str, Template] = {}
    for number, one in enumerate(listed, 1):
        place = f"第{number}项 {one.get('key', '')}".rstrip()
        wrong = _problems(one)
        if not wrong and one["key"] in found:
            wrong = ["key 和前面的重了"]
        problems += [f"{place}：{words}" for words in wrong]
        if not wrong:
            found[one["key"]] = _template(one)
    if problems:
        raise TemplateError(tuple(problems))
    return list(found.values())


def _template(one: Mapping[str, Any]) -> Template:
    return Template(
        key=one["key"],
        name=one["name"],
        system=one["system"],
        rule=one["rule"],
        remind=tuple(one.get("remind", ())),
        audience=Audience(one.get("audience", Audience.ROLE)),
        roles=tuple(RoleName(role) for role in one.get("roles", ())),
        areas=tuple(normal_code(code) for code in one.get("areas", ())),
        days=one.get("days", 0),
        counts=tuple(one.get("counts", ())),
    )


def _problems(one: Mapping[str, Any]) -> list[str]:
    wrong = [f"没有 {name} 这个设置" for name in sorted(set(one) - _FIELDS)]
    if not _is(one.get("key"), str) or not _KEY.fullmatch(one["key"]):
        wrong.append("key 要用小写字母、数字，最多20个")
    for name, longest in (("name", _LONGEST_NAME), ("system", _LONGEST_SYSTEM)):
        if not _is(one.get(name), str) or not 0 < len(one[name].strip()) <= longest:
            wrong.append(f"{name} 要写，最多{longest}个字")
    days = one.get("days", 0)
    if not _is(days, int) or not 0 <= days <= _LONGEST:
        wrong.append(f"days 是 0 到 {_LONGEST} 的天数")
    remind = one.get("remind", [])
    if not _all(remind, int) or not all(0 < abs(day) <= _LONGEST for day in remind):
        wrong.append("remind 是第几天，如 [1, -8]：1 是第一天，-1 是最后一天")
    return wrong + _problems_of_audience(one) + _problems_of_rule(one.get("rule"), days)


def _problems_of_audience(one: Mapping[str, Any]) -> list[str]:
    wrong = []
    kinds, audience, roles = list(Audience), one.get("audience", Audience.ROLE), one.get("roles", [])
    if audience not in kinds:
        wrong.append(f"audience 只能是 {'、'.join(kinds)}")
    working = [role for role in RoleName if role not in (RoleName.VILLAGER, RoleName.AGENT)]
    if not _all(roles, str) or any(role not in working for role in roles):
        wrong.append(f"roles 只能是 {'、'.join(working)}")
    elif audience == Audience.ROLE and not roles:
        wrong.append("roles 要写：这是谁的事")
    areas = one.get("areas", [])
    if not _all(areas, str) or not all(_is_code(code) for code in areas):
        wrong.append("areas 是区划代码，6、9、12 或 14 位数字")
    if not _all(one.get("counts", []), str):
        wrong.append("counts 是工单类别，如 低保救助，或 宅基住房/危房")
    return wrong


def _problems_of_rule(rule: Any, days: Any) -> list[str]:
    if not _is(rule, str) or len(rule) > _LONGEST_RULE or not _RULE.fullmatch(rule):
        return ["rule 要像 FREQ=MONTHLY;BYMONTHDAY=1，只能按周、月、年"]
    parts = dict(part.split("=") for part in rule.split(";"))
    if parts.keys() & {"BYHOUR", "BYMINUTE", "BYSECOND"}:
        return ["rule 只说哪天，不说几点"]
    if parts.keys() & {"UNTIL", "COUNT"} and not days:
        return ["rule 有结束，就要写 days"]
    if parts["FREQ"] == "MONTHLY" and {"29", "30", "31"} & set(parts.get("BYMONTHDAY", "").split(",")):
        return ["有的月没有这一天，会漏掉；最后一天写 BYMONTHDAY=-1"]
    try:
        comes = rrulestr(rule, dtstart=ANCHOR).after(ANCHOR)
    except (ValueError, KeyError, TypeError):
        return [f"rule 读不懂：{rule}"]
    return [] if comes else ["rule 说的日子永远不会来"]


def _is(value: Any, kind: type) -> bool:
    return isinstance(value, kind) and not isinstance(value, bool)


def _all(values: Any, kind: type) -> bool:
    return isinstance(values, list) and all(_is(value, kind) for value in values)


def _is_code(code: str) -> bool:
    try:
        normal_code(code)
    except ValueError:
        return False
    return True
