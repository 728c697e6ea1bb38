"""Monthly reports: which there are, who agreed to his own, and what their owners said to lines of them.

Figures of a cadre are stored nowhere. Those of an area are, once they are confirmed, and know no person.
"""

import sqlalchemy as sa

from storage.schema.columns import key, metadata, one_of, ref, time

report = sa.Table(
    "report",
    metadata,
    key(),
    sa.Column("month", sa.String(7), nullable=False),
    ref("area", "area.code"),
    ref("person", "person.id", optional=True),
    time("told_at", optional=True),
    sa.Column("empty", sa.Boolean, nullable=False, default=False, server_default=sa.text("false")),
    time("confirmed_at", optional=True),
    sa.Column("figures", sa.JSON(none_as_null=True), nullable=True),
    sa.CheckConstraint("person IS NULL OR figures IS NULL", name="no_figures_of_a_person"),
    sa.CheckConstraint("figures IS NULL OR confirmed_at IS NOT NULL", name="figures_when_confirmed"),
)
_OWN = sa.text("person IS NOT NULL")
_OF_AREA = sa.text("person IS NULL")
sa.Index(
    "uq_report_one_own",
    report.c.month,
    report.c.person,
    unique=True,
    sqlite_where=_OWN,
    postgresql_where=_OWN,
)
sa.Index(
    "uq_report_one_of_area",
    report.c.month,
    report.c.area,
    unique=True,
    sqlite_where=_OF_AREA,
    postgresql_where=_OF_AREA,
)

report_remark = sa.Table(
    "report_remark",
    metadata,
    sa.Column("report", sa.ForeignKey("report.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("line", sa.String(24), primary_key=True),
    sa.Column("part", sa.String(10), primary_key=True),
    sa.Column("text", sa.Text, nullable=False),
    one_of("part", "progress", "difficulty", "plan", "left_out"),
)

digest = sa.Table(
    "digest",
    metadata,
    sa.Column("person", sa.ForeignKey("person.id"), primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
)
"""Whose digest of a day was made, also where there was nothing in it: nobody gets two."""
