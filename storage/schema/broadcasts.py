"""What is said to many: broadcasts, who gets them, what was counted; who wants none; who carries a tag."""

import sqlalchemy as sa

from storage.schema.columns import key, metadata, one_of, ref, time

broadcast = sa.Table(
    "broadcast",
    metadata,
    key(),
    ref("survey", "survey.id", optional=True),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("choices", sa.JSON, nullable=False),
    sa.Column("anonymous", sa.Boolean, nullable=False),
    sa.Column("audience", sa.JSON, nullable=False),
    sa.Column("serial", sa.String(22), nullable=False, unique=True),
    sa.Column("by_mass", sa.Boolean, nullable=False),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("total", sa.Integer, nullable=False, default=0),
    sa.Column("queued_to", sa.BigInteger, nullable=False, default=0),
    sa.Column("queued", sa.Boolean, nullable=False, default=False),
    sa.Column("doubts", sa.Integer, nullable=False, default=0),
    sa.Column("reminds", sa.ForeignKey("broadcast.id"), nullable=True, unique=True),
    sa.Column("tells", sa.ForeignKey("survey.id"), nullable=True, unique=True),
    ref("made_by", "person.id", optional=True),
    time("created_at"),
    time("starts_at"),
    time("ended_at", optional=True),
    one_of("state", "going", "paused", "cancelled", "done"),
)
"""`reminds`: the broadcast of which this is the one reminder. `tells`: the survey whose results it tells, once."""

broadcast_recipient = sa.Table(
    "broadcast_recipient",
    metadata,
    sa.Column("broadcast", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("person", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("account", sa.BigInteger, nullable=False),
    sa.Column("channel", sa.String(16), nullable=False),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("batch", sa.Integer, nullable=True),
    sa.Column("outbox", sa.BigInteger, nullable=True),
    one_of(
        "state",
        "waiting",
        "queued",
        "sent",
        "held",
        "blocked",
        "failed",
        "uncertain",
        "answered",
        "refused",
        "over",
    ),
    sqlite_with_rowid=False,
)
"""No foreign keys: a million of them are copied from rows that are there, and PostgreSQL would look up each.

Of an anonymous survey nobody's row says more than whether her turn is still to come, and `outbox` is empty again
when her message is settled. `batch` is the mass message with which she gets it.
"""
_WAITING = sa.text("state = 'waiting'")
sa.Index(
    "ix_broadcast_recipient_waiting",
    broadcast_recipient.c.broadcast,
    broadcast_recipient.c.channel,
    broadcast_recipient.c.person,
    sqlite_where=_WAITING,
    postgresql_where=_WAITING,
)
_ON_ITS_WAY = sa.text("state IN ('queued', 'held')")
sa.Index(
    "ix_broadcast_recipient_on_its_way",
    broadcast_recipient.c.broadcast,
    broadcast_recipient.c.batch,
    sqlite_where=_ON_ITS_WAY,
    postgresql_where=_ON_ITS_WAY,
)
_IN_OUTBOX = sa.text("outbox IS NOT NULL")
sa.Index(
    "ix_broadcast_recipient_outbox",
    broadcast_recipient.c.outbox,
    sqlite_where=_IN_OUTBOX,
    postgresql_where=_IN_OUTBOX,
)

broadcast_count = sa.Table(
    "broadcast_count",
    metadata,
    sa.Column("broadcast", sa.ForeignKey("broadcast.id"), primary_key=True),
    sa.Column("channel", sa.String(16), primary_key=True),
    sa.Column("state", sa.String(10), primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
)
"""How many recipients are how far, but for those whose turn is still to come: these are the rest."""

broadcast_batch = sa.Table(
    "broadcast_batch",
    metadata,
    sa.Column("broadcast", sa.ForeignKey("broadcast.id"), primary_key=True),
    sa.Column("batch", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("channel", sa.String(16), nullable=False),
    sa.Column("people", sa.Integer, nullable=False),
    sa.Column("remote_id", sa.String(64), nullable=False, default=""),
    sa.Column("reported", sa.String(200), nullable=False, default=""),
    time("created_at"),
    time("due_at"),
    time("settled_at", optional=True),
    sa.Index("ix_broadcast_batch_remote_id", "remote_id"),
)
"""A mass message: known to the platform by the broadcast's serial and its number, so that it is shown once."""

mass_sent = sa.Table(
    "mass_sent",
    metadata,
    sa.Column("account", sa.ForeignKey("account.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("month", sa.String(7), primary_key=True),
    sa.Column("count", sa.SmallInteger, nullable=False),
)
"""Mass messages that a follower got in a month of China's calendar."""

opt_out = sa.Table(
    "opt_out",
    metadata,
    sa.Column("person", sa.ForeignKey("person.id", ondelete="CASCADE"), primary_key=True),
    time("since"),
)
"""Who wants no broadcasts."""

person_tag = sa.Table(
    "person_tag",
    metadata,
    sa.Column("tag", sa.String(40), primary_key=True),
    sa.Column("person", sa.ForeignKey("person.id", ondelete="CASCADE"), primary_key=True),
)
