"""Talking: posts, follows, likes, boosts, polls, notifications, timelines."""
