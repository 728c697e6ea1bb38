"""Messages of the web chat never get an id that was another's."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    _build_anew(autoincrement=True)


def downgrade() -> None:
    _build_anew(autoincrement=False)


def _build_anew(*, autoincrement: bool) -> None:
    """SQLite can only be told so when a table is made; PostgreSQL never gives an id twice."""
    if op.get_bind().dialect.name == "sqlite":
        once = {"sqlite_autoincrement": autoincrement}
        with op.batch_alter_table("web_message", recreate="always", table_kwargs=once):
            pass
