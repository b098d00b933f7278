"""rules, announcements, the tools of moderators.

Revision: 0012, after 0011
"""

import sqlalchemy as sa
from alembic import op

import fediterr.core.db
from fediterr.core import ids

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
MOMENT = fediterr.core.db.Moment(timezone=True)
FALSE = sa.false()


def upgrade() -> None:
    op.add_column('accounts', sa.Column('sensitized_at', MOMENT, nullable=True))
    op.add_column('emojis', sa.Column('category', sa.Text(), nullable=True))
    _number_rules()
    _add_to_reports()
    op.create_table(
        'visits',
        sa.Column('user_id', NUMBER, nullable=False),
        sa.Column('day', sa.Date(), nullable=False),
        sa.Column('ip', sa.Text(), nullable=False),
        sa.Column('at', MOMENT, nullable=False),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_visits_user_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('user_id', 'day', 'ip', name=op.f('pk_visits')),
    )
    op.create_index(op.f('ix_visits_day'), 'visits', ['day'])
    _create_blocks()
    _create_words()


def _number_rules() -> None:
    op.add_column('domain_rules', sa.Column('number', NUMBER, nullable=True))
    op.add_column('domain_rules', sa.Column('severity', sa.Text(), nullable=False, server_default='suspend'))
    for name in ('reject_media', 'reject_reports', 'obfuscate'):
        op.add_column('domain_rules', sa.Column(name, sa.Boolean(), nullable=False, server_default=FALSE))
    op.add_column('domain_rules', sa.Column('public_comment', sa.Text(), nullable=False, server_default=''))
    rules = sa.table('domain_rules', sa.column('domain', sa.Text()), sa.column('number', NUMBER))
    for domain in op.get_bind().scalars(sa.select(rules.c.domain)).all():
        op.execute(sa.update(rules).where(rules.c.domain == domain).values(number=ids.new()))
    with op.batch_alter_table('domain_rules') as batch_op:
        batch_op.alter_column('number', existing_type=NUMBER, nullable=False)
        batch_op.create_unique_constraint(op.f('uq_domain_rules_number'), ['number'])


def _add_to_reports() -> None:
    op.add_column('reports', sa.Column('category', sa.Text(), nullable=False, server_default='other'))
    for name in ('rule_ids', 'forward_to'):
        op.add_column('reports', sa.Column(name, sa.JSON(), nullable=False, server_default='[]'))
    op.add_column('reports', sa.Column('updated_at', MOMENT, nullable=True))
    # Built anew: SQLite forgets what is to happen on deletion when a column is added by itself. Nothing refers to them.
    for table, names in (
        ('reports', {'assigned_to_id': 'accounts', 'resolved_by_id': 'accounts'}),
        ('decisions', {'target_id': 'accounts', 'report_id': 'reports'}),
    ):
        with op.batch_alter_table(table, reflect_kwargs={'resolve_fks': False}) as batch_op:
            for name, other in names.items():
                batch_op.add_column(sa.Column(name, NUMBER, nullable=True))
                batch_op.create_foreign_key(op.f(f'fk_{table}_{name}'), other, [name], ['id'], ondelete='SET NULL')
    op.create_index(op.f('ix_decisions_target_id'), 'decisions', ['target_id'])


