"""What is said in a private talk: kept sealed, and gone when the key of the talk is.

A row of the outbox or of a transcript names its key in `private`; its text and choices then rest sealed in `text`.
"""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from typing import Any

from storage.database import Tx
from storage.keys import SealError, keys_of

GONE = "（匿名回答，不保存）"
"""What is shown in place of words whose key is gone."""


def seal(tx: Tx, private: str, what: Any) -> str:
    """JSON, sealed under the key of that name; "" if the key is gone: then it is not kept at all."""
    key = keys_of(tx).find(private)
    if key is None:
        return ""
    return base64.b64encode(key.seal(json.dumps(what, ensure_ascii=False).encode())).decode()


def unseal(tx: Tx, private: str, sealed: str) -> Any:
    """What was sealed, None if its key is gone."""
    key = keys_of(tx).find(private) if sealed else None
    if key is None:
        return None
    try:
        return json.loads(key.open(base64.b64decode(sealed)))
    except (SealError, binascii.Error):
        return None


def sealed_rows(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The rows as they are to be stored: the words of private ones sealed."""
    return [_sealed(tx, row) if row["private"] else row for row in rows]


def _sealed(tx: Tx, row: Mapping[str, Any]) -> Mapping[str, Any]:
    words = [row["text"], row["choices"]]
    return {**row, "text": seal(tx, row["private"], words), "choices": []}


def words_of(tx: Tx, row: Any) -> tuple[str, list[list[str]]]:
    """Text and choices of a stored row."""
    if not row.private:
        return row.text, row.choices
    text, choices = unseal(tx, row.private, row.text) or (GONE, [])
    return text, choices
