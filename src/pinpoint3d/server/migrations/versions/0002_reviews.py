"""Reviews of objects and parts."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("scene", sa.Column("sent_back", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "review",
        sa.Column("scene_id", sa.String(), sa.ForeignKey("scene.id"), primary_key=True),
        sa.Column("object", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("part", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("review")
    op.drop_column("scene", "sent_back")
