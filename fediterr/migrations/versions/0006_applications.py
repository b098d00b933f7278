"""applications, grants, invitations, letters, how a user came in.

Revision: 0006, after 0005
"""

import sqlalchemy as sa
from alembic import op

import fediterr.core.db

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
MOMENT = fediterr.core.db.Moment(timezone=True)


def upgrade() -> None:
    op.create_table(
        'applications',
        sa.Column('id', NUMBER, autoincrement=False, nullable=False),
        sa.Column('client_id', sa.Text(), nullable=False),
        sa.Column('secret_hash', sa.Text(), nullable=False),
        sa.Column('name', sa.Text(), nullable=False),
        sa.Column('website', sa.Text(), nullable=True),
        sa.Column('redirect_uris', sa.JSON(), nullable=False),
        sa.Column('scopes', sa.Text(), nullable=False),
        sa.Column('created_at', MOMENT, nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_applications')),
        sa.UniqueConstraint('client_id', name=op.f('uq_applications_client_id')),
    )
    op.create_table(
        'invitations',
        sa.Column('id', NUMBER, autoincrement=False, nullable=False),
        sa.Column('code', sa.Text(), nullable=False),
        sa.Column('account_id', NUMBER, nullable=True),
        sa.Column('max_uses', NUMBER, nullable=True),
        sa.Column('uses', NUMBER, nullable=False),
        sa.Column('expires_at', MOMENT, nullable=True),
        sa.Column('created_at', MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ['account_id'], ['accounts.id'], name=op.f('fk_invitations_account_id'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_invitations')),
        sa.UniqueConstraint('code', name=op.f('uq_invitations_code')),
    )
    op.create_index(op.f('ix_invitations_account_id'), 'invitations', ['account_id'])
    op.create_table(
        'letters',
        sa.Column('id', NUMBER, autoincrement=False, nullable=False),
        sa.Column('recipient', sa.Text(), nullable=False),
        sa.Column('subject', sa.Text(), nullable=False),
        sa.Column('words', sa.Text(), nullable=False),
        sa.Column('written_at', MOMENT, nullable=False),
        sa.Column('due_at', MOMENT, nullable=False),
        sa.Column('tries', NUMBER, nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_letters')),
    )
    op.create_index('ix_letters_due_at', 'letters', ['due_at'])
    _add_to_users()
    op.create_table(
        'grants',
        sa.Column('id', NUMBER, autoincrement=False, nullable=False),
        sa.Column('hash', sa.Text(), nullable=False),
        sa.Column('application_id', NUMBER, nullable=False),
        sa.Column('user_id', NUMBER, nullable=False),
        sa.Column('redirect_uri', sa.Text(), nullable=False),
        sa.Column('scopes', sa.Text(), nullable=False),
        sa.Column('code_challenge', sa.Text(), nullable=True),
        sa.Column('created_at', MOMENT, nullable=False),
        sa.Column('used_at', MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ['application_id'], ['applications.id'], name=op.f('fk_grants_application_id'), ondelete='CASCADE'
        ),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_grants_user_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_grants')),
        sa.UniqueConstraint('hash', name=op.f('uq_grants_hash')),
    )
    op.create_index(op.f('ix_grants_application_id'), 'grants', ['application_id'])
    op.create_index(op.f('ix_grants_user_id'), 'grants', ['user_id'])
    with op.batch_alter_table('tokens', reflect_kwargs={'resolve_fks': False}) as batch_op:
        batch_op.alter_column('user_id', existing_type=NUMBER, nullable=True)
        batch_op.add_column(sa.Column('application_id', NUMBER, nullable=True))
        batch_op.add_column(sa.Column('grant_id', NUMBER, nullable=True))
        batch_op.add_column(sa.Column('last_used_at', MOMENT, nullable=True))
        batch_op.create_foreign_key(
            op.f('fk_tokens_application_id'), 'applications', ['application_id'], ['id'], ondelete='CASCADE'
        )
        batch_op.create_foreign_key(op.f('fk_tokens_grant_id'), 'grants', ['grant_id'], ['id'], ondelete='SET NULL')
        batch_op.create_index(op.f('ix_tokens_application_id'), ['application_id'])
        batch_op.create_index(op.f('ix_tokens_grant_id'), ['grant_id'])


def _add_to_users() -> None:
    """Column by column: to build the table anew on SQLite would empty those that refer to it."""
    for name, kind in (
        ('confirmation_hash', sa.Text()),
        ('confirmation_sent_at', MOMENT),
        ('approved_at', MOMENT),
        ('disabled_at', MOMENT),
        ('sign_up_ip', sa.Text()),
    ):
        op.add_column('users', sa.Column(name, kind, nullable=True))
    op.add_column('users', sa.Column('preferences', sa.JSON(), nullable=False, server_default='{}'))
    op.add_column('users', sa.Column('reason', sa.Text(), nullable=False, server_default=''))
    for name in ('invitation', 'application'):
        # In words: Alembic leaves out what becomes of the column when what it refers to goes.
        number = 'INTEGER' if op.get_bind().dialect.name == 'sqlite' else 'BIGINT'
        key = f'CONSTRAINT fk_users_{name}_id REFERENCES {name}s (id) ON DELETE SET NULL'
        op.execute(f'ALTER TABLE users ADD COLUMN {name}_id {number} {key}')
    op.create_index('ix_users_confirmation_hash', 'users', ['confirmation_hash'], unique=True)
    waiting = sa.text('approved_at IS NULL')
    op.execute('UPDATE users SET approved_at = created_at')
    op.create_index('ix_users_waiting', 'users', ['id'], sqlite_where=waiting, postgresql_where=waiting)


def downgrade() -> None:
    op.execute('DELETE FROM tokens WHERE user_id IS NULL')
    with op.batch_alter_table('tokens', reflect_kwargs={'resolve_fks': False}) as batch_op:
        batch_op.drop_index(op.f('ix_tokens_grant_id'))
        batch_op.drop_index(op.f('ix_tokens_application_id'))
        batch_op.drop_constraint(op.f('fk_tokens_grant_id'), type_='foreignkey')
        batch_op.drop_constraint(op.f('fk_tokens_application_id'), type_='foreignkey')
        batch_op.drop_column('last_used_at')
        batch_op.drop_column('grant_id')
        batch_op.drop_column('application_id')
        batch_op.alter_column('user_id', existing_type=NUMBER, nullable=False)
    op.drop_table('grants')
    op.drop_table('letters')
    op.drop_index('ix_users_waiting', 'users')
    op.drop_index('ix_users_confirmation_hash', 'users')
    for name in (
        'application_id', 'invitation_id', 'reason', 'preferences', 'sign_up_ip', 'disabled_at', 'approved_at',
        'confirmation_sent_at', 'confirmation_hash',
    ):  # fmt: skip
        op.drop_column('users', name)
    op.drop_table('invitations')
    op.drop_table('applications')
