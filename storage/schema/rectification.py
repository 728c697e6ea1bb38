"""What a ticket of the kind rectification (整改) has beside it, and its monthly progress."""

import sqlalchemy as sa

from storage.schema.columns import UtcTime, metadata, one_of, ref, time

rectification = sa.Table(
    "rectification",
    metadata,
    sa.Column("ticket", sa.ForeignKey("ticket.id"), primary_key=True, autoincrement=False),
    sa.Column("measure", sa.Text, nullable=False),
    ref("leader", "person.id"),
    ref("proposed_by", "person.id", optional=True),
    ref("reviewed_by", "person.id", optional=True),
    sa.CheckConstraint("reviewed_by IS NULL OR proposed_by IS NOT NULL", name="reviewed_when_proposed"),
    sa.CheckConstraint("reviewed_by <> proposed_by AND reviewed_by <> leader", name="reviewed_by_another"),
    sa.Index("ix_rectification_leader", "leader"),
)
"""`reviewed_by` ticked it off: never whoever proposed it, nor the leader who answers for it."""

rectification_progress = sa.Table(
    "rectification_progress",
    metadata,
    sa.Column("ticket", sa.ForeignKey("rectification.ticket"), primary_key=True, autoincrement=False),
    sa.Column("month", sa.String(7), primary_key=True),
    sa.Column("done", sa.Text, nullable=False, default=""),
    sa.Column("difficulty", sa.Text, nullable=False, default=""),
    sa.Column("plan", sa.Text, nullable=False, default=""),
    ref("written_by", "person.id", optional=True),
    time("written_at"),
)
"""One row a month of China's calendar; what is said again in the month takes its place. No `written_by`: from a file."""

rectification_reminder = sa.Table(
    "rectification_reminder",
    metadata,
    sa.Column("ticket", sa.ForeignKey("rectification.ticket"), primary_key=True, autoincrement=False),
    sa.Column("limit_at", UtcTime, primary_key=True),
    sa.Column("stage", sa.String(6), primary_key=True),
    sa.Column("outbox", sa.BigInteger, nullable=True),
    one_of("stage", "before", "after"),
)
"""Its owner was reminded of this limit: once before it, and once when it had passed.

`outbox`: the message, so that it can be dropped where it is not true any more; nothing if he can hear nothing.
"""
