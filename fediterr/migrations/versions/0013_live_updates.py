"""live updates.

Revision: 0013, after 0012
"""

import sqlalchemy as sa
from alembic import op

import fediterr.core.db

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
