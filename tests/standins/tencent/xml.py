"""XML as the platforms write it: text in CDATA, numbers bare."""

from typing import Any
from xml.etree import ElementTree as ET


def write(fields: dict[str, Any]) -> str:
    return f"<xml>{_children(fields)}</xml>"


def read(text: str) -> dict[str, Any]:
    """Fields of an `<xml>` element, nested ones as dicts. Raises ValueError for anything else."""
    try:
        root = ET.fromstring(text)
    except ET.ParseError as wrong:
        raise ValueError(f"no XML: {wrong}") from None
    if root.tag != "xml":
        raise ValueError(f"the root is <{root.tag}>")
    return {child.tag: _value(child) for child in root}


def _children(fields: dict[str, Any]) -> str:
    return "".join(f"<{name}>{_content(value)}</{name}>" for name, value in fields.items())


def _content(value: Any) -> str:
    if isinstance(value, dict):
        return _children(value)
    if isinstance(value, str):
        return f"<![CDATA[{value.replace(']]>', ']]]]><![CDATA[>')}]]>"
    return str(value)


def _value(element: ET.Element) -> Any:
    if len(element):
        return {child.tag: _value(child) for child in element}
    return element.text or ""
