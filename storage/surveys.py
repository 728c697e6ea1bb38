"""Surveys."""

from datetime import datetime

import sqlalchemy as sa

from domain.surveys.form import Form, form_to_json
from storage import schema
from storage.database import Tx
from storage.statements import new_id

_ADD = sa.insert(schema.survey)


def add(
    tx: Tx, form: Form, sheet: bytes, *, anonymous: bool, area: str, by: int | None, created_at: datetime
) -> int:
    """Add a survey in state draft and return its number. `sheet` is the spreadsheet it was compiled from."""
    values = {
        "name": form.name,
        "title": form.title,
        "form": form_to_json(form),
        "sheet": sheet,
        "anonymous": anonymous,
        "state": "draft",
        "area": area,
        "loaded_by": by,
        "created_at": created_at,
    }
    return new_id(tx.execute(_ADD, values))
