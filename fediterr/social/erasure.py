"""Taking away for good all that an account of here was; only its name stays, so that nobody takes it again."""

import sqlalchemy as sa

from fediterr.accounts.models import Account, User
from fediterr.core import db
from fediterr.core.db import session
from fediterr.social import departures, posts
from fediterr.social.models import Export, Medium, Post, Visibility

BATCH = 200  # posts in one unit of work
# What stays: the keys that sign the last letters, these letters, what moderators must be able to account for, and the
# line that says how far the departure is.
KEPT = {"key_pairs", "actor_keys", "activities", "reports", "departures"}


def erase(account: Account) -> None:
    """All at once, in one unit of work; the bytes of files are swept away later."""
    departures.withdraw_all(account)
    while erase_posts(account):
        pass
    erase_rest(account)


def erase_posts(account: Account) -> int:
    """Some of its posts: that they were deleted is remembered. How many there were."""
    mine = sa.select(Post.id, Post.uri, Post.visibility).where(Post.author_id == account.id)
    found = session.execute(mine.order_by(Post.id).limit(BATCH)).all()
    for _, uri, visibility in found:
        public = visibility in (Visibility.PUBLIC, Visibility.UNLISTED)
        posts.bury(uri, account.uri, was_local=account.local, was_public=public)
    gone = {identifier for identifier, _, _ in found}
    for wanted in (sa.delete(Medium).where(Medium.post_id.in_(gone)), sa.delete(Post).where(Post.id.in_(gone))):
        session.execute(wanted.execution_options(synchronize_session=False))
    return len(found)


def files_of(account: Account) -> tuple[list[str], list[str]]:
    """The names in the store of its files and of its archives."""
    names = [
        name
        for column in (Medium.path, Medium.preview, Medium.raw)
        for name in session.scalars(sa.select(column).where(Medium.account_id == account.id, column.is_not(None)))
        if name
    ]
    mine = sa.select(Export.path).where(Export.account_id == account.id, Export.path.is_not(None))
    return names, [name for name in session.scalars(mine) if name]


def erase_rest(account: Account) -> None:
    """Whatever would go with the account itself, and what it says of itself."""
    for table in db.Base.metadata.tables.values():
        for key in table.foreign_keys:
            goes_with_it = key.target_fullname == "accounts.id" and key.ondelete == "CASCADE"
            if goes_with_it and table.name not in KEPT | {"users"}:
                session.execute(sa.delete(table).where(key.parent == account.id))
    session.execute(sa.delete(User).where(User.account_id == account.id).execution_options(synchronize_session=False))
    session.expire_all()
    account.display_name = account.summary = account.summary_source = ""
    account.fields, account.emojis, account.also_known_as, account.attribution_domains = [], [], [], []
    account.icon_url = account.image_url = account.icon_still_url = account.image_still_url = None
    account.icon_description = account.image_description = ""
    account.moved_to_id = None
    account.posts_count = account.followers_count = account.following_count = 0
    session.flush()
