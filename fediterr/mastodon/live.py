"""What is told to those who listen, fact by fact: only that it happened; whom it concerns is asked over there."""

from datetime import timedelta

from fediterr.core import clock
from fediterr.mastodon.streaming import carrier
from fediterr.moderation import announcements
from fediterr.social import conversations, filters, notifications, policies, posts, quotes
from fediterr.social.models import Visibility

NEW = timedelta(days=1)  # an older boost that becomes known only now is no news


def tell_published(fact: posts.PostPublished) -> None:
    if fact.fresh:
        carrier.send("published", post_id=fact.post_id)


def tell_boosted(fact: posts.PostBoosted) -> None:
    boost = posts.by_id(fact.boost_id)
    if boost is not None and clock.now() - boost.published_at < NEW:
        carrier.send("published", post_id=fact.boost_id)


def tell_edited(fact: posts.PostEdited) -> None:
    carrier.send("edited", post_id=fact.post_id)


def tell_quote_settled(fact: quotes.QuoteAccepted | quotes.QuoteRefused | quotes.QuoteRevoked) -> None:
    """The post that quotes is shown otherwise now; what was settled when it was published needs no telling."""
    quote = quotes.get(fact.quote_id)
    at_once = quote.state == quotes.State.ACCEPTED and quote.post.local and quote.request_uri is None
    if not at_once:
        carrier.send("edited", post_id=quote.post_id)


def tell_deleted(fact: posts.PostDeleted) -> None:
    carrier.send(
        "deleted",
        post_id=fact.post_id,
        author_id=fact.author_id,
        visibility=fact.visibility,
        reader_ids=fact.reader_ids,
        local=fact.local,
        tags=fact.tags,
    )


def tell_unboosted(fact: posts.BoostUndone) -> None:
    """A boost shows itself at home alone."""
    carrier.send(
        "deleted",
        post_id=fact.boost_id,
        author_id=fact.account_id,
        visibility=Visibility.FOLLOWERS,
        reader_ids=[],
        local=False,
        tags=[],
    )


def tell_notified(fact: notifications.NotificationMade) -> None:
    carrier.send("notified", notification_id=fact.notification_id, account_id=fact.account_id)


def tell_merged(fact: policies.NotificationsMerged) -> None:
    carrier.send("notifications_merged", account_id=fact.account_id)


def tell_conversation(fact: conversations.ConversationChanged) -> None:
    carrier.send("said_in_private", conversation_id=fact.conversation_id, account_id=fact.account_id)


def tell_announced(fact: announcements.AnnouncementPublished) -> None:
    carrier.send("announced", announcement_id=fact.announcement_id)


def tell_withdrawn(fact: announcements.AnnouncementWithdrawn) -> None:
    carrier.send("withdrawn", announcement_id=fact.announcement_id)


def tell_answered(fact: announcements.AnnouncementAnswered) -> None:
    carrier.send("answered", announcement_id=fact.announcement_id, name=fact.name)


def tell_filters_changed(fact: filters.FiltersChanged) -> None:
    carrier.send("filters_changed", account_id=fact.account_id)