def _create_blocks() -> None:
    op.create_table(
        'email_domain_blocks',
        sa.Column('id', NUMBER, autoincrement=False, nullable=False),
        sa.Column('domain', sa.Text(), nullable=False),
        sa.Column('allow_with_approval', sa.Boolean(), nullable=False),
        sa.Column('created_at', MOMENT, nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_email_domain_blocks')),
        sa.UniqueConstraint('domain', name=op.f('uq_email_domain_blocks_domain')),
    )
    op.create_table(
        'attempts',
        sa.Column('id', NUMBER, autoincrement=False, nullable=False),
        sa.Column('block_id', NUMBER, nullable=False),
        sa.Column('ip', sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ['block_id'], ['email_domain_blocks.id'], name=op.f('fk_attempts_block_id'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_attempts')),
    )
    op.create_index(op.f('ix_attempts_block_id'), 'attempts', ['block_id'])
    op.create_table(
        'canonical_email_blocks',
        sa.Column('id', NUMBER, autoincrement=False, nullable=False),
        sa.Column('hash', sa.Text(), nullable=False),
        sa.Column('account_id', NUMBER, nullable=True),
        sa.Column('created_at', MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ['account_id'], ['accounts.id'], name=op.f('fk_canonical_email_blocks_account_id'), ondelete='SET NULL'
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_canonical_email_blocks')),
        sa.UniqueConstraint('hash', name=op.f('uq_canonical_email_blocks_hash')),
    )
    op.create_index(op.f('ix_canonical_email_blocks_account_id'), 'canonical_email_blocks', ['account_id'])
    op.create_table(
        'ip_blocks',
        sa.Column('id', NUMBER, autoincrement=False, nullable=False),
        sa.Column('ip', sa.Text(), nullable=False),
        sa.Column('severity', sa.Text(), nullable=False),
        sa.Column('comment', sa.Text(), nullable=False),
        sa.Column('expires_at', MOMENT, nullable=True),
        sa.Column('created_at', MOMENT, nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_ip_blocks')),
        sa.UniqueConstraint('ip', name=op.f('uq_ip_blocks_ip')),
    )


def _create_words() -> None:
    op.create_table(
        'tag_rulings',
        sa.Column('folded', sa.Text(), nullable=False),
        sa.Column('name', sa.Text(), nullable=False),
        sa.Column('usable', sa.Boolean(), nullable=False),
        sa.Column('listable', sa.Boolean(), nullable=False),
        sa.Column('ruled_at', MOMENT, nullable=False),
        sa.PrimaryKeyConstraint('folded', name=op.f('pk_tag_rulings')),
    )
    op.create_table(
        'rules',
        sa.Column('id', NUMBER, autoincrement=False, nullable=False),
        sa.Column('position', NUMBER, nullable=False),
        sa.Column('text', sa.Text(), nullable=False),
        sa.Column('hint', sa.Text(), nullable=False),
        sa.Column('translations', sa.JSON(), nullable=False),
        sa.Column('withdrawn_at', MOMENT, nullable=True),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_rules')),
    )
    op.create_table(
        'texts',
        sa.Column('id', NUMBER, autoincrement=False, nullable=False),
        sa.Column('kind', sa.Text(), nullable=False),
        sa.Column('content', sa.Text(), nullable=False),
        sa.Column('effective_on', sa.Date(), nullable=False),
        sa.Column('updated_at', MOMENT, nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_texts')),
        sa.UniqueConstraint('kind', 'effective_on', name=op.f('uq_texts_kind_effective_on')),
    )
    op.create_table(
        'announcements',
        sa.Column('id', NUMBER, autoincrement=False, nullable=False),
        sa.Column('text', sa.Text(), nullable=False),
        sa.Column('content', sa.Text(), nullable=False),
        sa.Column('starts_at', MOMENT, nullable=True),
        sa.Column('ends_at', MOMENT, nullable=True),
        sa.Column('all_day', sa.Boolean(), nullable=False),
        sa.Column('published_at', MOMENT, nullable=False),
        sa.Column('updated_at', MOMENT, nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_announcements')),
    )
    op.create_table(
        'announcements_read',
        *_announcement_and_account('announcements_read'),
        sa.PrimaryKeyConstraint('announcement_id', 'account_id', name=op.f('pk_announcements_read')),
    )
    op.create_index(op.f('ix_announcements_read_account_id'), 'announcements_read', ['account_id'])
    op.create_table(
        'announcement_reactions',
        sa.Column('id', NUMBER, autoincrement=False, nullable=False),
        *_announcement_and_account('announcement_reactions'),
        sa.Column('name', sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_announcement_reactions')),
        sa.UniqueConstraint(
            'announcement_id',
            'account_id',
            'name',
            name=op.f('uq_announcement_reactions_announcement_id_account_id_name'),
        ),
    )
    op.create_index(op.f('ix_announcement_reactions_account_id'), 'announcement_reactions', ['account_id'])


def _announcement_and_account(table: str) -> list:
    return [
        sa.Column('announcement_id', NUMBER, nullable=False),
        sa.Column('account_id', NUMBER, nullable=False),
        sa.ForeignKeyConstraint(
            ['announcement_id'], ['announcements.id'], name=op.f(f'fk_{table}_announcement_id'), ondelete='CASCADE'
        ),
        sa.ForeignKeyConstraint(
            ['account_id'], ['accounts.id'], name=op.f(f'fk_{table}_account_id'), ondelete='CASCADE'
        ),
    ]


def downgrade() -> None:
    for table in (
        'announcement_reactions', 'announcements_read', 'announcements', 'texts', 'rules', 'ip_blocks',
        'canonical_email_blocks', 'attempts', 'email_domain_blocks', 'visits', 'tag_rulings',
    ):  # fmt: skip
        op.drop_table(table)
    op.drop_index(op.f('ix_decisions_target_id'), 'decisions')
    for table, names in (
        ('decisions', ('report_id', 'target_id')),
        ('reports', ('resolved_by_id', 'assigned_to_id', 'updated_at', 'forward_to', 'rule_ids', 'category')),
        ('domain_rules', ('public_comment', 'obfuscate', 'reject_reports', 'reject_media', 'severity', 'number')),
    ):
        with op.batch_alter_table(table, reflect_kwargs={'resolve_fks': False}) as batch_op:
            if table == 'domain_rules':
                batch_op.drop_constraint(op.f('uq_domain_rules_number'), type_='unique')
            for name in names:
                if name.endswith('_id'):
                    batch_op.drop_constraint(op.f(f'fk_{table}_{name}'), type_='foreignkey')
                batch_op.drop_column(name)
    op.drop_column('emojis', 'category')
    op.drop_column('accounts', 'sensitized_at')
