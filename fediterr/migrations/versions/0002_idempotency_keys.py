"""idempotency keys.

Revision: 0002, after 0001
"""

import sqlalchemy as sa
from alembic import op

import fediterr.core.db

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'idempotency_keys',
        sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
        sa.Column('key', sa.Text(), nullable=False),
        sa.Column('post_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
        sa.Column('created_at', fediterr.core.db.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ['account_id'], ['accounts.id'], name=op.f('fk_idempotency_keys_account_id'), ondelete='CASCADE'
        ),
        sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_idempotency_keys_post_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('account_id', 'key', name=op.f('pk_idempotency_keys')),
    )
    op.create_index(op.f('ix_idempotency_keys_post_id'), 'idempotency_keys', ['post_id'])


def downgrade() -> None:
    op.drop_table('idempotency_keys')
