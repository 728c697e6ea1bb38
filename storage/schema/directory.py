"""Areas, people, roles, who looks after what, cards, accounts."""

import sqlalchemy as sa

from storage.schema.columns import key, metadata, one_of, ref, time

area = sa.Table(
    "area",
    metadata,
    sa.Column("code", sa.String(14), primary_key=True),
    sa.Column("parent", sa.ForeignKey("area.code"), nullable=True, index=True),
    sa.Column("level", sa.String(10), nullable=False),
    sa.Column("name", sa.String(60), nullable=False),
    one_of("level", "county", "township", "village", "group"),
)

person = sa.Table(
    "person",
    metadata,
    key(),
    sa.Column("name", sa.String(40), nullable=False, default=""),
    sa.Column("phone", sa.String(20), nullable=False, default="", index=True),
    sa.Column("area", sa.ForeignKey("area.code"), nullable=True),
    sa.Column("household", sa.String(40), nullable=False, default=""),
    time("consented_at", optional=True),
    time("created_at"),
)

role = sa.Table(
    "role",
    metadata,
    key(),
    ref("person", "person.id"),
    sa.Column("role", sa.String(10), nullable=False),
    sa.Column("area", sa.ForeignKey("area.code"), nullable=False),
    time("valid_from"),
    time("valid_to", optional=True),
    one_of("role", "villager", "agent", "cadre", "supervisor", "staff", "owner", "leader", "expert"),
    sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="dates_in_order"),
    sa.Index("ix_role_area_role", "area", "role"),
    sa.Index("ix_role_person", "person"),
)

assignment = sa.Table(
    "assignment",
    metadata,
    key(),
    sa.Column("area", sa.ForeignKey("area.code"), nullable=False, index=True),
    sa.Column("person", sa.ForeignKey("person.id"), nullable=False, index=True),
    sa.Column("duty", sa.String(10), nullable=False),
    time("valid_from"),
    time("valid_to", optional=True),
    one_of("duty", "primary", "deputy"),
    sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="dates_in_order"),
)
sa.Index(
    "uq_assignment_one_primary",
    assignment.c.area,
    unique=True,
    sqlite_where=sa.text("duty = 'primary' AND valid_to IS NULL"),
    postgresql_where=sa.text("duty = 'primary' AND valid_to IS NULL"),
)

leave = sa.Table(
    "leave",
    metadata,
    key(),
    sa.Column("person", sa.ForeignKey("person.id"), nullable=False, index=True),
    time("starts_at"),
    time("ends_at"),
    sa.CheckConstraint("ends_at > starts_at", name="dates_in_order"),
)

card = sa.Table(
    "card",
    metadata,
    key(),
    sa.Column("serial", sa.String(8), nullable=False, unique=True),
    sa.Column("area", sa.ForeignKey("area.code"), nullable=False, index=True),
    sa.Column("household", sa.String(40), nullable=False, default=""),
    time("issued_at"),
    time("revoked_at", optional=True),
)

invitation = sa.Table(
    "invitation",
    metadata,
    sa.Column("code", sa.String(16), primary_key=True),
    ref("person", "person.id"),
    time("expires_at"),
    time("used_at", optional=True),
)

account = sa.Table(
    "account",
    metadata,
    key(),
    sa.Column("channel", sa.String(16), nullable=False),
    sa.Column("address", sa.String(128), nullable=False),
    sa.Column("person", sa.ForeignKey("person.id"), nullable=False, index=True),
    sa.Column("blocked", sa.Boolean, nullable=False, default=False),
    time("created_at"),
    sa.UniqueConstraint("channel", "address"),
)

link_code = sa.Table(
    "link_code",
    metadata,
    sa.Column("code", sa.String(8), primary_key=True),
    sa.Column("account", sa.ForeignKey("account.id", ondelete="CASCADE"), nullable=False, unique=True),
    sa.Column("claimed_by", sa.ForeignKey("account.id", ondelete="CASCADE"), nullable=True),
    time("expires_at"),
)
