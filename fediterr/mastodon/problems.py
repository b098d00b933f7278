"""The problems of the domain in the words of Mastodon, which applications show, and some look for."""

import re
from collections.abc import Callable
from functools import cache

import flask
from flask import request

from fediterr.core import errors, site

EXTENSION = "fediterr.french"  # where the application keeps what says a sentence of the domain in French
LANGUAGES = ("en", "fr")
Translation = Callable[[str], str | None]

STATUS: dict[type[errors.Problem], int] = {
    errors.Invalid: 422,
    errors.Unauthorized: 401,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.Conflict: 422,
    errors.TooLarge: 413,
    errors.TooMany: 429,
    errors.Refused: 422,
    errors.Unreachable: 503,
}

# As raised, with {} for what is filled in: (status, Mastodon's words).
IN_MASTODONS_WORDS: dict[str, tuple[int, str]] = {
    "There is nothing to publish: write something first.": (422, "Validation failed: Text can't be blank"),
    "A post has at most {} characters.": (422, "Validation failed: Text character limit of {} exceeded"),
    "A post has at most {} files.": (422, "Cannot attach more than {} files"),
    "A film or a sound goes alone, without other files.": (
        422,
        "Cannot attach a video to a post that already contains images",
    ),
    "A file is not ready yet: try again in a moment.": (
        422,
        "Cannot attach files that have not finished processing. Try again in a moment!",
    ),
    "This file is part of a post.": (422, "Media attachment is currently used by a status"),
    "This file came to nothing: send another.": (422, "Error processing thumbnail for uploaded media"),
    "There is no file, or nothing in it.": (422, "Validation failed: File can't be blank"),
    "Files of this kind are not taken here.": (422, "Validation failed: File content type is invalid"),
    "There is no such file, or it is attached already.": (
        422,
        "Media not found or already attached to another post",
    ),
    "There is no such post to answer.": (404, "The post you are trying to reply to does not appear to exist."),
    "There is no such post to quote.": (404, "The post you are trying to quote does not appear to exist."),
    "Whoever is quoted in a direct post is one of those whom it names.": (
        422,
        "Validation failed: Cannot quote a non-mentioned user in a Private Mention post.",
    ),
    "There is no such policy for quotes.": (
        422,
        "Validation failed: Quote approval policy is not included in the list",
    ),
    "A post is scheduled at least five minutes ahead.": (
        422,
        "Validation failed: Scheduled at date must be in the future",
    ),
    "At most {} posts can be scheduled.": (
        422,
        "Validation failed: You have exceeded the limit of {} scheduled posts",
    ),
    "At most {} posts can be scheduled for one day.": (
        422,
        "Validation failed: You have exceeded the limit of {} scheduled posts for today",
    ),
    "Only one's own posts can be pinned.": (422, "Validation failed: Someone else's post cannot be pinned"),
    "A boost cannot be pinned.": (422, "Validation failed: A boost cannot be pinned"),
    "A direct post cannot be pinned.": (
        422,
        "Validation failed: Posts that are only visible to mentioned users cannot be pinned",
    ),
    "At most {} posts can be pinned.": (
        422,
        "Validation failed: You have already pinned the maximum number of posts",
    ),
    "Only public posts can be boosted.": (403, "This action is not allowed"),
    "A boost is public, unlisted or for one's followers.": (422, "Validation failed: Visibility is reserved"),
    "A poll has two answers at least.": (422, "Validation failed: Choices must have more than one item"),
    "A poll has at most {} answers.": (422, "Validation failed: Choices can't contain more than {} items"),
    "The answers of a poll are different from each other and not empty.": (
        422,
        "Validation failed: Choices contain duplicate items",
    ),
    "An answer of a poll has at most {} characters.": (
        422,
        "Validation failed: Choices cannot be longer than {} characters each",
    ),
    "A poll lasts five minutes at least.": (422, "Validation failed: Deadline is too soon"),
    "A poll lasts a month at most.": (422, "Validation failed: Deadline is too far into the future"),
    "This poll is over.": (422, "Validation failed: The poll has already ended"),
    "Nobody votes in their own poll.": (422, "Validation failed: You cannot vote in your own polls"),
    "There is no such answer.": (422, "Validation failed: The chosen vote option does not exist"),
    "This poll takes one answer from each, once.": (
        422,
        "Validation failed: You have already voted on this poll",
    ),
}


def answer(problem: errors.Problem) -> tuple[int, str]:
    """The status of a problem, and what to say of it in the language asked for."""
    status, words = _in_english(problem)
    speak: Translation = flask.current_app.extensions[EXTENSION]
    return status, (speak(problem.message) if _language() == "fr" else None) or words


def _language() -> str:
    """English when none is asked for: the words that programs know; ours when one is that we do not speak.

    `*`, which Node sends by itself, asks for none.
    """
    sent = flask.g.get("params")  # what was sent is not read here: it may be what the problem is about
    told = request.args.get("lang") or (sent.text("lang") if sent else None)
    asked = [told] if told else [language for language in request.accept_languages.values() if language != "*"]
    ours = [language[:2].lower() for language in asked if language[:2].lower() in LANGUAGES]
    return next(iter(ours), site.settings().language if asked else "en")


def _in_english(problem: errors.Problem) -> tuple[int, str]:
    for pattern, status, words in _patterns():
        if found := pattern.fullmatch(problem.message):
            return status, words.format(*found.groups())
    status = next((code for kind, code in STATUS.items() if isinstance(problem, kind)), 400)
    if status == 404:
        return status, "Record not found"  # the same for what is hidden and what never was
    words = problem.message or type(problem).__name__
    return status, f"Validation failed: {words}" if isinstance(problem, errors.Invalid) else words


@cache
def _patterns() -> list[tuple[re.Pattern[str], int, str]]:
    return [
        (re.compile("(.*)".join(re.escape(part) for part in english.split("{}"))), status, words)
        for english, (status, words) in IN_MASTODONS_WORDS.items()
    ]
