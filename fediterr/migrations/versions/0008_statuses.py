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


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
