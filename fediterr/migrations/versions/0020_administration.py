"""administration: who speaks for an authority, and the answers of a first run that is not over.

Revision: 0020, after 0019
"""

import sqlalchemy as sa
from alembic import op

import fediterr.core.db

revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    op.create_table(
        'speakers',
        sa.Column('user_id', number, nullable=False),
        sa.Column('account_id', number, nullable=False),
        sa.Column('since', fediterr.core.db.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_speakers_account_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_speakers_user_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('user_id', 'account_id', name=op.f('pk_speakers')),
    )
    op.create_index(op.f('ix_speakers_account_id'), 'speakers', ['account_id'])
    op.add_column('setup_links', sa.Column('answers', sa.JSON(), nullable=False, server_default='{}'))


def downgrade() -> None:
    op.drop_column('setup_links', 'answers')
    op.drop_table('speakers')
