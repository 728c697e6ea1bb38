"""Surveys: forms, who still answers, and what was said. An anonymous answer has no person in any of them."""

import sqlalchemy as sa

from storage.schema.columns import key, metadata, one_of, ref, time

survey = sa.Table(
    "survey",
    metadata,
    key(),
    sa.Column("name", sa.String(80), nullable=False),
    sa.Column("title", sa.String(120), nullable=False),
    sa.Column("form", sa.JSON, nullable=False),
    sa.Column("sheet", sa.LargeBinary, nullable=False),
    sa.Column("anonymous", sa.Boolean, nullable=False),
    sa.Column("state", sa.String(8), nullable=False),
    ref("area", "area.code"),
    ref("loaded_by", "person.id", optional=True),
    time("created_at"),
    time("opened_at", optional=True),
    time("closes_at", optional=True),
    time("closed_at", optional=True),
    one_of("state", "draft", "open", "closed", "released"),
)
"""`sheet` is the XLSForm as it was loaded. `released`: closed, and its answers were mixed and may be read."""

survey_draft = sa.Table(
    "survey_draft",
    metadata,
    sa.Column("survey", sa.ForeignKey("survey.id"), primary_key=True),
    sa.Column("person", sa.ForeignKey("person.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("answers", sa.LargeBinary, nullable=False),
    time("updated_at"),
)
"""What somebody has answered and not yet sent: JSON, sealed where the survey is anonymous."""

ballot_mark = sa.Table(
    "ballot_mark",
    metadata,
    sa.Column("box", sa.String(40), primary_key=True),
    sa.Column("mark", sa.LargeBinary(32), primary_key=True),
    sqlite_with_rowid=False,
)
"""One person, one ballot: an HMAC of the person under the box's key, which dies with it. No row says when."""

ballot = sa.Table(
    "ballot",
    metadata,
    sa.Column("box", sa.String(40), primary_key=True),
    sa.Column("serial", sa.LargeBinary(16), primary_key=True),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
"""What was said anonymously, until its box is opened: random serial, padded and sealed under the box's key.

A survey's box is "survey-" and its id.
"""

survey_answer = sa.Table(
    "survey_answer",
    metadata,
    sa.Column("survey", sa.ForeignKey("survey.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    ref("person", "person.id", optional=True, ondelete="SET NULL"),
    ref("township", "area.code", optional=True),
    sa.Column("channel", sa.String(16), nullable=False, default=""),
    sa.Column("answers", sa.JSON, nullable=False),
    sa.Column("day", sa.Date, nullable=True),
    sa.UniqueConstraint("survey", "person"),
)
"""An answer that may be read. Of an anonymous survey: numbered after mixing, without person and channel."""

survey_count = sa.Table(
    "survey_count",
    metadata,
    sa.Column("survey", sa.ForeignKey("survey.id"), primary_key=True),
    sa.Column("what", sa.String(16), primary_key=True),
    sa.Column("value", sa.String(40), primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
    one_of("what", "channel", "invited"),
)
"""How many answered on each messenger, and how many were invited in each township: counts, with nobody beside them."""

dead_key = sa.Table(
    "dead_key",
    metadata,
    sa.Column("name", sa.String(40), primary_key=True),
)
"""Keys that nothing needs any more: written with the last use, so that a key dies after it and never before."""

survey_code = sa.Table(
    "survey_code",
    metadata,
    sa.Column("code", sa.LargeBinary(32), primary_key=True),
    sa.Column("survey", sa.ForeignKey("survey.id"), nullable=False, index=True),
    sqlite_with_rowid=False,
)
"""An invitation to answer once, as an HMAC under the county's key. No row says whose it is, or whether it was used."""

survey_sheet = sa.Table(
    "survey_sheet",
    metadata,
    sa.Column("attachment", sa.ForeignKey("attachment.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("account", sa.ForeignKey("account.id", ondelete="CASCADE"), nullable=False),
    sa.Column("name", sa.String(80), nullable=False),
)
"""A spreadsheet that staff have sent by chat, until it has been read. `name` is the file's."""

survey_preview = sa.Table(
    "survey_preview",
    metadata,
    key(),
    sa.Column("account", sa.ForeignKey("account.id", ondelete="CASCADE"), nullable=False),
    sa.Column("audience", sa.JSON, nullable=False),
)
"""An audience that staff want to have counted, until they are told: among a million people that takes seconds."""
