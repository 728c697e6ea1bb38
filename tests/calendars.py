"""Reads iCalendar as RFC 5545 says it is written, without the library that writes it here, and insists on its rules."""

import re
from dataclasses import dataclass, field

_LINE = re.compile(
    r"(?P<name>[A-Z0-9-]+)(?P<parameters>(?:;[A-Z0-9-]+=(?:\"[^\"]*\"|[^\";:,]+))*):(?P<value>.*)", re.DOTALL
)
_LONGEST = 75
"""Octets of a line, without its end (3.1)."""


@dataclass
class Part:
    """A component: its properties by name as (parameters, value), and the components in it."""

    name: str
    properties: dict[str, list[tuple[dict[str, str], str]]] = field(default_factory=dict)
    parts: list["Part"] = field(default_factory=list)

    def value(self, name: str) -> str:
        [(_, value)] = self.properties[name]
        return value

    def text(self, name: str) -> str:
        """Unescaped (3.3.11)."""
        return re.sub(r"\\([\\;,nN])", lambda found: "\n" if found[1] in "nN" else found[1], self.value(name))

    def local(self, name: str) -> tuple[str, str]:
        """(time, zone) of a moment; of a day, the zone is ""."""
        [(parameters, value)] = self.properties[name]
        assert re.fullmatch(r"\d{8}" if parameters.get("VALUE") == "DATE" else r"\d{8}T\d{6}Z?", value), value
        return value, parameters.get("TZID", "")


def read_calendar(content: bytes) -> Part:
    """The calendar, or an AssertionError that says which rule it breaks."""
    assert content.endswith(b"\r\n")
    lines = content.removesuffix(b"\r\n").split(b"\r\n")
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert max(map(len, lines)) <= _LONGEST
    for line in lines:
        line.decode()  # no character is cut in two by a fold
    open_parts: list[Part] = [Part("")]
    for line in (
        content.decode().replace("\r\n ", "").replace("\r\n\t", "").removesuffix("\r\n").split("\r\n")
    ):
        _take(line, open_parts)
    [calendar] = open_parts[0].parts
    _check(calendar)
    return calendar


def _take(line: str, open_parts: list[Part]) -> None:
    found = _LINE.fullmatch(line)
    assert found, line
    name, value = found["name"], found["value"]
    if name == "BEGIN":
        part = Part(value)
        open_parts[-1].parts.append(part)
        open_parts.append(part)
    elif name == "END":
        assert open_parts.pop().name == value
    else:
        parameters = dict(one.split("=", 1) for one in found["parameters"].split(";")[1:])
        open_parts[-1].properties.setdefault(name, []).append((parameters, value))


def _check(calendar: Part) -> None:
    assert calendar.name == "VCALENDAR"
    assert calendar.value("VERSION") == "2.0"
    assert calendar.value("PRODID")
    zones = {part.value("TZID") for part in calendar.parts if part.name == "VTIMEZONE"}
    uids = [event.value("UID") for event in events_of(calendar)]
    assert len(set(uids)) == len(uids)
    for event in events_of(calendar):
        assert re.fullmatch(r"\d{8}T\d{6}Z", event.value("DTSTAMP"))
        assert event.value("STATUS") in {"CONFIRMED", "TENTATIVE", "CANCELLED"}
        starts, zone = event.local("DTSTART")
        assert not zone or zone in zones
        if "DTEND" in event.properties:
            assert event.local("DTEND") > (starts, zone)


def events_of(calendar: Part) -> list[Part]:
    return [part for part in calendar.parts if part.name == "VEVENT"]
