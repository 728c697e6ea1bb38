"""Tencent's XML: one `<xml>` with fields in it, read with suspicion and written with care."""

import re
from collections.abc import Mapping
from xml.parsers import expat

Written = Mapping[str, str | int | Mapping[str, str]]
"""Fields of an answer; `{"Image": {"MediaId": …}}` is as deep as they go."""

MAX_BYTES = 128 * 1024
MAX_ELEMENTS = 500
MAX_DEPTH = 8
"""The deepest of the documented messages have six levels (WeCom's approvals)."""

_FIELD = 2
"""Depth of a field."""

_ONCE = frozenset({"ToUserName", "FromUserName", "CreateTime", "MsgType", "MsgId", "Event"})
"""A person's `]]>` is not always escaped by the platform, so that what follows it becomes fields.

None of that may say who spoke, or which message it was: these fields stand once, or it is no message.
"""

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML may contain (XML 1.0, Char). People paste it, and WeChat passes it on."""


class NotXmlError(Exception):
    """No message of the platform's."""


def read(body: bytes) -> dict[str, str]:
    """The fields right below `<xml>`; what has fields of its own is left out. Raises NotXmlError."""
    if len(body) > MAX_BYTES:
        raise NotXmlError
    reader = _Reader()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.CharacterDataHandler = reader.text
    parser.EndElementHandler = reader.end
    parser.XmlDeclHandler = reader.declaration
    parser.StartDoctypeDeclHandler = _refuse  # without it there are no entities either
    parser.ProcessingInstructionHandler = _refuse
    try:
        parser.Parse(_FORBIDDEN.sub("", body.decode()), True)  # noqa: FBT003 — it takes no names
    except (UnicodeDecodeError, expat.ExpatError):
        raise NotXmlError from None
    return reader.fields


def write(fields: Written) -> bytes:
    """An answer. Text may be any text: what XML forbids is left out, `]]>` is kept."""
    return f"<xml>{_elements(fields)}</xml>".encode()


class _Reader:
    """Collects fields as the parser meets them."""

    def __init__(self) -> None:
        self.fields: dict[str, str] = {}
        self._depth = 0
        self._elements = 0
        self._text: list[str] | None = None
        """Of the field that is open; None outside of fields, and in one that has fields of its own."""

    def declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.lower() != "utf-8":
            raise NotXmlError

    def start(self, name: str, _attributes: object) -> None:
        self._depth += 1
        self._elements += 1
        if self._depth > MAX_DEPTH or self._elements > MAX_ELEMENTS or (self._depth == 1 and name != "xml"):
            raise NotXmlError
        self._text = [] if self._depth == _FIELD else None

    def text(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def end(self, name: str) -> None:
        self._depth -= 1
        if self._text is None:
            return
        if name in _ONCE and name in self.fields:
            raise NotXmlError
        self.fields.setdefault(name, "".join(self._text))
        self._text = None


def _refuse(*_: object) -> None:
    raise NotXmlError


def _elements(fields: Written) -> str:
    return "".join(f"<{name}>{_content(value)}</{name}>" for name, value in fields.items())


def _content(value: str | int | Mapping[str, str]) -> str:
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return "<![CDATA[" + _FORBIDDEN.sub("", value).replace("]]>", "]]]]><![CDATA[>") + "]]>"
    return _elements(value)
