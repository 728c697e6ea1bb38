"""Tickets and their events."""

import sqlalchemy as sa

from storage.schema.columns import key, metadata, time

ticket = sa.Table(
    "ticket",
    metadata,
    key(),
    sa.Column("kind", sa.String(14), nullable=False),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("category", sa.String(20), nullable=False),
    sa.Column("subcategory", sa.String(20), nullable=True),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("area", sa.ForeignKey("area.code"), nullable=False),
    sa.Column("villager", sa.ForeignKey("person.id"), nullable=False),
    sa.Column("filed_by", sa.ForeignKey("person.id"), nullable=False),
    sa.Column("on_behalf_of", sa.String(60), nullable=False, default=""),
    sa.Column("channel", sa.String(16), nullable=False),
    time("filed_at"),
    time("accept_by"),
    time("contact_by"),
    time("limit_at"),
    sa.Column("owner", sa.ForeignKey("person.id"), nullable=True),
    sa.Column("rung", sa.String(10), nullable=False),
    time("owner_by", optional=True),
    time("accepted_at", optional=True),
    time("contacted_at", optional=True),
    time("answered_at", optional=True),
    time("closed_at", optional=True),
    sa.Column("closing", sa.String(12), nullable=True),
    sa.Column("extensions", sa.SmallInteger, nullable=False, default=0),
    sa.Column("returns", sa.SmallInteger, nullable=False, default=0),
    sa.Column("rating", sa.SmallInteger, nullable=True),
    time("urged_at", optional=True),
    sa.Column("nudges", sa.SmallInteger, nullable=False, default=0),
    time("look_at", optional=True),
    sa.Column("version", sa.Integer, nullable=False, default=0),
    sa.Column("events", sa.Integer, nullable=False, default=0),
    sa.CheckConstraint("(state = 'closed') = (closing IS NOT NULL)", name="closing_when_closed"),
    sa.CheckConstraint("returns <= 2", name="two_returns"),
    sa.CheckConstraint("extensions <= 1", name="one_extension"),
    sa.CheckConstraint("rating IS NULL OR rating BETWEEN 1 AND 3", name="rating_in_range"),
    sa.Index("ix_ticket_villager_id", "villager", "id"),
    sa.Index("ix_ticket_filed_by_id", "filed_by", "id"),
    sa.Index("ix_ticket_owner_state", "owner", "state"),
    sa.Index("ix_ticket_area_state", "area", "state"),
)
sa.Index(
    "ix_ticket_look_at",
    ticket.c.look_at,
    sqlite_where=sa.text("look_at IS NOT NULL"),
    postgresql_where=sa.text("look_at IS NOT NULL"),
)

ticket_event = sa.Table(
    "ticket_event",
    metadata,
    sa.Column("ticket", sa.ForeignKey("ticket.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    time("at"),
    sa.Column("step", sa.String(12), nullable=False),
    sa.Column("actor", sa.ForeignKey("person.id"), nullable=True),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("note", sa.Text, nullable=False, default=""),
    sa.Column("media", sa.JSON, nullable=False),
    sa.Index("ix_ticket_event_at", "at"),
    sa.Index("ix_ticket_event_actor_at", "actor", "at"),
)
"""The indexes serve the reports: what was done in a month, and what one cadre did in it."""
