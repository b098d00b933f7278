"""indexes over expressions, which Alembic does not see by itself.

Revision: 0003, after 0002
"""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

NEWEST_FIRST = (
    ('ix_posts_author_id_id', 'posts', 'author_id'),
    ('ix_posts_visibility_id', 'posts', 'visibility'),
    ('ix_notifications_account_id_id', 'notifications', 'account_id'),
)


def upgrade() -> None:
    op.create_index('uq_accounts_handle', 'accounts', [sa.text('lower(name)'), 'domain'], unique=True)
    op.create_index('uq_users_email', 'users', [sa.text('lower(email)')], unique=True)
    for name, table, column in NEWEST_FIRST:
        op.create_index(name, table, [column, sa.text('id DESC')])


def downgrade() -> None:
    for name, table, _ in NEWEST_FIRST:
        op.drop_index(name, table)
    op.drop_index('uq_users_email', 'users')
    op.drop_index('uq_accounts_handle', 'accounts')
