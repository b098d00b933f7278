"""summaries.

Revision: 0027, after 0026
"""

import sqlalchemy as sa
from alembic import op

import fediterr.core.db

revision = '0027'
down_revision = '0026'
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
