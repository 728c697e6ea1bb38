"""aiogram's types of updates, ready for use.

On import aiogram builds the validators of all its 440 types, one by one: three seconds and 120 MB. We read updates
and nothing else, so only `Update` (with all that is in it) is built: a second and 30 MB.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal, Optional, Union

from pydantic import BaseModel


@contextmanager
def _nothing_built() -> Iterator[None]:
    whole = BaseModel.__dict__["model_rebuild"]
    BaseModel.model_rebuild = classmethod(lambda _cls, **_: None)  # type: ignore[assignment, method-assign]
    try:
        yield
    finally:
        BaseModel.model_rebuild = whole  # type: ignore[method-assign]


with _nothing_built():
    from aiogram import types
    from aiogram.client.default import Default
    from aiogram.types import CallbackQuery, Message, Update

_NAMES: dict[str, Any] = {name: getattr(types, name) for name in types.__all__}
Update.model_rebuild(
    _types_namespace=_NAMES
    | {"List": list, "Optional": Optional, "Union": Union, "Literal": Literal, "Default": Default}
)

__all__ = ["CallbackQuery", "Message", "Update"]
