"""appeals, what was reported as it read then, notices of visitors.

Revision: 0018, after 0017
"""

import sqlalchemy as sa
from alembic import op

import fediterr.core.db

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
MOMENT = fediterr.core.db.Moment(timezone=True)
# Columns that refer to nothing: added as they are, so that SQLite builds no table anew.
ADDED = (
    ('reports', 'copies', sa.JSON(), '[]'),
    ('reports', 'visitor_name', sa.Text(), ''),
    ('reports', 'visitor_email', sa.Text(), ''),
    ('decisions', 'copies', sa.JSON(), '[]'),
)


def upgrade() -> None:
    for table, name, kind, otherwise in ADDED:
        op.add_column(table, sa.Column(name, kind, nullable=False, server_default=otherwise))
    op.create_table(
        'appeals',
        sa.Column('id', NUMBER, autoincrement=False, nullable=False),
        sa.Column('decision_id', NUMBER, nullable=False),
        sa.Column('account_id', NUMBER, nullable=False),
        sa.Column('text', sa.Text(), nullable=False),
        sa.Column('created_at', MOMENT, nullable=False),
        sa.Column('accepted', sa.Boolean(), nullable=True),
        sa.Column('answer', sa.Text(), nullable=False),
        sa.Column('answered_at', MOMENT, nullable=True),
        sa.Column('answered_by_id', NUMBER, nullable=True),
        sa.ForeignKeyConstraint(
            ['decision_id'], ['decisions.id'], name=op.f('fk_appeals_decision_id'), ondelete='CASCADE'
        ),
        sa.ForeignKeyConstraint(
            ['account_id'], ['accounts.id'], name=op.f('fk_appeals_account_id'), ondelete='CASCADE'
        ),
        sa.ForeignKeyConstraint(
            ['answered_by_id'], ['accounts.id'], name=op.f('fk_appeals_answered_by_id'), ondelete='SET NULL'
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_appeals')),
        sa.UniqueConstraint('decision_id', name=op.f('uq_appeals_decision_id')),
    )
    op.create_index(op.f('ix_appeals_account_id'), 'appeals', ['account_id'])


def downgrade() -> None:
    op.drop_table('appeals')
    for table, name, _kind, _otherwise in ADDED:
        op.drop_column(table, name)
