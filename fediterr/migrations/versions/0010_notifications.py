"""notification policies and requests, push subscriptions, markers, conversations.

Revision: 0010, after 0009
"""

import sqlalchemy as sa
from alembic import op

import fediterr.core.db

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
