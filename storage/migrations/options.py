"""How the tables are compared with a database, and how a migration is written down."""

from typing import Any

from storage import schema
from storage.schema.columns import UtcTime


def _render_item(kind: str, item: Any, _context: object) -> str | bool:
    """A migration must not change when our own types do, so it names what they are stored as."""
    return "sa.DateTime()" if kind == "type" and isinstance(item, UtcTime) else False


OPTIONS: dict[str, Any] = {
    "target_metadata": schema.metadata,
    "render_as_batch": True,  # SQLite changes a table by building it anew
    "render_item": _render_item,
    "autogenerate_plugins": ["alembic.autogenerate.*", "alembic.ext.checkconstraint_byname"],
}
