"""Policy answers, and the questions that found none. Nobody who asked is in any of these tables."""

import sqlalchemy as sa

from storage.schema.columns import key, metadata, ref, time

knowledge_bank = sa.Table(
    "knowledge_bank",
    metadata,
    key(),
    sa.Column("mark", sa.String(32), nullable=False, unique=True),
    sa.Column("entries", sa.Integer, nullable=False),
    ref("loaded_by", "person.id", optional=True),
    time("loaded_at"),
)
"""Each loading; the newest is in force. `mark` is random: it tells a bank from those of other databases, too."""

knowledge_entry = sa.Table(
    "knowledge_entry",
    metadata,
    key(),
    sa.Column("question", sa.String(60), nullable=False, unique=True),
    sa.Column("asks", sa.JSON, nullable=False),
    sa.Column("answer", sa.Text, nullable=False),
    sa.Column("source", sa.String(24), nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("until", sa.Date, nullable=True),
)
"""The bank in force, in the order of its file."""

unanswered_question = sa.Table(
    "unanswered_question",
    metadata,
    sa.Column("text", sa.String(80), primary_key=True),
    sa.Column("times", sa.Integer, nullable=False),
    sa.Column("first_on", sa.Date, nullable=False),
    sa.Column("last_on", sa.Date, nullable=False),
)
