"""imports.

Revision: 0023, after 0022
"""

import sqlalchemy as sa
from alembic import op

import fediterr.core.db

revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
