"""What has to be said to whom, when a messenger lets us, and the pictures and sounds that go with it."""

import sqlalchemy as sa

from storage.schema.columns import key, metadata, one_of, time

outbox = sa.Table(
    "outbox",
    metadata,
    key(),
    sa.Column("person", sa.ForeignKey("person.id"), nullable=False),
    sa.Column("account", sa.ForeignKey("account.id", ondelete="SET NULL"), nullable=True),
    sa.Column("channel", sa.String(16), nullable=False, default=""),
    sa.Column("lane", sa.SmallInteger, nullable=False),
    sa.Column("about", sa.String(10), nullable=False, default="", server_default=""),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("choices", sa.JSON, nullable=False),
    sa.Column("media", sa.JSON, nullable=False),
    sa.Column("answers", sa.String(220), nullable=True),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("tries", sa.SmallInteger, nullable=False, default=0),
    sa.Column("doubts", sa.SmallInteger, nullable=False, default=0),
    sa.Column("reason", sa.String(200), nullable=False, default=""),
    sa.Column("remote_id", sa.String(64), nullable=False, default=""),
    sa.Column("via", sa.String(10), nullable=False, default="", server_default=""),
    sa.Column("private", sa.String(40), nullable=False, default="", server_default=""),
    sa.Column("sender", sa.String(16), nullable=True),
    time("created_at"),
    time("due_at"),
    time("settled_at", optional=True),
    one_of("state", "queued", "sending", "sent", "held", "blocked", "failed", "uncertain"),
    sa.CheckConstraint("(state = 'sending') = (sender IS NOT NULL)", name="sender_while_sending"),
    sa.Index("ix_outbox_account_settled_at", "account", "settled_at"),
)
_UNSETTLED = sa.text("state IN ('queued', 'sending', 'held')")
sa.Index(
    "ix_outbox_unsettled",
    outbox.c.state,
    outbox.c.channel,
    outbox.c.lane,
    outbox.c.due_at,
    sqlite_where=_UNSETTLED,
    postgresql_where=_UNSETTLED,
)
sa.Index(
    "ix_outbox_held",
    outbox.c.person,
    sqlite_where=sa.text("state = 'held'"),
    postgresql_where=sa.text("state = 'held'"),
)
sa.Index(
    "ix_outbox_answers",
    outbox.c.answers,
    sqlite_where=sa.text("answers IS NOT NULL"),
    postgresql_where=sa.text("answers IS NOT NULL"),
)
sa.Index(
    "ix_outbox_private",
    outbox.c.private,
    outbox.c.person,
    sqlite_where=sa.text("private <> ''"),
    postgresql_where=sa.text("private <> ''"),
)

sa.Index(
    "ix_outbox_remote_id",
    outbox.c.remote_id,
    sqlite_where=sa.text("via = 'template'"),
    postgresql_where=sa.text("via = 'template'"),
)

send_window = sa.Table(
    "send_window",
    metadata,
    sa.Column("account", sa.ForeignKey("account.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("opened_by", sa.String(8), primary_key=True),
    sa.Column("remaining", sa.SmallInteger, nullable=False),
    time("until"),
    one_of("opened_by", "message", "tap"),
    sa.CheckConstraint("remaining >= 0", name="never_overspent"),
)

attachment = sa.Table(
    "attachment",
    metadata,
    key(),
    sa.Column("kind", sa.String(8), nullable=False),
    sa.Column("channel", sa.String(16), nullable=False),
    sa.Column("ref", sa.String(300), nullable=False, default=""),
    sa.Column("sha256", sa.String(64), nullable=False, default=""),
    sa.Column("mime", sa.String(100), nullable=False, default=""),
    sa.Column("size", sa.Integer, nullable=False, default=0),
    sa.Column("state", sa.String(8), nullable=False),
    sa.Column("tries", sa.SmallInteger, nullable=False, default=0),
    sa.Column("private", sa.String(40), nullable=False, default="", server_default=""),
    time("created_at"),
    one_of("kind", "image", "voice", "video", "file"),
    one_of("state", "pending", "stored", "lost"),
)
sa.Index(
    "ix_attachment_pending",
    attachment.c.id,
    sqlite_where=sa.text("state = 'pending'"),
    postgresql_where=sa.text("state = 'pending'"),
)

sealed_file = sa.Table(
    "sealed_file",
    metadata,
    sa.Column("attachment", sa.ForeignKey("attachment.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("content", sa.LargeBinary, nullable=False),
)
"""Of an attachment that came in a private talk: where its bytes are, then the bytes, sealed; of one that has come out
of a box and is not a file yet: the bytes."""
