"""From what a client typed to a draft; whom it names and this server does not know is looked up first."""

import time
from datetime import timedelta

import sqlalchemy as sa

from fediterr.accounts import preferences
from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account
from fediterr.activitypub import resolver
from fediterr.core import clock, db, errors, site, text
from fediterr.core.db import session
from fediterr.mastodon.params import Params
from fediterr.social import visibility
from fediterr.social.drafts import Caption, Draft, PollDraft
from fediterr.social.models import Medium, Post, Visibility

VISIBILITIES = {"public": Visibility.PUBLIC, "unlisted": Visibility.UNLISTED, "direct": Visibility.DIRECT}
VISIBILITIES |= {"private": Visibility.FOLLOWERS}
LOOK_UP_SECONDS = 10  # for all the handles of a post together
MONTH = 31 * 86400  # seconds a poll may last
SHORTEST = 300
OPTION = 100  # characters of an answer of a poll


def look_up_mentioned(words: str) -> None:
    """Fetch the accounts that a text names and that are not known yet, outside of the unit of work.

    Nothing may have been changed before. Those that cannot be fetched stay plain text.
    """
    named = text.find_mentions(words)[: site.settings().limits_mentions_notified]
    unknown = [handle for handle in named if "@" in handle and accounts.by_handle(handle) is None]
    if not unknown:
        return
    end = time.monotonic() + LOOK_UP_SECONDS
    with db.aside(), resolver.budget(site.settings().limits_fetches_per_activity):
        for handle in unknown:
            if time.monotonic() < end:
                resolver.look_up(handle)


def new(author: Account, sent: Params) -> Draft:
    """A post to be published; Invalid or NotFound say what is wrong with it."""
    for later in ("scheduled_at", "quoted_status_id"):
        if later in sent:
            raise errors.Invalid(f"This server does not understand {later}.")
    usual = preferences.of(accounts.user_of(author))
    wanted = sent.text("visibility") or usual.visibility
    if wanted not in VISIBILITIES:
        raise errors.Invalid(f"There is no visibility {wanted[:50]}.")
    answered = sent.number("in_reply_to_id")
    return Draft(
        visibility=VISIBILITIES[wanted],
        in_reply_to=visibility.seen(author, answered) if answered is not None else None,
        warning=sent.text("spoiler_text") or "",
        sensitive=usual.sensitive if (said := sent.flag("sensitive")) is None else said,
        language=text.language_tag(sent.text("language")),
        uploads=_uploads(author, sent),
        poll=_poll(sent.part("poll")),
    )


def changed(author: Account, sent: Params, post: Post) -> Draft:
    """What a post is to become. A poll of which nothing is said stays as it is."""
    before = post.poll
    kept = PollDraft(tuple(before.options), before.multiple, before.ends_at, before.closed_at) if before else None
    return Draft(
        visibility=post.visibility,
        in_reply_to=post.in_reply_to,
        warning=sent.text("spoiler_text") or "",
        sensitive=bool(sent.flag("sensitive")),
        language=text.language_tag(sent.text("language")) or post.language,
        uploads=_uploads(author, sent),
        captions=_captions(sent),
        poll=_poll(sent.part("poll")) or kept,
    )


def _uploads(author: Account, sent: Params) -> tuple[Medium, ...]:
    wanted = sent.numbers("media_ids")
    if not wanted:
        return ()
    found = session.scalars(sa.select(Medium).where(Medium.id.in_(wanted), Medium.account_id == author.id))
    by_id = {medium.id: medium for medium in found}
    if len(by_id) != len(set(wanted)):
        raise errors.Invalid("There is no such file.")
    return tuple(by_id[identifier] for identifier in dict.fromkeys(wanted))


def _captions(sent: Params) -> dict[int, Caption]:
    """What an edit says anew of the files."""
    said = {each.number("id"): each for each in sent.parts("media_attributes")}
    return {known: Caption(each.text("description"), focus(each)) for known, each in said.items() if known is not None}


def focus(sent: Params) -> tuple[float, float] | None:
    """`-0.42,0.69`: where to look first on a picture; None when nothing is said. Invalid when it makes no sense."""
    said = sent.text("focus")
    if not said:
        return None
    try:
        x, y = (float(part) for part in said[:50].split(","))
    except ValueError:
        raise errors.Invalid("A focus is two numbers between -1 and 1.") from None
    return x, y


def _poll(sent: Params) -> PollDraft | None:
    options = [option.strip() for option in sent.texts("options")]
    if not options:
        return None
    seconds = sent.number("expires_in") or 86400
    if not SHORTEST <= seconds <= MONTH:
        raise errors.Invalid("A poll lasts five minutes to a month.")
    if any(len(option) > OPTION for option in options):
        raise errors.Invalid(f"An answer of a poll has at most {OPTION} characters.")
    ends = clock.now() + timedelta(seconds=seconds)
    return PollDraft(tuple(options), multiple=bool(sent.flag("multiple")), ends_at=ends)
