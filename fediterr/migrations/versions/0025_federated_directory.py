"""federated directory.

Revision: 0025, after 0024
"""

import sqlalchemy as sa
from alembic import op

import fediterr.core.db

revision = '0025'
down_revision = '0024'
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
