"""filters, the search index, trends.

Revision: 0011, after 0010
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import fediterr.core.db
from fediterr.core import words

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
        sa.UniqueConstraint('filter_id', 'post_id', name=op.f('uq_filter_rules_filter_id_post_id')),
    )
    op.create_index(op.f('ix_filter_rules_filter_id'), 'filter_rules', ['filter_id'])
    op.create_index(op.f('ix_filter_rules_post_id'), 'filter_rules', ['post_id'])
    _create_index_of_words()
    _add_sought_names()
    _create_trends()


def _create_index_of_words() -> None:
    """On SQLite the words stand in a table of FTS5, and a row that goes takes its words with it."""
    op.create_table(
        'indexed_posts',
        sa.Column('post_id', BIG, autoincrement=False, nullable=False),
        sa.Column('version', BIG, nullable=False),
        sa.Column('words', sa.Text().with_variant(postgresql.TSVECTOR(), 'postgresql'), nullable=True),
        sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_indexed_posts_post_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('post_id', name=op.f('pk_indexed_posts')),
    )
    if op.get_bind().dialect.name == 'postgresql':
        op.create_index(op.f('ix_indexed_posts_words'), 'indexed_posts', ['words'], postgresql_using='gin')
        # So that it knows rare words for rare, and asks the index for them instead of walking through all posts.
        op.execute('ALTER TABLE indexed_posts ALTER COLUMN words SET STATISTICS 500')
    else:
        op.execute(
            "CREATE VIRTUAL TABLE search_index USING fts5 "
            "(forms, stems, marks, tokenize = \"ascii tokenchars '_'\", columnsize = 0)"
        )
        op.execute(
            'CREATE TRIGGER forget_words AFTER DELETE ON indexed_posts '
            'BEGIN DELETE FROM search_index WHERE rowid = old.post_id; END'
        )


def _add_sought_names() -> None:
    op.add_column('accounts', sa.Column('sought', sa.Text(), nullable=False, server_default=''))
    accounts = sa.table('accounts', sa.column('id'), sa.column('name'), sa.column('display_name'), sa.column('sought'))
    known = op.get_bind().execute(sa.select(accounts.c.id, accounts.c.name, accounts.c.display_name)).all()
    rows = [{'of': number, 'filed': words.sought(name, shown)} for number, name, shown in known]
    if rows:
        change = sa.update(accounts).where(accounts.c.id == sa.bindparam('of', type_=BIG))
        op.get_bind().execute(change.values(sought=sa.bindparam('filed', type_=sa.Text())), rows)


def _create_trends() -> None:
    op.create_table(
        'trends',
        sa.Column('kind', sa.Text(), nullable=False),
        sa.Column('subject', sa.Text(), nullable=False),
        sa.Column('publisher', sa.Text(), nullable=True),
        sa.Column('score', sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint('kind', 'subject', name=op.f('pk_trends')),
    )
    op.create_table(
        'trend_reviews',
        sa.Column('kind', sa.Text(), nullable=False),
        sa.Column('subject', sa.Text(), nullable=False),
        sa.Column('allowed', sa.Boolean(), nullable=False),
        sa.Column('reviewer_id', BIG, nullable=True),
        sa.Column('reviewed_at', fediterr.core.db.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ['reviewer_id'], ['accounts.id'], name=op.f('fk_trend_reviews_reviewer_id'), ondelete='SET NULL'
        ),
        sa.PrimaryKeyConstraint('kind', 'subject', name=op.f('pk_trend_reviews')),
    )
    op.create_index(op.f('ix_trend_reviews_reviewer_id'), 'trend_reviews', ['reviewer_id'])


def downgrade() -> None:
    op.drop_table('trend_reviews')
    op.drop_table('trends')
    op.drop_column('accounts', 'sought')
    if op.get_bind().dialect.name == 'sqlite':
        op.execute('DROP TRIGGER forget_words')
        op.execute('DROP TABLE search_index')
    op.drop_table('indexed_posts')
    op.drop_table('filter_rules')
    op.drop_table('filters')
