"""claims.

Revision: 0024, after 0023
"""

import sqlalchemy as sa
from alembic import op

import fediterr.core.db

revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
