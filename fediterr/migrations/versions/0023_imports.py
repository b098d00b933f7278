"""imports: what was brought into the directory from files, and when.

Revision: 0023, after 0022
"""

import sqlalchemy as sa
from alembic import op

import fediterr.core.db

revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    op.create_table(
        'territory_sources',
        sa.Column('what', sa.Text(), nullable=False),
        sa.Column('source', sa.Text(), nullable=False),
        sa.Column('vintage', sa.Text(), nullable=False),
        sa.Column('filename', sa.Text(), nullable=False),
        sa.Column('digest', sa.Text(), nullable=False),
        sa.Column('lines', number, nullable=False),
        sa.Column('brought_at', fediterr.core.db.Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('what', name=op.f('pk_territory_sources')),
    )


def downgrade() -> None:
    op.drop_table('territory_sources')
