"""Where communities of elsewhere list their moderators; what those of here have passed on.

Revision: 0026, after 0025
"""

from alembic import op

revision = '0026'
down_revision = '0025'
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = 'TIMESTAMP WITH TIME ZONE' if op.get_bind().dialect.name == 'postgresql' else 'DATETIME'
    op.execute('ALTER TABLE communities ADD COLUMN moderators_uri TEXT')
    op.execute(f'ALTER TABLE community_posts ADD COLUMN passed_on_at {moment}')


def downgrade() -> None:
    op.drop_column('community_posts', 'passed_on_at')
    op.drop_column('communities', 'moderators_uri')
