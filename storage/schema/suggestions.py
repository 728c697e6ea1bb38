"""Suggestions. An anonymous one has no person in any of these tables, and none of them knows an hour."""

import sqlalchemy as sa

from storage.schema.columns import key, metadata, one_of, ref, time

suggestion = sa.Table(
    "suggestion",
    metadata,
    key(),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("restricted", sa.Boolean, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    time("limit_at"),
    ref("person", "person.id", optional=True),
    ref("area", "area.code", optional=True),
    sa.Column("receipt", sa.LargeBinary(32), nullable=False, unique=True),
    sa.Column("office", sa.String(60), nullable=False, default=""),
    sa.Column("outcome", sa.String(10), nullable=True),
    sa.Column("reason", sa.Text, nullable=False, default=""),
    sa.Column("measure", sa.Text, nullable=False, default=""),
    sa.Column("measure_by", sa.Date, nullable=True),
    sa.Column("gist", sa.Text, nullable=False, default=""),
    sa.Column("answer", sa.Text, nullable=False, default=""),
    sa.Column("answered_on", sa.Date, nullable=True),
    ref("merged_into", "suggestion.id", optional=True),
    sa.Column("stage", sa.SmallInteger, nullable=False, default=0),
    time("look_at", optional=True),
    sa.Column("version", sa.Integer, nullable=False, default=0),
    sa.Column("events", sa.Integer, nullable=False, default=0),
    one_of("state", "received", "handed", "asked", "answered", "merged"),
    one_of("outcome", "adopted", "partly", "not", "passed_on"),
    sa.CheckConstraint("person IS NOT NULL OR area IS NULL", name="anonymous_is_from_nowhere"),
    sa.CheckConstraint("(state = 'merged') = (merged_into IS NOT NULL)", name="merged_into_something"),
    sa.CheckConstraint("state <> 'answered' OR outcome IS NOT NULL", name="answered_with_an_outcome"),
    sa.CheckConstraint("NOT restricted OR gist = ''", name="restricted_is_never_public"),
    sa.Index("ix_suggestion_person", "person"),
    sa.Index("ix_suggestion_state_limit_at", "state", "limit_at"),
    sa.Index("ix_suggestion_merged_into", "merged_into"),
)
_LOOKED_AT = sa.text("look_at IS NOT NULL")
sa.Index(
    "ix_suggestion_look_at",
    suggestion.c.look_at,
    sqlite_where=_LOOKED_AT,
    postgresql_where=_LOOKED_AT,
)
_ON_BOARD = sa.text("gist <> ''")
sa.Index(
    "ix_suggestion_board",
    suggestion.c.answered_on,
    suggestion.c.id,
    sqlite_where=_ON_BOARD,
    postgresql_where=_ON_BOARD,
)

suggestion_event = sa.Table(
    "suggestion_event",
    metadata,
    sa.Column("suggestion", sa.ForeignKey("suggestion.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("step", sa.String(10), nullable=False),
    ref("actor", "person.id", optional=True),
    sa.Column("note", sa.Text, nullable=False, default=""),
    sa.Column("media", sa.JSON, nullable=False),
)

suggestion_about = sa.Table(
    "suggestion_about",
    metadata,
    sa.Column("suggestion", sa.ForeignKey("suggestion.id"), primary_key=True),
    sa.Column("person", sa.ForeignKey("person.id"), primary_key=True),
)
"""Whom of the roster a restricted suggestion is about: they and those near them never see it."""

wrong_code = sa.Table(
    "wrong_code",
    metadata,
    sa.Column("who", sa.String(24), primary_key=True),
    sa.Column("period", sa.String(16), primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
)
"""How many wrong receipt codes were tried, by one account in a day or by all in an hour. Never which, nor right ones."""
