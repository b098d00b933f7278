"""drafts.

Revision: 0017, after 0016
"""

import sqlalchemy as sa
from alembic import op

import fediterr.core.db

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None


NUMBER = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.create_table(
        'saved_drafts',
        sa.Column('account_id', NUMBER, nullable=False),
        sa.Column('typed', sa.JSON(), nullable=False),
        sa.Column('updated_at', fediterr.core.db.Moment(timezone=True), nullable=False),
        sa.Column('id', NUMBER, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ['account_id'], ['accounts.id'], name=op.f('fk_saved_drafts_account_id'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_drafts')),
    )
    op.create_index('ix_saved_drafts_account_id', 'saved_drafts', ['account_id'])
    kind = 'INTEGER' if op.get_bind().dialect.name == 'sqlite' else 'BIGINT'
    reference = 'CONSTRAINT fk_media_draft_id REFERENCES saved_drafts (id) ON DELETE SET NULL'
    op.execute(f'ALTER TABLE media ADD COLUMN draft_id {kind} {reference}')
    op.create_index('ix_media_draft_id', 'media', ['draft_id'])


def downgrade() -> None:
    op.drop_index('ix_media_draft_id', 'media')
    op.drop_column('media', 'draft_id')
    op.drop_table('saved_drafts')
