"""The web chat's own sessions and its transcript."""

import sqlalchemy as sa

from storage.schema.columns import key, metadata, one_of, time

web_session = sa.Table(
    "web_session",
    metadata,
    sa.Column("token_hash", sa.String(64), primary_key=True),
    sa.Column("address", sa.String(128), nullable=False, index=True),
    time("created_at"),
)

web_message = sa.Table(
    "web_message",
    metadata,
    key(),
    sa.Column("address", sa.String(128), nullable=False),
    sa.Column("sender", sa.String(4), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("choices", sa.JSON, nullable=False),
    sa.Column("media", sa.JSON, nullable=False),
    sa.Column("outbox", sa.ForeignKey("outbox.id", ondelete="SET NULL"), nullable=True, unique=True),
    sa.Column("client_id", sa.String(64), nullable=True),
    sa.Column("private", sa.String(40), nullable=False, default="", server_default=""),
    time("at"),
    sa.UniqueConstraint("address", "client_id"),
    one_of("sender", "bot", "me"),
    sa.Index("ix_web_message_address_id", "address", "id"),
    sqlite_autoincrement=True,
)
"""No id is given twice, not even after its message was dropped: pages ask for what came "after N"."""
sa.Index(
    "ix_web_message_private",
    web_message.c.private,
    sqlite_where=sa.text("private <> ''"),
    postgresql_where=sa.text("private <> ''"),
)
