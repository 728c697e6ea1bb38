"""Quizzes. What somebody has had right is kept in such a way that no row tells whose it is."""

import sqlalchemy as sa

from storage.schema.columns import key, metadata

quiz_question = sa.Table(
    "quiz_question",
    metadata,
    key(),
    sa.Column("topic", sa.String(15), nullable=False),
    sa.Column("question", sa.String(50), nullable=False, unique=True),
    sa.Column("options", sa.JSON, nullable=False),
    sa.Column("correct", sa.JSON, nullable=False),
    sa.Column("explanation", sa.Text, nullable=False),
    sa.Column("asked", sa.Boolean, nullable=False),
    sa.Index("ix_quiz_question_topic", "topic"),
)
"""`correct`: places of the right options, from 0. `asked`: it stands in the bank that is in force."""

quiz_right = sa.Table(
    "quiz_right",
    metadata,
    sa.Column("mark", sa.LargeBinary(32), primary_key=True),
    sqlite_with_rowid=False,
)
"""An HMAC of a person and a question that he has had right, under the key `keys/quiz-1`. Nothing else is kept."""
