"""The weekly summary of a community: its foreword, who does not want it; letters in HTML that one can stop.

Revision: 0027, after 0026
"""

import sqlalchemy as sa
from alembic import op

revision = '0027'
down_revision = '0026'
branch_labels = None
depends_on = None

ADDED = (
    ('communities', sa.Column('foreword', sa.Text(), server_default='', nullable=False)),
    ('communities', sa.Column('summary_posted', sa.Boolean(), server_default=sa.false(), nullable=False)),
    ('community_members', sa.Column('summary', sa.Boolean(), server_default=sa.true(), nullable=False)),
    ('letters', sa.Column('html', sa.Text(), server_default='', nullable=False)),
    ('letters', sa.Column('unsubscribe', sa.Text(), server_default='', nullable=False)),
)


def upgrade() -> None:
    for table, column in ADDED:
        op.add_column(table, column)


def downgrade() -> None:
    for table, column in reversed(ADDED):
        op.drop_column(table, column.name)
