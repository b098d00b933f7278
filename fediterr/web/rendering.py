"""From things to pages: the reader's language, and the words, dates, initials and addresses that templates share."""

from contextvars import ContextVar
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlsplit

import flask
import flask_babel
from babel import dates
from flask import Response, request
from markupsafe import Markup

from fediterr.accounts.models import STAFF, Account, Role
from fediterr.core import clock, site, text
from fediterr.core.paging import Page
from fediterr.moderation import appeals, claims, reports
from fediterr.social import media, polls, unread
from fediterr.social.models import Post
from fediterr.web import assets, cards, charts, composing, livery, natures, navigation, portraits, problems, session

LANGUAGES = {"fr": "Français", "en": "English"}
PAGE = 20
LONG = 4000  # characters of a post's text beyond which a list shows only its beginning


# The words of the page that is being drawn: asked for once, where flask-babel looks for them at each of hundreds.
_words: ContextVar[Any] = ContextVar("words", default=None)


def show(template: str, *, status: int = 200, **values: Any) -> Response:
    """A page."""
    token = _words.set(flask_babel.get_translations())
    try:
        return flask.make_response(flask.render_template(template, **values), status)
    finally:
        _words.reset(token)


def _gettext(words: str) -> str:
    return str((_words.get() or flask_babel.get_translations()).ugettext(words))


def _ngettext(one: str, many: str, number: int) -> str:
    return str((_words.get() or flask_babel.get_translations()).ungettext(one, many, number))


def lead(path: str) -> Response:
    """On to another page; after a form, so that going back does not send it again."""
    return flask.make_response(flask.redirect(path, 302 if request.method in session.SAFE else 303))


def init(app: flask.Flask) -> None:
    """Give the templates of an application their language, filters and functions."""
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", "web/translations")
    app.config.setdefault("BABEL_DEFAULT_LOCALE", "fr")
    flask_babel.Babel(app, locale_selector=choose_language, default_timezone="Europe/Paris")
    app.jinja_env.install_gettext_callables(_gettext, _ngettext, newstyle=True)  # type: ignore[attr-defined]
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        cleaned=cleaned, mine=mine, ago=ago, exact=exact, iso=iso, initials=portraits.initials, once=once
    )
    app.jinja_env.filters.update(tint=portraits.tint, outward=outward, host=host, excerpt=text.excerpt, moment=moment)
    app.jinja_env.filters.update(day_in_words=day_in_words, decimal=flask_babel.format_decimal)
    app.jinja_env.globals.update(look_address=livery.sheet_address, logo_address=livery.logo_address)
    app.jinja_env.globals.update(tint_address=livery.tint_address)
    app.jinja_env.tests["seen"] = lambda medium: bool(portraits.shown_address(medium))
    app.jinja_env.globals.update(
        csrf_token=session.csrf_token, many=many, page_of=page_of, address_of=address_of,
        address_with=address_with,
        is_authority=portraits.is_authority, picture_of=portraits.picture_of, banner_of=portraits.banner_of,
        shown_address=portraits.shown_address, file_address=media.address, style_address=assets.style_address,
        script_address=assets.script_address,
        passkeys_address=assets.passkeys_address, suggestions_address=assets.suggestions_address,
        language=language, languages=LANGUAGES, is_long=is_long,
        nature_of=natures.nature_of, density_of=natures.density_of, size_of=natures.size_of,
        chart=charts.bars, poll_is_over=polls.is_over, shares=cards.shares, navigation=navigation,
        shown=navigation.shown, composing=composing, problem_words=problems.in_words,
    )  # fmt: skip


def context() -> dict[str, Any]:
    """What every page knows."""
    return {
        "server": site.settings(),
        "me": session.viewer(),
        "acting": session.acting(),
        "offices": session.offices() if session.user() else [],
        "counts": counts(),
        "here": here(),
        "version": site.version(),
    }


def here() -> str:
    """The path of this page, with what was asked of it."""
    return request.full_path if request.query_string else request.path


def counts() -> dict[str, str]:
    """What is new in the sections of whoever is signed in, by the endpoint of the section."""
    me = session.viewer()
    if me is None:
        return {}
    found = unread.of(me)
    told = {"web.notifications.listed": found.notifications, "web.messages.listed": found.conversations}
    if (user := session.user()) is not None and user.role in STAFF:
        told["web.moderation.overview"] = min(unread.MOST, reports.waiting() + appeals.waiting())
        if user.role == Role.ADMIN:
            told["web.administration.overview"] = min(unread.MOST, claims.count_waiting())
    return {
        where: f"{unread.MOST - 1}+" if number == unread.MOST else str(number)
        for where, number in told.items()
        if number
    }


# --- language and time ---------------------------------------------------------------------------------------------


