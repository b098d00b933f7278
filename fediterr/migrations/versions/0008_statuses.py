"""bookmarks, muted threads, scheduled posts, preview cards.

Revision: 0008, after 0007
"""

import sqlalchemy as sa
from alembic import op

import fediterr.core.db

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
MOMENT = fediterr.core.db.Moment(timezone=True)


def upgrade() -> None:
    op.create_table(
        'bookmarks',
        sa.Column('account_id', NUMBER, nullable=False),
        sa.Column('post_id', NUMBER, nullable=False),
        sa.Column('created_at', MOMENT, nullable=False),
        sa.Column('id', NUMBER, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ['account_id'], ['accounts.id'], name=op.f('fk_bookmarks_account_id'), ondelete='CASCADE'
        ),
        sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_bookmarks_post_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_bookmarks')),
        sa.UniqueConstraint('account_id', 'post_id', name=op.f('uq_bookmarks_account_id_post_id')),
    )
    op.create_index('ix_bookmarks_account_id_id', 'bookmarks', ['account_id', sa.literal_column('id DESC')])
    op.create_index(op.f('ix_bookmarks_post_id'), 'bookmarks', ['post_id'])

    op.create_table(
        'muted_threads',
        sa.Column('account_id', NUMBER, nullable=False),
        sa.Column('thread_id', NUMBER, autoincrement=False, nullable=False),
        sa.Column('created_at', MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ['account_id'], ['accounts.id'], name=op.f('fk_muted_threads_account_id'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('account_id', 'thread_id', name=op.f('pk_muted_threads')),
    )
    op.create_index(op.f('ix_muted_threads_thread_id'), 'muted_threads', ['thread_id'])

    op.create_table(
        'scheduled_posts',
        sa.Column('account_id', NUMBER, nullable=False),
        sa.Column('due_at', MOMENT, nullable=False),
        sa.Column('wishes', sa.JSON(), nullable=False),
        sa.Column('created_at', MOMENT, nullable=False),
        sa.Column('tries', NUMBER, nullable=False),
        sa.Column('set_aside_at', MOMENT, nullable=True),
        sa.Column('problem', sa.Text(), nullable=True),
        sa.Column('id', NUMBER, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ['account_id'], ['accounts.id'], name=op.f('fk_scheduled_posts_account_id'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_scheduled_posts')),
    )
    op.create_index(op.f('ix_scheduled_posts_account_id'), 'scheduled_posts', ['account_id'])
    op.create_index(op.f('ix_scheduled_posts_due_at'), 'scheduled_posts', ['due_at'])

    op.create_table(
        'preview_cards',
        sa.Column('url', sa.Text(), nullable=False),
        sa.Column('kind', sa.Text(), nullable=False),
        sa.Column('title', sa.Text(), nullable=False),
        sa.Column('description', sa.Text(), nullable=False),
        sa.Column('language', sa.Text(), nullable=True),
        sa.Column('author_name', sa.Text(), nullable=False),
        sa.Column('author_url', sa.Text(), nullable=False),
        sa.Column('provider_name', sa.Text(), nullable=False),
        sa.Column('provider_url', sa.Text(), nullable=False),
        sa.Column('embed_url', sa.Text(), nullable=False),
        sa.Column('image_url', sa.Text(), nullable=True),
        sa.Column('image_description', sa.Text(), nullable=False),
        sa.Column('width', NUMBER, nullable=False),
        sa.Column('height', NUMBER, nullable=False),
        sa.Column('published_at', MOMENT, nullable=True),
        sa.Column('fetched_at', MOMENT, nullable=True),
        sa.Column('id', NUMBER, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_preview_cards')),
        sa.UniqueConstraint('url', name=op.f('uq_preview_cards_url')),
    )

    op.add_column('polls', sa.Column('hide_totals', sa.Boolean(), nullable=False, server_default=sa.false()))
    _refer('posts', 'card_id', 'preview_cards', 'SET NULL')
    _refer('posts', 'application_id', 'applications', 'SET NULL')
    _refer('media', 'scheduled_id', 'scheduled_posts', 'SET NULL')
    _refer('idempotency_keys', 'scheduled_id', 'scheduled_posts', 'CASCADE')


def _refer(table: str, column: str, target: str, forget: str) -> None:
    """A column with its foreign key in one statement: SQLite cannot add the key later, nor rewrite `posts` quickly."""
    number = 'INTEGER' if op.get_bind().dialect.name == 'sqlite' else 'BIGINT'
    key = f'CONSTRAINT fk_{table}_{column} REFERENCES {target} (id) ON DELETE {forget}'
    op.execute(f'ALTER TABLE {table} ADD COLUMN {column} {number} {key}')
    op.create_index(op.f(f'ix_{table}_{column}'), table, [column])


def downgrade() -> None:
    for table, column in (
        ('idempotency_keys', 'scheduled_id'),
        ('media', 'scheduled_id'),
        ('posts', 'application_id'),
        ('posts', 'card_id'),
    ):
        op.drop_index(op.f(f'ix_{table}_{column}'), table)
        op.drop_column(table, column)
    op.drop_column('polls', 'hide_totals')
    for table in ('preview_cards', 'scheduled_posts', 'muted_threads', 'bookmarks'):
        op.drop_table(table)
