"""communities.

Revision: 0026, after 0025
"""

import sqlalchemy as sa
from alembic import op

import fediterr.core.db

revision = '0026'
down_revision = '0025'
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
