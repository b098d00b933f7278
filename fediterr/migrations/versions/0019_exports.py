"""exports and imports.

Revision: 0019, after 0018
"""

import sqlalchemy as sa
from alembic import op

import fediterr.core.db

revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
MOMENT = fediterr.core.db.Moment(timezone=True)


def upgrade() -> None:
    op.create_table(
        'exports',
        sa.Column('id', NUMBER, autoincrement=False, nullable=False),
        _account(),
        sa.Column('format', sa.Text(), nullable=False),
        sa.Column('asked_at', MOMENT, nullable=False),
        sa.Column('due_at', MOMENT, nullable=True),
        sa.Column('tries', NUMBER, nullable=False),
        sa.Column('done', NUMBER, nullable=False),
        sa.Column('total', NUMBER, nullable=False),
        sa.Column('path', sa.Text(), nullable=True),
        sa.Column('size', NUMBER, nullable=False),
        sa.Column('finished_at', MOMENT, nullable=True),
        sa.Column('problem', sa.Text(), nullable=True),
        _to_account('exports'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_exports')),
        sa.UniqueConstraint('path', name=op.f('uq_exports_path')),
    )
    op.create_index(op.f('ix_exports_account_id'), 'exports', ['account_id'])
    op.create_index(op.f('ix_exports_due_at'), 'exports', ['due_at'])
    _create_imports()
    _create_departures()
    # Kept as it is on SQLite, which would forget what refers to the table if it were built anew.
    op.execute('ALTER TABLE activities ADD COLUMN watched BOOLEAN DEFAULT false NOT NULL')


def _account() -> sa.Column:
    return sa.Column('account_id', NUMBER, nullable=False)


def _to_account(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ['account_id'], ['accounts.id'], name=op.f(f'fk_{table}_account_id'), ondelete='CASCADE'
    )


def _create_imports() -> None:
    op.create_table(
        'imports',
        sa.Column('id', NUMBER, autoincrement=False, nullable=False),
        _account(),
        sa.Column('kind', sa.Text(), nullable=False),
        sa.Column('overwrite', sa.Boolean(), nullable=False),
        sa.Column('filename', sa.Text(), nullable=False),
        sa.Column('refused', sa.JSON(), nullable=False),
        sa.Column('refused_count', NUMBER, nullable=False),
        sa.Column('created_at', MOMENT, nullable=False),
        sa.Column('confirmed_at', MOMENT, nullable=True),
        sa.Column('cleared_at', MOMENT, nullable=True),
        sa.Column('due_at', MOMENT, nullable=True),
        sa.Column('finished_at', MOMENT, nullable=True),
        sa.Column('cancelled_at', MOMENT, nullable=True),
        _to_account('imports'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_imports')),
    )
    op.create_index(op.f('ix_imports_account_id'), 'imports', ['account_id'])
    op.create_index(op.f('ix_imports_due_at'), 'imports', ['due_at'])
    op.create_table(
        'import_lines',
        sa.Column('id', NUMBER, autoincrement=False, nullable=False),
        sa.Column('import_id', NUMBER, nullable=False),
        sa.Column('number', NUMBER, nullable=False),
        sa.Column('subject', sa.Text(), nullable=False),
        sa.Column('more', sa.JSON(), nullable=False),
        sa.Column('outcome', sa.Text(), nullable=False),
        sa.Column('problem', sa.Text(), nullable=False),
        sa.Column('tries', NUMBER, nullable=False),
        sa.Column('due_at', MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ['import_id'], ['imports.id'], name=op.f('fk_import_lines_import_id'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_import_lines')),
        sa.UniqueConstraint('import_id', 'number', name=op.f('uq_import_lines_import_id_number')),
    )
    op.create_index('ix_import_lines_import_id_outcome', 'import_lines', ['import_id', 'outcome'])


def _create_departures() -> None:
    op.create_table(
        'departures',
        sa.Column('id', NUMBER, autoincrement=False, nullable=False),
        _account(),
        sa.Column('word_hash', sa.Text(), nullable=False),
        sa.Column('asked_at', MOMENT, nullable=False),
        sa.Column('erase_at', MOMENT, nullable=False),
        sa.Column('due_at', MOMENT, nullable=True),
        sa.Column('told_at', MOMENT, nullable=True),
        sa.Column('withdrawn_at', MOMENT, nullable=True),
        sa.Column('erased_at', MOMENT, nullable=True),
        _to_account('departures'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_departures')),
        sa.UniqueConstraint('account_id', name=op.f('uq_departures_account_id')),
        sa.UniqueConstraint('word_hash', name=op.f('uq_departures_word_hash')),
    )
    op.create_index(op.f('ix_departures_due_at'), 'departures', ['due_at'])
    op.create_table(
        'farewells',
        sa.Column('id', NUMBER, autoincrement=False, nullable=False),
        sa.Column('departure_id', NUMBER, nullable=False),
        sa.Column('host', sa.Text(), nullable=False),
        sa.Column('inbox', sa.Text(), nullable=False),
        sa.Column('delivery_id', NUMBER, nullable=True),
        sa.Column('told_at', MOMENT, nullable=True),
        sa.Column('problem', sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ['departure_id'], ['departures.id'], name=op.f('fk_farewells_departure_id'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_farewells')),
        sa.UniqueConstraint('departure_id', 'inbox', name=op.f('uq_farewells_departure_id_inbox')),
    )
    op.create_index(op.f('ix_farewells_delivery_id'), 'farewells', ['delivery_id'])


def downgrade() -> None:
    op.execute('ALTER TABLE activities DROP COLUMN watched')
    for table in ('farewells', 'departures', 'import_lines', 'imports', 'exports'):
        op.drop_table(table)
