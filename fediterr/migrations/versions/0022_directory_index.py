"""directory index.

Revision: 0022, after 0021
"""

import sqlalchemy as sa
from alembic import op

import fediterr.core.db

revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
