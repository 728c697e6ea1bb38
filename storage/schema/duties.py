"""What cadres do every month: templates, the periods that were opened of them, whose they are, what was noted."""

import sqlalchemy as sa

from storage.schema.columns import key, metadata, one_of, ref, time

duty_template = sa.Table(
    "duty_template",
    metadata,
    key(),
    sa.Column("key", sa.String(20), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("name", sa.String(20), nullable=False),
    sa.Column("system", sa.String(10), nullable=False),
    sa.Column("audience", sa.String(16), nullable=False),
    sa.Column("roles", sa.JSON, nullable=False),
    sa.Column("areas", sa.JSON, nullable=False),
    sa.Column("rule", sa.String(200), nullable=False),
    sa.Column("days", sa.Integer, nullable=False),
    sa.Column("remind", sa.JSON, nullable=False),
    sa.Column("counts", sa.JSON, nullable=False),
    sa.Column("since", sa.Date, nullable=False),
    time("made_at"),
    time("ended_at", optional=True),
    sa.UniqueConstraint("key", "version"),
)
"""A row is never changed but to end it: what was opened by it stays as it was. `since`: when the key was first loaded."""
_IN_FORCE = sa.text("ended_at IS NULL")
sa.Index(
    "uq_duty_template_in_force",
    duty_template.c.key,
    unique=True,
    sqlite_where=_IN_FORCE,
    postgresql_where=_IN_FORCE,
)

duty_period = sa.Table(
    "duty_period",
    metadata,
    key(),
    sa.Column("key", sa.String(20), nullable=False),
    ref("template", "duty_template.id"),
    sa.Column("starts_on", sa.Date, nullable=False),
    sa.Column("ends_on", sa.Date, nullable=False),
    sa.Column("opened_on", sa.Date, nullable=False),
    sa.Column("late", sa.Boolean, nullable=False),
    sa.Column("reminders", sa.JSON, nullable=False),
    sa.Column("filled_on", sa.Date, nullable=True),
    sa.Column("filled_to", sa.BigInteger, nullable=False, default=0),
    sa.UniqueConstraint("key", "starts_on"),
    sa.CheckConstraint("ends_on >= starts_on", name="dates_in_order"),
    sa.Index("ix_duty_period_ends_on", "ends_on"),
)
"""One period of a template. `ends_on` is its last day, `reminders` are days in order.

`filled_on`: the day on which all whose duty it is were last looked for; `filled_to`: how far a search has come since.
"""

duty = sa.Table(
    "duty",
    metadata,
    sa.Column("period", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("person", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("state", sa.String(14), nullable=False),
    sa.Column("remind_on", sa.Date, nullable=True),
    sa.Column("noted_on", sa.Date, nullable=True),
    sa.Column("noted_with", sa.BigInteger, nullable=True),
    sa.Column("ticket", sa.BigInteger, nullable=True),
    sa.Column("noted_by", sa.BigInteger, nullable=True),
    one_of("state", "open", "done", "not_this_month"),
    sa.CheckConstraint("(state = 'open') = (noted_on IS NULL)", name="noted_on_a_day"),
    sa.CheckConstraint("state = 'open' OR remind_on IS NULL", name="no_reminder_of_what_is_noted"),
    sa.CheckConstraint("state = 'done' OR ticket IS NULL", name="a_ticket_counts_as_done"),
    sa.Index("ix_duty_person_period", "person", "period"),
    sqlite_with_rowid=False,
)
"""One person's duty in one period. No foreign keys, as with `broadcast_recipient`.

`noted_with`: the last period of the list that was noted as a whole, so that this can be taken back as a whole.
`noted_by`: the deputy who noted it while its person was on leave; nobody: its person did.
"""
_TO_REMIND = sa.text("remind_on IS NOT NULL")
sa.Index(
    "ix_duty_remind_on",
    duty.c.remind_on,
    duty.c.person,
    sqlite_where=_TO_REMIND,
    postgresql_where=_TO_REMIND,
)
_COUNTED = sa.text("ticket IS NOT NULL")
sa.Index("uq_duty_ticket", duty.c.ticket, unique=True, sqlite_where=_COUNTED, postgresql_where=_COUNTED)

duty_not_counted = sa.Table(
    "duty_not_counted",
    metadata,
    sa.Column("period", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("person", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("ticket", sa.BigInteger, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
"""A ticket of which its owner said that it is not this duty: he is not asked again."""

duty_note = sa.Table(
    "duty_note",
    metadata,
    sa.Column("period", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("person", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("line", sa.Text, nullable=False),
    sa.Column("media", sa.JSON, nullable=False),
)
"""What somebody has written beside his duty. Only he reads it: nothing joins this table to anything."""

duty_reminder = sa.Table(
    "duty_reminder",
    metadata,
    sa.Column("person", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("outbox", sa.BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
"""The one message of reminders that a person gets on a day."""
