"""What WeChat and WeCom gave us and all processes share."""

import sqlalchemy as sa

from storage.schema.columns import metadata, time

access_token = sa.Table(
    "access_token",
    metadata,
    sa.Column("name", sa.String(120), primary_key=True),
    sa.Column("token", sa.String(600), nullable=False),
    time("expires_at"),
)

scene_code = sa.Table(
    "scene_code",
    metadata,
    sa.Column("appid", sa.String(64), primary_key=True),
    sa.Column("serial", sa.ForeignKey("card.serial"), primary_key=True),
    sa.Column("url", sa.String(200), nullable=False),
    time("made_at"),
)
