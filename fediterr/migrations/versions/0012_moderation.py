"""rules, announcements, the tools of moderators.

Revision: 0012, after 0011
"""

import sqlalchemy as sa
from alembic import op

import fediterr.core.db

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
