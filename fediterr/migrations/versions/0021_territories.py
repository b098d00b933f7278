"""territories: the directory, the accounts that stand for its authorities, and communities.

Revision: 0021, after 0020
"""

import sqlalchemy as sa
from alembic import op

import fediterr.core.db

revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    op.create_table(
        'competences',
        sa.Column('code', sa.Text(), nullable=False),
        sa.Column('label', sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint('code', name=op.f('pk_competences')),
    )
    op.create_table(
        'territories',
        sa.Column('code', sa.Text(), nullable=False),
        sa.Column('kind', sa.Text(), nullable=False),
        sa.Column('siren', sa.Text(), nullable=True),
        sa.Column('insee_code', sa.Text(), nullable=True),
        sa.Column('name', sa.Text(), nullable=False),
        sa.Column('sought', sa.Text(), nullable=False),
        sa.Column('tax_regime', sa.Text(), nullable=True),
        sa.Column('population', number, nullable=True),
        sa.Column('population_total', number, nullable=True),
        sa.Column('population_year', number, nullable=True),
        sa.Column('density7', number, nullable=True),
        sa.Column('density_profile', sa.JSON(none_as_null=True), nullable=True),
        sa.Column('department', sa.Text(), nullable=True),
        sa.Column('departments', sa.JSON(), nullable=False),
        sa.Column('region', sa.Text(), nullable=True),
        sa.Column('area_km2', sa.Double(), nullable=True),
        sa.Column('latitude', sa.Double(), nullable=True),
        sa.Column('longitude', sa.Double(), nullable=True),
        sa.Column('zones', sa.JSON(), nullable=False),
        sa.Column('sources', sa.JSON(), nullable=False),
        sa.Column('ended_on', sa.Date(), nullable=True),
        sa.Column('id', number, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_territories')),
        sa.UniqueConstraint('code', name=op.f('uq_territories_code')),
        sa.UniqueConstraint('siren', name=op.f('uq_territories_siren')),
    )
    op.create_index('ix_territories_department', 'territories', ['department', 'kind'])
    op.create_index('ix_territories_insee_code', 'territories', ['insee_code'])
    op.create_index('ix_territories_region', 'territories', ['region', 'kind'])
    op.create_table(
        'territory_successions',
        sa.Column('code', sa.Text(), nullable=False),
        sa.Column('successor', sa.Text(), nullable=False),
        sa.Column('reason', sa.Text(), nullable=False),
        sa.Column('happened_on', sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint('code', 'successor', name=op.f('pk_territory_successions')),
    )
    op.create_index('ix_territory_successions_successor', 'territory_successions', ['successor'])
    op.create_table(
        'authorities',
        sa.Column('account_id', number, autoincrement=False, nullable=False),
        sa.Column('territory_id', number, nullable=True),
        sa.Column('siren', sa.Text(), nullable=True),
        sa.Column('insee_code', sa.Text(), nullable=True),
        sa.Column('kind', sa.Text(), nullable=True),
        sa.Column('density7', number, nullable=True),
        sa.Column('website', sa.Text(), nullable=True),
        sa.Column('colour', sa.Text(), nullable=True),
        sa.Column('verified_by', sa.Text(), nullable=True),
        sa.Column('verified_link', sa.Text(), nullable=True),
        sa.Column('verified_at', fediterr.core.db.Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_authorities_account_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['territory_id'], ['territories.id'], name=op.f('fk_authorities_territory_id'), ondelete='SET NULL'),
        sa.PrimaryKeyConstraint('account_id', name=op.f('pk_authorities')),
    )
    op.create_index('ix_authorities_siren', 'authorities', ['siren'])
    op.create_index('ix_authorities_territory_id', 'authorities', ['territory_id'])
    op.create_table(
        'communities',
        sa.Column('account_id', number, autoincrement=False, nullable=False),
        sa.Column('founder_id', number, nullable=True),
        sa.Column('joining', sa.Text(), nullable=False),
        sa.Column('natures', sa.JSON(), nullable=False),
        sa.Column('private', sa.Boolean(), nullable=False),
        sa.Column('moderators_only', sa.Boolean(), nullable=False),
        sa.Column('rules', sa.JSON(), nullable=False),
        sa.Column('summary_day', number, nullable=True),
        sa.Column('summarized_at', fediterr.core.db.Moment(timezone=True), nullable=True),
        sa.Column('created_at', fediterr.core.db.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_communities_account_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['founder_id'], ['accounts.id'], name=op.f('fk_communities_founder_id'), ondelete='SET NULL'),
        sa.PrimaryKeyConstraint('account_id', name=op.f('pk_communities')),
    )
    op.create_index('ix_communities_founder_id', 'communities', ['founder_id'])
    op.create_table(
        'community_members',
        sa.Column('community_id', number, nullable=False),
        sa.Column('account_id', number, nullable=False),
        sa.Column('standing', sa.Text(), nullable=False),
        sa.Column('rank', sa.Text(), nullable=False),
        sa.Column('words', sa.Text(), nullable=False),
        sa.Column('since', fediterr.core.db.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_community_members_account_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['community_id'], ['accounts.id'], name=op.f('fk_community_members_community_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('community_id', 'account_id', name=op.f('pk_community_members')),
    )
    op.create_index('ix_community_members_account_id', 'community_members', ['account_id'])
    op.create_table(
        'employments',
        sa.Column('account_id', number, autoincrement=False, nullable=False),
        sa.Column('employer_uri', sa.Text(), nullable=False),
        sa.Column('employer_id', number, nullable=True),
        sa.Column('confirmed', sa.Boolean(), nullable=False),
        sa.Column('since', fediterr.core.db.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_employments_account_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['employer_id'], ['accounts.id'], name=op.f('fk_employments_employer_id'), ondelete='SET NULL'),
        sa.PrimaryKeyConstraint('account_id', name=op.f('pk_employments')),
    )
    op.create_index('ix_employments_employer_id', 'employments', ['employer_id'])
    op.create_table(
        'held_competences',
        sa.Column('territory_id', number, nullable=False),
        sa.Column('code', sa.Text(), nullable=False),
        sa.Column('mode', sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(['code'], ['competences.code'], name=op.f('fk_held_competences_code'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['territory_id'], ['territories.id'], name=op.f('fk_held_competences_territory_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('territory_id', 'code', name=op.f('pk_held_competences')),
    )
    op.create_index('ix_held_competences_code', 'held_competences', ['code'])
    op.create_table(
        'territory_memberships',
        sa.Column('grouping_id', number, nullable=False),
        sa.Column('member_id', number, nullable=False),
        sa.ForeignKeyConstraint(['grouping_id'], ['territories.id'], name=op.f('fk_territory_memberships_grouping_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['member_id'], ['territories.id'], name=op.f('fk_territory_memberships_member_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('grouping_id', 'member_id', name=op.f('pk_territory_memberships')),
    )
    op.create_index('ix_territory_memberships_member_id', 'territory_memberships', ['member_id'])
    op.create_table(
        'territory_outlines',
        sa.Column('territory_id', number, autoincrement=False, nullable=False),
        sa.Column('path', sa.Text(), nullable=False),
        sa.Column('left', number, nullable=False),
        sa.Column('top', number, nullable=False),
        sa.Column('width', number, nullable=False),
        sa.Column('height', number, nullable=False),
        sa.ForeignKeyConstraint(['territory_id'], ['territories.id'], name=op.f('fk_territory_outlines_territory_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('territory_id', name=op.f('pk_territory_outlines')),
    )
    op.create_table(
        'territory_twins',
        sa.Column('territory_id', number, nullable=False),
        sa.Column('other_id', number, nullable=False),
        sa.Column('rank', number, nullable=False),
        sa.Column('score', sa.Double(), nullable=False),
        sa.Column('reasons', sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(['other_id'], ['territories.id'], name=op.f('fk_territory_twins_other_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['territory_id'], ['territories.id'], name=op.f('fk_territory_twins_territory_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('territory_id', 'other_id', name=op.f('pk_territory_twins')),
    )
    op.create_index('ix_territory_twins_other_id', 'territory_twins', ['other_id'])
    op.create_table(
        'community_posts',
        sa.Column('post_id', number, nullable=False),
        sa.Column('community_id', number, nullable=False),
        sa.Column('pinned_at', fediterr.core.db.Moment(timezone=True), nullable=True),
        sa.Column('locked_at', fediterr.core.db.Moment(timezone=True), nullable=True),
        sa.Column('removed_at', fediterr.core.db.Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['community_id'], ['accounts.id'], name=op.f('fk_community_posts_community_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_community_posts_post_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('post_id', 'community_id', name=op.f('pk_community_posts')),
    )
    op.create_index('ix_territories_kind_population', 'territories', ['kind', sa.text('population DESC')])
    op.create_index('ix_community_posts_community_id_post_id', 'community_posts', ['community_id', sa.text('post_id DESC')])
    op.execute("ALTER TABLE speakers ADD COLUMN office TEXT NOT NULL DEFAULT 'write'")


def downgrade() -> None:
    op.drop_column('speakers', 'office')
    for table in (
        'community_posts',
        'territory_twins',
        'territory_outlines',
        'territory_memberships',
        'held_competences',
        'employments',
        'community_members',
        'communities',
        'authorities',
        'territory_successions',
        'territories',
        'competences',
    ):
        op.drop_table(table)
