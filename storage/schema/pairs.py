"""Who helps whom, one to one: leaders and households, experts and growers, leaders and experts."""

import sqlalchemy as sa

from storage.schema.columns import key, metadata, one_of, ref, time

pair = sa.Table(
    "pair",
    metadata,
    key(),
    sa.Column("kind", sa.String(10), nullable=False),
    ref("helper", "person.id"),
    ref("helped", "person.id"),
    sa.Column("office", sa.ForeignKey("area.code"), nullable=False),
    sa.Column("months", sa.SmallInteger, nullable=False),
    time("valid_from"),
    time("valid_to", optional=True),
    one_of("kind", "household", "grower", "talent"),
    sa.CheckConstraint("helper <> helped", name="two_people"),
    sa.CheckConstraint("months BETWEEN 1 AND 4095", name="some_months"),
    sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="dates_in_order"),
    sa.Index("ix_pair_helper", "helper"),
    sa.Index("ix_pair_helped", "helped"),
    sa.Index("ix_pair_office", "office"),
)
"""`months` is its season, a bit for each month, January the lowest. `office`: whose staff keep it."""
sa.Index(
    "uq_pair_once",
    pair.c.kind,
    pair.c.helper,
    pair.c.helped,
    unique=True,
    sqlite_where=sa.text("valid_to IS NULL"),
    postgresql_where=sa.text("valid_to IS NULL"),
)

pair_note = sa.Table(
    "pair_note",
    metadata,
    key(),
    sa.Column("pair", sa.ForeignKey("pair.id", ondelete="CASCADE"), nullable=False, index=True),
    ref("written_by", "person.id"),
    time("written_at"),
    sa.Column("text", sa.String(200), nullable=False),
)
