"""What is said, and what people do with it."""

from fediterr.social.models.collections import Collection, CollectionItem, Membership
from fediterr.social.models.filters import Filter, FilterRule
from fediterr.social.models.lists import List, ListMember, Replies
from fediterr.social.models.media import Emoji, Medium, Portrait
from fediterr.social.models.notifications import Notification
from fediterr.social.models.people import (
    Block,
    DismissedSuggestion,
    Endorsement,
    Follow,
    HiddenDomain,
    Mute,
    Note,
)
from fediterr.social.models.polls import Poll, Vote
from fediterr.social.models.posts import Like, Mention, Pin, Post, PostTag, Revision, Tombstone, Visibility
from fediterr.social.models.tags import FeaturedTag, FollowedTag

__all__ = [
    "Block",
    "Collection",
    "CollectionItem",
    "DismissedSuggestion",
    "Emoji",
    "Endorsement",
    "FeaturedTag",
    "Filter",
    "FilterRule",
    "Follow",
    "FollowedTag",
    "HiddenDomain",
    "Like",
    "List",
    "ListMember",
    "Medium",
    "Membership",
    "Mention",
    "Mute",
    "Note",
    "Notification",
    "Pin",
    "Poll",
    "Portrait",
    "Post",
    "PostTag",
    "Replies",
    "Revision",
    "Tombstone",
    "Visibility",
    "Vote",
]
