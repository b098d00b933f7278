"""the federated directory: the lists of other servers; where posts that came along were before.

Revision: 0025, after 0024
"""

import sqlalchemy as sa
from alembic import op

import fediterr.core.db

revision = '0025'
down_revision = '0024'
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    op.create_table(
        'peer_directories',
        sa.Column('host', sa.Text(), nullable=False),
        sa.Column('address', sa.Text(), nullable=True),
        sa.Column('version', sa.Text(), nullable=True),
        sa.Column('territory', sa.Text(), nullable=True),
        sa.Column('features', sa.JSON(), nullable=False),
        sa.Column('due_at', fediterr.core.db.Moment(timezone=True), nullable=False),
        sa.Column('read_at', fediterr.core.db.Moment(timezone=True), nullable=True),
        sa.Column('listed', number, nullable=False),
        sa.Column('failures', number, nullable=False),
        sa.Column('problem', sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint('host', name=op.f('pk_peer_directories')),
    )
    op.create_index('ix_peer_directories_due_at', 'peer_directories', ['due_at'])
    op.create_table(
        'former_ids',
        sa.Column('uri', sa.Text(), nullable=False),
        sa.Column('post_id', number, nullable=False),
        sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_former_ids_post_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('uri', name=op.f('pk_former_ids')),
    )
    op.create_index('ix_former_ids_post_id', 'former_ids', ['post_id'])


def downgrade() -> None:
    op.drop_table('former_ids')
    op.drop_table('peer_directories')
