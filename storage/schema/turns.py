"""What a turn remembers: conversations and the updates already taken."""

import sqlalchemy as sa

from storage.schema.columns import metadata, time

conversation = sa.Table(
    "conversation",
    metadata,
    sa.Column("account", sa.ForeignKey("account.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("state", sa.JSON, nullable=False),
    time("seen_at"),
)

inbox = sa.Table(
    "inbox",
    metadata,
    sa.Column("channel", sa.String(16), primary_key=True),
    sa.Column("update_id", sa.String(200), primary_key=True),
    time("received_at"),
    sa.Index("ix_inbox_received_at", "received_at"),
)
