"""quotes, previews of files.

Revision: 0009, after 0008
"""

import sqlalchemy as sa
from alembic import op

import fediterr.core.db

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


NUMBER = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def files() -> list[sa.Column]:
    return [
        sa.Column('measures', sa.JSON(none_as_null=True), nullable=True),
        sa.Column('preview', sa.Text(), nullable=True),
        sa.Column('preview_width', NUMBER, nullable=True),
        sa.Column('preview_height', NUMBER, nullable=True),
        sa.Column('raw', sa.Text(), nullable=True),
        sa.Column('due_at', fediterr.core.db.Moment(timezone=True), nullable=True),
        sa.Column('tries', NUMBER, nullable=False, server_default='0'),
    ]


def upgrade() -> None:
    for column in files():
        op.add_column('media', column)
    op.create_index('ix_media_preview', 'media', ['preview'], unique=True)
    op.create_index('ix_media_raw', 'media', ['raw'], unique=True)
    op.create_index('ix_media_due_at', 'media', ['due_at'])
    op.add_column('posts', sa.Column('quote_policy', sa.JSON(none_as_null=True), nullable=True))
    op.add_column('posts', sa.Column('quotes_count', NUMBER, nullable=False, server_default='0'))
    op.create_table(
        'quotes',
        sa.Column('post_id', NUMBER, nullable=False),
        sa.Column('quoted_id', NUMBER, nullable=True),
        sa.Column('state', sa.Text(), nullable=False),
        sa.Column('request_uri', sa.Text(), nullable=True),
        sa.Column('authorization_uri', sa.Text(), nullable=True),
        sa.Column('created_at', fediterr.core.db.Moment(timezone=True), nullable=False),
        sa.Column('id', NUMBER, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_quotes_post_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['quoted_id'], ['posts.id'], name=op.f('fk_quotes_quoted_id'), ondelete='SET NULL'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_quotes')),
        sa.UniqueConstraint('post_id', name=op.f('uq_quotes_post_id')),
        sa.UniqueConstraint('request_uri', name=op.f('uq_quotes_request_uri')),
    )
    op.create_index('ix_quotes_quoted_id', 'quotes', ['quoted_id'])
    op.create_index('ix_quotes_authorization_uri', 'quotes', ['authorization_uri'])


def downgrade() -> None:
    op.drop_table('quotes')
    for name in ('quotes_count', 'quote_policy'):
        op.drop_column('posts', name)
    for name in ('ix_media_preview', 'ix_media_raw', 'ix_media_due_at'):
        op.drop_index(name, 'media')
    for column in files():
        op.drop_column('media', column.name)
