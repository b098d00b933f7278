"""What one chooses when one writes: for whom, in which language, with which poll; and how all of it begins."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import flask_babel
from babel import Locale
from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from fediterr.accounts import preferences
from fediterr.accounts.models import Account
from fediterr.core import clock, errors, filetypes, site, text
from fediterr.social import communities, membership, quotes
from fediterr.social.drafts import PollDraft
from fediterr.social.models import Medium, Poll, Post, Visibility
from fediterr.web import forms, session

POLL_DAYS = (1, 3, 7, 14)
POLL_FIELDS = 4
LAST_YEAR = 9000  # beyond it there is no day after
DESCRIBED = ("image", "video", "audio")  # what not everybody sees or hears; a document is read
# Those that people write here, first of all the languages of the regions and of the neighbours.
LANGUAGES = (
    "fr", "br", "ca", "co", "eu", "frp", "gsw", "lb", "oc", "pcd", "ty",
    "en", "de", "es", "it", "nl", "pt", "ar", "pl", "ro", "tr", "uk",
)  # fmt: skip
USUAL = {"private": Visibility.FOLLOWERS}  # of the words of preferences, the one that is another here


@dataclass(frozen=True)
class Audience:
    """Who may read a post: in few words, and in a sentence that says what follows."""

    value: Visibility
    word: LazyString
    sentence: LazyString


AUDIENCES = (
    Audience(
        Visibility.PUBLIC,
        _("Tout le monde"),
        _("Visible sur le web et dans les listes publiques de ce serveur et des autres."),
    ),
    Audience(
        Visibility.UNLISTED,
        _("Tout le monde, hors des listes publiques"),
        _("Visible par qui vous suit ou connaît l’adresse."),
    ),
    Audience(
        Visibility.FOLLOWERS,
        _("Mes abonnés et les personnes mentionnées"),
        _("Ne peut pas être relayé."),
    ),
    Audience(
        Visibility.DIRECT,
        _("Les personnes mentionnées seulement"),
        _("Écrivez @ et leur adresse. Ce n’est pas chiffré : n’y mettez pas de secret."),
    ),
)
QUOTABLE = (("public", _("Tout le monde")), ("followers", _("Mes abonnés")), ("nobody", _("Personne")))


def begun(form: forms.Form, me: Account) -> forms.Form:
    """A form with what its writer usually chooses where nothing was chosen yet."""
    wanted = preferences.of(session.user())
    start = {
        "visibility": str(USUAL.get(wanted.visibility, wanted.visibility)),
        "language": me.language or site.settings().language,
        "quotable": wanted.quote_policy,
        "poll-days": "3",
    }
    if wanted.sensitive and "visibility" not in form.values:
        start["sensitive"] = "1"
    return forms.Form({**start, **form.values}, form.wrong)


def answer_to(me: Account, post: Post) -> dict[str, str]:
    """How an answer begins: with whom it addresses, as openly as what it answers."""
    named = [post.author, *(mention.account for mention in post.mentions if not mention.silent)]
    handles = dict.fromkeys(f"@{account.handle}" for account in named if account.id != me.id)
    start = {"words": "".join(f"{handle} " for handle in handles), "visibility": post.visibility}
    return start | {"in_reply_to": str(post.id), "warning": post.warning}


def as_it_is(post: Post) -> dict[str, str]:
    """The form that says a post of here as it stands."""
    start = {
        "title": post.title or "",
        "words": post.source or "",
        "warning": post.warning,
        "visibility": post.visibility,
        "language": post.language or "",
        "files": ",".join(str(medium.id) for medium in post.media),
        "sensitive": "1" if post.sensitive and not post.warning else "",
        "quotable": quotes.name_of(post.quote_policy) or "",
    }
    if post.poll:
        start |= {f"option-{number}": option for number, option in enumerate(post.poll.options, 1)}
        start["poll-multiple"] = "1" if post.poll.multiple else ""
        start["poll-hidden"] = "1" if post.poll.hide_totals else ""
        start["poll-days"] = ""
    return start


def rewritten(post: Post) -> dict[str, str]:
    """The form of a post that is to be published anew: it answers and quotes what the first one did."""
    start = as_it_is(post) | {"poll-days": "3"}
    if post.in_reply_to_id is None and (group := communities.community_of(post)) is not None:
        start["community"] = str(group.id)
    start["in_reply_to"] = str(post.in_reply_to_id or "")
    start["quoted"] = str(post.quote.quoted_id or "") if post.quote else ""
    return start


# --- what may be chosen --------------------------------------------------------------------------------------------


def voices() -> list[Account]:
    """In whose names the one who is signed in may publish, besides their own."""
    return session.voices()


def voice_choices() -> list[tuple[str, str]]:
    return [(str(each.id), each.shown_name) for each in voices()]


def community_choices(me: Account) -> list[tuple[str, str]]:
    """The communities that somebody is in, and may begin a thread in."""
    return [(str(each.id), each.shown_name) for each in communities.of_account(me) if may_begin(me, each)]


def is_private(group: Account) -> bool:
    return communities.is_private(group)


def may_begin(me: Account, group: Account) -> bool:
    rules = membership.of(group)
    return rules is None or not rules.moderators_only or membership.is_moderator(me, group)


def languages(*chosen: str) -> list[tuple[str, str]]:
    """The languages one may write in, by their names in the language of the page; also those that were chosen."""
    names = Locale.parse(str(flask_babel.get_locale() or "fr")).languages
    listed = dict.fromkeys([*LANGUAGES, *(tag for tag in chosen if tag)])
    return [(tag, str(names.get(tag, tag))) for tag in listed]


def accepted() -> str:
    """The files that are taken, as a field for files names them."""
    extensions = [f".{extension}" for extension in filetypes.BY_EXTENSION]
    return ",".join(["image/*", "video/*", "audio/*", *extensions])


def poll_fields(form: forms.Form) -> int:
    """How many answers a form has room for."""
    written = [number for number in range(1, site.settings().limits_poll_options_local + 1)
               if form.value(f"option-{number}")]  # fmt: skip
    return max([POLL_FIELDS, *written])


def needs_words(medium: Medium) -> bool:
    """Whether a file is published only with a description."""
    return medium.kind in DESCRIBED


# --- what was chosen -----------------------------------------------------------------------------------------------


def audience(form: forms.Form) -> str:
    """Who may read it. Raises Invalid."""
    chosen = form.value("visibility") or Visibility.PUBLIC
    if chosen not in set(Visibility):
        raise errors.Invalid("Choose who may read this.")
    return chosen


def poll(form: forms.Form, before: Poll | None = None) -> PollDraft | None:
    """The poll that was written; one that is there already keeps its end unless another was chosen."""
    options = [form.value(f"option-{number}").strip()[:200] for number in range(1, poll_fields(form) + 1)]
    written = tuple(option for option in options if option)
    if not written:
        return None
    days = form.value("poll-days")
    ends = clock.now() + poll_length(form)
    asked = PollDraft(written, form.is_on("poll-multiple"), form.is_on("poll-hidden"), ends)
    if before is None or days:
        return asked
    return PollDraft(written, asked.multiple, asked.hide_totals, before.ends_at, before.closed_at)


def poll_length(form: forms.Form) -> timedelta:
    days = form.value("poll-days")
    return timedelta(days=int(days)) if days.isdecimal() and int(days) in POLL_DAYS else timedelta(days=3)


def language(form: forms.Form) -> str | None:
    return text.language_tag(form.value("language"))


def due_at(form: forms.Form) -> datetime | None:
    """When it is to be published, as the clocks of the reader's pages have it; None: now. Raises Invalid."""
    wanted = form.value("later").strip()
    if not wanted:
        return None
    try:
        moment: datetime = flask_babel.to_utc(datetime.fromisoformat(wanted[:30]).replace(tzinfo=None))
    except (ValueError, OverflowError):
        raise errors.Invalid("This is not a date with its hour.") from None
    if moment.year > LAST_YEAR:
        raise errors.Invalid("This is not a date with its hour.")
    return moment.replace(tzinfo=UTC)
