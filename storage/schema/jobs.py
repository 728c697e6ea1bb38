"""What ran, and which process may send."""

import sqlalchemy as sa

from storage.schema.columns import metadata, time

job_run = sa.Table(
    "job_run",
    metadata,
    sa.Column("job", sa.String(40), primary_key=True),
    sa.Column("period", sa.String(40), primary_key=True),
    sa.Column("process", sa.String(16), nullable=False),
    time("claimed_at"),
)

lease = sa.Table(
    "lease",
    metadata,
    sa.Column("name", sa.String(40), primary_key=True),
    sa.Column("holder", sa.String(16), nullable=False),
    time("until"),
)
