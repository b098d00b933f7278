"""claims: who asks to stand for a territory; what each agent did in the name of an authority.

Revision: 0024, after 0023
"""

import sqlalchemy as sa
from alembic import op

import fediterr.core.db

revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    op.create_table(
        'acts',
        sa.Column('account_id', number, nullable=False),
        sa.Column('agent_id', number, nullable=True),
        sa.Column('agent', sa.Text(), nullable=False),
        sa.Column('action', sa.Text(), nullable=False),
        sa.Column('subject', sa.Text(), nullable=False),
        sa.Column('created_at', fediterr.core.db.Moment(timezone=True), nullable=False),
        sa.Column('id', number, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_acts_account_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['agent_id'], ['accounts.id'], name=op.f('fk_acts_agent_id'), ondelete='SET NULL'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_acts')),
    )
    op.create_index('ix_acts_account_id_id', 'acts', ['account_id', 'id'])
    op.create_index('ix_acts_agent_id', 'acts', ['agent_id'])
    op.create_table(
        'claims',
        sa.Column('account_id', number, nullable=False),
        sa.Column('territory_id', number, nullable=False),
        sa.Column('way', sa.Text(), nullable=False),
        sa.Column('name', sa.Text(), nullable=False),
        sa.Column('website', sa.Text(), nullable=False),
        sa.Column('words', sa.Text(), nullable=False),
        sa.Column('proved_at', fediterr.core.db.Moment(timezone=True), nullable=True),
        sa.Column('checked_at', fediterr.core.db.Moment(timezone=True), nullable=True),
        sa.Column('problem', sa.Text(), nullable=False),
        sa.Column('accepted', sa.Boolean(), nullable=True),
        sa.Column('reason', sa.Text(), nullable=False),
        sa.Column('authority_id', number, nullable=True),
        sa.Column('answered_by_id', number, nullable=True),
        sa.Column('answered_at', fediterr.core.db.Moment(timezone=True), nullable=True),
        sa.Column('created_at', fediterr.core.db.Moment(timezone=True), nullable=False),
        sa.Column('id', number, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_claims_account_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['territory_id'], ['territories.id'], name=op.f('fk_claims_territory_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['authority_id'], ['accounts.id'], name=op.f('fk_claims_authority_id'), ondelete='SET NULL'),
        sa.ForeignKeyConstraint(['answered_by_id'], ['accounts.id'], name=op.f('fk_claims_answered_by_id'), ondelete='SET NULL'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_claims')),
    )
    for column in ('account_id', 'territory_id', 'authority_id'):
        op.create_index(f'ix_claims_{column}', 'claims', [column])
    kind = 'INTEGER' if op.get_bind().dialect.name == 'sqlite' else 'BIGINT'
    for table in ('grants', 'tokens'):
        named = f'CONSTRAINT fk_{table}_account_id REFERENCES accounts (id) ON DELETE CASCADE'
        op.execute(f'ALTER TABLE {table} ADD COLUMN account_id {kind} {named}')
        op.create_index(f'ix_{table}_account_id', table, ['account_id'])
    op.add_column('authorities', sa.Column('checked_at', fediterr.core.db.Moment(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column('authorities', 'checked_at')
    for table in ('tokens', 'grants'):
        op.drop_index(f'ix_{table}_account_id', table)
        op.drop_column(table, 'account_id')
    op.drop_table('claims')
    op.drop_table('acts')
