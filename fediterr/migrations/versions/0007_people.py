"""Lists, notes, endorsements, followed hashtags, domains kept away, pictures of profiles, collections.

Revision: 0007, after 0006
"""

import sqlalchemy as sa
from alembic import op

import fediterr.core.db

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
MOMENT = fediterr.core.db.Moment(timezone=True)
STILL = ('icon_still_url', 'image_still_url')
PROFILE = (
    ('icon_description', sa.Text(), "''"),
    ('image_description', sa.Text(), "''"),
    ('hide_collections', sa.Boolean(), sa.false()),
    ('show_media', sa.Boolean(), sa.true()),
    ('show_media_replies', sa.Boolean(), sa.true()),
    ('show_featured', sa.Boolean(), sa.true()),
    ('attribution_domains', sa.JSON(), "'[]'"),
)


def upgrade() -> None:
    for name, kind, default in PROFILE:
        default = sa.text(default) if isinstance(default, str) else default
        op.add_column('accounts', sa.Column(name, kind, nullable=False, server_default=default))
    for name in STILL:
        op.add_column('accounts', sa.Column(name, sa.Text(), nullable=True))
    op.add_column('follows', sa.Column('languages', sa.JSON(none_as_null=True), nullable=True))
    _pair('notes', sa.Column('comment', sa.Text(), nullable=False))
    _pair('dismissed_suggestions')
    _numbered(
        'endorsements',
        _reference('endorsements', 'target_id', 'accounts'),
        _reference('endorsements', 'follow_id', 'follows'),
        sa.Column('created_at', MOMENT, nullable=False),
        pair=('account_id', 'target_id'),
    )
    op.create_index(op.f('ix_endorsements_target_id'), 'endorsements', ['target_id'])
    op.create_index(op.f('ix_endorsements_follow_id'), 'endorsements', ['follow_id'])
    _numbered(
        'hidden_domains',
        sa.Column('domain', sa.Text(), nullable=False),
        sa.Column('created_at', MOMENT, nullable=False),
        pair=('account_id', 'domain'),
    )
    _numbered(
        'followed_tags',
        sa.Column('name', sa.Text(), nullable=False),
        sa.Column('folded', sa.Text(), nullable=False),
        sa.Column('created_at', MOMENT, nullable=False),
        pair=('account_id', 'folded'),
    )
    _numbered(
        'lists',
        sa.Column('title', sa.Text(), nullable=False),
        sa.Column('replies', sa.Text(), nullable=False),
        sa.Column('exclusive', sa.Boolean(), nullable=False),
        sa.Column('created_at', MOMENT, nullable=False),
    )
    op.create_index(op.f('ix_lists_account_id'), 'lists', ['account_id'])
    _numbered(
        'list_members',
        _reference('list_members', 'list_id', 'lists'),
        _reference('list_members', 'follow_id', 'follows', nullable=True),
        pair=('list_id', 'account_id'),
    )
    op.create_index(op.f('ix_list_members_account_id'), 'list_members', ['account_id'])
    op.create_index(op.f('ix_list_members_follow_id'), 'list_members', ['follow_id'])
    op.create_table(
        'portraits',
        _reference('portraits', 'account_id', 'accounts'),
        sa.Column('place', sa.Text(), nullable=False),
        _reference('portraits', 'medium_id', 'media'),
        sa.PrimaryKeyConstraint('account_id', 'place', name=op.f('pk_portraits')),
        sa.UniqueConstraint('medium_id', name=op.f('uq_portraits_medium_id')),
    )
    _numbered(
        'collections',
        sa.Column('name', sa.Text(), nullable=False),
        sa.Column('description', sa.Text(), nullable=False),
        sa.Column('language', sa.Text(), nullable=True),
        sa.Column('sensitive', sa.Boolean(), nullable=False),
        sa.Column('discoverable', sa.Boolean(), nullable=False),
        sa.Column('tag', sa.Text(), nullable=True),
        sa.Column('created_at', MOMENT, nullable=False),
        sa.Column('updated_at', MOMENT, nullable=False),
    )
    op.create_index(op.f('ix_collections_account_id'), 'collections', ['account_id'])
    _numbered(
        'collection_items',
        _reference('collection_items', 'collection_id', 'collections'),
        sa.Column('state', sa.Text(), nullable=False),
        sa.Column('created_at', MOMENT, nullable=False),
        pair=('collection_id', 'account_id'),
    )
    op.create_index(op.f('ix_collection_items_account_id'), 'collection_items', ['account_id'])


def _reference(table: str, name: str, target: str, *, nullable: bool = False) -> sa.Column[int]:
    key = sa.ForeignKey(f'{target}.id', name=op.f(f'fk_{table}_{name}'), ondelete='CASCADE')
    return sa.Column(name, NUMBER, key, nullable=nullable)


def _numbered(table: str, *columns: sa.Column, pair: tuple[str, ...] = ()) -> None:
    """A table of things of an account, numbered; each pair at most once."""
    op.create_table(
        table,
        sa.Column('id', NUMBER, autoincrement=False, nullable=False),
        _reference(table, 'account_id', 'accounts'),
        *columns,
        *([sa.UniqueConstraint(*pair, name=op.f(f'uq_{table}_{"_".join(pair)}'))] if pair else []),
        sa.PrimaryKeyConstraint('id', name=op.f(f'pk_{table}')),
    )


def _pair(table: str, *columns: sa.Column) -> None:
    """What somebody keeps about somebody."""
    op.create_table(
        table,
        _reference(table, 'account_id', 'accounts'),
        _reference(table, 'target_id', 'accounts'),
        *columns,
        sa.PrimaryKeyConstraint('account_id', 'target_id', name=op.f(f'pk_{table}')),
    )
    op.create_index(op.f(f'ix_{table}_target_id'), table, ['target_id'])


def downgrade() -> None:
    for table in (
        'collection_items', 'collections', 'portraits', 'list_members', 'lists', 'followed_tags', 'hidden_domains',
        'endorsements', 'dismissed_suggestions', 'notes',
    ):  # fmt: skip
        op.drop_table(table)
    op.drop_column('follows', 'languages')
    for name in (*STILL, *(name for name, _, _ in PROFILE)):
        op.drop_column('accounts', name)
