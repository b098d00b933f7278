"""What is said, and what people do with it."""

from fediterr.social.models.filters import Filter, FilterRule
from fediterr.social.models.media import Emoji, Medium
from fediterr.social.models.notifications import Notification
from fediterr.social.models.people import Block, FeaturedTag, Follow, Mute
from fediterr.social.models.polls import Poll, Vote
from fediterr.social.models.posts import Like, Mention, Pin, Post, PostTag, Revision, Tombstone, Visibility

__all__ = [
    "Block",
    "Emoji",
    "FeaturedTag",
    "Filter",
    "FilterRule",
    "Follow",
    "Like",
    "Medium",
    "Mention",
    "Mute",
    "Notification",
    "Pin",
    "Poll",
    "Post",
    "PostTag",
    "Revision",
    "Tombstone",
    "Visibility",
    "Vote",
]
