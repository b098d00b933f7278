"""custom emojis of this server.

Revision: 0005, after 0004
"""

import sqlalchemy as sa
from alembic import op

import fediterr.core.db

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'emojis',
        sa.Column('shortcode', sa.Text(), nullable=False),
        sa.Column('medium_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
        sa.Column('created_at', fediterr.core.db.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ['medium_id'], ['media.id'], name=op.f('fk_emojis_medium_id'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('shortcode', name=op.f('pk_emojis')),
        sa.UniqueConstraint('medium_id', name=op.f('uq_emojis_medium_id')),
    )


def downgrade() -> None:
    op.drop_table('emojis')
