"""From what a client typed to a draft; whom it names and this server does not know is looked up first."""

import time
from datetime import UTC, datetime, timedelta

from fediterr.accounts import preferences
from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account, Application
from fediterr.activitypub import resolver
from fediterr.core import clock, db, errors, site, text
from fediterr.mastodon.params import Params
from fediterr.social import media, quotes, visibility
from fediterr.social.drafts import Caption, Draft, PollDraft
from fediterr.social.models import Medium, Post, Visibility

VISIBILITIES = {"public": Visibility.PUBLIC, "unlisted": Visibility.UNLISTED, "direct": Visibility.DIRECT}
VISIBILITIES |= {"private": Visibility.FOLLOWERS}
LOOK_UP_SECONDS = 10  # for all the handles of a post together
DAY = 86400
MONTH = 31 * DAY  # seconds a poll may last
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


def new(author: Account, sent: Params, application: Application | None = None) -> Draft:
    """A post to be published; Invalid or NotFound say what is wrong with it."""
    begins = usual(author)
    wanted = sent.text("visibility") or begins.visibility
    if wanted not in VISIBILITIES:
        raise errors.Invalid(f"There is no visibility {wanted[:50]}.")
    return Draft(
        visibility=VISIBILITIES[wanted],
        in_reply_to=_answered(author, sent.text("in_reply_to_id")),
        quoted=_quoted(author, sent.text("quoted_status_id")),
        quote_policy=quote_policy(sent),
        warning=warning(sent),
        sensitive=begins.sensitive if (said := sent.flag("sensitive")) is None else said,
        language=text.language_tag(sent.text("language")),
        uploads=_uploads(author, sent),
        poll=_poll(sent.part("poll")),
        application_id=application.id if application else None,
    )


def usual(author: Account) -> preferences.Preferences:
    """How somebody's posts begin, when nothing else is said."""
    return preferences.of(accounts.user_of(author))


def words(sent: Params) -> str:
    """What was typed; a warning without anything to warn of is the text itself."""
    return typed if (typed := sent.text("status") or "").strip() else sent.text("spoiler_text") or ""


def warning(sent: Params) -> str:
    return (sent.text("spoiler_text") or "") if (sent.text("status") or "").strip() else ""


def _answered(author: Account, wanted: str | None) -> Post | None:
    try:
        return _seen(author, wanted)
    except errors.NotFound:
        raise errors.NotFound("There is no such post to answer.") from None


def _quoted(author: Account, wanted: str | None) -> Post | None:
    try:
        quoted = _seen(author, wanted)
    except errors.NotFound:
        raise errors.NotFound("There is no such post to quote.") from None
    if quoted is not None:
        quotes.require_quotable(author, quoted)
    return quoted


def _seen(author: Account, wanted: str | None) -> Post | None:
    if not wanted:
        return None
    found = visibility.seen(author, int(wanted) if wanted.isdecimal() and len(wanted) < 19 else 0)
    return found.boost_of or found


def quote_policy(sent: Params) -> quotes.Policy | None:
    """Who may quote a post; None when nothing is said."""
    wanted = sent.text("quote_approval_policy")
    return quotes.named(wanted) if wanted else None


def changed(author: Account, sent: Params, post: Post) -> Draft:
    """What a post is to become. A poll of which nothing is said stays as it is."""
    before = post.poll
    kept = (
        PollDraft(tuple(before.options), before.multiple, before.hide_totals, before.ends_at, before.closed_at)
        if before
        else None
    )
    return Draft(
        visibility=post.visibility,
        in_reply_to=post.in_reply_to,
        quoted=post.quote.quoted if post.quote else None,
        quote_policy=quote_policy(sent),
        warning=warning(sent),
        sensitive=bool(sent.flag("sensitive")),
        language=text.language_tag(sent.text("language")) or post.language,
        uploads=_uploads(author, sent, post),
        captions=_captions(sent),
        poll=None if "poll" in sent.values and sent.values["poll"] is None else _poll(sent.part("poll")) or kept,
    )


def _uploads(author: Account, sent: Params, post: Post | None = None) -> tuple[Medium, ...]:
    """The files asked for: those that wait for a post, and in an edit those that the post has."""
    wanted = sent.numbers("media_ids")
    found = media.free(author, wanted, post)
    if len(found) != len(set(wanted)):
        raise errors.Invalid("There is no such file, or it is attached already.")
    return tuple(found)


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
    seconds = poll_seconds(sent)
    if seconds < SHORTEST:
        raise errors.Invalid("A poll lasts five minutes at least.")
    if seconds > MONTH:
        raise errors.Invalid("A poll lasts a month at most.")
    if any(len(option) > OPTION for option in options):
        raise errors.Invalid(f"An answer of a poll has at most {OPTION} characters.")
    return PollDraft(
        tuple(options),
        multiple=bool(sent.flag("multiple")),
        hide_totals=bool(sent.flag("hide_totals")),
        ends_at=clock.now() + timedelta(seconds=seconds),
    )


def poll_seconds(sent: Params) -> int:
    """How long a poll is to last; a day when nothing is said."""
    seconds = sent.number("expires_in")
    return DAY if seconds is None else seconds


def due_at(sent: Params) -> datetime | None:
    """When the post is to be published; None: now, which is also what a moment of the past means."""
    wanted = sent.text("scheduled_at")
    if not wanted:
        return None
    try:
        moment = datetime.fromisoformat(wanted[:50])
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise errors.Conflict("Record invalid") from None
    return moment if moment > clock.now() else None


def unexpected(author: Account, draft: Draft, sent: Params) -> list[Account]:
    """Whom a post would reach although the client does not expect that, when it says whom it expects."""
    if "allowed_mentions" not in sent:
        return []
    allowed = set(sent.numbers("allowed_mentions"))
    return [account for account in draft.mentions if account.id not in allowed and account.id != author.id]
