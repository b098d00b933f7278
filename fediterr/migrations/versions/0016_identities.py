"""people who sign in by another service; invitations.

Revision: 0016, after 0015
"""

import sqlalchemy as sa
from alembic import op

import fediterr.core.db

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
MOMENT = fediterr.core.db.Moment(timezone=True)


def upgrade() -> None:
    op.create_table(
        'identities',
        sa.Column('id', NUMBER, nullable=False),
        sa.Column('issuer', sa.Text(), nullable=False),
        sa.Column('subject', sa.Text(), nullable=False),
        sa.Column('user_id', NUMBER, nullable=False),
        sa.Column('founder', sa.Boolean(), nullable=False),
        sa.Column('email', sa.Text(), nullable=False),
        sa.Column('siret', sa.Text(), nullable=False),
        sa.Column('created_at', MOMENT, nullable=False),
        sa.Column('last_used_at', MOMENT, nullable=True),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_identities_user_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_identities')),
        sa.UniqueConstraint('issuer', 'subject', name=op.f('uq_identities_issuer')),
    )
    op.create_index(op.f('ix_identities_user_id'), 'identities', ['user_id'])
    op.create_table(
        'welcomed_domains',
        sa.Column('domain', sa.Text(), nullable=False),
        sa.Column('account_id', NUMBER, nullable=True),
        sa.Column('created_at', MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ['account_id'], ['accounts.id'], name=op.f('fk_welcomed_domains_account_id'), ondelete='SET NULL'
        ),
        sa.PrimaryKeyConstraint('domain', name=op.f('pk_welcomed_domains')),
    )
    op.add_column('invitations', sa.Column('revoked_at', MOMENT, nullable=True))
    op.add_column('invitations', sa.Column('role', sa.Text(), nullable=False, server_default='member'))
    op.add_column('invitations', sa.Column('note', sa.Text(), nullable=False, server_default=''))
    op.add_column('invitations', sa.Column('email', sa.Text(), nullable=True))


def downgrade() -> None:
    for name in ('email', 'note', 'role', 'revoked_at'):
        op.drop_column('invitations', name)
    op.drop_table('welcomed_domains')
    op.drop_table('identities')
