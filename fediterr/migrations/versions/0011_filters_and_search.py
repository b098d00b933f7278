"""filters, the search index, trends.

Revision: 0011, after 0010
"""

import sqlalchemy as sa
from alembic import op

import fediterr.core.db

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.create_table(
        'filters',
        sa.Column('id', BIG, autoincrement=False, nullable=False),
        sa.Column('account_id', BIG, nullable=False),
        sa.Column('title', sa.Text(), nullable=False),
        sa.Column('contexts', sa.JSON(), nullable=False),
        sa.Column('action', sa.Text(), nullable=False),
        sa.Column('ends_at', fediterr.core.db.Moment(timezone=True), nullable=True),
        sa.Column('created_at', fediterr.core.db.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ['account_id'], ['accounts.id'], name=op.f('fk_filters_account_id'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_filters')),
    )
    op.create_index(op.f('ix_filters_account_id'), 'filters', ['account_id'])
    op.create_table(
        'filter_rules',
        sa.Column('id', BIG, autoincrement=False, nullable=False),
        sa.Column('filter_id', BIG, nullable=False),
        sa.Column('keyword', sa.Text(), nullable=True),
        sa.Column('whole_word', sa.Boolean(), nullable=False),
        sa.Column('post_id', BIG, nullable=True),
        sa.ForeignKeyConstraint(
            ['filter_id'], ['filters.id'], name=op.f('fk_filter_rules_filter_id'), ondelete='CASCADE'
        ),
        sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_filter_rules_post_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_filter_rules')),
        sa.UniqueConstraint('filter_id', 'post_id', name=op.f('uq_filter_rules_filter_id')),
    )
    op.create_index(op.f('ix_filter_rules_filter_id'), 'filter_rules', ['filter_id'])
    op.create_index(op.f('ix_filter_rules_post_id'), 'filter_rules', ['post_id'])


def downgrade() -> None:
    op.drop_table('filter_rules')
    op.drop_table('filters')
