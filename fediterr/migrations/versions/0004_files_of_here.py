"""files of people here: the name to save one under, and each found by its path.

Revision: 0004, after 0003
"""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('media', sa.Column('name', sa.Text(), nullable=True))
    op.create_index('ix_media_path', 'media', ['path'], unique=True)


def downgrade() -> None:
    op.drop_index('ix_media_path', 'media')
    with op.batch_alter_table('media') as batch_op:
        batch_op.drop_column('name')
