"""how people sign in: sessions, second factors, passkeys, words that serve once.

Revision: 0015, after 0014
"""

import sqlalchemy as sa
from alembic import op

import fediterr.core.db

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
MOMENT = fediterr.core.db.Moment(timezone=True)


def upgrade() -> None:
    op.create_table(
        'web_sessions',
        sa.Column('id', NUMBER, autoincrement=False, nullable=False),
        sa.Column('hash', sa.Text(), nullable=False),
        _user(),
        sa.Column('stage', sa.Text(), nullable=False),
        sa.Column('lasting', sa.Boolean(), nullable=False),
        sa.Column('agent', sa.Text(), nullable=False),
        sa.Column('network', sa.Text(), nullable=False),
        sa.Column('created_at', MOMENT, nullable=False),
        sa.Column('seen_at', MOMENT, nullable=False),
        *_belongs('web_sessions'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_web_sessions')),
        sa.UniqueConstraint('hash', name=op.f('uq_web_sessions_hash')),
    )
    op.create_index(op.f('ix_web_sessions_user_id'), 'web_sessions', ['user_id'])
    op.create_index(op.f('ix_web_sessions_seen_at'), 'web_sessions', ['seen_at'])
    op.create_table(
        'second_factors',
        _user(),
        sa.Column('secret', sa.Text(), nullable=False),
        sa.Column('created_at', MOMENT, nullable=False),
        sa.Column('proved_at', MOMENT, nullable=True),
        sa.Column('last_step', NUMBER, nullable=False),
        *_belongs('second_factors'),
        sa.PrimaryKeyConstraint('user_id', name=op.f('pk_second_factors')),
    )
    op.create_table(
        'recovery_codes',
        sa.Column('id', NUMBER, autoincrement=False, nullable=False),
        _user(),
        sa.Column('hash', sa.Text(), nullable=False),
        *_belongs('recovery_codes'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_recovery_codes')),
    )
    op.create_index(op.f('ix_recovery_codes_user_id'), 'recovery_codes', ['user_id'])
    op.create_table(
        'passkeys',
        sa.Column('id', NUMBER, autoincrement=False, nullable=False),
        _user(),
        sa.Column('credential', sa.Text(), nullable=False),
        sa.Column('public_key', sa.Text(), nullable=False),
        sa.Column('uses', NUMBER, nullable=False),
        sa.Column('label', sa.Text(), nullable=False),
        sa.Column('created_at', MOMENT, nullable=False),
        sa.Column('used_at', MOMENT, nullable=True),
        *_belongs('passkeys'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_passkeys')),
        sa.UniqueConstraint('credential', name=op.f('uq_passkeys_credential')),
    )
    op.create_index(op.f('ix_passkeys_user_id'), 'passkeys', ['user_id'])
    op.create_table(
        'one_time_words',
        sa.Column('hash', sa.Text(), nullable=False),
        sa.Column('purpose', sa.Text(), nullable=False),
        sa.Column('user_id', NUMBER, nullable=True),
        sa.Column('detail', sa.Text(), nullable=False),
        sa.Column('expires_at', MOMENT, nullable=False),
        *_belongs('one_time_words'),
        sa.PrimaryKeyConstraint('hash', name=op.f('pk_one_time_words')),
    )
    op.create_index(op.f('ix_one_time_words_user_id'), 'one_time_words', ['user_id'])
    op.create_index(op.f('ix_one_time_words_expires_at'), 'one_time_words', ['expires_at'])
    op.execute('ALTER TABLE users DROP COLUMN session_stamp')


def _user() -> sa.Column:
    return sa.Column('user_id', NUMBER, nullable=False)


def _belongs(table: str) -> list[sa.ForeignKeyConstraint]:
    return [sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f(f'fk_{table}_user_id'), ondelete='CASCADE')]


def downgrade() -> None:
    op.execute('ALTER TABLE users ADD COLUMN session_stamp INTEGER NOT NULL DEFAULT 0')
    for table in ('one_time_words', 'passkeys', 'recovery_codes', 'second_factors', 'web_sessions'):
        op.drop_table(table)
