"""Scenes, events and leases."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "scene",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False, unique=True),
        sa.Column("up", sa.String(), nullable=True),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=True),
        sa.Column("labelled", sa.Double(), nullable=True),
        sa.Column("objects", sa.Integer(), nullable=False),
        sa.Column("clicks", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.Double(), nullable=False),
        sa.Column("changed_at", sa.Double(), nullable=False),
    )
    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("scene_id", sa.String(), sa.ForeignKey("scene.id"), nullable=False, index=True),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("command_id", sa.String(), nullable=True),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.UniqueConstraint("scene_id", "place"),
        sa.UniqueConstraint("scene_id", "command_id"),
    )
    op.create_table(
        "lease",
        sa.Column("scene_id", sa.String(), sa.ForeignKey("scene.id"), primary_key=True),
        sa.Column("session", sa.String(), nullable=False, unique=True),
        sa.Column("client", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("lease")
    op.drop_table("event")
    op.drop_table("scene")
