"""Times for talks, and who has taken which."""

import sqlalchemy as sa

from storage.schema.columns import key, metadata, ref, time

slot = sa.Table(
    "slot",
    metadata,
    key(),
    ref("leader", "person.id"),
    sa.Column("level", sa.String(20), nullable=False),
    sa.Column("area", sa.ForeignKey("area.code"), nullable=False),
    time("starts_at"),
    time("ends_at"),
    sa.Column("place", sa.String(60), nullable=False),
    time("withdrawn_at", optional=True),
    sa.CheckConstraint("ends_at > starts_at", name="times_in_order"),
    sa.CheckConstraint("place <> ''", name="somewhere"),
    sa.Index("ix_slot_starts_at", "starts_at"),
    sa.Index("ix_slot_leader_starts_at", "leader", "starts_at"),
)
_OFFERED = sa.text("withdrawn_at IS NULL")
sa.Index(
    "uq_slot_leader_once",
    slot.c.leader,
    slot.c.starts_at,
    unique=True,
    sqlite_where=_OFFERED,
    postgresql_where=_OFFERED,
)

appointment = sa.Table(
    "appointment",
    metadata,
    sa.Column("ticket", sa.ForeignKey("ticket.id"), primary_key=True, autoincrement=False),
    ref("slot", "slot.id"),
    sa.Column("topic", sa.Text, nullable=False, default=""),
    time("fixed_at", optional=True),
    time("over_at", optional=True),
    time("cancelled_at", optional=True),
    time("reminded_at", optional=True),
    sa.Column("sequence", sa.Integer, nullable=False, default=0),
    time("changed_at"),
    sa.CheckConstraint(
        "topic = '' OR (over_at IS NULL AND cancelled_at IS NULL)", name="topic_goes_with_the_talk"
    ),
)
_STANDS = sa.text("cancelled_at IS NULL")
sa.Index(
    "uq_appointment_one_a_slot",
    appointment.c.slot,
    unique=True,
    sqlite_where=_STANDS,
    postgresql_where=_STANDS,
)

calendar_feed = sa.Table(
    "calendar_feed",
    metadata,
    sa.Column("person", sa.ForeignKey("person.id"), primary_key=True, autoincrement=False),
    sa.Column("mark", sa.LargeBinary(32), nullable=False, unique=True),
    time("created_at"),
)
"""Who reads his calendar by a secret address: of that, only the SHA-256 is kept."""