def choose_language() -> str:
    """What the link asks for, else the user's own choice, else the browser's, else the server's."""
    if request.args.get("lang") in LANGUAGES:
        return request.args["lang"]
    if flask.g.get("language") in LANGUAGES:  # chosen for the first run
        return str(flask.g.language)
    user = session.user()
    if user is not None and user.language in LANGUAGES:
        return str(user.language)
    fallback = site.settings().language
    return request.accept_languages.best_match(LANGUAGES) or (fallback if fallback in LANGUAGES else "fr")


def language() -> str:
    """The language of this page, as `lang` names it."""
    return str(flask_babel.get_locale() or "fr")


def spoken() -> list[tuple[str, str, str]]:
    """The languages of the pages, as one of several is chosen."""
    return [(tag, word, "") for tag, word in LANGUAGES.items()]


def many(number: int) -> int:
    """The number that decides between singular and plural: in French, none is singular."""
    return 1 if number == 0 and language() == "fr" else number


def ago(moment: datetime) -> str:
    """How long ago, in the fewest words; the date when it is more than a week."""
    passed = clock.now() - moment
    if passed >= timedelta(days=7):
        this_year = moment.year == clock.now().year
        return str(flask_babel.format_date(moment, "d MMM" if this_year else "d MMM y"))
    if passed < timedelta(minutes=1):
        return str(flask_babel.gettext("à l’instant"))
    options: dict[str, Any] = {"threshold": 999, "add_direction": True, "format": "short", "locale": language()}
    if passed >= timedelta(days=1):
        return dates.format_timedelta(-passed, "day", **options)
    return dates.format_timedelta(-passed, "hour" if passed >= timedelta(hours=1) else "minute", **options)


def exact(moment: datetime) -> str:
    return f"{flask_babel.format_date(moment, 'long')}, {flask_babel.format_time(moment, 'short')}"


def day_in_words(day: date) -> str:
    return str(flask_babel.format_date(day, "long"))


def iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def local_hour(moment: datetime) -> str:
    """A date with its hour as a field for them holds it, by the clock of the pages."""
    return f"{flask_babel.to_user_timezone(moment):%Y-%m-%dT%H:%M}"


def moment(value: object) -> datetime | None:
    """A date as ActivityStreams writes it."""
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return found if found.tzinfo else None


# --- addresses -----------------------------------------------------------------------------------------------------


def address_of(thing: Account | Post) -> str:
    """The path of the page where this server shows an account or a post."""
    if isinstance(thing, Account):
        return "/@" + quote(thing.handle, safe="@:")
    return f"{address_of(thing.author)}/{thing.id}"


def outward(address: str | None) -> str:
    """The address when it may be linked to, else nothing."""
    parts = urlsplit(address or "")
    return address or "" if parts.scheme in ("http", "https") and parts.netloc else ""


def host(address: str | None) -> str:
    return urlsplit(address or "").netloc


# --- written words -------------------------------------------------------------------------------------------------


def cleaned(html: str) -> Markup:
    """HTML that was clean when it came in, cleaned again on its way out."""
    return Markup(text.clean(html))  # noqa: S704


def mine(html: str) -> Markup:
    """The value of a field of a profile: its links say that they lead to the same person."""
    return Markup(text.clean(html).replace(' rel="nofollow', ' rel="me nofollow'))  # noqa: S704


def is_long(post: Post) -> bool:
    return len(post.content) > LONG or bool(post.title and len(post.content) > LONG // 4)


# --- lists ---------------------------------------------------------------------------------------------------------


def number(name: str) -> int | None:
    """A number that the address asks for; none when no database has room for it."""
    asked = request.args.get(name, "")
    return int(asked) if asked.isdecimal() and len(asked) < 19 else None


def page() -> Page:
    """Which part of a list is asked for."""
    return Page(limit=PAGE, max_id=number("max_id"))


def asked(name: str) -> str:
    """The words of a question, without the one character that no database takes."""
    return request.args.get(name, "").replace("\x00", "").strip()


def offset(most: int) -> int:
    """How many to pass over, in a list that is not sorted by id."""
    return min(max(0, request.args.get("rang", 0, type=int)), most)


def page_of(listed: list[Any], by: str = "id") -> str:
    """The address of what is older than this page; nothing when it was the last. `by`: what the list is sorted by."""
    return address_with(max_id=getattr(listed[-1], by)) if len(listed) >= PAGE else ""


def address_with(**changed: object) -> str:
    """The address of this page, asked for in another way; None leaves out what was asked."""
    asked = {**request.args.to_dict(), **changed}
    query = "&".join(f"{quote(name)}={quote(str(value))}" for name, value in asked.items() if value is not None)
    return f"{request.path}?{query}" if query else request.path


def once(listed: list[Post]) -> list[Post]:
    """The posts of a page without those that are there already, relayed by somebody or plain."""
    seen: dict[int, Post] = {}
    for post in listed:
        seen.setdefault(post.boost_of_id or post.id, post)
    return list(seen.values())
