"""What is said, and what people do with it."""

from fediterr.social.models.cards import PreviewCard
from fediterr.social.models.collections import Collection, CollectionItem, Membership
from fediterr.social.models.communities import Community, CommunityMember, CommunityPost, Joining, Rank, Standing
from fediterr.social.models.conversations import Conversation, ConversationPost
from fediterr.social.models.filters import Filter, FilterRule
from fediterr.social.models.keeping import Bookmark, MutedThread, SavedDraft, ScheduledPost
from fediterr.social.models.lists import List, ListMember, Replies
from fediterr.social.models.media import Emoji, Medium, Portrait
from fediterr.social.models.notifications import (
    Marker,
    Notification,
    NotificationPermission,
    NotificationPolicy,
    NotificationRequest,
    Push,
    PushSubscription,
    Severance,
)
from fediterr.social.models.people import Block, DismissedSuggestion, Endorsement, Follow, HiddenDomain, Mute, Note
from fediterr.social.models.polls import Poll, Vote
from fediterr.social.models.portability import Departure, Export, Farewell, Import, ImportLine, Outcome
from fediterr.social.models.posts import (
    FormerId,
    Like,
    Mention,
    Pin,
    Post,
    PostTag,
    Quote,
    Revision,
    Tombstone,
    Visibility,
)
from fediterr.social.models.search import Indexed
from fediterr.social.models.tags import FeaturedTag, FollowedTag, TagRuling
from fediterr.social.models.trends import Review, Trend

__all__ = [
    "Block",
    "Bookmark",
    "Collection",
    "CollectionItem",
    "Community",
    "CommunityMember",
    "CommunityPost",
    "Conversation",
    "ConversationPost",
    "Departure",
    "DismissedSuggestion",
    "Emoji",
    "Endorsement",
    "Export",
    "Farewell",
    "FeaturedTag",
    "Filter",
    "FilterRule",
    "Follow",
    "FollowedTag",
    "FormerId",
    "HiddenDomain",
    "Import",
    "ImportLine",
    "Indexed",
    "Joining",
    "Like",
    "List",
    "ListMember",
    "Marker",
    "Medium",
    "Membership",
    "Mention",
    "Mute",
    "MutedThread",
    "Note",
    "Notification",
    "NotificationPermission",
    "NotificationPolicy",
    "NotificationRequest",
    "Outcome",
    "Pin",
    "Poll",
    "Portrait",
    "Post",
    "PostTag",
    "PreviewCard",
    "Push",
    "PushSubscription",
    "Quote",
    "Rank",
    "Replies",
    "Review",
    "Revision",
    "SavedDraft",
    "ScheduledPost",
    "Severance",
    "Standing",
    "TagRuling",
    "Tombstone",
    "Trend",
    "Visibility",
    "Vote",
]
