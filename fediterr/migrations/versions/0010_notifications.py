"""notification policies and requests, push subscriptions, markers, conversations.

Revision: 0010, after 0009
"""

import sqlalchemy as sa
from alembic import op

import fediterr.core.db

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('notifications', sa.Column('group_key', sa.Text(), nullable=True))
    op.add_column('notifications', sa.Column('filtered', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index('ix_notifications_account_id_group_key_id', 'notifications', ['account_id', 'group_key', 'id'])

    op.create_table('conversations',
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('thread_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('participants', sa.Text(), nullable=False),
    sa.Column('last_post_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('unread', sa.Boolean(), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_conversations_account_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_conversations')),
    sa.UniqueConstraint('account_id', 'thread_id', 'participants', name=op.f('uq_conversations_account_id_thread_id_participants'))
    )
    op.create_index('ix_conversations_last_post_id', 'conversations', ['last_post_id'])
    op.create_index('ix_conversations_account_id_last_post_id', 'conversations', ['account_id', sa.text('last_post_id DESC')])

    op.create_table('markers',
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('timeline', sa.Text(), nullable=False),
    sa.Column('last_read_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('version', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('updated_at', fediterr.core.db.Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_markers_account_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('account_id', 'timeline', name=op.f('pk_markers'))
    )
    op.create_table('notification_permissions',
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('from_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('created_at', fediterr.core.db.Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_notification_permissions_account_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['from_id'], ['accounts.id'], name=op.f('fk_notification_permissions_from_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('account_id', 'from_id', name=op.f('pk_notification_permissions'))
    )
    op.create_index('ix_notification_permissions_from_id', 'notification_permissions', ['from_id'])

    op.create_table('notification_policies',
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('for_not_following', sa.Text(), nullable=False),
    sa.Column('for_not_followers', sa.Text(), nullable=False),
    sa.Column('for_new_accounts', sa.Text(), nullable=False),
    sa.Column('for_private_mentions', sa.Text(), nullable=False),
    sa.Column('for_limited_accounts', sa.Text(), nullable=False),
    sa.Column('for_bots', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_notification_policies_account_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('account_id', name=op.f('pk_notification_policies'))
    )
    op.create_table('notification_requests',
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('from_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('created_at', fediterr.core.db.Moment(timezone=True), nullable=False),
    sa.Column('updated_at', fediterr.core.db.Moment(timezone=True), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_notification_requests_account_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['from_id'], ['accounts.id'], name=op.f('fk_notification_requests_from_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notification_requests')),
    sa.UniqueConstraint('account_id', 'from_id', name=op.f('uq_notification_requests_account_id_from_id'))
    )
    op.create_index('ix_notification_requests_from_id', 'notification_requests', ['from_id'])

    op.create_table('severances',
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('target', sa.Text(), nullable=False),
    sa.Column('followers_count', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('following_count', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('created_at', fediterr.core.db.Moment(timezone=True), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_severances_account_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_severances'))
    )
    op.create_index('ix_severances_account_id', 'severances', ['account_id'])

    op.create_table('conversation_posts',
    sa.Column('conversation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('post_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['conversation_id'], ['conversations.id'], name=op.f('fk_conversation_posts_conversation_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_conversation_posts_post_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('conversation_id', 'post_id', name=op.f('pk_conversation_posts'))
    )
    op.create_index('ix_conversation_posts_post_id', 'conversation_posts', ['post_id'])

    op.create_table('push_subscriptions',
    sa.Column('token_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('endpoint', sa.Text(), nullable=False),
    sa.Column('p256dh', sa.Text(), nullable=False),
    sa.Column('auth', sa.Text(), nullable=False),
    sa.Column('standard', sa.Boolean(), nullable=False),
    sa.Column('alerts', sa.JSON(), nullable=False),
    sa.Column('policy', sa.Text(), nullable=False),
    sa.Column('failures', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('due_at', fediterr.core.db.Moment(timezone=True), nullable=True),
    sa.Column('created_at', fediterr.core.db.Moment(timezone=True), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_push_subscriptions_account_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['token_id'], ['tokens.id'], name=op.f('fk_push_subscriptions_token_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_push_subscriptions')),
    sa.UniqueConstraint('token_id', name=op.f('uq_push_subscriptions_token_id'))
    )
    op.create_index('ix_push_subscriptions_account_id', 'push_subscriptions', ['account_id'])
    op.create_index('ix_push_subscriptions_due_at', 'push_subscriptions', ['due_at'])

    op.create_table('pushes',
    sa.Column('subscription_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('payload', sa.Text(), nullable=False),
    sa.Column('created_at', fediterr.core.db.Moment(timezone=True), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.ForeignKeyConstraint(['subscription_id'], ['push_subscriptions.id'], name=op.f('fk_pushes_subscription_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pushes'))
    )
    op.create_index('ix_pushes_subscription_id_id', 'pushes', ['subscription_id', 'id'])


def downgrade() -> None:
    op.drop_table('pushes')
    op.drop_table('push_subscriptions')
    op.drop_table('conversation_posts')
    op.drop_table('severances')
    op.drop_table('notification_requests')
    op.drop_table('notification_policies')
    op.drop_table('notification_permissions')
    op.drop_table('markers')
    op.drop_table('conversations')
    op.drop_index('ix_notifications_account_id_group_key_id', 'notifications')
    with op.batch_alter_table('notifications') as batch_op:
        batch_op.drop_column('filtered')
        batch_op.drop_column('group_key')
