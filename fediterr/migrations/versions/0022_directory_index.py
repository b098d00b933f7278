"""the index of the directory: what is read to find territories.

Revision: 0022, after 0021
"""

import sqlalchemy as sa
from alembic import op

revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    plain = sa.Text().with_variant(sa.Text(collation='C'), 'postgresql')
    op.create_table(
        'territory_entries',
        sa.Column('territory_id', number, autoincrement=False, nullable=False),
        sa.Column('core', plain, nullable=False),
        sa.Column('number', sa.Text(), nullable=False),
        sa.Column('nature', sa.Text(), nullable=False),
        sa.Column('band', number, nullable=False),
        sa.Column('density', number, nullable=False),
        sa.Column('departments', sa.Text(), nullable=False),
        sa.Column('region', sa.Text(), nullable=False),
        sa.Column('population', number, nullable=False),
        sa.Column('kin', number, nullable=False),
        sa.ForeignKeyConstraint(['territory_id'], ['territories.id'], name=op.f('fk_territory_entries_territory_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('territory_id', name=op.f('pk_territory_entries')),
    )
    op.create_index('ix_territory_entries_population', 'territory_entries', [sa.text('population DESC'), 'territory_id'])
    op.create_index('ix_territory_entries_core', 'territory_entries', ['core'])
    op.create_table(
        'territory_words',
        sa.Column('word', plain, nullable=False),
        sa.Column('territory_id', number, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(['territory_id'], ['territories.id'], name=op.f('fk_territory_words_territory_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('word', 'territory_id', name=op.f('pk_territory_words')),
        sqlite_with_rowid=False,
    )
    op.create_index('ix_territory_words_territory_id', 'territory_words', ['territory_id'])
    op.create_table(
        'territory_word_pieces',
        sa.Column('piece', plain, nullable=False),
        sa.Column('word', plain, nullable=False),
        sa.PrimaryKeyConstraint('piece', 'word', name=op.f('pk_territory_word_pieces')),
        sqlite_with_rowid=False,
    )
    op.create_table(
        'territory_kinships',
        sa.Column('id', number, autoincrement=False, nullable=False),
        sa.Column('nature', sa.Text(), nullable=False),
        sa.Column('band', number, nullable=False),
        sa.Column('density', number, nullable=False),
        sa.Column('departments', sa.Text(), nullable=False),
        sa.Column('region', sa.Text(), nullable=False),
        sa.Column('number', number, nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_territory_kinships')),
    )


def downgrade() -> None:
    for table in ('territory_kinships', 'territory_word_pieces', 'territory_words', 'territory_entries'):
        op.drop_table(table)
